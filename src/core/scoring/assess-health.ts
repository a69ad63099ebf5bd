import type { Health, Renewal } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { daysBetween } from '../model/calendar-date.ts';
import { toMajor } from '../model/money.ts';
import type { AccountHistory, AccountSnapshot, DayState, HeldFacts, SourceName } from '../model/snapshot.ts';
import { customerSince } from '../measures/facts/customer-since.ts';
import { measuresOf } from '../measures/index.ts';
import { seatRatio } from '../measures/u1-seat-use.ts';
import { settleDay, trendOf, withDay } from './bands.ts';
import { capsOf } from './caps.ts';
import type { HealthConfiguration } from './configuration.ts';
import { reasonOf } from './explain.ts';
import { rounded, scoreHealth } from './health.ts';
import { overrideOf } from './override.ts';
import type { Profile } from './profiles.ts';
import { findProfileId, parseProfileId, toProfile } from './profiles.ts';
import { readMeasures, withLastGood } from './read-measures.ts';

export interface HealthAssessment {
  readonly health: Health;
  /** For the next assessment; the expansion signals are added by the one who knows them. */
  readonly history: Omit<AccountHistory, 'held'>;
  readonly held: Omit<HeldFacts, 'signals' | 'seatsHighSinceOn'>;
}

/** The account's health today: measures, profile, score, caps, smoothing, band, trend, override and the reason in words. */
export function assessHealth(
  snapshot: AccountSnapshot,
  renewal: Renewal,
  configuration: HealthConfiguration,
): HealthAssessment {
  const { today, history } = snapshot;
  const seen = seenSources(snapshot);
  const decisionOn = decisionDate(snapshot, renewal);
  const profile = profileOf(snapshot, renewal, decisionOn, seen, configuration);
  const readings = readMeasures(snapshot, measuresOf(configuration.measures), configuration);
  const caps = capsOf(
    { snapshot, decisionOn, champion: configuration.measures.champion, configuration: configuration.caps },
    history?.held?.caps ?? [],
  );
  const scored = scoreHealth(
    readings,
    {
      weights: profile.weights,
      prior: snapshot.book.medianHealth ?? configuration.prior,
      asOf: snapshot.asOf,
      lastGood: history?.lastGood ?? {},
      caps,
    },
    configuration,
  );
  const yesterday = stateBefore(history, today);
  const days = (history?.days ?? []).filter(({ on }) => on < today);
  const limit = scored.caps[0]?.limit ?? null;
  const { state, score } = settleDay(yesterday, days, { today, shrunk: scored.shrunk, limit }, configuration.bands);
  const { trend, delta } = trendOf(days, score, today, configuration.trend);
  const manual = overrideOf(snapshot, configuration.override);
  const { override } = manual;
  const reason = reasonOf(
    {
      today,
      drivers: scored.drivers,
      caps: scored.caps,
      uncapped: scored.isGrey ? null : state.ewma,
      coverage: scored.coverage,
      band: state.band,
      override,
      lacksReason: manual.lacksReason,
    },
    configuration,
  );
  const dimensions: Record<string, number> = {};
  for (const [name, value] of Object.entries(scored.dimensions)) dimensions[name] = rounded(value, 1);
  return {
    health: {
      score,
      raw: scored.raw === null ? null : rounded(scored.raw, 1),
      band: override?.band ?? state.band,
      bandSinceOn: override === null ? state.bandSinceOn : (manual.held?.sinceOn ?? today),
      previousBand: override === null ? state.previousBand : state.band,
      trend,
      delta28d: delta,
      profile: profile.title,
      coverage: rounded(scored.coverage, 3),
      confidence: scored.confidence,
      dimensions,
      caps: scored.caps.map(({ id, limit, because }) => ({ id, limit, because })),
      drivers: scored.drivers,
      reason,
      override,
    },
    history: {
      ...state,
      dayBefore: yesterday,
      // A week more than the trend looks back, so that a day or two without an assessment does not hide it.
      days: withDay(days, today, score, configuration.trend.days + 7),
      lastGood: withLastGood(history?.lastGood ?? {}, readings, configuration),
    },
    held: { seen, profile: profile.id, decisionOn, caps, override: manual.held },
  };
}

/** The state at the end of the last assessed day before today: an assessment replaces an earlier one of the same day. */
function stateBefore(history: AccountHistory | null, today: CalendarDate): DayState | null {
  if (history === null) return null;
  if (history.lastOn >= today) return history.dayBefore ?? null;
  const { lastOn, ewma, band, bandSinceOn, previousBand, daysWorse, daysBetter } = history;
  return { lastOn, ewma, band, bandSinceOn, previousBand: previousBand ?? null, daysWorse, daysBetter };
}

const LISTS = ['activities', 'contacts', 'contracts', 'deals', 'tickets'] as const;

function seenSources(snapshot: AccountSnapshot): readonly SourceName[] {
  const seen = new Set<SourceName>(snapshot.history?.held?.seen);
  for (const list of LISTS) if (snapshot[list] !== null) seen.add(list);
  if (snapshot.sources.usage !== undefined || seatRatio(snapshot) !== null) seen.add('usage');
  return [...seen].sort();
}

/** True when deals or contracts were read before and cannot be now, so that dates and profile are not as they were. */
function isTermLost(snapshot: AccountSnapshot): boolean {
  const seen = snapshot.history?.held?.seen ?? [];
  return (
    (snapshot.deals === null && seen.includes('deals')) || (snapshot.contracts === null && seen.includes('contracts'))
  );
}

function decisionDate(snapshot: AccountSnapshot, renewal: Renewal): CalendarDate | null {
  const held = snapshot.history?.held;
  return held !== undefined && isTermLost(snapshot) ? held.decisionOn : (renewal.next?.decisionOn ?? null);
}

/** The profile; while its facts cannot be read, the last one, because another one could weigh a bad measure less. */
function profileOf(
  snapshot: AccountSnapshot,
  renewal: Renewal,
  decisionOn: CalendarDate | null,
  seen: readonly SourceName[],
  { profiles }: HealthConfiguration,
): Profile {
  const hasUsage = seen.includes('usage');
  const last = parseProfileId(snapshot.history?.held?.profile ?? '');
  if (last !== null && isTermLost(snapshot)) return toProfile(last, hasUsage, profiles);
  const { account, today } = snapshot;
  const since = customerSince(snapshot);
  const value = account.arr ?? renewal.next?.targetArr ?? null;
  const isMonthly = renewal.next?.type === 'monthly';
  const facts = {
    hasUsage,
    isOnboarding: isOnboarding(snapshot),
    daysSinceStart: since === null ? null : daysBetween(since, today),
    daysToDecision: decisionOn === null || isMonthly ? null : daysBetween(today, decisionOn),
    annualValue: value === null ? null : toMajor(value),
    segment: account.segment,
  };
  return toProfile(findProfileId(facts, profiles), hasUsage, profiles);
}

/** As the CRM states it; null leaves it to the days since the start. */
function isOnboarding({ account, today }: AccountSnapshot): boolean | null {
  if (account.lifecycle === 'onboarding') return true;
  if (account.liveOn !== null && account.liveOn > today) return true;
  return null;
}
