/** Chance that falls the same way for the same seed. */
export interface Chance {
  /** 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from `least` to `most`, both inclusive. */
  int(least: number, most: number): number;
  is(probability: number): boolean;
  /** One of `choices`. Throws a RangeError when there are none. */
  pick<T>(choices: readonly T[]): T;
  /** One of the values, by weight. Weights need not sum to 1. */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  // Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, ample for made-up records.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new RangeError('there is nothing to pick from');
    return choices[Math.floor(next() * choices.length)] as T;
  };
  return {
    next,
    pick,
    int: (least, most) => least + Math.floor(next() * (most - least + 1)),
    is: (probability) => next() < probability,
    weighted: (choices) => {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      return pick(choices)[0];
    },
  };
}

/** A seed of its own for each part (an account, say), so that a part is the same however large the whole is. */
export function seedOf(seed: number, part: number): number {
  const mixed = Math.imul((seed >>> 0) ^ Math.imul(part, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
