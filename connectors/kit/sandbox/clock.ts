/** A clock that stands still until it is told to move. Epoch milliseconds. */
export interface SettableClock {
  readonly now: () => number;
  readonly set: (atMs: number) => void;
  readonly advance: (byMs: number) => void;
}

/** Starts at `startMs` (epoch milliseconds). */
export function createClock(startMs: number): SettableClock {
  let current = startMs;
  return {
    now: () => current,
    set(atMs) {
      current = atMs;
    },
    advance(byMs) {
      current += byMs;
    },
  };
}
