import type { Churn, Health, Renewal, RiskLevel } from '../model/assessment.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import type { ExchangeRates } from '../model/rates.ts';
import { toHomeCurrency } from '../model/rates.ts';
import type { Segment } from '../model/records.ts';
import type { AccountSnapshot, BookFacts, HeldFacts } from '../model/snapshot.ts';
import type { ChampionSettings } from '../measures/facts/champion.ts';
import { dayText } from '../measures/wording.ts';
import type { CapConfiguration } from '../scoring/caps.ts';
import { inWords, isCancelled } from '../scoring/caps.ts';
import { rounded } from '../scoring/health.ts';
import type { ChurnConfiguration } from './configuration.ts';
import type { Effect } from './effects.ts';
import { effectsOf } from './effects.ts';
import { sigmoid } from './logistic.ts';
import { heldProbability, predict } from './model.ts';
import { reasonOf } from './reason.ts';

export interface ChurnContext {
  readonly snapshot: AccountSnapshot;
  readonly health: Pick<Health, 'score' | 'trend' | 'delta28d' | 'drivers'>;
  /** Over which `delta28d` is told. */
  readonly trendDays: number;
  readonly renewal: Renewal;
  readonly segment: Segment;
  readonly champion: ChampionSettings;
  /** How long an effect holds whose records cannot be read any more: as long as a cap. */
  readonly caps: Pick<CapConfiguration, 'holdDays'>;
  readonly rates: ExchangeRates;
}

export interface ChurnAssessment {
  readonly churn: Churn;
  /** For the next assessment. */
  readonly held: Pick<HeldFacts, 'effects'>;
}

/**
 * Probability that the account is lost: the segment's base rate, moved by health and by named effects; once enough terms
 * were decided, by how these have really moved it. Null without a health score, unless the customer gave notice.
 *
 * `probability90d` counts a decision only when it falls into the horizon; `atDecision`, `risk` and `arrAtRisk` look at
 * the next decision whenever it is, because that is what can still be changed. `riskAlone` says what the account alone
 * deserves: whether the owner has hands for it is for the book to decide. The snapshot is to be `asTold`, and the renewal
 * that of it.
 */
export function assessChurn(context: ChurnContext, configuration: ChurnConfiguration): ChurnAssessment {
  const effects = effectsOf({ ...context, configuration });
  const held = effects.map(({ id, because, toldOn }) => ({ id, because, toldOn }));
  return { churn: churnBy(effects, context, configuration), held: { effects: held } };
}

function churnBy(effects: readonly Effect[], context: ChurnContext, configuration: ChurnConfiguration): Churn {
  const { snapshot, health, renewal, segment, rates } = context;
  const status = statusOf(snapshot.book);
  const stated = renewal.next?.targetArr ?? snapshot.account.arr;
  const revenue = stated === null ? null : (toHomeCurrency(stated, snapshot.currency, rates) ?? stated);
  const { cancelledOn } = snapshot.account;
  const decisionOn = renewal.next?.decisionOn ?? null;
  const days = decisionOn === null ? null : daysBetween(snapshot.today, decisionOn);
  if (cancelledOn !== null && isCancelled(snapshot)) {
    const because = `Raises the risk: the customer gave notice on ${dayText(cancelledOn, snapshot.today)}.`;
    const p = configuration.cancelled;
    const reason = reasonOf(health.drivers, effects, configuration);
    const arrAtRisk = share(revenue, p);
    return {
      probability90d: p,
      interval90d: null,
      horizons: configuration.horizons.map((days) => ({ days, probability: p })),
      monthsToLoss: days === null ? null : rounded(Math.max(0, days) / DAYS_OF_MONTH, 1),
      atDecision: p,
      risk: 'high',
      riskAlone: 'high',
      status,
      arrAtRisk,
      saveValue: share(arrAtRisk, configuration.savability[reason]),
      reason,
      because: [because],
    };
  }
  if (health.score === null) {
    return {
      probability90d: null,
      interval90d: null,
      horizons: [],
      monthsToLoss: null,
      atDecision: null,
      risk: 'unknown',
      riskAlone: 'unknown',
      status,
      arrAtRisk: null,
      saveValue: null,
      reason: null,
      because: [],
    };
  }
  const isMonthly = renewal.next?.type === 'monthly';
  const prior = isMonthly ? configuration.perMonth[segment] : configuration.perTerm[segment];
  const base = baseRate(prior, snapshot.book, configuration);
  const term = chanceOfTerm(context, health.score, base, effects, configuration);
  const horizon = configuration.horizonDays;
  const within = (span: number, p: number): number =>
    isMonthly ? repeated(p, span / DAYS_OF_MONTH) : withinSpan(p, days, span, configuration);
  const within90d = (p: number): number => within(horizon, p);
  // A month's chance says little; what a monthly customer puts at risk is seen over the horizon.
  const p = isMonthly ? within90d(term.p) : term.p;
  const risk = riskOf(p, isMonthly ? repeated(base, horizon / DAYS_OF_MONTH) : base, configuration);
  const reason = risk === 'low' ? null : reasonOf(health.drivers, effects, configuration);
  const arrAtRisk = share(revenue, p);
  return {
    probability90d: rounded(within90d(term.p), 4),
    interval90d: { low: rounded(within90d(term.low), 4), high: rounded(within90d(term.high), 4) },
    horizons: configuration.horizons.map((span) => ({ days: span, probability: rounded(within(span, term.p), 4) })),
    monthsToLoss: monthsToLoss(term.p, isMonthly, days, configuration),
    atDecision: rounded(p, 4),
    risk,
    riskAlone: risk,
    status,
    arrAtRisk,
    saveValue: reason === null ? null : share(arrAtRisk, configuration.savability[reason]),
    reason,
    because: effects
      .map((effect) => inWords(effect, snapshot.today))
      .map(({ size, because }) => `${size > 0 ? 'Raises' : 'Lowers'} the risk: ${lowerFirst(because)}`),
  };
}

/**
 * How far chances have been tried: what was learned starts as `calibrating`, and all of it is `validated` once what was told
 * before has been held against how it went. What turned out no better than the rate of loss stays `degraded`.
 */
export function statusOf({ churnModel, isValidated }: Pick<BookFacts, 'churnModel' | 'isValidated'>): Churn['status'] {
  const learned = churnModel?.status ?? 'cold_start';
  return isValidated === true && learned !== 'degraded' ? 'validated' : learned;
}

interface Chance {
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

/**
 * By what was learned where that is any good, else by the rules. A month is not a term: what was learned from terms says
 * nothing of it.
 */
function chanceOfTerm(
  { snapshot, renewal }: ChurnContext,
  health: number,
  base: number,
  effects: readonly Effect[],
  configuration: ChurnConfiguration,
): Chance {
  const model = snapshot.book.churnModel ?? null;
  const { intervalWidth, doubt, priorTerms } = configuration;
  if (model !== null && model.status !== 'degraded' && renewal.next?.type !== 'monthly') {
    const features = { baseRate: base, health, effects: effects.map(({ id }) => id) };
    const { logit, deviation } = predict(model, features, configuration);
    const at = (z: number): number => heldProbability(logit + z * deviation, configuration);
    return { p: at(0), low: at(-intervalWidth), high: at(intervalWidth) };
  }
  const p = termProbability(base, health, effects, configuration);
  const terms = priorTerms + snapshot.book.closedTerms;
  const deviation = Math.sqrt(doubt ** 2 + 1 / (terms * base * (1 - base)));
  const logit = Math.log(p / (1 - p));
  return {
    p,
    low: heldProbability(logit - intervalWidth * deviation, configuration),
    high: heldProbability(logit + intervalWidth * deviation, configuration),
  };
}

/** The segment's rate, drawn to what the customer's own closed terms show. */
export function baseRate(
  prior: number,
  { closedTerms, churnedTerms }: Pick<BookFacts, 'closedTerms' | 'churnedTerms'>,
  { priorTerms }: Pick<ChurnConfiguration, 'priorTerms'>,
): number {
  return (priorTerms * prior + churnedTerms) / (priorTerms + closedTerms);
}

/** Probability that a term is lost when it is decided. `health` is 0 to 100; effects are log-odds. */
export function termProbability(
  base: number,
  health: number,
  effects: readonly { readonly size: number }[],
  configuration: ChurnConfiguration,
): number {
  const { effectLimit, perHealthPoint, pivot, lowest, highest } = configuration;
  const sum = effects.reduce((total, { size }) => total + size, 0);
  const held = Math.max(-effectLimit, Math.min(effectLimit, sum));
  const logit = Math.log(base / (1 - base)) - perHealthPoint * (health - pivot) + held;
  return Math.max(lowest, Math.min(highest, sigmoid(logit)));
}

/** A month as chances per month are counted. */
const DAYS_OF_MONTH = 30;

/** Without a date the decision may fall on any day of the year. */
function withinSpan(p: number, days: number | null, span: number, { earlyEndPerMonth }: ChurnConfiguration): number {
  if (days === null) return repeated(p, span / 365);
  return days <= span ? p : repeated(earlyEndPerMonth, span / DAYS_OF_MONTH);
}

/**
 * When a loss would come: at the decision or before it, each by how likely it is; one before it comes half way, on average.
 * A monthly customer may leave in any month.
 */
function monthsToLoss(
  p: number,
  isMonthly: boolean,
  days: number | null,
  { earlyEndPerMonth }: ChurnConfiguration,
): number | null {
  if (isMonthly) return rounded(1 / p, 1);
  if (days === null) return null;
  const months = Math.max(0, days) / DAYS_OF_MONTH;
  const early = repeated(earlyEndPerMonth, months);
  const late = (1 - early) * p;
  return rounded((early * (months / 2) + late * months) / (early + late), 1);
}

/** The chance of at least one in so many periods, each with chance `p`. */
const repeated = (p: number, periods: number): number => 1 - (1 - p) ** periods;

function riskOf(p: number, base: number, { risk }: ChurnConfiguration): RiskLevel {
  if (p >= Math.max(risk.highTimes * base, risk.highFrom)) return 'high';
  return p >= risk.mediumTimes * base ? 'medium' : 'low';
}

function share(amount: Money | null, part: number): Money | null {
  return amount === null ? null : { minor: Math.round(amount.minor * part), currency: amount.currency };
}

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
