import { chanceText, count } from '../measures/wording.ts';
import type { Expansion } from '../model/assessment.ts';
import { formatMoney } from '../model/money.ts';

/**
 * How likely an expansion is and what it is worth: `12% likely to expand within 90 days; EUR 1,200 expected`. A chance is
 * told only once it was learned from the customer's own expansions; until then the score ranks, and an amount is
 * `provisional`. Null where there is nothing to tell.
 */
export function outlookInWords({ chance, expectedValue }: Pick<Expansion, 'chance' | 'expectedValue'>): string | null {
  const worth = expectedValue === null ? null : `${formatMoney(expectedValue)} expected`;
  if (chance === undefined) return worth === null ? null : `${worth} (provisional)`;
  const likely = `${chanceText(chance.probability)} likely to expand within ${count(chance.days, 'day')}`;
  return worth === null ? likely : `${likely}; ${worth}`;
}
