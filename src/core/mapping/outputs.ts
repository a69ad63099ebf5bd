import { shownHealth } from '../book/shown.ts';
import type { Assessment, ExpansionDeal, Stakeholder, Term, TermProgress, TermResult } from '../model/assessment.ts';
import type { HoldfastKey } from '../model/ids.ts';
import type { Money } from '../model/money.ts';
import { money, toMajor } from '../model/money.ts';
import type { Dimension } from '../measures/measure.ts';
import type { TaskWish } from '../plan/step.ts';
import type { PlayOutcome } from '../plays/play-run.ts';
import type { FormerDeal } from '../renewals/former-deal.ts';
import { renewalChance } from '../renewals/progress.ts';
import { RISK_REASONS } from './entities.ts';

/** What an output can be; decides which field types can hold it. `percent` is 0 to 1. Dates and instants are text. */
export type OutputType =
  'text' | 'number' | 'percent' | 'money' | 'date' | 'datetime' | 'boolean' | 'enumeration' | 'multi-enumeration';
export type OutputValue = string | number | boolean | Money | readonly string[] | null;

export interface Output<Source> {
  readonly type: OutputType;
  /** Of an enumeration: every value it can take, so that a field can be checked to have them all as options. */
  readonly values?: readonly string[];
  /** False for a record that the output says nothing about: what stands there stays. Absent where it is about all. */
  readonly appliesTo?: (source: Source) => boolean;
  readonly read: (source: Source) => OutputValue;
}

export type OutputCatalogue<Source> = Readonly<Record<string, Output<Source>>>;

const BANDS = ['green', 'yellow', 'red', 'grey'] as const;
const CAPS = [
  'cancellation_notice',
  'champion_departed',
  'zero_usage',
  'urgent_ticket',
  'escalation',
  'overdue',
  'low_coverage',
] as const;
/** An account's assessment, with what is shown beside it. */
export interface AccountShown extends Assessment {
  /** The plays under way on it, `04 Red rescue`; null when there are none. */
  readonly openPlay: string | null;
  /** Address of the account's page in Holdfast. */
  readonly recordUrl: string;
}

/** What can be written on an account. The names are what `value` in `write-back.json` may say. */
export const ACCOUNT_OUTPUTS: OutputCatalogue<AccountShown> = {
  'health.score': { type: 'number', read: (a) => shownHealth(a).score },
  'health.band': { type: 'enumeration', values: BANDS, read: (a) => shownHealth(a).band },
  'health.bandSinceOn': { type: 'date', read: (a) => shownHealth(a).bandSinceOn },
  'health.trend': {
    type: 'enumeration',
    values: ['improving', 'stable', 'declining', 'sharp_decline'],
    read: (a) => shownHealth(a).trend,
  },
  'health.delta28d': { type: 'number', read: (a) => shownHealth(a).delta28d },
  'health.reason': { type: 'text', read: (a) => shownHealth(a).reason },
  'health.drivers': { type: 'text', read: describeDrivers },
  'health.confidence': {
    type: 'enumeration',
    values: ['high', 'medium', 'low', 'none'],
    read: (a) => a.health.confidence,
  },
  'health.coverage': { type: 'percent', read: (a) => a.health.coverage },
  'health.profile': { type: 'text', read: (a) => a.health.profile },
  'health.caps': { type: 'multi-enumeration', values: CAPS, read: (a) => a.health.caps.map((cap) => cap.id) },
  'health.usage': dimension('usage'),
  'health.relationship': dimension('relationship'),
  'health.support': dimension('support'),
  'health.sentiment': dimension('sentiment'),
  'health.commercial': dimension('commercial'),
  'health.outcome': dimension('outcome'),
  'churn.probability90d': { type: 'percent', read: (a) => a.churn.probability90d },
  'churn.risk': { type: 'enumeration', values: ['high', 'medium', 'low', 'unknown'], read: (a) => a.churn.risk },
  'churn.status': {
    type: 'enumeration',
    values: ['cold_start', 'calibrating', 'validated', 'degraded'],
    read: (a) => a.churn.status,
  },
  'churn.arrAtRisk': { type: 'money', read: (a) => a.churn.arrAtRisk },
  'churn.savePriority': { type: 'number', read: (a) => a.standing?.savePriority ?? null },
  'churn.reason': { type: 'enumeration', values: RISK_REASONS, read: (a) => a.churn.reason },
  'renewal.endOn': { type: 'date', read: (a) => a.renewal.next?.endOn ?? null },
  'renewal.decisionOn': { type: 'date', read: (a) => a.renewal.next?.decisionOn ?? null },
  'renewal.status': {
    type: 'enumeration',
    values: ['not_due', 'in_window', 'on_track', 'late', 'at_risk', 'renewed', 'lost'],
    read: (a) => a.renewal.status,
  },
  'expansion.score': { type: 'number', read: (a) => a.expansion.score },
  'expansion.band': {
    type: 'enumeration',
    values: ['hot', 'warm', 'cold', 'blocked'],
    read: (a) => a.expansion.band,
  },
  'expansion.reason': { type: 'text', read: describeExpansion },
  'expansion.expectedValue': { type: 'money', read: (a) => a.expansion.expectedValue },
  // Measure U1: seats used ÷ seats paid.
  'usage.seatUtilization': { type: 'percent', read: (a) => valueOf(a, 'U1') },
  'people.champion': {
    type: 'enumeration',
    values: ['active', 'quiet', 'departed', 'replaced', 'unknown'],
    read: (a) => a.people.champion,
  },
  'people.lastTwoWayAt': { type: 'datetime', read: (a) => a.people.lastTwoWayAt },
  asOf: { type: 'datetime', read: (a) => a.asOf },
  dataAsOf: { type: 'datetime', read: (a) => a.dataAsOf },
  modelVersion: { type: 'text', read: (a) => a.modelVersion },
  openPlay: { type: 'text', read: (a) => a.openPlay },
  recordUrl: { type: 'text', read: (a) => a.recordUrl },
};

/** A deal, the assessment of its account, and what the deal is about: the renewal of a term, or an expansion. */
export interface DealShown {
  readonly assessment: Assessment;
  /** Null on an expansion deal. */
  readonly term: Term | null;
  /** Null where the assessment is of an earlier version. */
  readonly progress: TermProgress | null;
  /** Null on a renewal deal. */
  readonly expansion: ExpansionDeal | null;
  /** The key under which Holdfast made the deal; null on everybody else's. */
  readonly key: HoldfastKey | null;
}

/** What is to be done for a renewal. Nothing is once it is decided. */
const AHEAD: OutputCatalogue<DealShown> = {
  'term.step': {
    type: 'enumeration',
    values: ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'A1', 'A2'],
    ...ofStepAhead(({ step }) => step),
  },
  'term.stepsLate': { type: 'number', ...ofStepAhead(({ stepsLate }) => stepsLate) },
  'term.nextAction': { type: 'text', ...ofStepAhead(({ nextAction }) => nextAction?.title ?? null) },
  'term.nextActionOn': { type: 'date', ...ofStepAhead(({ nextAction }) => nextAction?.dueOn ?? null) },
};

/** What can be written on the deal that renews a term, and on one that expands the account. */
export const DEAL_OUTPUTS: OutputCatalogue<DealShown> = {
  'deal.key': { type: 'text', appliesTo: isOurs, read: ({ key }) => key },
  'deal.isOurs': { type: 'boolean', appliesTo: isOurs, read: () => true },
  'term.id': { type: 'text', ...ofOpenTerm((term) => term.id) },
  'term.priorContractId': { type: 'text', ...ofOpenTerm((term) => term.contractId ?? null) },
  'term.type': {
    type: 'enumeration',
    values: ['manual', 'auto_renew', 'multi_year', 'co_term', 'monthly'],
    ...ofOpenTerm((term) => term.type),
  },
  'term.decisionOn': { type: 'date', ...ofOpenTerm((term) => term.decisionOn) },
  'term.paperDeadlineOn': { type: 'date', ...ofOpenTerm((_, { progress }) => progress?.paperDeadlineOn ?? null) },
  'term.targetArr': { type: 'money', ...ofOpenTerm((term) => term.targetArr) },
  'term.renewalProbability': { type: 'percent', ...ofOpenTerm(chanceOf) },
  'term.forecastArr': {
    type: 'money',
    ...ofOpenTerm((term, source) => {
      const chance = chanceOf(term, source);
      const target = term.targetArr;
      return chance === null || target === null ? null : money(chance * toMajor(target), target.currency);
    }),
  },
  'term.category': {
    type: 'enumeration',
    values: ['omitted', 'pipeline', 'best_case', 'most_likely', 'commit', 'closed'],
    ...ofTerm(({ category }) => category),
  },
  'term.callDisagreement': {
    type: 'boolean',
    appliesTo: isUndecided,
    read: ({ progress }) => progress?.calls.disagree ?? false,
  },
  ...AHEAD,
  'term.healthAtT90': { type: 'number', ...ofOpenTerm((_, { progress }) => progress?.healthAtT90 ?? null) },
  'term.outcome': {
    type: 'enumeration',
    values: ['renewed_flat', 'renewed_up', 'renewed_down', 'churned', 'superseded'],
    ...ofTerm(({ result }) => result?.outcome ?? null),
  },
  'term.timing': {
    type: 'enumeration',
    values: ['early', 'on_time', 'late'],
    ...ofTerm(({ result }) => result?.timing ?? null),
  },
  'term.churnType': {
    type: 'enumeration',
    values: ['involuntary', 'avoidable', 'inevitable', 'unknown'],
    ...ofTerm(({ result }) => result?.churn?.type ?? null),
  },
  'term.churnReason': {
    type: 'enumeration',
    values: RISK_REASONS,
    ...ofTerm(({ result }) => result?.churn?.reason ?? null),
  },
  'expansion.type': {
    type: 'enumeration',
    values: ['seats', 'usage', 'tier', 'cross_sell', 'price'],
    appliesTo: isUndecided,
    read: ({ expansion }) => expansion?.type ?? null,
  },
  'expansion.evidence': {
    type: 'text',
    appliesTo: isUndecided,
    // The open deal is itself what stands in the way of another ask: it is left out.
    read: ({ assessment, expansion }) =>
      expansion === null ? null : linesOf(assessment.expansion.signals.map(({ because }) => because)),
  },
  'account.band': {
    type: 'enumeration',
    values: BANDS,
    appliesTo: isUndecided,
    read: ({ assessment }) => shownHealth(assessment).band,
  },
  'account.riskReason': {
    type: 'enumeration',
    values: RISK_REASONS,
    appliesTo: isUndecided,
    read: ({ assessment }) => assessment.churn.reason,
  },
  asOf: { type: 'datetime', appliesTo: isUndecided, read: ({ assessment }) => assessment.asOf },
};

/**
 * What is written on a deal that shows something of ours and no longer is what it was: nothing while it is open. A decided one
 * keeps what it showed, but for what would be next; who made a deal stays true in any case.
 */
export const FORMER_DEAL_OUTPUTS: OutputCatalogue<FormerDeal> = {
  ...Object.fromEntries(
    Object.entries(DEAL_OUTPUTS).map(([name, { type }]): [string, Output<FormerDeal>] => [
      name,
      { type, appliesTo: ({ isOpen }) => isOpen || Object.hasOwn(AHEAD, name), read: () => toEmpty(type) },
    ]),
  ),
  'deal.key': { type: 'text', appliesTo: () => false, read: () => null },
  'deal.isOurs': { type: 'boolean', appliesTo: () => false, read: () => null },
  'term.category': {
    type: 'enumeration',
    appliesTo: ({ isOpen, settlement }) => isOpen || settlement !== null,
    read: ({ settlement }) => settlement?.category ?? null,
  },
  'term.outcome': { type: 'enumeration', ...ofSettled(({ outcome }) => outcome) },
  'term.timing': { type: 'enumeration', ...ofSettled(({ timing }) => timing) },
  'term.churnType': { type: 'enumeration', ...ofSettled(({ churn }) => churn?.type ?? null) },
  'term.churnReason': { type: 'enumeration', ...ofSettled(({ churn }) => churn?.reason ?? null) },
};

/** What can be written on a contact who has a role. */
export const CONTACT_OUTPUTS: OutputCatalogue<Stakeholder | null> = {
  'stakeholder.role': {
    type: 'enumeration',
    values: ['champion', 'exec_sponsor', 'economic_buyer', 'admin', 'user', 'billing'],
    read: (stakeholder) => stakeholder?.role ?? null,
  },
  'stakeholder.status': {
    type: 'enumeration',
    values: ['active', 'quiet', 'departed', 'unknown'],
    read: (stakeholder) => stakeholder?.status ?? null,
  },
  'stakeholder.lastTwoWayAt': { type: 'datetime', read: (stakeholder) => stakeholder?.lastTwoWayAt ?? null },
};

/** A task of ours, and how the firing ended that it belongs to. */
export interface TaskShown extends Pick<TaskWish, 'key' | 'play' | 'step'> {
  /** Null while the play goes on, and for plays that follow dates. */
  readonly outcome: PlayOutcome | null;
}

/** What can be written on a task of ours, beside what `task-write.json` says. */
export const TASK_OUTPUTS: OutputCatalogue<TaskShown> = {
  key: { type: 'text', read: ({ key }) => key },
  play: { type: 'text', read: ({ play }) => play },
  step: { type: 'text', read: ({ step }) => step },
  outcome: {
    type: 'enumeration',
    values: [
      'resolved',
      'recovered',
      'done',
      'dismissed',
      'superseded',
      'snoozed',
      'switched-off',
      'expired',
      'left',
    ] satisfies readonly PlayOutcome[],
    read: ({ outcome }) => outcome,
  },
};

function isOurs({ key }: DealShown): boolean {
  return key !== null;
}

/** While a deal can still go either way; what a decided one shows of the account stays as it was. */
function isUndecided({ expansion, progress, term }: DealShown): boolean {
  return expansion !== null || (progress === null ? term?.outcome === 'open' : !progress.isSettled);
}

type Reads = Pick<Output<DealShown>, 'appliesTo' | 'read'>;

/** Of a renewal that is not decided. An expansion may have been one before. */
function ofOpenTerm(read: (term: Term, source: DealShown) => OutputValue): Reads {
  return {
    appliesTo: isUndecided,
    read: (source) => (source.term === null ? null : read(source.term, source)),
  };
}

function ofStepAhead(read: (progress: TermProgress) => OutputValue): Pick<Output<DealShown>, 'read'> {
  return { read: ({ progress }) => (progress === null || progress.isSettled ? null : read(progress)) };
}

function ofSettled(read: (result: TermResult) => OutputValue): Pick<Output<FormerDeal>, 'appliesTo' | 'read'> {
  const resultOf = ({ settlement }: FormerDeal): TermResult | null => settlement?.result ?? null;
  return {
    appliesTo: (deal) => deal.isOpen || resultOf(deal) !== null,
    read: (deal) => {
      const result = resultOf(deal);
      return result === null ? null : read(result);
    },
  };
}

/** A checkbox cannot be empty everywhere: where nothing is said it says no. */
function toEmpty(type: OutputType): OutputValue {
  return type === 'boolean' ? false : null;
}

/** Of a renewal, decided or not. */
function ofTerm(read: (progress: TermProgress) => OutputValue): Reads {
  return {
    appliesTo: ({ progress, expansion }) => progress !== null || expansion !== null,
    read: ({ progress }) => (progress === null ? null : read(progress)),
  };
}

function chanceOf(term: Term, { assessment }: DealShown): number | null {
  return renewalChance(term, assessment);
}

function dimension(name: Dimension): Output<AccountShown> {
  return { type: 'number', read: (a) => a.health.dimensions[name] ?? null };
}

function valueOf(assessment: Assessment, measure: string): number | null {
  const driver = assessment.health.drivers.find((found) => found.measure === measure);
  return driver?.state === 'ok' || driver?.state === 'stale' ? driver.value : null;
}

/** One line per measure that could be read, the strongest effect first: `−6.3 Last two-way contact: No two-way …`. */
function describeDrivers(assessment: Assessment): string | null {
  return linesOf(
    assessment.health.drivers
      .filter((driver) => driver.state === 'ok' || driver.state === 'stale')
      .map((driver) => `${signed(driver.contribution)} ${driver.title}: ${driver.because}`),
  );
}

function signed(points: number): string {
  const rounded = Math.abs(points).toFixed(1);
  if (rounded === '0.0') return '0.0';
  return points < 0 ? `−${rounded}` : `+${rounded}`;
}

function describeExpansion(assessment: Assessment): string | null {
  const { blocker, signals } = assessment.expansion;
  const reasons = signals.map((signal) => signal.because);
  return linesOf(blocker === null ? reasons : [blocker, ...reasons]);
}

function linesOf(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : lines.join('\n');
}
