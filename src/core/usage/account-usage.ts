import { addDays, daysBetween, type CalendarDate, type Instant } from '../model/calendar-date.ts';
import type { AccountUsage, UsageDay } from '../model/signals.ts';
import { addTo, monthOf, type DayUsage, type MonthUsage } from './usage-ledger.ts';

/** How far back an account's days are opened: three months, the longest that a measure or a signal looks back by days. */
export const DAYS_OPENED = 92;

/** Thirteen months, from which on a year ago can be compared with. Source: model, U2. */
const YEAR_OF_HISTORY = 395;

/** First and last day of each window of distinct users, ending on a day. A year ago is 52 weeks: the same weekdays. */
export function windowsEnding(
  endOn: CalendarDate,
): Readonly<Record<UserWindow, readonly [CalendarDate, CalendarDate]>> {
  return {
    last14: [addDays(endOn, -13), endOn],
    last28: [addDays(endOn, -27), endOn],
    prior28: [addDays(endOn, -55), addDays(endOn, -28)],
    year28: [addDays(endOn, -391), addDays(endOn, -364)],
  };
}

export type UserWindow = 'last14' | 'last28' | 'prior28' | 'year28';

/** The bits of a month's days that lie in a window, bit 0 for the first. */
export function daysIn(month: string, [from, to]: readonly [CalendarDate, CalendarDate]): number {
  let bits = 0;
  for (let day = 1; day <= 31; day += 1) {
    const on = `${month}-${String(day).padStart(2, '0')}`;
    if (on >= from && on <= to) bits |= 1 << (day - 1);
  }
  return bits;
}

/** The months that a window touches. */
export function monthsIn([from, to]: readonly [CalendarDate, CalendarDate]): readonly string[] {
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
  /** Distinct users that were named, per window; `key14` did a key action. */
  readonly users: Readonly<Record<UserWindow | 'key14', number>>;
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
 * An account's usage as measures read it, up to `endOn`. An imported day takes the place of what messages said of it in that workspace.
 * Where senders count users without naming them, a window has no fewer than its busiest day.
 */
export function toAccountUsage(kept: KeptUsage, endOn: CalendarDate): AccountUsage {
  const windows = windowsEnding(endOn);
  const openedFrom = addDays(endOn, -(DAYS_OPENED - 1));
  const all = daysOf(kept, windows.year28[0], endOn);
  const atLeast = (
    named: number,
    [from, to]: readonly [CalendarDate, CalendarDate],
    of: 'userCount' | 'keyUserCount',
  ): number =>
    all.reduce(
      (most, { day, ...counted }) => (day.on >= from && day.on <= to ? Math.max(most, counted[of]) : most),
      named,
    );
  const { users, firstOn } = kept;
  const hasYear = firstOn !== null && daysBetween(firstOn, endOn) >= YEAR_OF_HISTORY;
  const limits = new Map<string, number>();
  for (const workspace of kept.limits) {
    for (const [metric, limit] of Object.entries(workspace)) limits.set(metric, (limits.get(metric) ?? 0) + limit);
  }
  const told = kept.coreFeatures.filter((features) => features !== null);
  return {
    days: all.map(({ day }) => day).filter(({ on }) => on >= openedFrom),
    users14d: atLeast(users.last14, windows.last14, 'userCount'),
    keyUsers14d: atLeast(users.key14, windows.last14, 'keyUserCount'),
    users28d: atLeast(users.last28, windows.last28, 'userCount'),
    usersPrior28d: atLeast(users.prior28, windows.prior28, 'userCount'),
    users28dLastYear: hasYear ? atLeast(users.year28, windows.year28, 'userCount') : null,
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
