import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import type { AccountHistory, DayState } from '../../../src/core/model/snapshot.ts';
import { settleDay, withDay } from '../../../src/core/scoring/bands.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import { TODAY } from './account-builder.ts';

const { bands } = defaultHealthConfiguration;
const YEAR = 365;
const ACCOUNTS = 60;

/** The same numbers every time: Mulberry32. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A year of daily scores around a mean that may fall on one day: noise of 4 points that carries over from day to day. */
function year(seed: number, mean: (day: number) => number): readonly number[] {
  const next = chance(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const carried = 0.6;
  let noise = 0;
  return Array.from({ length: YEAR }, (_, day) => {
    noise = carried * noise + Math.sqrt(1 - carried ** 2) * 4 * normal();
    return Math.max(0, Math.min(100, mean(day) + noise));
  });
}

function bandsOf(scores: readonly number[]): readonly string[] {
  let state: DayState | null = null;
  let days: AccountHistory['days'] = [];
  return scores.map((shrunk, day) => {
    const today = addDays(TODAY, day);
    const settled = settleDay(state, days, { today, shrunk, limit: null }, bands);
    state = settled.state;
    days = withDay(days, today, settled.score, 35);
    return settled.state.band;
  });
}

const seeds = Array.from({ length: ACCOUNTS }, (_, index) => 1_000 + index);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const flipsOf = (shown: readonly string[]): number =>
  shown.filter((band, day) => day > 0 && band !== shown[day - 1]).length;

describe('a year of noise', () => {
  it.each([74, 76, 78, 80, 83])(
    'around %i changes the band three times at most in the mean, where it would dozens',
    (center) => {
      const years = seeds.map((seed) => year(seed, () => center));
      expect(meanOf(years.map((scores) => flipsOf(bandsOf(scores))))).toBeLessThanOrEqual(3);
      const raw = years.map((scores) => flipsOf(scores.map((score) => (score < bands.green ? 'yellow' : 'green'))));
      expect(meanOf(raw)).toBeGreaterThan(3);
    },
  );
});

describe('a fall that is real', () => {
  it('of 20 points shows within five days in the mean, and soon for everybody', () => {
    const fellOn = 180;
    const delays = seeds.flatMap((seed) => {
      const shown = bandsOf(year(seed, (day) => (day < fellOn ? 85 : 65)));
      // Somebody whom noise had made yellow before has nothing left to show.
      if (shown[fellOn - 1] !== 'green') return [];
      return [shown.slice(fellOn).indexOf('yellow')];
    });
    expect(delays.length).toBeGreaterThan(ACCOUNTS / 2);
    expect(meanOf(delays)).toBeLessThanOrEqual(5);
    expect(Math.max(...delays)).toBeLessThanOrEqual(12);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  });
});
