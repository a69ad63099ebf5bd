import { addDays, addMonths, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import { addMoney, type Money } from '../model/money.ts';
import type { Account, Contract, Deal, DealKind } from '../model/records.ts';
import type { AccountSnapshot, RecordRef } from '../model/snapshot.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { dayInWords } from './day-in-words.ts';
import type { TermBase } from './term-id.ts';

/** A contract period as one record, or several that agree, state it. Nothing is decided yet. */
export interface StatedTerm {
  readonly base: TermBase;
  readonly startOn: CalendarDate | null;
  readonly endOn: CalendarDate;
  readonly months: number | null;
  readonly autoRenew: boolean | null;
  readonly noticeDays: number | null;
  readonly arr: Money | null;
  /** In words that a CRM admin understands: `won deal 'Acme 2025'`. */
  readonly source: string;
  readonly evidence: readonly RecordRef[];
  /** The deal that sold it, its kind and the day it was won. */
  readonly dealId: string | null;
  readonly dealKind: DealKind | null;
  readonly signedOn: CalendarDate | null;
  readonly contractId: string | null;
  readonly priorContractId: string | null;
  /** The record itself says that the contract was ended early. */
  readonly isCancelled: boolean;
}

export interface Statements {
  /** Of contracts; where they state none, of subscriptions; where nothing else at all states one, of assets. */
  readonly contracts: readonly StatedTerm[];
  readonly deals: readonly StatedTerm[];
  readonly account: StatedTerm | null;
  /** What could not be used, one sentence each. */
  readonly gaps: readonly string[];
}

/** Deals that change a running contract; they make a term of their own only when they state its end. */
export const AMENDMENTS: ReadonlySet<DealKind> = new Set(['upsell', 'cross_sell', 'downsell']);

const DAYS_A_MONTH = 30.44;

/** Every term that contracts, won deals and the account itself state, each list in the order of ids. */
export function statedTerms(snapshot: AccountSnapshot, configuration: RenewalConfiguration): Statements {
  const gaps: string[] = [];
  const contracts = termsOfContracts(snapshot, gaps, configuration);
  const account = termOfAccount(snapshot.account, gaps, configuration);
  const deals: StatedTerm[] = [];
  for (const deal of inOrderOfSigning((snapshot.deals ?? []).filter((deal) => deal.stage?.outcome === 'won'))) {
    const term = termOfDeal(
      deal,
      snapshot.account,
      account === null ? deals : [...deals, account],
      gaps,
      configuration,
    );
    if (term !== null) deals.push(term);
  }
  // Assets run out for many reasons, warranties too: whatever else states a term knows better.
  const isUnknown = contracts.length === 0 && deals.length === 0 && account === null;
  const held = isUnknown ? termsOfLines(snapshot, 'asset', configuration) : contracts;
  return { contracts: held, deals: deals.sort(byDealId), account, gaps };
}

function termsOfContracts(
  snapshot: AccountSnapshot,
  gaps: string[],
  configuration: RenewalConfiguration,
): readonly StatedTerm[] {
  const unclear: string[] = [];
  const terms = byId((snapshot.contracts ?? []).filter(({ keptAs }) => keptAs === undefined))
    .filter((contract) => contract.status !== 'draft')
    .flatMap((contract) => termOfContract(contract, snapshot.account, unclear, configuration) ?? []);
  const lines = terms.length === 0 ? termsOfLines(snapshot, 'subscription', configuration) : [];
  // A contract without an end date is no gap where its lines have one.
  if (lines.length === 0) gaps.push(...unclear);
  return lines.length === 0 ? terms : lines;
}

/** One term for all lines that end on the same day: together they are what is renewed then. */
function termsOfLines(
  snapshot: AccountSnapshot,
  keptAs: 'subscription' | 'asset',
  configuration: RenewalConfiguration,
): readonly StatedTerm[] {
  // A line that says nothing of its end is one more product on the list, and no gap.
  const unused: string[] = [];
  const lines = byId((snapshot.contracts ?? []).filter((contract) => contract.keptAs === keptAs))
    .filter(({ status }) => status !== 'draft')
    .flatMap((line) => termOfContract(line, snapshot.account, unused, configuration) ?? []);
  return [...Map.groupBy(lines, ({ endOn }) => endOn).values()].flatMap((own): readonly StatedTerm[] => {
    const [first, ...others] = own;
    if (first === undefined || others.length === 0) return own;
    const starts = own.flatMap(({ startOn }) => startOn ?? []).sort();
    return [
      {
        ...first,
        startOn: starts[0] ?? null,
        months: own.every(({ months }) => months === first.months) ? first.months : null,
        arr: sumOf(own.map(({ arr }) => arr)),
        source: `${own.length} ${keptAs}s`,
        evidence: own.flatMap(({ evidence }) => evidence),
        isCancelled: own.every(({ isCancelled }) => isCancelled),
      },
    ];
  });
}

/** Null as soon as one amount is unknown or in another currency: half a sum would be a wrong number. */
export function sumOf(amounts: readonly (Money | null)[]): Money | null {
  const known = amounts.filter((amount) => amount !== null);
  const isWhole = known.length === amounts.length && known.every((amount) => amount.currency === known[0]?.currency);
  return isWhole ? addMoney(known) : null;
}

/** Whole months from the first to the last day of a term. */
export function monthsOf(term: Pick<StatedTerm, 'startOn' | 'endOn' | 'months'>): number | null {
  if (term.months !== null) return term.months;
  if (term.startOn === null) return null;
  return Math.max(1, Math.round((daysBetween(term.startOn, term.endOn) + 1) / DAYS_A_MONTH));
}

/** The last day of a period: 12 months from 1 April end on 31 March. */
export function lastDayOf(startOn: CalendarDate, months: number): CalendarDate {
  return addDays(addMonths(startOn, months), -1);
}

function termOfContract(
  contract: Contract,
  account: Account,
  gaps: string[],
  configuration: RenewalConfiguration,
): StatedTerm | null {
  const source = `${contract.keptAs ?? 'contract'} ${nameOf(contract)}`;
  const months = readMonths(contract.termMonths, source, gaps, configuration);
  const endOn = contract.endOn ?? (contract.startOn && months ? lastDayOf(contract.startOn, months) : null);
  if (endOn === null) {
    gaps.push(`The ${source} has no end date.`);
    return null;
  }
  if (isBackwards(contract.startOn, endOn, source, gaps)) return null;
  return {
    base: { kind: 'contract', id: contract.id, startOn: contract.startOn },
    startOn: contract.startOn,
    endOn,
    months,
    autoRenew: contract.autoRenew ?? account.autoRenew,
    noticeDays: contract.noticeDays ?? account.noticeDays,
    arr: contract.arr,
    source,
    evidence: [{ kind: 'contract', id: contract.id }],
    dealId: null,
    dealKind: null,
    signedOn: null,
    contractId: contract.id,
    priorContractId: null,
    isCancelled: contract.status === 'cancelled',
  };
}

function termOfDeal(
  deal: Deal,
  account: Account,
  earlier: readonly StatedTerm[],
  gaps: string[],
  configuration: RenewalConfiguration,
): StatedTerm | null {
  const source = `won deal ${nameOf(deal)}`;
  const months = readMonths(deal.termMonths, source, gaps, configuration);
  const isAmendment = deal.kind !== null && AMENDMENTS.has(deal.kind);
  const startOn = deal.termStartOn ?? (isAmendment ? null : assumedStart(deal, earlier, configuration));
  const endOn = deal.termEndOn ?? (startOn && months && !isAmendment ? lastDayOf(startOn, months) : null);
  if (endOn === null) return null;
  if (isBackwards(deal.termStartOn, endOn, source, gaps)) return null;
  return {
    base: { kind: 'deal', id: deal.id },
    // A close date after the end is the date of a correction, not of a start.
    startOn: startOn !== null && startOn <= endOn ? startOn : null,
    endOn,
    months,
    autoRenew: deal.autoRenew ?? account.autoRenew,
    noticeDays: deal.noticeDays ?? account.noticeDays,
    arr: deal.arr,
    source,
    evidence: [{ kind: 'deal', id: deal.id }],
    dealId: deal.id,
    dealKind: deal.kind,
    signedOn: deal.closeOn,
    contractId: deal.contractId,
    priorContractId: deal.priorContractId,
    isCancelled: false,
  };
}

/**
 * The day a term begins whose deal does not say: a renewal goes on where the term ended that it was signed for (ahead of
 * it by the renewal window at most, or as late as an end date may move); anything else begins when it was won.
 */
function assumedStart(
  deal: Deal,
  earlier: readonly StatedTerm[],
  { windowDays, movedDays }: RenewalConfiguration,
): CalendarDate | null {
  if (deal.closeOn === null || deal.kind !== 'renewal') return deal.closeOn;
  let end: CalendarDate | null = null;
  for (const term of earlier) {
    const ahead = daysBetween(deal.closeOn, term.endOn);
    if (ahead >= -movedDays && ahead <= windowDays && (end === null || term.endOn < end)) end = term.endOn;
  }
  return end === null ? deal.closeOn : addDays(end, 1);
}

function termOfAccount(account: Account, gaps: string[], configuration: RenewalConfiguration): StatedTerm | null {
  const source = "the account's renewal date";
  const months = readMonths(account.termMonths, 'account', gaps, configuration);
  const computed = account.contractStartOn && months ? lastDayOf(account.contractStartOn, months) : null;
  const isUsable =
    account.renewalOn !== null && !isBackwards(account.contractStartOn, account.renewalOn, 'account', gaps);
  const endOn = isUsable ? account.renewalOn : computed;
  if (endOn === null) return null;
  return {
    base: { kind: 'account', id: account.id },
    startOn: account.contractStartOn,
    endOn,
    months,
    autoRenew: account.autoRenew,
    noticeDays: account.noticeDays,
    arr: account.arr,
    source: isUsable ? source : "the account's contract start and length",
    evidence: [{ kind: 'account', id: account.id }],
    dealId: null,
    dealKind: null,
    signedOn: null,
    contractId: account.contractId,
    priorContractId: null,
    isCancelled: false,
  };
}

/** Whole months of a term; null where none are stated, and with a gap where what is stated cannot be. */
export function readMonths(
  months: number | null,
  source: string,
  gaps: string[],
  { longestTermMonths }: Pick<RenewalConfiguration, 'longestTermMonths'>,
): number | null {
  if (months === null) return null;
  if (Number.isInteger(months) && months >= 1 && months <= longestTermMonths) return months;
  gaps.push(`The term of ${months} months on the ${source} was not used: it should be 1 to ${longestTermMonths}.`);
  return null;
}

function isBackwards(startOn: CalendarDate | null, endOn: CalendarDate, source: string, gaps: string[]): boolean {
  if (startOn === null || startOn <= endOn) return false;
  gaps.push(
    `The end date ${dayInWords(endOn)} on the ${source} was not used: it is before the start on ${dayInWords(startOn)}.`,
  );
  return true;
}

/** As people know a record: `'Acme 2025'`, or its id where it has no name. */
export function nameOf(record: { readonly id: string; readonly name: string | null }): string {
  return record.name === null ? record.id : `'${record.name}'`;
}

/** In the order of ids as text, so that the order in which records arrive never matters. */
export function byId<T extends { readonly id: string }>(records: readonly T[]): readonly T[] {
  return records.length < 2 ? records : [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function inOrderOfSigning(deals: readonly Deal[]): readonly Deal[] {
  if (deals.length < 2) return deals;
  return [...byId(deals)].sort((a, b) =>
    (a.closeOn ?? '') < (b.closeOn ?? '') ? -1 : a.closeOn === b.closeOn ? 0 : 1,
  );
}

function byDealId(a: StatedTerm, b: StatedTerm): number {
  return (a.dealId ?? '') < (b.dealId ?? '') ? -1 : 1;
}
