import { looksBefore, type DecidedTerm, type FeatureSnapshot } from '../churn/features.ts';
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
  configuration: Pick<ValidationConfiguration, 'leadDays' | 'withinDays'>,
): readonly JudgedTerm[] {
  return looksBefore(features, decided, configuration).flatMap(({ term, look }): readonly JudgedTerm[] => {
    const { band = 'grey', probabilityAtDecision: probability, modelVersion } = look;
    return band === 'grey' ? [] : [{ band, probability, isLost: term.isLost, modelVersion }];
  });
}
