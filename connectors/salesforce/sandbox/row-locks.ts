/** Which call writes which records at the moment. A call holds its records until its answer is sent. */
export class RowLocks {
  readonly #holders = new Map<string, number>();

  /** Gives the first of `ids` that another call holds; takes them all and gives null when there is none. */
  take(callId: number, ids: readonly string[]): string | null {
    for (const id of ids) {
      const holder = this.#holders.get(id);
      if (holder !== undefined && holder !== callId) return id;
    }
    for (const id of ids) this.#holders.set(id, callId);
    return null;
  }

  release(callId: number): void {
    for (const [id, holder] of this.#holders) if (holder === callId) this.#holders.delete(id);
  }
}
