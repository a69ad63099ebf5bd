import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { dayInWords } from './day-in-words.ts';
import { findSameTerm, termIdOf } from './term-id.ts';
import { byId, lastDayOf, monthsOf, nameOf, readMonths, type StatedTerm } from './stated-term.ts';

/** How a term went, and the deal that renews it (open), renewed it (won) or did not (lost). */
export interface Decided {
  readonly term: StatedTerm;
  readonly outcome: 'open' | 'renewed' | 'churned';
  readonly renewalDealId: string | null;
  /** The won deal, where no record states the term that it sold: the contract is signed and not yet on record. */
  readonly signed: Deal | null;
}

/**
 * Decides each term from what the records say, in this order: a later term follows it, or its renewal deal is won:
 * renewed, however early. The contract was cancelled, the customer gave notice or has left, or its renewal deal is lost:
 * churned. Anything else is open, also after its end: silence is not an answer.
 */
export function decide(
  terms: readonly StatedTerm[],
  snapshot: AccountSnapshot,
  configuration: RenewalConfiguration,
): readonly Decided[] {
  const renewals = renewalDeals(snapshot);
  const own = ownDealsOf(terms, snapshot, configuration);
  const known = knownContracts(terms, snapshot);
  const { account } = snapshot;
  return terms.map((term): Decided => {
    const successor = firstToEnd(terms.filter((other) => follows(other, term, terms, known, configuration)));
    if (successor !== null) {
      return { term, outcome: 'renewed', renewalDealId: successor.dealId, signed: null };
    }

    const deal = renewalDealOf(term, terms, renewals, own, known, configuration);
    const renewalDealId = deal?.id ?? null;
    if (deal?.stage?.outcome === 'won') return { term, outcome: 'renewed', renewalDealId, signed: deal };

    const gaveNotice = account.cancelledOn !== null && (term.startOn === null || term.startOn <= account.cancelledOn);
    const isLost = deal?.stage?.outcome === 'lost';
    const isOver = term.isCancelled || hasLeft(account) || gaveNotice || isLost;
    return { term, outcome: isOver ? 'churned' : 'open', renewalDealId, signed: null };
  });
}

/**
 * The terms that won deals have sold and no record states yet, as between a signature and the contract in the CRM: each goes
 * on where the one ended that the deal renews, for as long as the deal says. Where it does not say, and the term before stood
 * on a contract, for as long as that one ran; deals that state no length elsewhere leave the next date open.
 */
export function signedTerms(
  decided: readonly Decided[],
  snapshot: AccountSnapshot,
  configuration: RenewalConfiguration,
  gaps: string[],
): readonly Decided[] {
  const last = new Map<string, { readonly term: StatedTerm; readonly deal: Deal }>();
  const onRecord = new Set(decided.map(({ term }) => term.dealId));
  for (const { term, signed } of decided) {
    if (signed !== null && !onRecord.has(signed.id) && (last.get(signed.id)?.term.endOn ?? '') < term.endOn)
      last.set(signed.id, { term, deal: signed });
  }
  return [...last.values()].flatMap(({ term, deal }): readonly Decided[] => {
    const source = `won deal ${nameOf(deal)}`;
    const statedMonths = readMonths(deal.termMonths, source, [], configuration);
    const isStated = deal.termEndOn !== null || statedMonths !== null;
    if (!isStated && term.base.kind !== 'contract') return [];
    const startOn = deal.termStartOn ?? addDays(term.endOn, 1);
    const months = statedMonths ?? monthsOf(term) ?? configuration.rollOverMonths;
    const endOn = deal.termEndOn ?? lastDayOf(startOn, months);
    if (endOn <= term.endOn || endOn < startOn) return [];
    if (!isStated) {
      gaps.push(
        `The ${source} renewed the term to ${dayInWords(term.endOn)} without saying for how long: ${months} months are assumed, to ${dayInWords(endOn)}, until its contract is on record.`,
      );
    }
    const next: StatedTerm = {
      ...term,
      base: { kind: 'deal', id: deal.id },
      startOn,
      endOn,
      months: deal.termEndOn === null ? months : statedMonths,
      autoRenew: deal.autoRenew ?? term.autoRenew,
      noticeDays: deal.noticeDays ?? term.noticeDays,
      arr: deal.arr ?? term.arr,
      source,
      evidence: [{ kind: 'deal', id: deal.id }],
      dealId: deal.id,
      dealKind: deal.kind,
      signedOn: deal.closeOn,
      contractId: deal.contractId,
      priorContractId: deal.priorContractId,
      isCancelled: false,
    };
    return [{ term: next, outcome: hasLeft(snapshot.account) ? 'churned' : 'open', renewalDealId: null, signed: null }];
  });
}

function hasLeft(account: AccountSnapshot['account']): boolean {
  return account.type === 'churned' || account.lifecycle === 'churned';
}

/** Every later term follows an old one; the one that ends first came next. */
function firstToEnd(terms: readonly StatedTerm[]): StatedTerm | null {
  let first: StatedTerm | null = null;
  for (const term of terms) if (first === null || term.endOn < first.endOn) first = term;
  return first;
}

/** Does `later` go on where `earlier` ended? A product bought besides it does not. */
function follows(
  later: StatedTerm,
  earlier: StatedTerm,
  terms: readonly StatedTerm[],
  known: ReadonlySet<string>,
  configuration: RenewalConfiguration,
): boolean {
  if (later === earlier || later.endOn <= earlier.endOn) return false;
  if (names(later, earlier)) return true;
  if (namesAny(later, known)) return false;
  const startOn = startOf(later);
  if (startOn === null) return false;
  if (later.dealKind === 'upsell' || later.dealKind === 'cross_sell' || later.dealKind === 'downsell') return false;
  if (later.dealKind === 'new') return startOn > earlier.endOn;
  if (startOn >= addDays(earlier.endOn, -configuration.movedDays)) return true;
  return isRenewal(later.dealKind) && precursorOf(later, startOn, terms) === earlier;
}

/** The term that an early renewal replaces: of those that began before it, the one that ends nearest to its start. */
function precursorOf(renewal: StatedTerm, startOn: CalendarDate, terms: readonly StatedTerm[]): StatedTerm | null {
  let best: StatedTerm | null = null;
  for (const term of terms) {
    const begun = startOf(term);
    if (term === renewal || term.endOn >= renewal.endOn || (begun !== null && begun >= startOn)) continue;
    if (best === null || distance(term.endOn, startOn) < distance(best.endOn, startOn)) best = term;
  }
  return best;
}

/** Does it say that the contract of this term came before it? */
function names({ priorContractId }: Pick<Deal, 'priorContractId'>, { contractId, evidence }: StatedTerm): boolean {
  if (priorContractId === null) return false;
  return (
    priorContractId === contractId || evidence.some(({ kind, id }) => kind === 'contract' && id === priorContractId)
  );
}

/** A reference that is none of these, as a contract's number in a field of text, tells nothing. */
function namesAny({ priorContractId }: Pick<Deal, 'priorContractId'>, known: ReadonlySet<string>): boolean {
  return priorContractId !== null && known.has(priorContractId);
}

/**
 * The contracts that a reference can tell from each other: those of the terms, and others of their kind. Where lines of a
 * contract state the terms, the contract's own id does not tell which of them is meant.
 */
function knownContracts(terms: readonly StatedTerm[], { contracts }: AccountSnapshot): ReadonlySet<string> {
  const known = new Set(terms.flatMap(({ contractId }) => contractId ?? []));
  const kinds = new Set((contracts ?? []).filter(({ id }) => known.has(id)).map(({ keptAs }) => keptAs));
  for (const { id, keptAs } of contracts ?? []) if (kinds.has(keptAs)) known.add(id);
  return known;
}

function renewalDeals(snapshot: AccountSnapshot): readonly Deal[] {
  const own = new Set((snapshot.ownDeals ?? []).map(({ dealId }) => dealId));
  return byId(snapshot.deals ?? []).filter(
    (deal) => isRenewal(deal.kind) || deal.priorContractId !== null || own.has(deal.id),
  );
}

/** Of deals that Holdfast opened: the term that each was opened for, by the deal's id; null where that is gone. */
type OwnDeals = ReadonlyMap<string, StatedTerm | null>;

function ownDealsOf(
  terms: readonly StatedTerm[],
  { ownDeals = [] }: AccountSnapshot,
  { movedDays }: RenewalConfiguration,
): OwnDeals {
  if (ownDeals.length === 0) return new Map();
  const stated = terms.map((term) => ({ id: termIdOf(term.base, term.endOn), term }));
  return new Map(ownDeals.map(({ dealId, termId }) => [dealId, findSameTerm(termId, stated, movedDays)?.term ?? null]));
}

const RANK = { won: 0, open: 1, lost: 2 };

/**
 * The deal that decides a term: it was opened for it from here, it names the term's contract as the one before, or it closes between the beginning of
 * the renewal window and 45 days after the end, and no other term ends nearer. A won deal comes before an open one, an
 * open one before a lost one: whoever tries again has not lost yet.
 */
function renewalDealOf(
  term: StatedTerm,
  terms: readonly StatedTerm[],
  deals: readonly Deal[],
  own: OwnDeals,
  known: ReadonlySet<string>,
  configuration: RenewalConfiguration,
): Deal | null {
  let best: Deal | null = null;
  for (const deal of deals) {
    if (deal.stage === null || !isDealFor(deal, term, terms, own, known, configuration)) continue;
    if (best === null || isBetter(deal, best, term)) best = deal;
  }
  return best;
}

function isBetter(deal: Deal, best: Deal, term: StatedTerm): boolean {
  const [rank, bestRank] = [RANK[deal.stage?.outcome ?? 'lost'], RANK[best.stage?.outcome ?? 'lost']];
  if (rank !== bestRank) return rank < bestRank;
  return distance(deal.closeOn ?? term.endOn, term.endOn) < distance(best.closeOn ?? term.endOn, term.endOn);
}

function isDealFor(
  deal: Deal,
  term: StatedTerm,
  terms: readonly StatedTerm[],
  own: OwnDeals,
  known: ReadonlySet<string>,
  configuration: RenewalConfiguration,
): boolean {
  if (terms.some((other) => other.dealId === deal.id && other.endOn <= term.endOn)) return false;
  const madeFor = own.get(deal.id);
  if (madeFor !== undefined) return madeFor === term;
  if (names(deal, term)) return true;
  if (namesAny(deal, known)) return false;
  if (!isRenewal(deal.kind) || deal.closeOn === null) return false;
  if (term.startOn !== null && deal.closeOn <= term.startOn) return false;
  const ahead = daysBetween(deal.closeOn, term.endOn);
  if (ahead > configuration.windowDays || ahead < -configuration.movedDays) return false;
  const { closeOn } = deal;
  return terms.every((other) => distance(closeOn, term.endOn) <= distance(closeOn, other.endOn));
}

function isRenewal(kind: Deal['kind']): boolean {
  return kind === 'renewal' || kind === 'co_term';
}

function startOf(term: StatedTerm): CalendarDate | null {
  return term.startOn ?? term.signedOn;
}

function distance(a: CalendarDate, b: CalendarDate): number {
  return Math.abs(daysBetween(a, b));
}
