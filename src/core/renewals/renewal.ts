import type { Band, Renewal, RenewalStatus, RenewalType, Term } from '../model/assessment.ts';
import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { coTermGroups } from './co-term.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { dayInWords } from './day-in-words.ts';
import { noticeOf } from './notice.ts';
import { decide, signedTerms, type Decided } from './outcome.ts';
import { reconcile } from './reconcile.ts';
import { lastDayOf, monthsOf, statedTerms, sumOf, type StatedTerm } from './stated-term.ts';
import { termIdOf } from './term-id.ts';

/**
 * The account's terms with their decision dates, and where its next renewal stands. Never throws: what cannot be used
 * is a gap. Health is not looked at; `withBand` adds it.
 *
 * A term that renews by itself is renewed once its decision date is past, and the next one is derived from it. Any other
 * term stays open after its end, and `late`; after `lateDays` more it is no longer next, and a gap asks how it went.
 */
export function renewalOf(snapshot: AccountSnapshot, configuration: RenewalConfiguration): Renewal {
  const { today } = snapshot;
  const { terms: stated, gaps: statedGaps } = reconcile(statedTerms(snapshot, configuration), today, configuration);
  const gaps = [...statedGaps];
  const asStated = decide(stated, snapshot, configuration);
  const signed = signedTerms(asStated, snapshot, configuration, gaps);
  const decided = [...asStated, ...signed].flatMap((one) => rolledOver(one, today, configuration, gaps));
  const terms = coTermed(
    decided.map((one) => toTerm(one, configuration, gaps)),
    configuration,
  );
  const isNext = (term: Term) => term.outcome === 'open' && term.endOn >= addDays(today, -configuration.lateDays);
  const upcoming = terms.filter(isNext).sort((a, b) => compare(a.decisionOn, b.decisionOn) || compare(a.id, b.id));
  const ended = terms.filter((term) => !isNext(term)).sort((a, b) => compare(b.endOn, a.endOn) || compare(a.id, b.id));
  if (terms.length === 0) gaps.push('No end date: neither the account nor a contract nor a won deal states one.');
  for (const term of ended) {
    if (term.outcome === 'open') {
      gaps.push(`The term ended on ${dayInWords(term.endOn)} (${term.source}), and nothing says how it went.`);
    }
  }
  const targeted = withTarget(upcoming, snapshot.account.arr);
  const all = [...targeted, ...ended];
  const [next] = targeted;
  return { terms: all, next: next ?? null, status: statusOf(all, today, configuration), gaps };
}

/** The renewal as it stands with the account's health: an open renewal in its window is at risk while the band is red. */
export function withBand(renewal: Renewal, band: Band): Renewal {
  const isInWindow = renewal.status === 'in_window' || renewal.status === 'on_track';
  return isInWindow && band === 'red' ? { ...renewal, status: 'at_risk' } : renewal;
}

function statusOf(
  terms: readonly Term[],
  today: CalendarDate,
  configuration: RenewalConfiguration,
): RenewalStatus | null {
  const [first] = terms;
  if (first === undefined) return null;
  switch (first.outcome) {
    case 'renewed':
    case 'superseded':
      return 'renewed';
    case 'churned':
      return 'lost';
    case 'open': {
      const days = daysBetween(today, first.decisionOn);
      if (days < 0) return 'late';
      // A month-to-month contract is always about to renew: a window would say nothing.
      if (days > configuration.windowDays || first.type === 'monthly') return 'not_due';
      return first.renewalDealId === null ? 'in_window' : 'on_track';
    }
    default:
      return first.outcome satisfies never;
  }
}

/** An open term that renews by itself and whose notice window has closed, followed by the term that it became. */
function rolledOver(
  one: Decided,
  today: CalendarDate,
  configuration: RenewalConfiguration,
  gaps: string[],
): readonly Decided[] {
  const isMonthly = monthsOf(one.term) === 1;
  if (one.outcome !== 'open' || !(one.term.autoRenew === true || isMonthly)) return [one];
  const months = monthsOf(one.term) ?? configuration.rollOverMonths;
  const notice = noticeOf(one.term, configuration).days;
  let previous = one.term;
  let current = one.term;
  // A notice as long as the term would never let it come to rest; then the end date alone decides.
  const length = (term: StatedTerm) => daysBetween(term.endOn, lastDayOf(addDays(term.endOn, 1), months));
  const decisionOn = (term: StatedTerm) => addDays(term.endOn, notice < length(term) ? -notice : 0);
  while (decisionOn(current) < today) {
    const startOn = addDays(current.endOn, 1);
    previous = current;
    current = {
      ...current,
      startOn,
      endOn: lastDayOf(startOn, months),
      months,
      dealId: null,
      source: `${one.term.source}, renewed by itself`,
    };
  }
  if (current === one.term) return [one];
  if (one.term.endOn < today && !isMonthly) {
    const period = months === 12 ? 'a year' : `${months} months`;
    gaps.push(
      `The term ended on ${dayInWords(one.term.endOn)} (${one.term.source}) and renews by itself: taken as renewed for ${period}, to ${dayInWords(current.endOn)}.`,
    );
  }
  return [
    { ...one, term: previous, outcome: 'renewed' },
    { term: current, outcome: 'open', renewalDealId: null, signed: null, lead: null },
  ];
}

function toTerm(one: Decided, configuration: RenewalConfiguration, gaps: string[]): Term {
  const { term, outcome, renewalDealId, lead } = one;
  const notice = noticeOf(term, configuration);
  const type = typeOf(term, configuration);
  if (outcome === 'open' && type !== 'monthly') {
    if (notice.refused !== null) {
      gaps.push(
        `The notice period of ${notice.refused} days (${term.source}) was not used: it should be 0 to ${configuration.longestNoticeDays}.`,
      );
    }
    if (notice.isAssumed) {
      gaps.push(
        `The term to ${dayInWords(term.endOn)} renews by itself and no notice period is stated: ${notice.days} days are assumed.`,
      );
    }
  }
  return {
    id: termIdOf(term.base, term.endOn),
    startOn: term.startOn,
    endOn: term.endOn,
    decisionOn: addDays(term.endOn, -notice.days),
    noticeDays: notice.days,
    noticeAssumed: notice.isAssumed,
    type,
    targetArr: term.arr,
    outcome,
    renewalDealId,
    contractId: term.contractId,
    source: term.source,
    evidence: term.evidence,
    ...(lead !== null && { renewedWith: termIdOf(lead.base, lead.endOn) }),
  };
}

function typeOf(term: StatedTerm, configuration: RenewalConfiguration): RenewalType {
  const months = monthsOf(term);
  if (months === 1) return 'monthly';
  if (term.autoRenew === true) return 'auto_renew';
  return months !== null && months >= configuration.multiYearMonths ? 'multi_year' : 'manual';
}

/** Open terms that are renewed together become one: the first to be decided leads, the others are superseded by it. */
function coTermed(terms: readonly Term[], configuration: RenewalConfiguration): readonly Term[] {
  const open = terms.filter((term) => term.outcome === 'open' && term.type !== 'monthly');
  const replaced = new Map<Term, Term>();
  for (const group of coTermGroups(open, configuration)) {
    const [lead, ...others] = group;
    if (others.length === 0) continue;
    replaced.set(lead, {
      ...lead,
      type: group.every((term) => term.type === 'auto_renew') ? 'auto_renew' : 'co_term',
      targetArr: sumOf(group.map((term) => term.targetArr)),
      renewalDealId: group.find((term) => term.renewalDealId !== null)?.renewalDealId ?? null,
      evidence: group.flatMap((term) => term.evidence),
      parts: group
        .map(({ source, endOn, targetArr }) => ({ source, endOn, targetArr }))
        .sort((a, b) => compare(a.endOn, b.endOn)),
    });
    for (const other of others) replaced.set(other, { ...other, outcome: 'superseded', renewedWith: lead.id });
  }
  return terms.map((term) => replaced.get(term) ?? term);
}

/** Where only one renewal is ahead, all of the account's recurring revenue is at stake in it. */
function withTarget(upcoming: readonly Term[], arr: Money | null): readonly Term[] {
  const [only, ...others] = upcoming;
  if (only === undefined || others.length > 0 || arr === null) return upcoming;
  return [{ ...only, targetArr: arr }];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
