import type { Step } from './step.ts';

/** What the CRM says of the day's calls of all apps together, and what we used of them; null where it does not say. */
export interface DailyUsage {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly usedByUs: number;
}

export interface BudgetShare {
  /** The part of the day's calls that we may use, 0 to 1. */
  readonly share: number;
  /** We stop when all apps together used such a part of the day's calls, 0 to 1. */
  readonly stopAt: number;
}

/** A tenth of the day, and nothing once the customer's apps have used four fifths of it. */
export const defaultBudgetShare: BudgetShare = { share: 0.1, stopAt: 0.8 };

/** How many calls we may still make today; null where the CRM states no daily limit. */
export function callsLeftToday(usage: DailyUsage, { share, stopAt }: BudgetShare): number | null {
  if (usage.limit === null) return null;
  const ours = Math.floor(usage.limit * share) - usage.usedByUs;
  const used = usage.remaining === null ? 0 : usage.limit - usage.remaining;
  const untilStop = Math.floor(usage.limit * stopAt) - used;
  return Math.max(0, Math.min(ours, untilStop));
}

export interface PlanCost {
  /** API calls for the whole plan when nothing is refused. */
  readonly calls: number;
  /** The steps that fit into what is left, in the plan's order. */
  readonly affordable: readonly Step[];
  /** The rest, for another day. */
  readonly deferred: readonly Step[];
}

/**
 * What a plan costs, and the longest beginning of it that `callsLeft` (null: no limit) pays for. `costOf` asks the
 * connector how many calls some steps take together; it never answers less for more steps.
 */
export function costOfPlan(
  steps: readonly Step[],
  costOf: (steps: readonly Step[]) => number,
  callsLeft: number | null,
): PlanCost {
  const calls = steps.length === 0 ? 0 : costOf(steps);
  if (callsLeft === null || calls <= callsLeft) return { calls, affordable: steps, deferred: [] };
  let [fits, tooMany] = [0, steps.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (costOf(steps.slice(0, middle)) <= callsLeft) fits = middle;
    else tooMany = middle;
  }
  return { calls, affordable: steps.slice(0, fits), deferred: steps.slice(fits) };
}
