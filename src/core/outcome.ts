import type { Assessment } from './model/assessment.ts';

/** Every figure of an assessment under its path: `health.score`, `health.points.U1`, `churn.probability90d`. */
export type Outcome = Readonly<Record<string, string | number | null>>;

/** What an assessment says in figures, without its words and records: what has to come out again when it is recomputed. */
export function outcomeOf({ modelVersion, health, churn, renewal, expansion, people }: Assessment): Outcome {
  const figures: Record<string, string | number | null> = {
    modelVersion,
    'health.score': health.score,
    'health.raw': health.raw,
    'health.band': health.band,
    'health.trend': health.trend,
    'health.profile': health.profile,
    'health.coverage': health.coverage,
    'churn.probability90d': churn.probability90d,
    'churn.atDecision': churn.atDecision,
    'churn.risk': churn.riskAlone,
    'churn.arrAtRisk': churn.arrAtRisk?.minor ?? null,
    'renewal.status': renewal.status,
    'renewal.decisionOn': renewal.next?.decisionOn ?? null,
    'expansion.score': expansion.score,
    'expansion.band': expansion.bandAlone,
    'expansion.expectedValue': expansion.expectedValue?.minor ?? null,
    'people.champion': people.champion,
  };
  if (expansion.chance !== undefined) figures['expansion.chance'] = expansion.chance.probability;
  for (const { id, limit } of health.caps) figures[`health.caps.${id}`] = limit;
  for (const { measure, score, contribution } of health.drivers) {
    if (score !== null) figures[`health.points.${measure}`] = contribution;
  }
  return figures;
}

/** The figures that differ, by path; `undefined` where one of the two does not have it. */
export function differencesBetween(
  before: Outcome,
  after: Outcome,
): readonly { readonly path: string; readonly stored: unknown; readonly recomputed: unknown }[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .sort()
    .map((path) => ({ path, stored: before[path], recomputed: after[path] }));
}
