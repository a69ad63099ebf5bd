import type { Churn, Expansion, ExpansionBand, Health, Renewal } from '../model/assessment.ts';
import { daysBetween } from '../model/calendar-date.ts';
import { addMoney, type Money } from '../model/money.ts';
import type { ExchangeRates } from '../model/rates.ts';
import { toHomeCurrency } from '../model/rates.ts';
import type { AccountSnapshot, OwnTask } from '../model/snapshot.ts';
import { closedChanges, openChanges } from '../measures/facts/commercial-changes.ts';
import { overdueOf } from '../measures/facts/overdue.ts';
import { daysAgo, localDay } from '../measures/facts/local-day.ts';
import { takenSeats } from '../measures/facts/seats.ts';
import { urgentTicketsOf } from '../measures/facts/urgent-tickets.ts';
import { urgentSentence } from '../measures/s2-urgent-tickets.ts';
import { dayText, decimalText, nameText } from '../measures/wording.ts';
import type { UsageWindows } from '../usage/configuration.ts';
import type { ExpansionConfiguration } from './configuration.ts';
import { chanceAt, curveOf } from './learn.ts';
import { priceOf } from './peers.ts';
import type { Signals } from './signals.ts';
import { signalsOf } from './signals.ts';
import { meteredUse } from './signals-in-usage.ts';
import { wonExpansionsOf } from './won-expansions.ts';

export interface ExpansionContext {
  readonly snapshot: AccountSnapshot;
  readonly health: Pick<Health, 'score' | 'band' | 'override' | 'profile'>;
  readonly renewal: Renewal;
  readonly churn: Pick<Churn, 'probability90d'>;
  readonly rates: ExchangeRates;
  readonly usageWindows: UsageWindows;
}

export interface ExpansionAssessment {
  readonly expansion: Expansion;
  readonly held: Signals['held'];
}

/**
 * Room to grow, and whether now is the time to ask. `hot` says what the account alone deserves: whether it is among its
 * owner's best is for the book to decide. A blocker is named whenever there is a signal; an account with too few points
 * to be asked is `cold` all the same.
 */
export function assessExpansion(context: ExpansionContext, configuration: ExpansionConfiguration): ExpansionAssessment {
  const signals = signalsOf(context.snapshot, context.health.band, context.usageWindows, configuration);
  const score = scoreOf(signals);
  const blocker = score === 0 ? null : blockerOf(context, signals, configuration);
  const band = bandOf(score, blocker, configuration);
  const model = context.snapshot.book.expansionModel ?? null;
  const isLearned = model !== null && model.curve !== null;
  const chance = chanceAt(score, curveOf(model, configuration.probability));
  const won = wonExpansionsOf(context.snapshot);
  return {
    expansion: {
      score,
      band,
      bandAlone: band,
      signals: signals.found,
      blocker,
      expectedValue: expectedValue(context, signals, chance, configuration),
      status: isLearned ? 'calibrated' : 'provisional',
      ...(isLearned && { chance: { probability: Math.round(chance * 10_000) / 10_000, days: model.withinDays } }),
      ...(won !== null && won.length > 0 && { won }),
    },
    held: signals.held,
  };
}

function scoreOf({ found }: Signals): number {
  const sum = found.reduce((total, { points }) => total + points, 0);
  return Math.min(100, Math.round(sum * 10) / 10);
}

function bandOf(score: number, blocker: string | null, configuration: ExpansionConfiguration): ExpansionBand {
  if (score < configuration.warmFrom) return 'cold';
  if (blocker !== null) return 'blocked';
  return score >= configuration.hotFrom ? 'hot' : 'warm';
}

/** The first guard that stands in the way. What cannot be read does not block: the person who asks will know. */
function blockerOf(
  { snapshot, health, renewal, usageWindows }: ExpansionContext,
  { found }: Signals,
  { guards, seats }: ExpansionConfiguration,
): string | null {
  const { today } = snapshot;
  const isFull = (takenSeats(snapshot, usageWindows)?.ratio ?? 0) >= seats.full;
  const hasAsked = found.some(({ id }) => id === 'E10');
  const needed = isFull || hasAsked ? guards.healthWhenAsked : guards.health;
  // The band is asked beside the score: a person may have set it, and it leaves red only days after the score did.
  const isRed = health.band === 'red';
  if (isRed && health.override !== null) {
    return `Health is set to red by hand until ${dayText(health.override.untilOn, today)}; expansion waits.`;
  }
  if (health.score === null) return 'Too little is known to tell whether the account is healthy.';
  if (health.score < needed) return `Health is ${decimalText(health.score)}; expansion waits for ${needed}.`;
  if (isRed) return `Health is still red, at ${decimalText(health.score)}; expansion waits until it is out of the red.`;
  const urgent = urgentTicketsOf(snapshot) ?? [];
  if (urgent.length > 0) return urgentSentence(urgent);
  if (health.profile.startsWith('onboarding')) return 'Onboarding is not done.';
  const owed = overdueOf(snapshot);
  if (owed !== null && owed.days > guards.overdueDays) return owed.because;
  const tasks = snapshot.ownTasks ?? [];
  const isUnderWay = ({ state }: OwnTask): boolean => state === 'open' || state === 'creating';
  // Firings of plays are read after an account is judged, and reading them here would be one more read for each. One that
  // only suggests has no tasks: what stands in the way then is the red band itself.
  if (tasks.some((task) => guards.rescuePlays.includes(task.play) && isUnderWay(task))) {
    return 'A rescue of the account is under way.';
  }
  const [open] = openChanges(snapshot, 'expansion');
  if (open !== undefined) return `An expansion deal is open already (${nameText(open.name, 'without a name')}).`;
  const lost = closedChanges(snapshot, 'lost', guards.lostDays).find(({ kind }) => kind === 'expansion');
  if (lost !== undefined) return `An expansion was declined on ${dayText(lost.closeOn, today)}.`;
  // An ask under way does not stand in its own way: only one that a person has brought to its end does, for a while.
  const underWay = new Set(tasks.filter(isUnderWay).map(({ play }) => play));
  const asked = tasks
    .filter(({ play, state }) => guards.askPlays.includes(play) && state === 'done' && !underWay.has(play))
    .map(({ updatedAt }) => updatedAt)
    .sort()
    .at(-1);
  if (asked !== undefined && asked >= daysAgo(guards.askedDays, snapshot)) {
    return `The customer was asked on ${dayText(localDay(asked, snapshot), today)}.`;
  }
  const next = renewal.next;
  const days = next === null || next.type === 'monthly' ? null : daysBetween(today, next.decisionOn);
  if (next !== null && days !== null && days >= 0 && days <= guards.decisionDays) {
    return `The renewal is decided on ${dayText(next.decisionOn, today)}; bundle it there.`;
  }
  return null;
}

/**
 * Chance of an expansion × what the account lacks × chance that the account stays: more of what it buys at today's price,
 * and what peers own at the price that peers pay. Null where neither has a price, or without a churn probability.
 */
function expectedValue(
  context: ExpansionContext,
  { lacking }: Signals,
  expansionChance: number,
  configuration: ExpansionConfiguration,
): Money | null {
  const { snapshot, churn, rates } = context;
  if (churn.probability90d === null) return null;
  const chance = expansionChance * (1 - churn.probability90d);
  const worths = [moreWorth(context, chance, configuration), peersWorth(snapshot, lacking, chance, configuration)]
    .filter((worth) => worth !== null)
    .map((worth) => toHomeCurrency(worth, snapshot.currency, rates) ?? worth);
  // What is in a currency that the other cannot be brought to is left out: it cannot be added.
  return addMoney(worths.filter(({ currency }) => currency === worths[0]?.currency));
}

/** More of what they buy. Null without a price, and while neither seats nor metered use give a reason for more. */
function moreWorth(context: ExpansionContext, chance: number, configuration: ExpansionConfiguration): Money | null {
  const { arr } = context.snapshot.account;
  const lacking = lackingShare(context, configuration);
  if (arr === null || lacking === null) return null;
  return { minor: Math.round(chance * arr.minor * lacking), currency: arr.currency };
}

function peersWorth(
  snapshot: AccountSnapshot,
  lacking: Signals['lacking'],
  chance: number,
  configuration: ExpansionConfiguration,
): Money | null {
  const price = priceOf(lacking, snapshot, configuration);
  return price === null ? null : { minor: Math.round(chance * price.minor), currency: price.currency };
}

/**
 * What the account lacks as a share of what it buys, at today's price: seats missing to a comfortable use, or what metered
 * use will exceed its limit by if it goes on as it did from the last cycle to this one. The larger of the two, because
 * either takes all recurring revenue for the price of what it counts. Null where neither is near its limit.
 */
function lackingShare(
  { snapshot, usageWindows }: ExpansionContext,
  configuration: ExpansionConfiguration,
): number | null {
  const shares: number[] = [];
  const { steps, comfortable } = configuration.seats;
  const taken = takenSeats(snapshot, usageWindows);
  if (taken !== null && taken.ratio >= (steps.at(-1)?.from ?? 1)) {
    shares.push(Math.max(0, Math.ceil(taken.used / comfortable) - taken.paid) / taken.paid);
  }
  for (const { points, ratio, ratioBefore } of meteredUse(snapshot, configuration)) {
    if (points !== null) shares.push(Math.max(0, ratio + Math.max(0, ratio - ratioBefore) - 1));
  }
  return shares.length === 0 ? null : Math.max(...shares);
}
