import type { Assessment, Standing } from '../model/assessment.ts';

/**
 * The assessment as the whole book lets it stand: an account that its owner has no hands for is at medium risk, and one
 * that is not among its owner's best is warm. What it deserves alone stays beside it. Doing it again changes nothing.
 */
export function withStanding(assessment: Assessment, standing: Standing | null): Assessment {
  const { churn, expansion } = assessment;
  const isHeld = standing?.isBeyondCapacity === true && churn.riskAlone === 'high';
  const isWarm = standing?.isBeyondBest === true && expansion.bandAlone === 'hot';
  return {
    ...assessment,
    standing,
    churn: { ...churn, risk: isHeld ? 'medium' : churn.riskAlone },
    expansion: { ...expansion, band: isWarm ? 'warm' : expansion.bandAlone },
  };
}

/** Whether two standings say the same. */
export function isSameStanding(one: Standing | null, other: Standing | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
