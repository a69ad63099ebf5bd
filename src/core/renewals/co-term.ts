import type { Term } from '../model/assessment.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { RenewalConfiguration } from './configuration.ts';

/**
 * Terms that become one renewal because they end within `coTermDays` of the first of them to be decided, which leads and
 * comes first in its group. Every term is in one group; most are alone in theirs. Terms from month to month are the
 * caller's to leave out.
 */
export function coTermGroups<One extends Pick<Term, 'id' | 'decisionOn' | 'endOn'>>(
  terms: readonly One[],
  { coTermDays }: Pick<RenewalConfiguration, 'coTermDays'>,
): readonly (readonly [One, ...One[]])[] {
  if (coTermDays === null || terms.length < 2) return terms.map((term) => [term]);
  let left = [...terms].sort(
    (a, b) => compare(a.decisionOn, b.decisionOn) || compare(a.endOn, b.endOn) || compare(a.id, b.id),
  );
  const groups: (readonly [One, ...One[]])[] = [];
  for (;;) {
    const [lead, ...others] = left;
    if (lead === undefined) return groups;
    const isNear = (term: One): boolean => Math.abs(daysBetween(lead.endOn, term.endOn)) <= coTermDays;
    groups.push([lead, ...others.filter(isNear)]);
    left = others.filter((term) => !isNear(term));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
