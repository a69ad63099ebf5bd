import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { interpolate } from '../../../src/core/measures/interpolate.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import type { AccountHistory, DayState } from '../../../src/core/model/snapshot.ts';
import { bandOf, settleDay, trendOf, withDay } from '../../../src/core/scoring/bands.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import { account, later, snapshot, TODAY } from './account-builder.ts';

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

/** The same readings told by a whole account: the share of its paid seats in use is all that counts for its score. */
function bandsOfAccount(scores: readonly number[]): readonly string[] {
  const { profiles } = defaultHealthConfiguration;
  const usageAlone = { usage: 100, relationship: 0, support: 0, sentiment: 0, commercial: 0, outcome: 0 };
  const configuration = {
    ...defaultConfiguration,
    health: {
      ...defaultHealthConfiguration,
      profiles: { ...profiles, weights: { ...profiles.weights, steady: usageAlone } },
      fullCoverage: 0.1,
      greyBelowCoverage: 0,
      leastDimensions: 1,
      lowCoverage: { coverage: 0, limit: 74 },
    },
  };
  const { breakpoints } = configuration.health.measures.seatUse;
  const shareFor = breakpoints.map(([share, score]) => [score, share] as const);
  const seatsPaid = 1_000_000;
  let history: AccountHistory | null = null;
  return scores.map((score, day) => {
    const seatsUsed = Math.round(interpolate(score, shareFor) * seatsPaid);
    const seen = later(snapshot({ account: account({ seatsPaid, seatsUsed }) }), day, { history });
    const assessed = assess(seen, configuration);
    history = assessed.history;
    return assessed.health.band;
  });
}

const seeds = Array.from({ length: ACCOUNTS }, (_, index) => 1_000 + index);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const flipsOf = (shown: readonly string[]): number =>
  shown.filter((band, day) => day > 0 && band !== shown[day - 1]).length;

describe('a year of noise', () => {
  it.each([48, 50, 52, 54, 73, 75, 77, 79])(
    'around %i changes the band of every account three times at most, where it would dozens',
    (center) => {
      const years = seeds.map((seed) => year(seed, () => center));
      expect(Math.max(...years.map((scores) => flipsOf(bandsOf(scores))))).toBeLessThanOrEqual(3);
      const raw = years.map((scores) => flipsOf(scores.map((score) => bandOf(score, bands))));
      expect(Math.min(...raw)).toBeGreaterThan(12);
    },
  );

  it('changes it so rarely because of the bands, whatever the score is made of', () => {
    for (const seed of seeds.slice(0, 5)) {
      const scores = year(seed, () => 76);
      expect(flipsOf(bandsOfAccount(scores))).toBeLessThanOrEqual(3);
      expect(bandsOfAccount(scores)).toEqual(bandsOf(scores));
    }
  });

  it('anywhere near an edge changes the band more than three times in hardly one of a hundred accounts', () => {
    const center = fc.double({ min: 46, max: 86, noNaN: true });
    const often = fc
      .sample(fc.tuple(fc.integer(), center), { numRuns: 1_000, seed: 1 })
      .filter(([seed, around]) => flipsOf(bandsOf(year(seed, () => around))) > 3);
    expect(often.length).toBeLessThan(10);
  });
});

describe('a fall that is real', () => {
  const fellOn = 60;
  /** Days until another band than the one before the fall is shown; null where noise had changed it before. */
  const delayOf = (seed: number, from: number, to: number, band: string): number | null => {
    const shown = bandsOf(year(seed, (day) => (day < fellOn ? from : to)));
    const days = shown.slice(fellOn).findIndex((one) => one !== band);
    return shown[fellOn - 1] === band ? (days === -1 ? Infinity : days) : null;
  };

  it.each([
    { from: 85, to: 65, band: 'green' },
    { from: 80, to: 60, band: 'green' },
    { from: 60, to: 40, band: 'yellow' },
  ])('from $from to $to shows within five days for every account', ({ from, to, band }) => {
    const delays = seeds.flatMap((seed) => delayOf(seed, from, to, band) ?? []);
    expect(delays.length).toBeGreaterThan(ACCOUNTS / 2);
    expect(Math.max(...delays)).toBeLessThanOrEqual(5);
    expect(meanOf(delays)).toBeLessThan(1);
  });

  it('of 20 points across an edge shows on the same day, however the days before swayed by two points', () => {
    const sway = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(sway, { minLength: 8, maxLength: 60 }),
        fc.double({ min: 77, max: 90, noNaN: true }),
        sway,
        (days, from, swayToday) => {
          const shown = bandsOf([...days.map((by) => from + by), from - 20 + swayToday]);
          expect(shown.at(-2)).toBe('green');
          expect(shown.at(-1)).toBe(from - 20 + swayToday < 48 ? 'red' : 'yellow');
        },
      ),
    );
  });

  it('of 20 points is called a sharp decline within five days, whether or not it crosses an edge', () => {
    const { trend } = defaultHealthConfiguration;
    for (const [from, to] of [
      [98, 78],
      [72, 52],
      [45, 25],
    ] as const) {
      let state: DayState | null = null;
      let days: AccountHistory['days'] = [];
      const told = Array.from({ length: 46 }, (_, day) => {
        const today = addDays(TODAY, day);
        const settled = settleDay(state, days, { today, shrunk: day < 40 ? from : to, limit: null }, bands);
        const { trend: called } = trendOf(days, settled.score, today, trend);
        state = settled.state;
        days = withDay(days, today, settled.score, 35);
        return called;
      });
      expect(told[39]).toBe('stable');
      expect(told.slice(40)).toContain('sharp_decline');
    }
  });
});
