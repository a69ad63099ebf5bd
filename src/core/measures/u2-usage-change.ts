import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf, unread } from './reading.ts';
import { changeInWords, count } from './wording.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from './facts/usage.ts';
import { daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { AccountUsage } from '../model/signals.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';
import type { UsageWindows } from '../usage/configuration.ts';

export interface UsageChangeSettings {
  readonly weight: number;
  /** Change against as many days before: −0.2 is a fall by a fifth. */
  readonly breakpoints: Breakpoints;
  /** Fewer key actions in the earlier days are too few to tell a change from chance. */
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
const WEEKS_A_YEAR = 52;

interface Change {
  readonly value: number;
  readonly because: string;
}

/**
 * Value: the worse of the changes in active users and in key actions, from one active window to the next. Where enough
 * history shows that the season explains it, the better comparison with the same days of the season before.
 */
export function usageChange(settings: UsageChangeSettings): Measure {
  return {
    id: 'U2',
    title: 'Change in use',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot, { usageWindows }) => read(snapshot, usageWindows, settings),
  };
}

function read(snapshot: AccountSnapshot, windows: UsageWindows, settings: UsageChangeSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  const usage = usageOf(snapshot);
  if (usage === null) return missing('Nobody of the account has used the product yet.');
  const endOn = usageKnownOn(snapshot);
  const { activeDays } = windows;
  if (usage.firstOn === null || daysBetween(usage.firstOn, endOn) < 2 * activeDays - 1) {
    return missing(`Usage goes back less than ${count(2 * activeDays, 'day')}, so a change cannot be told yet.`);
  }
  const within = `in ${count(activeDays, 'day')}${upToKnownDay(snapshot)}`;
  const users = changeOf('Active users', usage.usersPrior28d, usage.users28d, within);
  if (users === null) return missing(`Nobody was active in the ${count(activeDays, 'day')} to compare with.`);
  const actions = keyActionsIn(usage, endOn, activeDays);
  const hasEnough = actions.before >= settings.leastKeyActions;
  const acted = hasEnough ? changeOf('Key actions', actions.before, actions.now, within) : null;
  const change = seasonal(worseOf(users, acted), usage, windows);
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

function keyActionsIn(
  usage: AccountUsage,
  endOn: CalendarDate,
  length: number,
): { readonly before: number; readonly now: number } {
  const sum = (endingDaysAgo: number): number =>
    daysOfUse(usage, endOn, length, endingDaysAgo).reduce((total, day) => total + day.keyActions, 0);
  return { before: sum(length), now: sum(0) };
}

const worseOf = (one: Change, other: Change | null): Change =>
  other !== null && other.value < one.value ? other : one;

function seasonal(
  change: Change,
  { users28d, users28dLastYear }: AccountUsage,
  { activeDays, seasonWeeks }: UsageWindows,
): Change {
  if (users28dLastYear === null || users28dLastYear <= 0) return change;
  const value = users28d / users28dLastYear - 1;
  if (value <= change.value) return change;
  const ago = seasonWeeks === WEEKS_A_YEAR ? 'a year ago' : `${count(seasonWeeks, 'week')} ago`;
  const against = `against the same ${count(activeDays, 'day')} ${ago}`;
  const words = changeInWords(users28dLastYear, users28d, against);
  return { value, because: `${change.because} Active users ${words}.` };
}
