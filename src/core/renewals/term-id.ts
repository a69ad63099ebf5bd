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
 * Which of an account's terms is the one with this id: itself, or the one that ends nearest to it, at most `movedDays`
 * away. Null when there is none.
 */
export function findSameTerm(id: TermId, terms: readonly TermId[], movedDays: number): TermId | null {
  if (terms.includes(id)) return id;
  const endOn = endOfTerm(id);
  let best: TermId | null = null;
  let bestDays = movedDays + 1;
  for (const term of terms) {
    const otherEndOn = endOfTerm(term);
    if (endOn === null || otherEndOn === null) continue;
    const days = Math.abs(daysBetween(endOn, otherEndOn));
    if (days < bestDays || (days === bestDays && best !== null && term < best)) [best, bestDays] = [term, days];
  }
  return best;
}
