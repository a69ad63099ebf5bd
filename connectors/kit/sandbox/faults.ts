/** Which calls a fault hits. What is left out matches every call. */
export interface FaultMatch {
  readonly method?: string;
  /** A part of the path with its query, or a pattern for it. */
  readonly path?: string | RegExp;
  /** A part of the call's purpose: `list companies`, `batch update`. */
  readonly purpose?: string;
  /** The first call to be hit, counting matching calls from 1. */
  readonly nth?: number;
}

export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly purpose: string;
}

export type FaultRule<Fault extends { readonly kind: string }> = Fault & {
  readonly match?: FaultMatch;
  /** How many calls it hits; 1 unless told. `Infinity` for every one. */
  readonly times?: number;
};

/** Faults waiting to happen, in the order they were added; a call meets at most one. */
export class FaultPlan<Fault extends { readonly kind: string }> {
  #waiting: { rule: FaultRule<Fault>; seen: number; left: number }[] = [];
  #happened = 0;

  add(rule: FaultRule<Fault>): void {
    this.#waiting.push({ rule, seen: 0, left: rule.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** How many calls were hit so far. */
  get happened(): number {
    return this.#happened;
  }

  /** How many rules still have calls to hit. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The fault that `call` meets, or null. Uses it up. */
  take(call: FaultTarget): Fault | null {
    for (const entry of this.#waiting) {
      const match = entry.rule.match ?? {};
      if (!isMatch(match, call)) continue;
      entry.seen += 1;
      if (entry.seen < (match.nth ?? 1)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== entry);
      this.#happened += 1;
      return entry.rule;
    }
    return null;
  }
}

function isMatch(match: FaultMatch, call: FaultTarget): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== call.method) return false;
  if (match.purpose !== undefined && !call.purpose.includes(match.purpose)) return false;
  if (match.path === undefined) return true;
  return typeof match.path === 'string' ? call.path.includes(match.path) : match.path.test(call.path);
}
