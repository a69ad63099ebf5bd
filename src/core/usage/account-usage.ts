import { addDays, daysBetween, type CalendarDate, type Instant } from '../model/calendar-date.ts';
import type { AccountUsage, UsageDay } from '../model/signals.ts';
import type { UsageWindows } from './configuration.ts';
import { addTo, monthOf, type DayUsage, type MonthUsage } from './usage-ledger.ts';

/** What is looked at of an account's usage. */
export interface UsageView {
  readonly today: CalendarDate;
  /** The last day that usage covers. */
  readonly endOn: CalendarDate;
  /** What is older than so many days may be forgotten already. */
  readonly keptDays: number;
  /** How many days up to it are opened. */
  readonly days: number;
  readonly windows: UsageWindows;
}

export type UserWindow = 'recent' | 'active' | 'before' | 'season';

type Span = readonly [from: CalendarDate, to: CalendarDate];

/** First and last day of each window of distinct users. */
export function windowsOf({ endOn, windows }: UsageView): Readonly<Record<UserWindow, Span>> {
  const { recentDays, activeDays, seasonWeeks } = windows;
  const ending = (daysAgo: number, length: number): Span => [
    addDays(endOn, 1 - length - daysAgo),
    addDays(endOn, -daysAgo),
  ];
  return {
    recent: ending(0, recentDays),
    active: ending(0, activeDays),
    before: ending(activeDays, activeDays),
    season: ending(7 * seasonWeeks, activeDays),
  };
}

/** The days that are opened. */
export const openedOf = ({ endOn, days }: UsageView): Span => [addDays(endOn, 1 - days), endOn];

/** The bits of a month's days that lie in a window, bit 0 for the first. */
export function daysIn(month: string, [from, to]: Span): number {
  let bits = 0;
  for (let day = 1; day <= 31; day += 1) {
    const on = `${month}-${String(day).padStart(2, '0')}`;
    if (on >= from && on <= to) bits |= 1 << (day - 1);
  }
  return bits;
}

/** The months that a window touches. */
export function monthsIn([from, to]: Span): readonly string[] {
  const months = new Set<string>();
  for (let on = from; on <= to; on = addDays(on, 1)) months.add(monthOf(on));
  return [...months];
}

/** What is kept of one account, put together over its workspaces. */
export interface KeptUsage {
  /** Per workspace: sums of messages, and days that were imported. */
  readonly workspaces: readonly {
    readonly counted: readonly KeptMonth[];
    readonly imported: readonly KeptMonth[];
  }[];
  /** Distinct users that were named, per window; those of `recentKey` did a key action in the recent one. */
  readonly users: Readonly<Record<UserWindow | 'recentKey', number>>;
  readonly firstOn: CalendarDate | null;
  readonly lastActiveAt: Instant | null;
  /** Metric → limit, per workspace. */
  readonly limits: readonly Readonly<Record<string, number>>[];
  readonly coreFeatures: readonly (readonly string[] | null)[];
}

interface KeptMonth {
  readonly month: string;
  readonly days: MonthUsage;
}

/**
 * An account's usage as measures read it. An imported day takes the place of what messages said of it in that workspace.
 * Where senders count users without naming them, a window has no fewer than its busiest day.
 */
export function toAccountUsage(kept: KeptUsage, view: UsageView): AccountUsage {
  const { endOn } = view;
  const windows = windowsOf(view);
  const [openedFrom] = openedOf(view);
  const [seasonFrom] = windows.season;
  const all = daysOf(kept, seasonFrom < openedFrom ? seasonFrom : openedFrom, endOn);
  const atLeast = (named: number, [from, to]: Span, of: 'userCount' | 'keyUserCount'): number =>
    all.reduce(
      (most, { day, ...counted }) => (day.on >= from && day.on <= to ? Math.max(most, counted[of]) : most),
      named,
    );
  const { users, firstOn } = kept;
  const { seasonFromDays } = view.windows;
  // Of a season that is forgotten in part, too few people are left: it would look as if use had grown since.
  const hasSeason =
    firstOn !== null &&
    daysBetween(firstOn, endOn) >= seasonFromDays &&
    seasonFrom >= addDays(view.today, -view.keptDays);
  const limits = new Map<string, number>();
  for (const workspace of kept.limits) {
    for (const [metric, limit] of Object.entries(workspace)) limits.set(metric, (limits.get(metric) ?? 0) + limit);
  }
  const told = kept.coreFeatures.filter((features) => features !== null);
  return {
    days: all.map(({ day }) => day).filter(({ on }) => on >= openedFrom),
    users14d: atLeast(users.recent, windows.recent, 'userCount'),
    keyUsers14d: atLeast(users.recentKey, windows.recent, 'keyUserCount'),
    users28d: atLeast(users.active, windows.active, 'userCount'),
    usersPrior28d: atLeast(users.before, windows.before, 'userCount'),
    users28dLastYear: hasSeason ? atLeast(users.season, windows.season, 'userCount') : null,
    lastActiveAt: kept.lastActiveAt,
    firstOn,
    limits: [...limits].sort(([a], [b]) => (a < b ? -1 : 1)).map(([metric, limit]) => ({ metric, limit })),
    coreFeatures: told.length === 0 ? null : [...new Set(told.flat())].sort(),
  };
}

/** A day, with how many of its users were only counted. */
interface CountedDay {
  readonly day: UsageDay;
  readonly userCount: number;
  readonly keyUserCount: number;
}

function daysOf({ workspaces }: KeptUsage, from: CalendarDate, to: CalendarDate): readonly CountedDay[] {
  const days = new Map<string, CountedDay>();
  for (const { counted, imported } of workspaces) {
    const ofWorkspace = new Map<string, DayUsage>();
    for (const { month, days: ofMonth } of [...counted, ...imported]) {
      for (const [number, usage] of Object.entries(ofMonth)) ofWorkspace.set(`${month}-${number}`, usage);
    }
    for (const [on, usage] of ofWorkspace) {
      if (on < from || on > to) continue;
      // Made from a month and a day's number, so it is a date.
      const counts = toCountedDay(on as CalendarDate, usage);
      const before = days.get(on);
      days.set(on, before === undefined ? counts : join(before, counts));
    }
  }
  return [...days.values()].sort((a, b) => (a.day.on < b.day.on ? -1 : 1));
}

const NOTHING: Readonly<Record<string, number>> = {};

function toCountedDay(on: CalendarDate, usage: DayUsage): CountedDay {
  const { userCount = 0, keyUserCount = 0, metered = NOTHING, levels } = usage;
  const newest = Object.entries(levels ?? {}).map(([metric, [amount]]) => [metric, amount] as const);
  return {
    day: {
      on,
      activeUsers: Math.max(usage.users ?? 0, userCount),
      events: usage.events ?? 0,
      keyActions: usage.keyActions ?? 0,
      keyUsers: Math.max(usage.keyUsers ?? 0, keyUserCount),
      features: usage.features ?? NOTHING,
      metered: newest.length === 0 ? metered : addTo(metered, newest),
      departments: usage.departments ?? NOTHING,
      gates: usage.gates ?? NOTHING,
      pricingVisits: usage.pricingVisits ?? 0,
    },
    userCount,
    keyUserCount,
  };
}

function join(a: CountedDay, b: CountedDay): CountedDay {
  return {
    day: {
      on: a.day.on,
      activeUsers: a.day.activeUsers + b.day.activeUsers,
      events: a.day.events + b.day.events,
      keyActions: a.day.keyActions + b.day.keyActions,
      keyUsers: a.day.keyUsers + b.day.keyUsers,
      features: addTo(a.day.features, Object.entries(b.day.features)),
      metered: addTo(a.day.metered, Object.entries(b.day.metered)),
      departments: addTo(a.day.departments, Object.entries(b.day.departments)),
      gates: addTo(a.day.gates, Object.entries(b.day.gates)),
      pricingVisits: a.day.pricingVisits + b.day.pricingVisits,
    },
    userCount: a.userCount + b.userCount,
    keyUserCount: a.keyUserCount + b.keyUserCount,
  };
}
