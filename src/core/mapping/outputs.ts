import type { Assessment, Band, RiskReason, Term } from '../model/assessment.ts';
import { addDays } from '../model/calendar-date.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import { money, toMajor } from '../model/money.ts';
import type { Dimension } from '../measures/measure.ts';
import type { TaskWish } from '../plan/step.ts';

/** What an output can be; decides which field types can hold it. `percent` is 0 to 1. Dates and instants are text. */
export type OutputType =
  'text' | 'number' | 'percent' | 'money' | 'date' | 'datetime' | 'enumeration' | 'multi-enumeration';
export type OutputValue = string | number | Money | readonly string[] | null;

export interface Output<Source> {
  readonly type: OutputType;
  /** Of an enumeration: every value it can take, so that a field can be checked to have them all as options. */
  readonly values?: readonly string[];
  readonly read: (source: Source) => OutputValue;
}

export type OutputCatalogue<Source> = Readonly<Record<string, Output<Source>>>;

const BANDS = ['green', 'yellow', 'red', 'grey'] as const;
const RISK_REASONS: readonly RiskReason[] = [
  'payment',
  'closure',
  'onboarding',
  'adoption',
  'value',
  'product_gap',
  'support',
  'relationship',
  'price',
  'competitor',
  'strategy_change',
  'budget',
  'merger',
  'bad_fit',
  'unknown',
];

/** What can be written on an account. The names are what `value` in `write-back.json` may say. */
export const ACCOUNT_OUTPUTS: OutputCatalogue<Assessment> = {
  // An account with others below it shows the health of them all; what it would be alone stays in the assessment.
  'health.score': { type: 'number', read: (a) => a.standing?.rollUp?.score ?? a.health.score },
  'health.band': { type: 'enumeration', values: BANDS, read: bandShown },
  'health.bandSinceOn': { type: 'date', read: (a) => a.health.bandSinceOn },
  'health.trend': {
    type: 'enumeration',
    values: ['improving', 'stable', 'declining', 'sharp_decline'],
    read: (a) => a.health.trend,
  },
  'health.delta28d': { type: 'number', read: (a) => a.health.delta28d },
  'health.reason': { type: 'text', read: describeReason },
  'health.drivers': { type: 'text', read: describeDrivers },
  'health.confidence': {
    type: 'enumeration',
    values: ['high', 'medium', 'low', 'none'],
    read: (a) => a.health.confidence,
  },
  'health.coverage': { type: 'percent', read: (a) => a.health.coverage },
  'health.profile': { type: 'text', read: (a) => a.health.profile },
  'health.caps': { type: 'multi-enumeration', read: (a) => a.health.caps.map((cap) => cap.id) },
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
};

/** A term and the assessment that it belongs to. */
export interface TermOutputSource {
  readonly assessment: Assessment;
  readonly term: Term;
}

/** What can be written on the deal that renews a term. */
export const TERM_OUTPUTS: OutputCatalogue<TermOutputSource> = {
  'term.id': { type: 'text', read: ({ term }) => term.id },
  'term.type': {
    type: 'enumeration',
    values: ['manual', 'auto_renew', 'multi_year', 'co_term', 'monthly'],
    read: ({ term }) => term.type,
  },
  'term.decisionOn': { type: 'date', read: ({ term }) => term.decisionOn },
  'term.targetArr': { type: 'money', read: ({ term }) => term.targetArr },
  'term.renewalProbability': { type: 'percent', read: renewalProbability },
  'term.forecastArr': {
    type: 'money',
    read: (source) => {
      const probability = renewalProbability(source);
      const target = source.term.targetArr;
      return probability === null || target === null ? null : money(probability * toMajor(target), target.currency);
    },
  },
  'account.band': { type: 'enumeration', values: BANDS, read: ({ assessment }) => bandShown(assessment) },
  'account.riskReason': {
    type: 'enumeration',
    values: RISK_REASONS,
    read: ({ assessment }) => assessment.churn.reason,
  },
  asOf: { type: 'datetime', read: ({ assessment }) => assessment.asOf },
};

/** What can be written on a task of ours, beside what `task-write.json` says. */
export const TASK_OUTPUTS: OutputCatalogue<TaskWish> = {
  key: { type: 'text', read: (wish) => wish.key },
  play: { type: 'text', read: (wish) => wish.play },
  step: { type: 'text', read: (wish) => wish.step },
};

function dimension(name: Dimension): Output<Assessment> {
  return { type: 'number', read: (a) => a.health.dimensions[name] ?? null };
}

/** The band over all accounts below, where there are any; what a person set by hand goes before it. */
function bandShown({ health, standing }: Assessment): Band {
  return health.override === null ? (standing?.rollUp?.band ?? health.band) : health.band;
}

/** Where accounts below are part of the score, that is said first. */
function describeReason({ health, standing }: Assessment): string {
  const rollUp = standing?.rollUp ?? null;
  return rollUp === null ? health.reason : `${rollUp.because} ${health.reason}`;
}

function valueOf(assessment: Assessment, measure: string): number | null {
  const driver = assessment.health.drivers.find((found) => found.measure === measure);
  return driver?.state === 'ok' || driver?.state === 'stale' ? driver.value : null;
}

/** One line per measure that could be read, the strongest effect first: `−6.3 Last two-way contact: No two-way …`. */
function describeDrivers(assessment: Assessment): string | null {
  const lines = assessment.health.drivers
    .filter((driver) => driver.state === 'ok' || driver.state === 'stale')
    .map((driver) => `${signed(driver.contribution)} ${driver.title}: ${driver.because}`);
  return lines.length === 0 ? null : lines.join('\n');
}

function signed(points: number): string {
  const rounded = Math.abs(points).toFixed(1);
  if (rounded === '0.0') return '0.0';
  return points < 0 ? `−${rounded}` : `+${rounded}`;
}

function describeExpansion(assessment: Assessment): string | null {
  const { blocker, signals } = assessment.expansion;
  const reasons = signals.map((signal) => signal.because);
  const all = blocker === null ? reasons : [blocker, ...reasons];
  return all.length === 0 ? null : all.join('\n');
}

/**
 * The chance that the next term is renewed: 1 − the 90-day churn probability, which is the term's own when its decision
 * falls within those 90 days (model, churn horizons). Further away, or month to month, nothing is known of the term.
 */
function renewalProbability({ assessment, term }: TermOutputSource): number | null {
  const churn = assessment.churn.probability90d;
  const isNext = assessment.renewal.next?.id === term.id;
  if (churn === null || !isNext || term.type === 'monthly') return null;
  const horizon = addDays(assessment.asOf.slice(0, 10) as CalendarDate, 90);
  return term.decisionOn <= horizon ? 1 - churn : null;
}
