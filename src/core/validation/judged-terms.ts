import type { DecidedTerm, FeatureSnapshot } from '../churn/features.ts';
import { addDays } from '../model/calendar-date.ts';
import type { ValidationConfiguration } from './configuration.ts';

/** A decided term, and what was said of its account a while before: nothing that was known later is in it. */
export interface JudgedTerm {
  readonly band: 'green' | 'yellow' | 'red';
  /** 0 to 1 that the decision goes against us; null where none was told. */
  readonly probability: number | null;
  readonly isLost: boolean;
  readonly modelVersion: string;
}

/**
 * The decided terms that were judged in time: each by the newest snapshot of at least `leadDays` before its decision. Terms
 * without one that is recent enough, or without a band then, are left out.
 */
export function toJudgedTerms(
  features: readonly FeatureSnapshot[],
  decided: readonly DecidedTerm[],
  { leadDays, withinDays }: Pick<ValidationConfiguration, 'leadDays' | 'withinDays'>,
): readonly JudgedTerm[] {
  const featuresOf = Map.groupBy(features, nameOf);
  return decided.flatMap((term): readonly JudgedTerm[] => {
    const until = addDays(term.decisionOn, -leadDays);
    const since = addDays(until, -withinDays);
    const [first, ...others] = (featuresOf.get(nameOf(term)) ?? []).filter(({ on }) => on >= since && on <= until);
    if (first === undefined) return [];
    const newest = others.reduce((one, other) => (other.on > one.on ? other : one), first);
    const { band = 'grey', probabilityAtDecision: probability, modelVersion } = newest;
    return band === 'grey' ? [] : [{ band, probability, isLost: term.isLost, modelVersion }];
  });
}

const nameOf = ({ accountId, termId }: Pick<DecidedTerm, 'accountId' | 'termId'>): string => `${accountId} ${termId}`;
