import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { Contribution } from './attribute.ts';
import type { MessageUsage } from './message.ts';

/** A workspace's usage on one day, as it is kept. What is not there is zero or empty. */
export interface DayUsage {
  readonly events?: number;
  readonly keyActions?: number;
  /** Distinct users that were named, and those of them with a key action. */
  readonly users?: number;
  readonly keyUsers?: number;
  /** The most that a sender counted of either without naming them. */
  readonly userCount?: number;
  readonly keyUserCount?: number;
  readonly features?: Readonly<Record<string, number>>;
  readonly metered?: Readonly<Record<string, number>>;
  /** The newest amount, with its moment. */
  readonly levels?: Readonly<Record<string, readonly [amount: number, at: Instant]>>;
  readonly departments?: Readonly<Record<string, number>>;
  readonly gates?: Readonly<Record<string, number>>;
  readonly pricingVisits?: number;
}

/** By day of the month, `01` to `31`. */
export type MonthUsage = Readonly<Record<string, DayUsage>>;

/** On which days of a month one user was active, did a key action, and met which gates: bit 0 is the first of the month. */
export interface UserMonth {
  readonly active: number;
  readonly key: number;
  readonly gates: Readonly<Record<string, number>>;
}

/** `2026-03`, the month of a day. */
export const monthOf = (on: CalendarDate): string => on.slice(0, 7);

export interface MonthKey {
  readonly workspaceId: string;
  readonly month: string;
}

export interface UserMonthKey extends MonthKey {
  readonly userKey: string;
}

const OTHER = '(other)';
const NEVER: UserMonth = { active: 0, key: 0, gates: {} };

/**
 * Adds messages to what is kept, month by month. What is added twice is the caller's to avoid (by message ids); apart from
 * that, order makes no difference: sums are sums, a user is counted once a day, and of levels the newest holds.
 */
export class UsageLedger {
  readonly #months: Map<string, { key: MonthKey; days: Record<string, DayUsage> }>;
  readonly #users: Map<string, { key: UserMonthKey; marks: UserMonth }>;
  readonly #featuresPerDay: number;

  /** `months` and `users` are what is kept of all that will be added to; absent is empty. */
  constructor(
    months: readonly (MonthKey & { readonly days: MonthUsage })[],
    users: readonly (UserMonthKey & UserMonth)[],
    featuresPerDay: number,
  ) {
    this.#months = new Map(
      months.map(({ workspaceId, month, days }) => [
        `${month} ${workspaceId}`,
        { key: { workspaceId, month }, days: { ...days } },
      ]),
    );
    this.#users = new Map(
      users.map(({ workspaceId, month, userKey, ...marks }) => [
        `${month} ${userKey} ${workspaceId}`,
        { key: { workspaceId, month, userKey }, marks },
      ]),
    );
    this.#featuresPerDay = featuresPerDay;
  }

  /** `on` is the day of the message in the customer's time zone. */
  add({ workspaceId, at, usage, departmentOf }: Contribution, on: CalendarDate): void {
    const month = monthOf(on);
    const place = `${month} ${workspaceId}`;
    const kept = this.#months.get(place) ?? { key: { workspaceId, month }, days: {} };
    this.#months.set(place, kept);
    const dayNumber = on.slice(8);
    let day = addAmounts(kept.days[dayNumber] ?? {}, usage, at, this.#featuresPerDay);

    const bit = 1 << (Number(dayNumber) - 1);
    for (const userKey of usage.userKeys) {
      const news = this.#mark({ workspaceId, month, userKey }, (marks) => ({ ...marks, active: marks.active | bit }));
      if (!news) continue;
      const department = departmentOf(userKey);
      day = { ...day, users: (day.users ?? 0) + 1 };
      if (department !== null) day = { ...day, departments: addTo(day.departments, [[department, 1]]) };
    }
    for (const userKey of usage.keyUserKeys) {
      const news = this.#mark({ workspaceId, month, userKey }, (marks) => ({ ...marks, key: marks.key | bit }));
      if (news) day = { ...day, keyUsers: (day.keyUsers ?? 0) + 1 };
    }
    const { gate } = usage;
    if (gate !== null) {
      for (const userKey of usage.userKeys) {
        const news = this.#mark({ workspaceId, month, userKey }, (marks) => ({
          ...marks,
          gates: { ...marks.gates, [gate]: (marks.gates[gate] ?? 0) | bit },
        }));
        if (news) day = { ...day, gates: addTo(day.gates, [[gate, 1]]) };
      }
    }
    kept.days[dayNumber] = day;
  }

  months(): readonly (MonthKey & { readonly days: MonthUsage })[] {
    return [...this.#months.values()].map(({ key, days }) => ({ ...key, days }));
  }

  users(): readonly (UserMonthKey & UserMonth)[] {
    return [...this.#users.values()].map(({ key, marks }) => ({ ...key, ...marks }));
  }

  /** Answers whether that was new. */
  #mark(key: UserMonthKey, change: (marks: UserMonth) => UserMonth): boolean {
    const place = `${key.month} ${key.userKey} ${key.workspaceId}`;
    const before = this.#users.get(place)?.marks ?? NEVER;
    const marks = change(before);
    const isNew = marks.active !== before.active || marks.key !== before.key || !sameGates(marks.gates, before.gates);
    if (isNew) this.#users.set(place, { key, marks });
    return isNew;
  }
}

function sameGates(a: UserMonth['gates'], b: UserMonth['gates']): boolean {
  return a === b || Object.entries(a).every(([gate, days]) => b[gate] === days);
}

function addAmounts(day: DayUsage, usage: MessageUsage, at: Instant, featuresPerDay: number): DayUsage {
  const next: { -readonly [Name in keyof DayUsage]: DayUsage[Name] } = { ...day };
  if (usage.events > 0) next.events = (day.events ?? 0) + usage.events;
  if (usage.keyActions > 0) next.keyActions = (day.keyActions ?? 0) + usage.keyActions;
  if (usage.userCount > (day.userCount ?? 0)) next.userCount = usage.userCount;
  if (usage.pricingVisits > 0) next.pricingVisits = (day.pricingVisits ?? 0) + usage.pricingVisits;
  const features = withinRoom(next.features, usage.features, featuresPerDay);
  if (features.length > 0) next.features = addTo(next.features, features);
  const metered = Object.entries(usage.metered);
  if (metered.length > 0) next.metered = addTo(next.metered, metered);
  for (const [metric, amount] of Object.entries(usage.levels)) {
    const before = next.levels?.[metric];
    // Of two at one moment the higher, so that order makes no difference.
    const isNewer = before === undefined || at > before[1] || (at === before[1] && amount > before[0]);
    if (isNewer) next.levels = { ...next.levels, [metric]: [amount, at] };
  }
  return next;
}

/** Features beyond those that there is room for go together under one name. */
function withinRoom(
  known: Readonly<Record<string, number>> = {},
  told: Readonly<Record<string, number>>,
  featuresPerDay: number,
): readonly (readonly [name: string, times: number])[] {
  let room = featuresPerDay - Object.keys(known).length;
  return Object.entries(told).map(([feature, times]) => {
    if (Object.hasOwn(known, feature)) return [feature, times];
    room -= 1;
    return [room >= 0 ? feature : OTHER, times];
  });
}

/** Sums with amounts added. A name may be anything: `constructor` too. */
export function addTo(
  sums: Readonly<Record<string, number>> | undefined,
  amounts: readonly (readonly [name: string, amount: number])[],
): Readonly<Record<string, number>> {
  const next = { ...sums };
  for (const [name, amount] of amounts) next[name] = Object.hasOwn(next, name) ? (next[name] ?? 0) + amount : amount;
  return next;
}
