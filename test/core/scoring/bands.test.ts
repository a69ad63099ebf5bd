import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import type { AccountHistory, DayState } from '../../../src/core/model/snapshot.ts';
import { settleDay, trendOf, withDay } from '../../../src/core/scoring/bands.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import { TODAY } from './account-builder.ts';

const { bands, trend } = defaultHealthConfiguration;

interface Day {
  readonly band: string;
  readonly score: number | null;
}

/** The band and the smoothed score at the end of each day, one reading a day; null is a day with too little data. */
function run(
  readings: readonly (number | null)[],
  options: { smoothing?: number; caps?: Record<number, number> } = {},
) {
  let state: DayState | null = null;
  let days: AccountHistory['days'] = [];
  const told: Day[] = [];
  readings.forEach((shrunk, index) => {
    const today = addDays(TODAY, index);
    const limit = options.caps?.[index] ?? null;
    const configuration = { ...bands, smoothing: options.smoothing ?? 1 };
    const settled = settleDay(state, days, { today, shrunk, limit }, configuration);
    state = settled.state;
    days = withDay(days, today, settled.score, 35);
    told.push({ band: settled.state.band, score: settled.score });
  });
  return told;
}

const lastBand = (readings: readonly (number | null)[]): string | undefined => run(readings).at(-1)?.band;
const times = (count: number, score: number): number[] => Array.from({ length: count }, () => score);

describe('the smoothed score', () => {
  it('starts at the first day’s score and then moves a quarter of the way each day', () => {
    expect(run([80, 60, 60], { smoothing: 0.25 }).map(({ score }) => score)).toEqual([80, 75, 71.3]);
  });

  it('catches up after days without an assessment', () => {
    const first = settleDay(null, [], { today: TODAY, shrunk: 80, limit: null }, bands);
    const today = addDays(TODAY, 3);
    const next = settleDay(first.state, [], { today, shrunk: 60, limit: null }, bands);
    expect(next.score).toBe(68.4);
  });

  it('waits while too little is known, and goes on from where it was', () => {
    expect(run([80, null, 60], { smoothing: 0.25 }).map(({ score }) => score)).toEqual([80, null, 75]);
  });
});

describe('a band', () => {
  it('is taken from the score on the first day', () => {
    expect([75, 74.9, 50, 49.9].map((score) => run([score])[0]?.band)).toEqual(['green', 'yellow', 'yellow', 'red']);
  });

  it('gets worse only after two days in a row more than two points below its edge', () => {
    expect(lastBand([80, 72])).toBe('green');
    expect(lastBand([80, 72, 80, 72])).toBe('green');
    expect(lastBand([80, 72, 72])).toBe('yellow');
    expect(lastBand([80, 73, 73, 73])).toBe('green');
  });

  it('gets worse at once when the score fell by 15 within a week', () => {
    expect(lastBand([80, 65])).toBe('yellow');
    expect(lastBand([80, 66])).toBe('green');
  });

  it('gets worse at once by a fall even while the smoothed score is still on its way', () => {
    const fall = run([80, 80, 65], { smoothing: 0.25 });
    expect(fall.map(({ band }) => band)).toEqual(['green', 'green', 'yellow']);
    expect(fall.at(-1)?.score).toBe(76.3);
    expect(run([80, 80, 40], { smoothing: 0.25 }).at(-1)?.band).toBe('red');
  });

  it('gets better after fourteen days in a row at least six points above the next edge', () => {
    expect(lastBand([60, ...times(13, 81)])).toBe('yellow');
    expect(lastBand([60, ...times(14, 81)])).toBe('green');
    expect(lastBand([60, ...times(13, 81), 80, 81])).toBe('yellow');
    expect(lastBand([60, ...times(30, 80)])).toBe('yellow');
  });

  it('rises one band at a time', () => {
    expect(lastBand([30, ...times(14, 95)])).toBe('yellow');
    expect(lastBand([30, ...times(28, 95)])).toBe('green');
  });

  it('is never better than a cap allows, from the first day of the cap', () => {
    const days = run([90, 90, 90], { caps: { 1: 74, 2: 49 } });
    expect(days.map(({ band }) => band)).toEqual(['green', 'yellow', 'red']);
    expect(days.map(({ score }) => score)).toEqual([90, 74, 49]);
  });

  it('comes back by the slow way once a cap is gone', () => {
    const days = run(times(20, 90), { caps: { 1: 60 } });
    expect(days.map(({ band }) => band).slice(0, 3)).toEqual(['green', 'yellow', 'yellow']);
    expect(days.findIndex(({ band }, index) => index > 1 && band === 'green')).toBe(15);
    expect(days[2]?.score).toBe(90);
  });

  it('goes on from its old colour after a grey spell', () => {
    expect(run([60, null, 90]).map(({ band }) => band)).toEqual(['yellow', 'grey', 'yellow']);
  });

  it('stays put within normal noise around an edge', () => {
    const noise = Array.from({ length: 60 }, (_, index) => 76 + (index % 2 === 0 ? 3 : -3));
    const changes = run(noise, { smoothing: 0.25 }).filter(({ band }) => band !== 'green');
    expect(changes).toEqual([]);
  });
});

describe('the trend', () => {
  const history = (on: number, score: number) => [{ on: addDays(TODAY, -on), score }];

  it('is the change against 28 days ago', () => {
    expect(trendOf(history(28, 60), 65, TODAY, trend)).toEqual({ trend: 'improving', delta: 5 });
    expect(trendOf(history(28, 70), 65.1, TODAY, trend)).toEqual({ trend: 'stable', delta: -4.9 });
    expect(trendOf(history(28, 70), 65, TODAY, trend)).toEqual({ trend: 'declining', delta: -5 });
    expect(trendOf(history(28, 80), 65, TODAY, trend)).toEqual({ trend: 'sharp_decline', delta: -15 });
  });

  it('looks a few days further back when that day has no score', () => {
    expect(trendOf(history(31, 60), 70, TODAY, trend)).toEqual({ trend: 'improving', delta: 10 });
  });

  it('of a customer who has been scored for a week is named without points, since these are told over four weeks', () => {
    const since = (on: number) => [...history(on, 80), ...history(3, 60)];
    expect(trendOf(since(7), 70, TODAY, trend)).toEqual({ trend: 'declining', delta: null });
    expect(trendOf(since(27), 64, TODAY, trend)).toEqual({ trend: 'sharp_decline', delta: null });
    expect(trendOf(since(20), 82, TODAY, trend)).toEqual({ trend: 'stable', delta: null });
  });

  it('is not known where there is nothing to compare with, nor without a score', () => {
    expect(trendOf([], 70, TODAY, trend)).toEqual({ trend: null, delta: null });
    expect(trendOf(history(6, 20), 70, TODAY, trend)).toEqual({ trend: null, delta: null });
    expect(trendOf([{ on: addDays(TODAY, -9), score: null }], 70, TODAY, trend)).toEqual({ trend: null, delta: null });
    expect(trendOf(history(28, 60), null, TODAY, trend)).toEqual({ trend: null, delta: null });
  });
});
