import { shownHealth } from '../book/shown.ts';
import type { Assessment, Band, Confidence } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';

/**
 * What was said of an account on one day, short enough to be kept for every day. Score and band are with the accounts
 * below it, where there were any; all else is of the account alone.
 */
export interface HealthDay {
  readonly on: CalendarDate;
  /** As shown that day; null when the band was grey. */
  readonly score: number | null;
  /** Before shrinking, caps and smoothing; null without any reading. */
  readonly raw: number | null;
  readonly band: Band;
  /** 0 to 1; null for days before this was kept. */
  readonly coverage: number | null;
  readonly confidence: Confidence | null;
  readonly churnProbability90d: number | null;
  /** 0 to 100; null for days before this was kept. */
  readonly expansion: number | null;
  /** Ids of the caps in force, the lowest limit first. */
  readonly caps: readonly string[];
  readonly modelVersion: string | null;
}

export function toHealthDay(assessment: Assessment, on: CalendarDate): HealthDay {
  const { health, churn, expansion, modelVersion } = assessment;
  const { score, band } = shownHealth(assessment);
  return {
    on,
    score,
    raw: health.raw,
    band,
    coverage: health.coverage,
    confidence: health.confidence,
    churnProbability90d: churn.probability90d,
    expansion: expansion.score,
    caps: health.caps.map(({ id }) => id),
    modelVersion,
  };
}
