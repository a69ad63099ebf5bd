import type { Band, Trend } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { addDays, daysBetween } from '../model/calendar-date.ts';
import type { AccountHistory, DayState } from '../model/snapshot.ts';
import type { BandConfiguration, TrendConfiguration } from './configuration.ts';

type Color = Exclude<Band, 'grey'>;
type Days = AccountHistory['days'];

/** What one day's assessment says, before smoothing. */
export interface DayReading {
  readonly today: CalendarDate;
  /** Null when too little is known: the band is grey and the average waits. */
  readonly shrunk: number | null;
  /** The lowest cap in force; null without one. */
  readonly limit: number | null;
}

export interface SettledDay {
  readonly state: DayState;
  /** Smoothed, then capped, one decimal; null when grey. */
  readonly score: number | null;
}

/**
 * One day's step of the smoothed score and the band. `previous` is the state before the day began, null on the first
 * day, which starts at its score. After a gap of n days the average steps n times to today's score, as if it had been
 * the same on each of them.
 */
export function settleDay(
  previous: DayState | null,
  days: Days,
  reading: DayReading,
  configuration: BandConfiguration,
): SettledDay {
  const { today, shrunk, limit } = reading;
  if (shrunk === null) {
    const ewma = previous?.ewma ?? null;
    return { state: { ...changed(previous, 'grey', today), ewma, daysWorse: 0, daysBetter: 0 }, score: null };
  }
  const ewma = smoothed(previous, shrunk, today, configuration.smoothing);
  const score = Math.round(Math.min(ewma, limit ?? 100) * 10) / 10;
  const before = colorBefore(previous);
  if (before === null) {
    const band = bandOf(score, configuration);
    return { state: { ...changed(previous, band, today), ewma, daysWorse: 0, daysBetter: 0 }, score };
  }
  let daysWorse =
    score < edgeBelow(before, configuration) - configuration.worse.margin ? (previous?.daysWorse ?? 0) + 1 : 0;
  let daysBetter =
    score >= edgeAbove(before, configuration) + configuration.better.margin ? (previous?.daysBetter ?? 0) + 1 : 0;
  let band = before;
  // The day by itself: the average comes down so slowly that a fall would never be seen at once.
  const ofToday = Math.min(shrunk, limit ?? 100);
  const hasFallen =
    ofToday < edgeBelow(before, configuration) - configuration.worse.margin &&
    fallOf(days, ofToday, today, configuration.fall.days) >= configuration.fall.points;
  if (daysWorse >= configuration.worse.days || hasFallen) {
    band = (hasFallen ? ofToday : score) < configuration.yellow - configuration.worse.margin ? 'red' : 'yellow';
  } else if (daysBetter >= configuration.better.days) {
    band = before === 'red' ? 'yellow' : 'green';
  }
  // A cap acts at once: no band is better than the one its limit lies in.
  if (limit !== null) band = worse(band, bandOf(limit, configuration));
  if (band !== before) {
    daysWorse = 0;
    daysBetter = 0;
  }
  return { state: { ...changed(previous, band, today), ewma, daysWorse, daysBetter }, score };
}

/** The band of a score by itself, without memory. */
export function bandOf(score: number, { green, yellow }: Pick<BandConfiguration, 'green' | 'yellow'>): Color {
  if (score >= green) return 'green';
  return score >= yellow ? 'yellow' : 'red';
}

/**
 * Change against the newest score that is at least `configuration.days` old, and what it is called; before there is one,
 * the name alone, of the change since the oldest score that is at least `leastDays` old: what moved so far in fewer days
 * has moved in 28, and after a week smoothing shows seven eighths of it. Null while nothing can be compared.
 */
export function trendOf(
  days: Days,
  score: number | null,
  today: CalendarDate,
  configuration: TrendConfiguration,
): { readonly trend: Trend | null; readonly delta: number | null } {
  const then = scoreOn(days, addDays(today, -configuration.days));
  if (score === null) return { trend: null, delta: null };
  if (then === null) {
    const since = addDays(today, -configuration.leastDays);
    const oldest = days.find((day) => day.score !== null && day.on <= since)?.score ?? null;
    return { trend: oldest === null ? null : nameOf(pointsBetween(oldest, score), configuration), delta: null };
  }
  const delta = pointsBetween(then, score);
  return { trend: nameOf(delta, configuration), delta };
}

const pointsBetween = (then: number, now: number): number => Math.round((now - then) * 10) / 10;

function nameOf(delta: number, { sharp, declining, improving }: TrendConfiguration): Trend {
  if (delta <= sharp) return 'sharp_decline';
  if (delta <= declining) return 'declining';
  return delta >= improving ? 'improving' : 'stable';
}

/** The days before `today` within the `keep` last ones, and today's score; oldest first. */
export function withDay(days: Days, today: CalendarDate, score: number | null, keep: number): Days {
  const from = addDays(today, -keep);
  const kept = days.filter((day) => day.on >= from && day.on < today);
  return score === null ? kept : [...kept, { on: today, score }];
}

function smoothed(previous: DayState | null, shrunk: number, today: CalendarDate, smoothing: number): number {
  if (previous === null || previous.ewma === null) return shrunk;
  const steps = Math.max(1, daysBetween(previous.lastOn, today));
  return previous.ewma + (1 - (1 - smoothing) ** steps) * (shrunk - previous.ewma);
}

/** The newest score on or before a day; null when there is none. */
function scoreOn(days: Days, on: CalendarDate): number | null {
  let found: number | null = null;
  for (const day of days) if (day.on <= on && day.score !== null) found = day.score;
  return found;
}

/** How far below the average of so many days ago a score is; while the history is shorter, of its beginning. */
function fallOf(days: Days, score: number, today: CalendarDate, within: number): number {
  const then = scoreOn(days, addDays(today, -within)) ?? days.find((day) => day.score !== null)?.score ?? score;
  return then - score;
}

/** The colour to judge from: after a grey spell, the one before it. */
function colorBefore(previous: DayState | null): Color | null {
  if (previous === null) return null;
  if (previous.band !== 'grey') return previous.band;
  return previous.previousBand === 'grey' ? null : previous.previousBand;
}

function changed(
  previous: DayState | null,
  band: Band,
  today: CalendarDate,
): Pick<DayState, 'lastOn' | 'band' | 'bandSinceOn' | 'previousBand'> {
  if (previous === null) return { lastOn: today, band, bandSinceOn: today, previousBand: null };
  if (previous.band === band) {
    return { lastOn: today, band, bandSinceOn: previous.bandSinceOn, previousBand: previous.previousBand };
  }
  return { lastOn: today, band, bandSinceOn: today, previousBand: previous.band };
}

function edgeBelow(color: Color, { green, yellow }: BandConfiguration): number {
  if (color === 'green') return green;
  return color === 'yellow' ? yellow : -Infinity;
}

function edgeAbove(color: Color, { green, yellow }: BandConfiguration): number {
  if (color === 'red') return yellow;
  return color === 'yellow' ? green : Infinity;
}

const ORDER: readonly Color[] = ['red', 'yellow', 'green'];
const worse = (one: Color, other: Color): Color => (ORDER.indexOf(one) < ORDER.indexOf(other) ? one : other);
