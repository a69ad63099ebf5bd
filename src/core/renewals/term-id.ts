import type { Term } from '../model/assessment.ts';
import { daysBetween, parseCalendarDate, type CalendarDate } from '../model/calendar-date.ts';
import { toTermId, type TermId } from '../model/ids.ts';

/** What a term hangs on: the strongest record that states it. */
export type TermBase =
  | { readonly kind: 'contract'; readonly id: string; readonly startOn: CalendarDate | null }
  | { readonly kind: 'deal'; readonly id: string }
  | { readonly kind: 'account'; readonly id: string };

/**
 * Contract and start; without a contract the deal; without a deal the account. The end date comes last, so that a
 * record whose end is rolled forward by a year states a new term, and so that a moved end can be measured (`findSameTerm`).
 */
export function termIdOf(base: TermBase, endOn: CalendarDate): TermId {
  const start = base.kind === 'contract' ? `/${base.startOn ?? 'unknown'}` : '';
  return toTermId(`${base.kind}/${base.id}${start}/${endOn}`);
}

/** The end date that the term had when its id was made; null for an id that was not made by `termIdOf`. */
export function endOfTerm(id: TermId): CalendarDate | null {
  return parseCalendarDate(id.slice(-10));
}

/**
 * Which of an account's terms is the one with this id: itself; else the one on the same record that ends nearest to it;
 * else, where that record states no term any more, whichever ends nearest. Null when none ends within `movedDays` of it.
 * `terms` are all terms of the account, decided ones too: a term that is missing would be taken for its neighbour.
 */
export function findSameTerm<One extends Pick<Term, 'id'>>(
  id: TermId,
  terms: readonly One[],
  movedDays: number,
): One | null {
  const itself = terms.find((term) => term.id === id);
  if (itself !== undefined) return itself;
  const record = recordOf(id);
  const onRecord = terms.filter((term) => recordOf(term.id) === record);
  return nearestEnd(id, onRecord.length === 0 ? terms : onRecord, movedDays);
}

/**
 * The term whose steps, deal and scores hold for the one with this id today: the same one, or the one that leads where
 * several are renewed together. `terms` as for `findSameTerm`.
 */
export function findLeadingTerm<One extends Pick<Term, 'id' | 'outcome' | 'renewedWith'>>(
  id: TermId,
  terms: readonly One[],
  movedDays: number,
): One | null {
  const same = findSameTerm(id, terms, movedDays);
  if (same?.outcome !== 'superseded') return same;
  return terms.find((term) => term.id === same.renewedWith) ?? same;
}

/** Kind and id of what the term hangs on: `contract/800A`. */
function recordOf(id: TermId): string {
  const base = id.slice(0, -11);
  return base.startsWith('contract/') ? base.slice(0, base.lastIndexOf('/')) : base;
}

function nearestEnd<One extends Pick<Term, 'id'>>(id: TermId, terms: readonly One[], movedDays: number): One | null {
  const endOn = endOfTerm(id);
  let best: One | null = null;
  let bestDays = movedDays + 1;
  for (const term of terms) {
    const otherEndOn = endOfTerm(term.id);
    if (endOn === null || otherEndOn === null) continue;
    const days = Math.abs(daysBetween(endOn, otherEndOn));
    if (days < bestDays || (days === bestDays && best !== null && term.id < best.id)) [best, bestDays] = [term, days];
  }
  return best;
}
