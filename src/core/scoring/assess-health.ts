import type { Health, Renewal } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { ExchangeRates } from '../model/rates.ts';
import { toHomeMajor } from '../model/rates.ts';
import type {
  AccountHistory,
  AccountSnapshot,
  DayState,
  HeldFacts,
  SeenSource,
  SourceName,
} from '../model/snapshot.ts';
import { customerSince } from '../measures/facts/customer-since.ts';
import { statedSeats } from '../measures/facts/seats.ts';
import type { MeasureContext } from '../measures/measure.ts';
import type { UsageWindows } from '../usage/configuration.ts';
import { isTermLost, toldBy } from './as-told.ts';
import { settleDay, trendOf, withDay } from './bands.ts';
import { capsOf, inWords } from './caps.ts';
import type { HealthConfiguration } from './configuration.ts';
import { reasonOf } from './explain.ts';
import { rounded, scoreHealth } from './health.ts';
import { moversOf, withPoint } from './movers.ts';
import { overrideOf } from './override.ts';
import type { Profile, Weights } from './profiles.ts';
import { blended, findProfileId, parseProfileId, profileOfTitle, toProfile } from './profiles.ts';
import { readMeasures, withLastGood } from './read-measures.ts';

export interface HealthAssessment {
  readonly health: Health;
  /** For the next assessment; the expansion signals are added by the one who knows them. */
  readonly history: Omit<AccountHistory, 'held'>;
  readonly held: Omit<HeldFacts, 'signals' | 'seatsHighSinceOn' | 'headcounts' | 'effects'>;
}

/**
 * The account's health today: measures, profile, score, caps, smoothing, band, trend, override and the reason in words.
 * The snapshot is to be `asTold`, and the renewal that of it.
 */
export function assessHealth(
  snapshot: AccountSnapshot,
  renewal: Renewal,
  configuration: HealthConfiguration,
  usageWindows: UsageWindows,
  rates: ExchangeRates,
): HealthAssessment {
  const { today, history } = snapshot;
  const seen = seenSources(snapshot);
  const decisionOn = decisionDate(snapshot, renewal);
  const profile = profileOf({ snapshot, renewal, decisionOn, seen, rates }, configuration);
  const blend = blendOf(snapshot, profile, configuration);
  const context: MeasureContext = {
    term: renewal.next,
    decisionOn,
    isTermLost: isTermLost(snapshot),
    isOnboarding: profile.id === 'onboarding',
    usageWindows,
  };
  const readings = readMeasures(snapshot, context, configuration);
  const caps = capsOf(
    { snapshot, decisionOn, champion: configuration.measures.champion, configuration: configuration.caps },
    history?.held?.caps ?? [],
  );
  const scored = scoreHealth(
    readings,
    {
      weights: blend.weights,
      prior: snapshot.book.medianHealth ?? configuration.prior,
      asOf: snapshot.asOf,
      isUsageTold: snapshot.usage !== null,
      lastGood: history?.lastGood ?? {},
      caps: caps.map((cap) => inWords(cap, today)),
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
      overrideProblem: manual.problem,
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
      profile: blend.title,
      coverage: rounded(scored.coverage, 3),
      confidence: scored.confidence,
      dimensions,
      caps: scored.caps.map(({ id, limit, because }) => ({ id, limit, because })),
      drivers: scored.drivers,
      movers: moversOf(history?.points ?? [], scored.drivers, today, configuration.movers),
      reason,
      override,
      ...(manual.problem === null ? {} : { overrideProblem: `${manual.problem.because} ${manual.problem.remedy}` }),
    },
    history: {
      ...state,
      dayBefore: yesterday,
      // A week more than is looked back, so that a day or two without an assessment does not hide it.
      days: withDay(days, today, score, Math.max(configuration.trend.days, configuration.bands.fall.days) + 7),
      lastGood: withLastGood(history?.lastGood ?? {}, readings, snapshot.asOf, configuration),
      points: withPoint(history?.points ?? [], scored.drivers, today, configuration.movers),
    },
    held: {
      seen,
      profile: profile.id,
      profileTitle: profile.title,
      blend: blend.held,
      inapplicable: readings.filter(({ reading }) => reading.state === 'na').map(({ measure }) => measure.id),
      decisionOn,
      caps,
      override: manual.held,
      ...toldBy(snapshot),
    },
  };
}

/** The state at the end of the last assessed day before today: an assessment replaces an earlier one of the same day. */
function stateBefore(history: AccountHistory | null, today: CalendarDate): DayState | null {
  if (history === null) return null;
  if (history.lastOn >= today) return history.dayBefore ?? null;
  const { lastOn, ewma, band, bandSinceOn, previousBand, daysWorse, daysBetter } = history;
  return { lastOn, ewma, band, bandSinceOn, previousBand: previousBand ?? null, daysWorse, daysBetter };
}

const LISTS = [
  'activities',
  'contacts',
  'contracts',
  'deals',
  'tickets',
  'usage',
  'surveys',
  'milestones',
] as const satisfies readonly SourceName[];

function seenSources(snapshot: AccountSnapshot): readonly SeenSource[] {
  const seen = snapshot.history?.held?.seen ?? [];
  const read: SeenSource[] = LISTS.filter((list) => snapshot[list] !== null);
  if (snapshot.invoices !== null) read.push('billing');
  if (snapshot.ownTasks !== null) read.push('tasks');
  if (statedSeats(snapshot) !== null) read.push('seats');
  return read.every((source) => seen.includes(source)) ? seen : [...new Set([...seen, ...read])].sort();
}

function decisionDate(snapshot: AccountSnapshot, renewal: Renewal): CalendarDate | null {
  const held = snapshot.history?.held;
  return held !== undefined && isTermLost(snapshot) ? held.decisionOn : (renewal.next?.decisionOn ?? null);
}

interface ProfileContext {
  readonly snapshot: AccountSnapshot;
  readonly renewal: Renewal;
  readonly decisionOn: CalendarDate | null;
  readonly seen: readonly SeenSource[];
  readonly rates: ExchangeRates;
}

/** The profile; while its facts cannot be read, the last one, because another one could weigh a bad measure less. */
function profileOf(
  { snapshot, renewal, decisionOn, seen, rates }: ProfileContext,
  { profiles }: HealthConfiguration,
): Profile {
  const hasUsage = seen.includes('usage') || seen.includes('seats');
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
    annualValue: value === null ? null : toHomeMajor(value, snapshot.currency, rates),
    segment: account.segment,
  };
  return toProfile(findProfileId(facts, profiles), hasUsage, profiles);
}

interface Blend {
  readonly title: string;
  readonly weights: Weights;
  readonly held: NonNullable<HeldFacts['blend']> | null;
}

/**
 * The profile's weights; for some days after a change, weights on the way from the earlier profile to it, so that a
 * score does not jump because a date was passed. A change on the day it began is not a change.
 */
function blendOf(snapshot: AccountSnapshot, profile: Profile, { profiles }: HealthConfiguration): Blend {
  const { today } = snapshot;
  const last = snapshot.history?.held;
  const running = last?.blend ?? null;
  const settled = { title: profile.title, weights: profile.weights, held: null };
  if (last?.profileTitle === undefined) return settled;
  let held = running;
  if (last.profileTitle !== profile.title) {
    const startOfDay = running?.sinceOn === today ? running.from : last.profileTitle;
    held = { from: startOfDay, sinceOn: today };
  }
  if (held === null || held.from === profile.title) return settled;
  const from = profileOfTitle(held.from, profiles);
  const share = (daysBetween(held.sinceOn, today) + 1) / profiles.blendDays;
  if (from === null || share >= 1) return settled;
  return {
    title: `${profile.title} (from ${from.title})`,
    weights: blended(from.weights, profile.weights, share),
    held,
  };
}

/** As the CRM states it; null leaves it to the days since the start. */
function isOnboarding({ account, today }: AccountSnapshot): boolean | null {
  if (account.lifecycle === 'onboarding') return true;
  if (account.liveOn !== null && account.liveOn > today) return true;
  return null;
}
