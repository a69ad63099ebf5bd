export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * What so many losses of so many terms say about the rate of loss (Wilson); 0 to 1. Null without terms. `deviations` is how
 * far it reaches on either side, in standard deviations.
 */
export function rateInterval(losses: number, terms: number, deviations: number): Interval | null {
  if (terms === 0) return null;
  const rate = losses / terms;
  const z2 = deviations ** 2;
  const middle = (rate + z2 / (2 * terms)) / (1 + z2 / terms);
  const half = (deviations * Math.sqrt((rate * (1 - rate)) / terms + z2 / (4 * terms ** 2))) / (1 + z2 / terms);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * How sure an area under the curve is that was measured on so many lost and kept terms (Hanley and McNeil 1982);
 * `deviations` as in `rateInterval`.
 */
export function aucInterval(auc: number, lost: number, kept: number, deviations: number): Interval | null {
  if (lost === 0 || kept === 0) return null;
  const bothLost = auc / (2 - auc);
  const bothKept = (2 * auc ** 2) / (1 + auc);
  const variance =
    (auc * (1 - auc) + (lost - 1) * (bothLost - auc ** 2) + (kept - 1) * (bothKept - auc ** 2)) / (lost * kept);
  const half = deviations * Math.sqrt(Math.max(0, variance));
  return { low: Math.max(0, auc - half), high: Math.min(1, auc + half) };
}

/**
 * How often the true value lies within so many standard deviations on either side: 0.95 for 1.96. To six digits
 * (Abramowitz and Stegun 7.1.26).
 */
export function shareWithin(deviations: number): number {
  const x = deviations / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 1 - sum * Math.exp(-x * x);
}
