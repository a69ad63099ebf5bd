import type { AccountUsage } from '../model/signals.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { addDays, type CalendarDate } from '../model/calendar-date.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from '../measures/facts/usage.ts';
import { changeInWords, count, percentText } from '../measures/wording.ts';
import type { ExpansionConfiguration } from './configuration.ts';
import { hasGrown } from './signals-in-records.ts';
import type { Finding, SignalContext } from './signals.ts';

/** E2: what is metered comes close to its limit. Of several metrics the one with the most points counts, then by name. */
export function metered({ snapshot, configuration }: SignalContext): Finding {
  let best: MeteredUse | null = null;
  for (const use of meteredUse(snapshot, configuration)) {
    if (use.points !== null && (best?.points ?? -1) < use.points) best = use;
  }
  if (best === null || best.points === null) return null;
  return {
    points: best.points,
    because: `${percentText(best.ratio)} of the limit on ${best.metric} is used.`,
    evidence: [],
  };
}

/** What an account uses of one limit. */
export interface MeteredUse {
  readonly metric: string;
  /** Used ÷ limit, in the cycle that ends on the last day that is known and in the one before. */
  readonly ratio: number;
  readonly ratioBefore: number;
  /** Of the highest step that holds; null where none does. */
  readonly points: number | null;
}

/** Every limit that can be told, by the name of its metric; none without usage. */
export function meteredUse(
  snapshot: AccountSnapshot,
  { metered: { steps, cycleDays } }: Pick<ExpansionConfiguration, 'metered'>,
): readonly MeteredUse[] {
  const usage = usageOf(snapshot);
  if (usage === null || usage.limits.length === 0) return [];
  const endOn = usageKnownOn(snapshot);
  return [...usage.limits]
    .filter(({ limit }) => limit > 0)
    .sort((a, b) => (a.metric < b.metric ? -1 : 1))
    .map(({ metric, limit }) => {
      const ratio = (cycle: number): number => amountIn(usage, metric, cycle, cycleDays, endOn) / limit;
      const step = steps.find(({ from, cycles }) =>
        Array.from({ length: cycles }).every((_, cycle) => ratio(cycle) >= from),
      );
      return { metric, ratio: ratio(0), ratioBefore: ratio(1), points: step?.points ?? null };
    });
}

/** What was used in a cycle: 0 is the one that ends on `endOn`, 1 the one before. */
function amountIn(usage: AccountUsage, metric: string, cycle: number, cycleDays: number, endOn: CalendarDate): number {
  const days = daysOfUse(usage, endOn, cycleDays, cycle * cycleDays);
  if (usage.summed?.includes(metric) !== true) {
    return days.findLast((day) => day.metered[metric] !== undefined)?.metered[metric] ?? 0;
  }
  return days.reduce((total, day) => total + (day.metered[metric] ?? 0), 0);
}

/** Over so many days `gateUsers30d` counts different users at a gate. */
const GATE_DAYS = 30;

/** E3: users who want what they have not bought. Where only daily numbers are known, the highest day stands in. */
export function gatedFeature({ snapshot, configuration: { gatedFeature: settings } }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null) return null;
  const counted = settings.withinDays === GATE_DAYS ? usage.gateUsers30d : undefined;
  const users = new Map(Object.entries(counted ?? {}));
  if (counted === undefined) {
    for (const { gates } of daysOfUse(usage, usageKnownOn(snapshot), settings.withinDays)) {
      for (const [feature, number] of Object.entries(gates))
        users.set(feature, Math.max(users.get(feature) ?? 0, number));
    }
  }
  const [top] = [...users].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (top === undefined || top[1] < settings.users) return null;
  return {
    points: settings.points,
    because: `${top[1]} users wanted ${top[0]}, which is not in their plan, in the last ${settings.withinDays} days${upToKnownDay(snapshot)}.`,
    evidence: [],
  };
}

/** E4: more people use the product, or more of what is counted up over a cycle is used: what will be spent on it grows. */
export function growth({ snapshot, configuration, usageWindows: { activeDays } }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null) return null;
  const { points, from, leastUsers } = configuration.growth;
  if (usage.usersPrior28d >= leastUsers && hasGrown(usage.usersPrior28d, usage.users28d, from)) {
    const words = changeInWords(
      usage.usersPrior28d,
      usage.users28d,
      `in ${count(activeDays, 'day')}${upToKnownDay(snapshot)}`,
    );
    return { points, because: `Active users ${words}.`, evidence: [] };
  }
  const { cycleDays } = configuration.metered;
  if (usage.firstOn === null || usage.firstOn > addDays(usageKnownOn(snapshot), 1 - 2 * cycleDays)) return null;
  const grown = meteredUse(snapshot, configuration).find(
    ({ metric, ratio, ratioBefore }) =>
      usage.summed?.includes(metric) === true && ratioBefore > 0 && hasGrown(ratioBefore, ratio, from),
  );
  if (grown === undefined) return null;
  const share = percentText(grown.ratio / grown.ratioBefore - 1);
  return {
    points,
    because: `Metered use of ${grown.metric} rose ${share} in ${cycleDays} days${upToKnownDay(snapshot)}.`,
    evidence: [],
  };
}

/** E5: departments that began to use the product; told only where there is as much history before as they are looked for in. */
export function newDepartments({ snapshot, configuration }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null || usage.firstOn === null) return null;
  const { points, withinDays, beforeDays, departments, users } = configuration.newDepartments;
  const endOn = usageKnownOn(snapshot);
  const from = addDays(endOn, -withinDays);
  if (usage.firstOn > addDays(from, -withinDays)) return null;
  const grown = new Set<string>();
  for (const { departments: active } of daysOfUse(usage, endOn, withinDays)) {
    for (const name in active) if ((active[name] ?? 0) >= users) grown.add(name);
  }
  if (grown.size < departments) return null;
  const earlier = daysOfUse(usage, endOn, beforeDays, withinDays);
  const wasThere = (name: string): boolean => earlier.some((day) => (day.departments[name] ?? 0) > 0);
  const found = [...grown].filter((name) => !wasThere(name)).sort();
  if (found.length < departments) return null;
  return {
    points,
    because: `${found.length} more departments use the product: ${found.slice(0, 3).join(', ')}.`,
    evidence: [],
  };
}

/** E9: somebody looks at prices. It may also mean the opposite, so it counts for a healthy account alone. */
export function pricingVisits({ snapshot, band, configuration: { pricingVisits: settings } }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null || band !== 'green') return null;
  const visits = daysOfUse(usage, usageKnownOn(snapshot), settings.withinDays).reduce(
    (sum, day) => sum + day.pricingVisits,
    0,
  );
  if (visits < settings.visits) return null;
  return {
    points: settings.points,
    because: `${visits} visits of pages about prices in the last ${settings.withinDays} days${upToKnownDay(snapshot)}.`,
    evidence: [],
  };
}
