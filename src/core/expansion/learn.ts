import type { CalendarDate } from '../model/calendar-date.ts';
import { fitLogistic, sigmoid } from '../churn/logistic.ts';
import type { ExpansionConfiguration, ExpansionCurve } from './configuration.ts';

/** Of the accounts that had one score at the end of a month, those that won an expansion in the days after. */
export interface ExpansionCount {
  /** In whole points. */
  readonly score: number;
  readonly accounts: number;
  readonly won: number;
}

/** What was learned from the expansions that the customer won. Plain values, so that it can be stored with what it decided. */
export interface ExpansionModel {
  readonly trainedOn: CalendarDate;
  /** The chance is one within so many days. */
  readonly withinDays: number;
  /** Accounts at the end of a month, each month anew. */
  readonly accounts: number;
  /** Different expansions that were won in the days after. */
  readonly expansions: number;
  /** What bends the default while there are too few: each day counts once, however many months look ahead to it. */
  readonly evidence: {
    readonly won: number;
    /** So many accounts with the score `pivot` would win as much by the default as these accounts, whatever their scores. */
    readonly alike: number;
  };
  /** Null while there are too few. */
  readonly curve: ExpansionCurve | null;
}

type Probability = ExpansionConfiguration['probability'];

const MONTH_DAYS = 365.25 / 12;

/**
 * Learns how the chance of an expansion grows with the score: a logistic curve (Platt) that is drawn to the default one
 * and never falls. The order of counts makes no difference. `expansions` are the different ones behind the counts.
 */
export function learnExpansion(
  counts: readonly ExpansionCount[],
  expansions: number,
  trainedOn: CalendarDate,
  probability: Probability,
): ExpansionModel {
  const { withinDays, leastExpansions } = probability.learning;
  const sums = sumsOf(counts);
  // Each month looks further ahead than to the next one, so that one expansion is seen from several.
  const share = Math.min(1, MONTH_DAYS / withinDays);
  let [accounts, won, expected] = [0, 0, 0];
  for (const one of sums) {
    accounts += one.accounts;
    won += one.won;
    expected += one.accounts * chanceAt(one.score, probability);
  }
  return {
    trainedOn,
    withinDays,
    accounts,
    expansions,
    evidence: { won: won * share, alike: (expected / probability.at) * share },
    curve: expansions < leastExpansions ? null : fitCurve(sums, share, probability),
  };
}

/**
 * What chances go by: the curve that was learned; while there are too few expansions, the default one with its chance at
 * `pivot` drawn to what was seen. Without a single one it stays as it is: somebody who marks no deal as an expansion
 * has not shown that nobody expands.
 */
export function curveOf(model: ExpansionModel | null, probability: Probability): ExpansionCurve {
  if (model === null || model.expansions === 0) return probability;
  if (model.curve !== null) return model.curve;
  const { won, alike } = model.evidence;
  const { priorAccounts } = probability.learning;
  const at = (priorAccounts * probability.at + won) / (priorAccounts + Math.max(won, alike));
  return { at, pivot: probability.pivot, perPoint: probability.perPoint };
}

/** 0 to 1, by a curve, for a score of 0 to 100. */
export function chanceAt(score: number, { at, pivot, perPoint }: ExpansionCurve): number {
  return sigmoid(logOddsOf(at) + perPoint * (score - pivot));
}

/** One count per score, the lowest first. */
function sumsOf(counts: readonly ExpansionCount[]): readonly ExpansionCount[] {
  const sums = new Map<number, ExpansionCount>();
  for (const { score, accounts, won } of counts) {
    const sum = sums.get(score) ?? { score, accounts: 0, won: 0 };
    sums.set(score, { score, accounts: sum.accounts + accounts, won: sum.won + won });
  }
  return [...sums.values()].filter(({ accounts }) => accounts > 0).sort((a, b) => a.score - b.score);
}

function fitCurve(counts: readonly ExpansionCount[], share: number, probability: Probability): ExpansionCurve {
  const { at, pivot, perPoint, learning } = probability;
  const spread = learning.priorSpread;
  const rows = counts.map(({ score, accounts, won }) => ({
    x: [1, (score - pivot) / 10],
    offset: 0,
    y: won / accounts,
    weight: accounts * share,
  }));
  const [level = 0, perTen = 0] = fitLogistic(rows, { means: [logOddsOf(at), perPoint * 10], spread }).coefficients;
  if (perTen >= 0) return { at: sigmoid(level), pivot, perPoint: perTen / 10 };
  // More signs never make an expansion less likely: at best the score says nothing.
  const flat = rows.map((row) => ({ ...row, x: [1] }));
  const [base = 0] = fitLogistic(flat, { means: [logOddsOf(at)], spread }).coefficients;
  return { at: sigmoid(base), pivot, perPoint: 0 };
}

const logOddsOf = (chance: number): number => Math.log(chance / (1 - chance));
