/** A clock that stands still until it is told to move. Epoch milliseconds. */
export interface SettableClock {
  now(): number;
  set(atMs: number): void;
  advance(byMs: number): void;
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
