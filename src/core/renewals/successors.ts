import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { names, namesAny } from './prior-contract.ts';
import { AMENDMENTS, monthsOf, type StatedTerm } from './stated-term.ts';

/**
 * Which later term goes on where each one ended; terms that nothing follows are left out. A product bought besides follows
 * none. A later term follows the one whose contract it names; else the one that ends nearest to its begin, and where that
 * one is followed already, the nearest that is over by then and is not. Where terms are renewed together, what follows one
 * of them follows those that nothing else follows. Of several, the one that ends first came next.
 */
export function successorsOf(
  terms: readonly StatedTerm[],
  known: ReadonlySet<string>,
  configuration: RenewalConfiguration,
): ReadonlyMap<StatedTerm, StatedTerm> {
  const next = new Map<StatedTerm, StatedTerm>();
  if (terms.length < 2) return next;
  const put = (earlier: StatedTerm, later: StatedTerm): void => {
    const other = next.get(earlier);
    if (other === undefined || later.endOn < other.endOn) next.set(earlier, later);
  };

  const begun: Begun[] = [];
  for (const later of terms) {
    const startOn = startOf(later);
    if (namesAny(later, known)) {
      for (const earlier of terms) if (earlier.endOn < later.endOn && names(later, earlier)) put(earlier, later);
    } else if (startOn !== null) {
      const [nearest, ...others] = terms
        .filter((earlier) => mayFollow(later, startOn, earlier, configuration))
        .sort((a, b) => distance(a.endOn, startOn) - distance(b.endOn, startOn));
      if (nearest !== undefined) {
        begun.push({ later, startOn, nearest, others, days: distance(nearest.endOn, startOn) });
      }
    }
  }
  for (const { later, startOn, nearest, others, days } of begun.sort((a, b) => a.days - b.days)) {
    const isOver = ({ endOn }: StatedTerm): boolean => endOn < startOn || distance(endOn, startOn) === days;
    const free = [nearest, ...others.filter(isOver)].find((term) => !next.has(term));
    put(free ?? nearest, later);
  }
  return withPartners(terms, next, configuration);
}

/** A later term, and those that it may follow: the nearest to its begin, then the others by their distance. */
interface Begun {
  readonly later: StatedTerm;
  readonly startOn: CalendarDate;
  readonly nearest: StatedTerm;
  readonly others: readonly StatedTerm[];
  readonly days: number;
}

/** What follows one of several that are renewed together follows those of them that nothing else follows. */
function withPartners(
  terms: readonly StatedTerm[],
  next: ReadonlyMap<StatedTerm, StatedTerm>,
  configuration: RenewalConfiguration,
): ReadonlyMap<StatedTerm, StatedTerm> {
  const { coTermDays } = configuration;
  if (coTermDays === null) return next;
  const all = new Map(next);
  for (const term of terms) {
    if (next.has(term) || monthsOf(term) === 1) continue;
    for (const [partner, later] of next) {
      const startOn = startOf(later);
      const isTogether = startOn !== null && distance(partner.endOn, term.endOn) <= coTermDays;
      if (!isTogether || !mayFollow(later, startOn, term, configuration)) continue;
      const other = all.get(term);
      if (other === undefined || later.endOn < other.endOn) all.set(term, later);
    }
  }
  return all;
}

/** Whether a term that begins on this day can be what came after another one. */
function mayFollow(
  later: StatedTerm,
  startOn: CalendarDate,
  earlier: StatedTerm,
  { movedDays }: RenewalConfiguration,
): boolean {
  if (later === earlier || later.endOn <= earlier.endOn) return false;
  if (later.dealKind !== null && AMENDMENTS.has(later.dealKind)) return false;
  if (later.dealKind === 'new') return startOn > earlier.endOn;
  if (startOn >= addDays(earlier.endOn, -movedDays)) return true;
  // An early renewal takes the place of a term that still runs.
  const isRenewal = later.dealKind === 'renewal' || later.dealKind === 'co_term';
  const earlierStartOn = startOf(earlier);
  return isRenewal && (earlierStartOn === null || earlierStartOn < startOn);
}

function startOf(term: StatedTerm): CalendarDate | null {
  return term.startOn ?? term.signedOn;
}

function distance(a: CalendarDate, b: CalendarDate): number {
  return Math.abs(daysBetween(a, b));
}
