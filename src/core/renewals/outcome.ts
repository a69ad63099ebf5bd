import { addDays } from '../model/calendar-date.ts';
import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { dayInWords } from './day-in-words.ts';
import { decidingDeals } from './deciding-deals.ts';
import { knownContracts } from './prior-contract.ts';
import { lastDayOf, monthsOf, nameOf, readMonths, sumOf, type StatedTerm } from './stated-term.ts';
import { successorsOf } from './successors.ts';

/** How a term went, and the deal that renews it (open), renewed it (won) or did not (lost). */
export interface Decided {
  readonly term: StatedTerm;
  readonly outcome: 'open' | 'renewed' | 'churned';
  readonly renewalDealId: string | null;
  /** The won deal, where no record states the term that it sold: the contract is signed and not yet on record. */
  readonly signed: Deal | null;
  /** The term that led, where one deal decided several that were renewed together; null for that one. */
  readonly lead: StatedTerm | null;
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
  const known = knownContracts(terms, snapshot);
  const next = successorsOf(terms, known, configuration);
  const undecided = terms.filter((term) => !next.has(term));
  const deals = decidingDeals(terms, undecided, known, snapshot, configuration);
  const { account } = snapshot;
  return terms.map((term): Decided => {
    const successor = next.get(term);
    if (successor !== undefined) {
      return { term, outcome: 'renewed', renewalDealId: successor.dealId, signed: null, lead: null };
    }
    const { deal, lead } = deals.get(term) ?? { deal: null, lead: null };
    const renewalDealId = deal?.id ?? null;
    if (deal?.stage.outcome === 'won') return { term, outcome: 'renewed', renewalDealId, signed: deal, lead };

    const gaveNotice = account.cancelledOn !== null && (term.startOn === null || term.startOn <= account.cancelledOn);
    const isLost = deal?.stage.outcome === 'lost';
    const isOver = term.isCancelled || hasLeft(account) || gaveNotice || isLost;
    const outcome = isOver ? 'churned' : 'open';
    return { term, outcome, renewalDealId, signed: null, lead: isLost ? lead : null };
  });
}

/**
 * The terms that won deals have sold and no record states yet, as between a signature and the contract in the CRM: each goes
 * on where the last one ended that the deal renews, for as long as the deal says. Where it does not say, and the term before
 * stood on a contract, for as long as that one ran, the shortest of several: too early a date is seen, too late a one is not.
 * Deals that state no length elsewhere leave the next date open. It is worth what the deal says, else as much as all that
 * the deal renews.
 */
export function signedTerms(
  decided: readonly Decided[],
  snapshot: AccountSnapshot,
  configuration: RenewalConfiguration,
  gaps: string[],
): readonly Decided[] {
  const onRecord = new Set(decided.map(({ term }) => term.dealId));
  const renewedBy = new Map<Deal, StatedTerm[]>();
  for (const { term, signed } of decided) {
    if (signed === null || onRecord.has(signed.id)) continue;
    renewedBy.set(signed, [...(renewedBy.get(signed) ?? []), term]);
  }
  return [...renewedBy].flatMap(([deal, renewed]): readonly Decided[] => {
    const term = lastToEnd(renewed);
    if (term === null) return [];
    const source = `won deal ${nameOf(deal)}`;
    const statedMonths = readMonths(deal.termMonths, source, [], configuration);
    const isStated = deal.termEndOn !== null || statedMonths !== null;
    if (!isStated && term.base.kind !== 'contract') return [];
    const startOn = deal.termStartOn ?? addDays(term.endOn, 1);
    const months = statedMonths ?? shortest(renewed) ?? configuration.rollOverMonths;
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
      arr: deal.arr ?? sumOf(renewed.map(({ arr }) => arr)),
      source,
      evidence: [{ kind: 'deal', id: deal.id }],
      dealId: deal.id,
      dealKind: deal.kind,
      signedOn: deal.closeOn,
      contractId: deal.contractId,
      priorContractId: deal.priorContractId,
      isCancelled: false,
    };
    const outcome = hasLeft(snapshot.account) ? 'churned' : 'open';
    return [{ term: next, outcome, renewalDealId: null, signed: null, lead: null }];
  });
}

function hasLeft(account: AccountSnapshot['account']): boolean {
  return account.type === 'churned' || account.lifecycle === 'churned';
}

function shortest(terms: readonly StatedTerm[]): number | null {
  const months = terms.flatMap((term) => monthsOf(term) ?? []);
  return months.length === 0 ? null : Math.min(...months);
}

function lastToEnd(terms: readonly StatedTerm[]): StatedTerm | null {
  let last: StatedTerm | null = null;
  for (const term of terms) if (last === null || term.endOn > last.endOn) last = term;
  return last;
}
