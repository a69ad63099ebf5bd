import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf, unread } from './reading.ts';
import { changeInWords } from './wording.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from './facts/usage.ts';
import { daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { AccountUsage } from '../model/signals.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface UsageChangeSettings {
  readonly weight: number;
  /** Change against the 28 days before: −0.2 is a fall by a fifth. */
  readonly breakpoints: Breakpoints;
  /** Fewer key actions in the earlier 28 days are too few to tell a change from chance. */
  readonly leastKeyActions: number;
}

/** Edges at 5% and 20%: PostHog's handbook. */
export const defaultUsageChange: UsageChangeSettings = {
  weight: 0.3,
  breakpoints: [
    [-0.5, 0],
    [-0.2, 50],
    [-0.05, 75],
    [0.1, 100],
  ],
  leastKeyActions: 20,
};

const SOURCES: readonly SourceName[] = ['usage'];
const WINDOW = 28;

interface Change {
  readonly value: number;
  readonly because: string;
}

/**
 * Value: the worse of the changes in active users and in key actions. Where a year of history shows that the season
 * explains it, the better comparison with the same 28 days a year ago.
 */
export function usageChange(settings: UsageChangeSettings): Measure {
  return {
    id: 'U2',
    title: 'Change in use',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: UsageChangeSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  const usage = usageOf(snapshot);
  if (usage === null) return missing('Nobody of the account has used the product yet.');
  const endOn = usageKnownOn(snapshot);
  if (usage.firstOn === null || daysBetween(usage.firstOn, endOn) < 2 * WINDOW - 1) {
    return missing('Usage goes back less than eight weeks, so a change cannot be told yet.');
  }
  const within = `in 28 days${upToKnownDay(snapshot)}`;
  const users = changeOf('Active users', usage.usersPrior28d, usage.users28d, within);
  if (users === null) return missing('Nobody was active in the 28 days to compare with.');
  const change = seasonal(worseOf(users, keyActions(usage, endOn, within, settings)), usage);
  return ok({
    value: change.value,
    score: interpolate(change.value, settings.breakpoints),
    because: change.because,
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}

function changeOf(what: string, before: number, now: number, within: string): Change | null {
  if (before <= 0) return null;
  return { value: now / before - 1, because: `${what} ${changeInWords(before, now, within)}.` };
}

function keyActions(
  usage: AccountUsage,
  endOn: CalendarDate,
  within: string,
  { leastKeyActions }: UsageChangeSettings,
): Change | null {
  const sum = (endingDaysAgo: number): number =>
    daysOfUse(usage, endOn, WINDOW, endingDaysAgo).reduce((total, day) => total + day.keyActions, 0);
  const before = sum(WINDOW);
  return before < leastKeyActions ? null : changeOf('Key actions', before, sum(0), within);
}

const worseOf = (one: Change, other: Change | null): Change =>
  other !== null && other.value < one.value ? other : one;

function seasonal(change: Change, { users28d, users28dLastYear }: AccountUsage): Change {
  if (users28dLastYear === null || users28dLastYear <= 0) return change;
  const value = users28d / users28dLastYear - 1;
  if (value <= change.value) return change;
  const words = changeInWords(users28dLastYear, users28d, 'against the same 28 days a year ago');
  return { value, because: `${change.because} Active users ${words}.` };
}
