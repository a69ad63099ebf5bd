import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { coTermGroups } from './co-term.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { noticeOf } from './notice.ts';
import { names, namesAny } from './prior-contract.ts';
import { byId, monthsOf, type StatedTerm } from './stated-term.ts';
import { findSameTerm, termIdOf } from './term-id.ts';

type RenewalDeal = Deal & { readonly stage: NonNullable<Deal['stage']> };
type Outcome = RenewalDeal['stage']['outcome'];

/** The deal that decides a term. */
export interface DecidingDeal {
  readonly deal: RenewalDeal;
  /** The term that leads where the deal decides several that are renewed together; null for that one, and for a term alone. */
  readonly lead: StatedTerm | null;
}

const RANK: Readonly<Record<Outcome, number>> = { won: 0, open: 1, lost: 2 };

/**
 * The deal that decides each term, of all that were opened for it from here, that name its contract as the one before, or
 * that close between the beginning of the renewal window and `movedDays` after its end while no other term ends nearer. A
 * won deal comes before an open one, an open one before a lost one: whoever tries again has not lost yet.
 *
 * Those that are renewed together share their deals: one that has none of its own is decided by that of another, unless the
 * deal names the contract that it is about. Only the `undecided` terms are looked at, and those without a deal left out.
 */
export function decidingDeals(
  terms: readonly StatedTerm[],
  undecided: readonly StatedTerm[],
  known: ReadonlySet<string>,
  snapshot: AccountSnapshot,
  configuration: RenewalConfiguration,
): ReadonlyMap<StatedTerm, DecidingDeal> {
  const deals = renewalDeals(snapshot);
  if (deals.length === 0) return new Map();
  const groups = groupsOf(undecided, configuration);
  const attached = attachedDeals(deals, terms, groups, known, snapshot, configuration);
  const decided = new Map<StatedTerm, DecidingDeal>();
  for (const group of groups) {
    const shared = group.flatMap((term) => attached.get(term) ?? []).filter((deal) => !namesAny(deal, known));
    const dealOf = (term: StatedTerm): RenewalDeal | null => {
      const own = attached.get(term);
      if (own !== undefined) return bestFor(term, own);
      return bestFor(
        term,
        shared.filter((deal) => !hasSold(deal, term, terms) && !isBefore(deal, term)),
      );
    };
    const leads = new Map<RenewalDeal, StatedTerm>();
    for (const term of group) {
      const deal = dealOf(term);
      if (deal === null) continue;
      decided.set(term, { deal, lead: leads.get(deal) ?? null });
      if (!leads.has(deal)) leads.set(deal, term);
    }
  }
  return decided;
}

/** The undecided terms that are renewed together, the one that leads first; every term that is not is alone in its group. */
function groupsOf(
  terms: readonly StatedTerm[],
  configuration: RenewalConfiguration,
): readonly (readonly StatedTerm[])[] {
  if (terms.length < 2) return terms.map((term) => [term]);
  const isAlone = (term: StatedTerm): boolean => term.isCancelled || monthsOf(term) === 1;
  const dated = terms
    .filter((term) => !isAlone(term))
    .map((term) => ({
      id: termIdOf(term.base, term.endOn),
      endOn: term.endOn,
      decisionOn: addDays(term.endOn, -noticeOf(term, configuration).days),
      term,
    }));
  const together = coTermGroups(dated, configuration).map((group) => group.map(({ term }) => term));
  return [...together, ...terms.filter(isAlone).map((term) => [term])];
}

/** Renewal deals by the term that each belongs to; terms without one are left out. */
function attachedDeals(
  deals: readonly RenewalDeal[],
  terms: readonly StatedTerm[],
  groups: readonly (readonly StatedTerm[])[],
  known: ReadonlySet<string>,
  snapshot: AccountSnapshot,
  configuration: RenewalConfiguration,
): ReadonlyMap<StatedTerm, readonly RenewalDeal[]> {
  const madeFor = ownDealsOf(terms, snapshot, configuration);
  const attached = new Map<StatedTerm, RenewalDeal[]>();
  const termsOf = (deal: RenewalDeal): readonly StatedTerm[] => {
    const renewable = terms.filter((term) => !hasSold(deal, term, terms));
    const own = madeFor.get(deal.id);
    if (own !== undefined) return renewable.filter((term) => term === own);
    if (namesAny(deal, known)) return renewable.filter((term) => names(deal, term));
    const nearest = renewable.filter((term) => closesNearest(deal, term, terms, configuration));
    // As near to one as to another: a lost deal may be an earlier try for the term that has one, any other is for one that has none.
    const isLost = deal.stage.outcome === 'lost';
    const one = nearest.find((term) => attached.has(term) === isLost) ?? nearest[0];
    const group = groups.find((group) => one !== undefined && group.includes(one));
    return nearest.filter((term) => term === one || group?.includes(term));
  };
  for (const deal of deals) {
    for (const term of termsOf(deal)) attached.set(term, [...(attached.get(term) ?? []), deal]);
  }
  return attached;
}

/** The deals that may renew a term, the best first. */
function renewalDeals({ deals, ownDeals = [] }: AccountSnapshot): readonly RenewalDeal[] {
  const own = new Set(ownDeals.map(({ dealId }) => dealId));
  return byId(deals ?? [])
    .filter((deal): deal is RenewalDeal => deal.stage !== null)
    .filter((deal) => isRenewal(deal) || deal.priorContractId !== null || own.has(deal.id))
    .sort((a, b) => RANK[a.stage.outcome] - RANK[b.stage.outcome]);
}

/** Of deals that Holdfast opened, by id: the term that each was opened for; null where that is gone. */
function ownDealsOf(
  terms: readonly StatedTerm[],
  { ownDeals = [] }: AccountSnapshot,
  { movedDays }: RenewalConfiguration,
): ReadonlyMap<string, StatedTerm | null> {
  if (ownDeals.length === 0) return new Map();
  const stated = terms.map((term) => ({ id: termIdOf(term.base, term.endOn), term }));
  return new Map(ownDeals.map(({ dealId, termId }) => [dealId, findSameTerm(termId, stated, movedDays)?.term ?? null]));
}

function closesNearest(
  deal: RenewalDeal,
  term: StatedTerm,
  terms: readonly StatedTerm[],
  { windowDays, movedDays }: RenewalConfiguration,
): boolean {
  const { closeOn } = deal;
  if (!isRenewal(deal) || closeOn === null || isBefore(deal, term)) return false;
  const ahead = daysBetween(closeOn, term.endOn);
  if (ahead > windowDays || ahead < -movedDays) return false;
  return terms.every((other) => distance(closeOn, term.endOn) <= distance(closeOn, other.endOn));
}

function bestFor(term: StatedTerm, deals: readonly RenewalDeal[]): RenewalDeal | null {
  let best: RenewalDeal | null = null;
  for (const deal of deals) if (best === null || isBetter(deal, best, term)) best = deal;
  return best;
}

function isBetter(deal: RenewalDeal, best: RenewalDeal, term: StatedTerm): boolean {
  const [rank, bestRank] = [RANK[deal.stage.outcome], RANK[best.stage.outcome]];
  if (rank !== bestRank) return rank < bestRank;
  return distance(deal.closeOn ?? term.endOn, term.endOn) < distance(best.closeOn ?? term.endOn, term.endOn);
}

/** What sold a term cannot renew it, nor one that ends later. */
function hasSold(deal: Deal, term: StatedTerm, terms: readonly StatedTerm[]): boolean {
  return terms.some((other) => other.dealId === deal.id && other.endOn <= term.endOn);
}

function isBefore({ closeOn }: Deal, { startOn }: StatedTerm): boolean {
  return closeOn !== null && startOn !== null && closeOn <= startOn;
}

function isRenewal({ kind }: Deal): boolean {
  return kind === 'renewal' || kind === 'co_term';
}

function distance(a: CalendarDate, b: CalendarDate): number {
  return Math.abs(daysBetween(a, b));
}
