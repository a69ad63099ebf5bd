import type {
  Assessment,
  Band,
  ForecastCategory,
  Renewal,
  RenewalCalls,
  RenewalType,
  Term,
} from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import { addDays } from '../model/calendar-date.ts';
import type { AccountId, TermId } from '../model/ids.ts';
import type { Money } from '../model/money.ts';
import type { Segment } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { callsIn } from '../renewals/calls.ts';
import { asTold } from '../scoring/as-told.ts';
import { isCancelled } from '../scoring/caps.ts';
import { baseRate } from './churn.ts';
import type { ChurnConfiguration, EffectId, LearningConfiguration } from './configuration.ts';

/**
 * What was known of an account and of its next renewal, if any, on one day, for learning from how it went. Holds nothing
 * that tells the outcome: no notice, no stage, amount or forecast of the renewal deal, and not our own tasks. The calls are
 * kept to be held against it; whoever makes one may know how it will go, so that nothing is learned from them.
 */
export interface FeatureSnapshot {
  readonly accountId: AccountId;
  readonly on: CalendarDate;
  /** When it was known: rows that were read later are not in it. */
  readonly knownAt: Instant;
  /** The term that is decided next, and when; null where none is known, and for a customer by the month. */
  readonly termId: TermId | null;
  readonly decisionOn: CalendarDate | null;
  /** How the contract renews; null where no term is known, absent from those of an earlier version. */
  readonly renewal?: RenewalType | null;
  readonly segment: Segment;
  /** Chance of a loss in the segment as it was believed then: of a term, and by the month of a month. */
  readonly baseRate: number;
  readonly health: number;
  /** By the records alone, whatever a person set; absent from those of an earlier version. */
  readonly band?: Band;
  readonly delta28d: number | null;
  readonly effects: readonly EffectId[];
  /** Measures that could be read, by id. */
  readonly measures: Readonly<Record<string, { readonly value: number; readonly score: number }>>;
  readonly revenue: Money | null;
  readonly probabilityAtDecision: number | null;
  readonly modelVersion: string;
  /** Absent without a term and from those of an earlier version, as is `category`. */
  readonly calls?: Pick<RenewalCalls, 'system' | 'csm' | 'final'>;
  /** The suggested one. */
  readonly category?: ForecastCategory;
}

/** Measures that are made from what we do ourselves. */
const OWN_MEASURES: ReadonlySet<string> = new Set(['C3']);

/** The term that features are kept for: one that is decided once. Null where none is known, and for a customer by the month. */
export function termToLearnFrom({ next }: Pick<Renewal, 'next'>): Term | null {
  return next === null || next.type === 'monthly' ? null : next;
}

/** Null without a score, and after a notice: then the outcome is known. */
export function featuresOf(
  snapshot: AccountSnapshot,
  assessment: Assessment,
  settings: {
    readonly segment: Segment;
    readonly churn: ChurnConfiguration;
  },
): FeatureSnapshot | null {
  const { health, renewal, churn } = assessment;
  if (health.score === null || isCancelled(asTold(snapshot))) return null;
  const { segment, churn: rates } = settings;
  const term = termToLearnFrom(renewal);
  const type = renewal.next?.type ?? null;
  const measures: Record<string, { value: number; score: number }> = {};
  for (const { measure, state, value, score } of health.drivers) {
    const isRead = state === 'ok' || state === 'stale';
    if (isRead && value !== null && score !== null && !OWN_MEASURES.has(measure)) measures[measure] = { value, score };
  }
  const calls = term && callsIn(renewal.progress, term);
  const category = renewal.progress?.find(({ termId }) => termId === term?.id)?.category;
  return {
    accountId: assessment.accountId,
    on: snapshot.today,
    knownAt: snapshot.asOf,
    termId: term?.id ?? null,
    decisionOn: term?.decisionOn ?? null,
    renewal: type,
    segment,
    baseRate: baseRate((type === 'monthly' ? rates.perMonth : rates.perTerm)[segment], snapshot.book, rates),
    health: health.score,
    band: assessment.history.band,
    delta28d: health.delta28d,
    effects: (assessment.history.held?.effects ?? []).map(({ id }) => id).sort(),
    measures,
    revenue: assessment.place.revenue,
    probabilityAtDecision: churn.atDecision,
    modelVersion: assessment.modelVersion,
    ...(calls && { calls: { system: calls.system, csm: calls.csm, final: calls.final } }),
    ...(category !== undefined && { category }),
  };
}

/** How a term stands, as seen on a day. */
export interface TermOutcome {
  readonly accountId: AccountId;
  readonly termId: TermId;
  readonly decisionOn: CalendarDate;
  readonly outcome: Term['outcome'];
  readonly segment: Segment;
  /** Kept is the first day on which it was seen to stand so. */
  readonly seenOn: CalendarDate;
}

/**
 * The terms that were decided since `before`, and those whose decision was taken back; without anything before, all of
 * them: an account that comes back may have been taken for lost.
 */
export function changedOutcomes(
  { accountId, segment }: Pick<TermOutcome, 'accountId' | 'segment'>,
  terms: readonly Term[],
  before: readonly Term[] | null,
  seenOn: CalendarDate,
): readonly TermOutcome[] {
  const known = before && new Map(before.map(({ id, outcome }) => [id, outcome]));
  return terms
    .filter(({ id, outcome }) => known === null || outcome !== (known.get(id) ?? 'open'))
    .map(({ id: termId, decisionOn, outcome }) => ({ accountId, termId, decisionOn, outcome, segment, seenOn }));
}

/** How a term went. */
export interface DecidedTerm {
  readonly accountId: AccountId;
  readonly termId: TermId;
  readonly decisionOn: CalendarDate;
  readonly isLost: boolean;
}

/**
 * Each of these decided terms with the newest look at it that was taken at least `leadDays` before its decision, and at
 * most `withinDays` earlier; terms without one are left out.
 */
export function looksBefore(
  features: readonly FeatureSnapshot[],
  decided: readonly DecidedTerm[],
  { leadDays, withinDays }: { readonly leadDays: number; readonly withinDays: number },
): readonly { readonly term: DecidedTerm; readonly look: FeatureSnapshot }[] {
  const featuresOf = Map.groupBy(features, nameOf);
  return decided.flatMap((term) => {
    const until = addDays(term.decisionOn, -leadDays);
    const since = addDays(until, -withinDays);
    const [first, ...others] = (featuresOf.get(nameOf(term)) ?? []).filter(({ on }) => on >= since && on <= until);
    if (first === undefined) return [];
    return [{ term, look: others.reduce((one, other) => (other.on > one.on ? other : one), first) }];
  });
}

const nameOf = ({ accountId, termId }: Pick<FeatureSnapshot, 'accountId' | 'termId'>): string =>
  `${accountId} ${termId ?? ''}`;

/** What a model learns from: one term, as it looked `leadDays` before its decision, and how it went. */
export interface LearningRow {
  readonly accountId: AccountId;
  readonly baseRate: number;
  readonly health: number;
  readonly effects: readonly EffectId[];
  readonly isLost: boolean;
}

/**
 * One row per decided term, from its newest snapshot that is old enough; terms without one are left out, and snapshots of no
 * term. By account and term.
 */
export function toLearningRows(
  features: readonly FeatureSnapshot[],
  decided: readonly DecidedTerm[],
  { leadDays }: Pick<LearningConfiguration, 'leadDays'>,
): readonly LearningRow[] {
  const newest = new Map<string, FeatureSnapshot>();
  for (const snapshot of features) {
    const { on, decisionOn } = snapshot;
    if (decisionOn === null || on > addDays(decisionOn, -leadDays)) continue;
    const key = `${snapshot.accountId} ${snapshot.termId}`;
    const known = newest.get(key);
    if (known === undefined || snapshot.on > known.on) newest.set(key, snapshot);
  }
  const outcomes = new Map(decided.map((term) => [`${term.accountId} ${term.termId}`, term.isLost]));
  return [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, { accountId, baseRate: base, health, effects }]): readonly LearningRow[] => {
      const isLost = outcomes.get(key);
      return isLost === undefined ? [] : [{ accountId, baseRate: base, health, effects, isLost }];
    });
}
