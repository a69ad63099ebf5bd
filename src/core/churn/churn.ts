import type { Churn, Health, Renewal } from '../model/assessment.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import type { Segment } from '../model/records.ts';
import type { AccountSnapshot, BookFacts } from '../model/snapshot.ts';
import type { ChampionSettings } from '../measures/facts/champion.ts';
import { dayText } from '../measures/wording.ts';
import { isCancelled } from '../scoring/caps.ts';
import { rounded } from '../scoring/health.ts';
import type { ChurnConfiguration } from './configuration.ts';
import { effectsOf } from './effects.ts';

export interface ChurnContext {
  readonly snapshot: AccountSnapshot;
  readonly health: Pick<Health, 'score' | 'trend' | 'delta28d'>;
  readonly renewal: Renewal;
  readonly segment: Segment;
  readonly champion: ChampionSettings;
}

/**
 * Probability that the account is lost, by rules alone (tier 0): the segment's base rate, moved by health and by named
 * effects. Null without a health score, unless the customer gave notice.
 *
 * `probability90d` counts a decision only when it falls into the horizon; `risk` and `arrAtRisk` look at the next
 * decision whenever it is, because that is what can still be changed. `high` says what the account alone deserves:
 * whether the owner has hands for it is for the book to decide.
 */
export function assessChurn(context: ChurnContext, configuration: ChurnConfiguration): Churn {
  const { snapshot, health, renewal, segment } = context;
  const status = 'cold_start';
  const revenue = renewal.next?.targetArr ?? snapshot.account.arr;
  const { cancelledOn } = snapshot.account;
  if (cancelledOn !== null && isCancelled(snapshot)) {
    const because = `Raises the risk: the customer gave notice on ${dayText(cancelledOn, snapshot.today)}.`;
    const p = configuration.cancelled;
    return { probability90d: p, risk: 'high', status, arrAtRisk: share(revenue, p), because: [because] };
  }
  if (health.score === null) {
    return { probability90d: null, risk: 'unknown', status, arrAtRisk: null, because: [] };
  }
  const isMonthly = renewal.next?.type === 'monthly';
  const prior = isMonthly ? configuration.perMonth[segment] : configuration.perTerm[segment];
  const base = baseRate(prior, snapshot.book, configuration);
  const effects = effectsOf({ ...context, configuration });
  const atDecision = termProbability(base, health.score, effects, configuration);
  const horizon = configuration.horizonDays;
  const decisionOn = renewal.next?.decisionOn ?? null;
  const days = decisionOn === null ? null : daysBetween(snapshot.today, decisionOn);
  const within90d = isMonthly ? repeated(atDecision, horizon / 30) : withinHorizon(atDecision, days, configuration);
  // A month's chance says little; what a monthly customer puts at risk is seen over the horizon.
  const p = isMonthly ? within90d : atDecision;
  return {
    probability90d: rounded(within90d, 4),
    risk: riskOf(p, isMonthly ? repeated(base, horizon / 30) : base, configuration),
    status,
    arrAtRisk: share(revenue, p),
    because: effects.map(({ size, because }) => `${size > 0 ? 'Raises' : 'Lowers'} the risk: ${lowerFirst(because)}`),
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
  return Math.max(lowest, Math.min(highest, 1 / (1 + Math.exp(-logit))));
}

/** Without a date the decision may fall on any day of the year. */
function withinHorizon(p: number, days: number | null, { horizonDays, earlyEndPerMonth }: ChurnConfiguration): number {
  if (days === null) return repeated(p, horizonDays / 365);
  return days <= horizonDays ? p : repeated(earlyEndPerMonth, horizonDays / 30);
}

/** The chance of at least one in so many periods, each with chance `p`. */
const repeated = (p: number, periods: number): number => 1 - (1 - p) ** periods;

function riskOf(p: number, base: number, { risk }: ChurnConfiguration): Churn['risk'] {
  if (p >= Math.max(risk.highTimes * base, risk.highFrom)) return 'high';
  return p >= risk.mediumTimes * base ? 'medium' : 'low';
}

function share(amount: Money | null, part: number): Money | null {
  return amount === null ? null : { minor: Math.round(amount.minor * part), currency: amount.currency };
}

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
