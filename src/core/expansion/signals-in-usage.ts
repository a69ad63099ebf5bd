import type { AccountUsage } from '../model/signals.ts';
import { addDays, type CalendarDate } from '../model/calendar-date.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from '../measures/facts/usage.ts';
import { changeInWords, percentText } from '../measures/wording.ts';
import { hasGrown } from './signals-in-records.ts';
import type { Finding, SignalContext } from './signals.ts';

/** E2: what is metered comes close to its limit. Of several metrics the one with the most points counts, then by name. */
export function metered({ snapshot, configuration }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null) return null;
  const { steps, cycleDays } = configuration.metered;
  const endOn = usageKnownOn(snapshot);
  let best: { readonly points: number; readonly metric: string; readonly ratio: number } | null = null;
  for (const { metric, limit } of [...usage.limits].sort((a, b) => (a.metric < b.metric ? -1 : 1))) {
    if (!(limit > 0)) continue;
    const ratio = (cycle: number): number => amountIn(usage, metric, cycle, cycleDays, endOn) / limit;
    const step = steps.find(({ from, cycles }) =>
      Array.from({ length: cycles }).every((_, cycle) => ratio(cycle) >= from),
    );
    if (step !== undefined && (best === null || step.points > best.points)) {
      best = { points: step.points, metric, ratio: ratio(0) };
    }
  }
  if (best === null) return null;
  return {
    points: best.points,
    because: `${percentText(best.ratio)} of the limit on ${best.metric} is used.`,
    evidence: [],
  };
}

/** What was used in a cycle: 0 is the one that ends on `endOn`, 1 the one before. */
function amountIn(usage: AccountUsage, metric: string, cycle: number, cycleDays: number, endOn: CalendarDate): number {
  const days = daysOfUse(usage, endOn, cycleDays, cycle * cycleDays);
  if (usage.summed?.includes(metric) !== true) {
    return days.findLast((day) => day.metered[metric] !== undefined)?.metered[metric] ?? 0;
  }
  return days.reduce((total, day) => total + (day.metered[metric] ?? 0), 0);
}

/** E3: users who want what they have not bought. Where only daily numbers are known, the highest day stands in. */
export function gatedFeature({ snapshot, configuration: { gatedFeature: settings } }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null) return null;
  const users = new Map(Object.entries(usage.gateUsers30d ?? {}));
  if (usage.gateUsers30d === undefined) {
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

/** E4: more people use the product. */
export function growth({ snapshot, configuration: { growth: settings } }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null || usage.usersPrior28d < settings.leastUsers) return null;
  if (!hasGrown(usage.usersPrior28d, usage.users28d, settings.from)) return null;
  const words = changeInWords(usage.usersPrior28d, usage.users28d, `in 28 days${upToKnownDay(snapshot)}`);
  return { points: settings.points, because: `Active users ${words}.`, evidence: [] };
}

/** E5: departments that began to use the product; told only where there is as much history before as is looked at. */
export function newDepartments({ snapshot, configuration }: SignalContext): Finding {
  const usage = usageOf(snapshot);
  if (usage === null || usage.firstOn === null) return null;
  const { points, withinDays, departments, users } = configuration.newDepartments;
  const endOn = usageKnownOn(snapshot);
  const from = addDays(endOn, -withinDays);
  if (usage.firstOn > addDays(from, -withinDays)) return null;
  const grown = new Set<string>();
  for (const { departments: active } of daysOfUse(usage, endOn, withinDays)) {
    for (const name in active) if ((active[name] ?? 0) >= users) grown.add(name);
  }
  if (grown.size < departments) return null;
  const wasThere = (name: string): boolean =>
    usage.days.some((day) => day.on <= from && (day.departments[name] ?? 0) > 0);
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
