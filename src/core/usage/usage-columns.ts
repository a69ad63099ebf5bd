import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { AccountUsage, UsageDay } from '../model/signals.ts';

/** An account's usage with its days turned into columns: every name is there once in the place of once a day. */
export interface UsageColumns extends Omit<AccountUsage, 'days'> {
  readonly days: {
    /** Null without any day. */
    readonly firstOn: CalendarDate | null;
    /** Of each day, how many days it is after the first. */
    readonly after: readonly number[];
    readonly activeUsers: readonly number[];
    readonly events: readonly number[];
    readonly keyActions: readonly number[];
    readonly keyUsers: readonly number[];
    readonly features: Columns;
    readonly metered: Columns;
    readonly departments: Columns;
    readonly gates: Columns;
    readonly pricingVisits: readonly number[];
  };
}

/** By name, a number for each day; null on days that do not have the name. */
type Columns = Readonly<Record<string, readonly (number | null)[]>>;

export function toColumns({ days, ...usage }: AccountUsage): UsageColumns {
  const firstOn = days[0]?.on ?? null;
  return {
    ...usage,
    days: {
      firstOn,
      after: firstOn === null ? [] : days.map(({ on }) => daysBetween(firstOn, on)),
      activeUsers: days.map((day) => day.activeUsers),
      events: days.map((day) => day.events),
      keyActions: days.map((day) => day.keyActions),
      keyUsers: days.map((day) => day.keyUsers),
      features: columnsOf(days, ({ features }) => features),
      metered: columnsOf(days, ({ metered }) => metered),
      departments: columnsOf(days, ({ departments }) => departments),
      gates: columnsOf(days, ({ gates }) => gates),
      pricingVisits: days.map((day) => day.pricingVisits),
    },
  };
}

/** The usage that the columns were made of. What was kept before there were columns is that already. */
export function fromColumns(kept: UsageColumns | AccountUsage): AccountUsage {
  if (!hasColumns(kept)) return kept;
  const { days, ...usage } = kept;
  const { firstOn, after } = days;
  if (firstOn === null) return { ...usage, days: [] };
  return {
    ...usage,
    days: after.map((distance, index) => ({
      on: addDays(firstOn, distance),
      activeUsers: days.activeUsers[index] ?? 0,
      events: days.events[index] ?? 0,
      keyActions: days.keyActions[index] ?? 0,
      keyUsers: days.keyUsers[index] ?? 0,
      features: namedAt(days.features, index),
      metered: namedAt(days.metered, index),
      departments: namedAt(days.departments, index),
      gates: namedAt(days.gates, index),
      pricingVisits: days.pricingVisits[index] ?? 0,
    })),
  };
}

function hasColumns(kept: UsageColumns | AccountUsage): kept is UsageColumns {
  return !Array.isArray(kept.days);
}

function columnsOf(days: readonly UsageDay[], named: (day: UsageDay) => Readonly<Record<string, number>>): Columns {
  const columns = new Map<string, (number | null)[]>();
  for (const [index, day] of days.entries()) {
    const amounts = named(day);
    for (const name of Object.keys(amounts)) {
      let column = columns.get(name);
      if (column === undefined) {
        column = days.map(() => null);
        columns.set(name, column);
      }
      column[index] = amounts[name] ?? null;
    }
  }
  return Object.fromEntries(columns);
}

function namedAt(columns: Columns, index: number): Readonly<Record<string, number>> {
  const named: [string, number][] = [];
  for (const [name, column] of Object.entries(columns)) {
    const amount = column[index] ?? null;
    if (amount !== null) named.push([name, amount]);
  }
  return Object.fromEntries(named);
}
