export type CompareIds = (a: string, b: string) => number;

/** Digits by their value: `7198` before `719869649082`, at any length. */
export const compareIdsAsNumbers: CompareIds = (a, b) => a.length - b.length || compareIdsAsText(a, b);

/** Digits as text: `719869649082` before `7199`. */
export const compareIdsAsText: CompareIds = (a, b) => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/** A set of ids that is always in order, so that a page is a slice of it. */
export class SortedIds {
  readonly #compare: CompareIds;
  #ids: string[];

  /** `ids` must not repeat. */
  constructor(compare: CompareIds, ids: readonly string[] = []) {
    this.#compare = compare;
    this.#ids = [...ids].sort(compare);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** In order. Not a copy: do not keep it across a change. */
  all(): readonly string[] {
    return this.#ids;
  }

  /** Position of the first id that is not before `id`. */
  positionOf(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#ids[middle] ?? '', id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  has(id: string): boolean {
    return this.#ids[this.positionOf(id)] === id;
  }

  /** Tells whether the id is new. */
  add(id: string): boolean {
    const position = this.positionOf(id);
    if (this.#ids[position] === id) return false;
    this.#ids.splice(position, 0, id);
    return true;
  }

  /** Tells whether the id was there. */
  delete(id: string): boolean {
    const position = this.positionOf(id);
    if (this.#ids[position] !== id) return false;
    this.#ids.splice(position, 1);
    return true;
  }
}
