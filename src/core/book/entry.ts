import type { AccountPlace, Assessment, Churn, Expansion, Health, Standing } from '../model/assessment.ts';
import type { AccountId } from '../model/ids.ts';

/** What the book has to know of one account to see it beside the others. */
export interface BookEntry {
  readonly accountId: AccountId;
  readonly name: string | null;
  readonly place: AccountPlace;
  readonly health: Pick<Health, 'score' | 'band'>;
  /** The lowest limit on its score but for that of too little data; null without one, absent from older entries. */
  readonly limit?: number | null;
  /** The customer gave notice. */
  readonly hasNotice: boolean;
  readonly churn: Pick<Churn, 'riskAlone' | 'arrAtRisk' | 'saveValue'>;
  readonly expansion: Pick<Expansion, 'bandAlone' | 'expectedValue'>;
  /** As the last walk over the book left it. */
  readonly standing: Standing | null;
}

export function toBookEntry(assessment: Assessment, name: string | null): BookEntry {
  const { accountId, place, health, churn, expansion, standing } = assessment;
  return {
    accountId,
    name,
    place,
    health: { score: health.score, band: health.band },
    limit: limitOf(health.caps),
    hasNotice: health.caps.some(({ id }) => id === 'cancellation_notice'),
    churn: { riskAlone: churn.riskAlone, arrAtRisk: churn.arrAtRisk, saveValue: churn.saveValue },
    expansion: { bandAlone: expansion.bandAlone, expectedValue: expansion.expectedValue },
    standing,
  };
}

/** Too little known of the account itself says nothing of those below it. */
function limitOf(caps: Health['caps']): number | null {
  const limits = caps.filter(({ id }) => id !== 'low_coverage').map(({ limit }) => limit);
  return limits.length === 0 ? null : Math.min(...limits);
}
