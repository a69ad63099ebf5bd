/** Standard deviations on either side: 19 times in 20 the true value lies within. */
const DEVIATIONS = 1.96;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * What so many losses of so many terms say about the rate of loss (Wilson); 0 to 1. Null without terms. `deviations` is how
 * far it reaches on either side, in standard deviations.
 */
export function rateInterval(losses: number, terms: number, deviations: number = DEVIATIONS): Interval | null {
  if (terms === 0) return null;
  const rate = losses / terms;
  const z2 = deviations ** 2;
  const middle = (rate + z2 / (2 * terms)) / (1 + z2 / terms);
  const half = (deviations * Math.sqrt((rate * (1 - rate)) / terms + z2 / (4 * terms ** 2))) / (1 + z2 / terms);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** How sure an area under the curve is that was measured on so many lost and kept terms (Hanley and McNeil 1982). */
export function aucInterval(auc: number, lost: number, kept: number): Interval | null {
  if (lost === 0 || kept === 0) return null;
  const bothLost = auc / (2 - auc);
  const bothKept = (2 * auc ** 2) / (1 + auc);
  const variance =
    (auc * (1 - auc) + (lost - 1) * (bothLost - auc ** 2) + (kept - 1) * (bothKept - auc ** 2)) / (lost * kept);
  const half = DEVIATIONS * Math.sqrt(Math.max(0, variance));
  return { low: Math.max(0, auc - half), high: Math.min(1, auc + half) };
}
