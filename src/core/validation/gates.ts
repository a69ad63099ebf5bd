import { rateInterval } from '../churn/uncertainty.ts';
import type { Band } from '../model/assessment.ts';
import { rounded } from '../scoring/health.ts';
import type { ValidationConfiguration } from './configuration.ts';
import type { JudgedTerm } from './judged-terms.ts';

/** Whether the score tells losses here, by the customer's own renewals. */
export interface GateReport {
  readonly verdict: 'validated' | 'unvalidated';
  /** What was said so many days before each decision was looked at. */
  readonly leadDays: number;
  readonly terms: {
    readonly decided: number;
    /** Those that were judged in time; only they count. */
    readonly judged: number;
    readonly lost: number;
    /** Judged by an earlier version of the configuration. */
    readonly byEarlierVersions: number;
  };
  /** Always all five, in this order. */
  readonly gates: readonly Gate[];
}

export type GateId = 'losses' | 'red_losses' | 'losses_below_green' | 'green_accounts' | 'brier_skill';

export interface Gate {
  readonly id: GateId;
  /** `unknown`: there is too little to tell by. */
  readonly state: 'passed' | 'failed' | 'unknown';
  /** A number of losses, times the rate of all, a share (0 to 1), or a skill. Null where nothing tells it. */
  readonly figure: number | null;
  /** What the figure is held against: at most this for `green_accounts`, above it for `brier_skill`, else at least. */
  readonly need: number;
  /** The lower bound of the figure, and what it has to reach; null where the figure alone decides. */
  readonly low: { readonly figure: number | null; readonly need: number } | null;
}

export interface GateFacts {
  readonly judged: readonly JudgedTerm[];
  /** All terms that were decided, also those that nobody had judged in time. */
  readonly decided: number;
  /** Today's accounts by band. */
  readonly bands: Readonly<Record<Band, number>>;
  readonly modelVersion: string;
}

/**
 * Checks every gate. Validated are only scores that pass all of them; rates of fewer losses than `leastLosses` are told,
 * and decide nothing. The order of terms makes no difference.
 */
export function checkGates(facts: GateFacts, configuration: ValidationConfiguration): GateReport {
  const { judged } = facts;
  const lost = judged.filter(({ isLost }) => isLost).length;
  const isEnough = lost >= configuration.leastLosses;
  const told = (gate: Omit<Gate, 'state'>, isPassed: boolean): Gate => ({
    ...gate,
    state: !isEnough || gate.figure === null ? 'unknown' : isPassed ? 'passed' : 'failed',
  });
  const gates: readonly Gate[] = [
    {
      id: 'losses',
      state: isEnough ? 'passed' : 'failed',
      figure: lost,
      need: configuration.leastLosses,
      low: null,
    },
    redLosses(judged, lost, configuration, told),
    lossesBelowGreen(judged, lost, configuration, told),
    greenAccounts(facts.bands, configuration),
    brierSkill(judged, configuration, told),
  ];
  return {
    verdict: gates.every(({ state }) => state === 'passed') ? 'validated' : 'unvalidated',
    leadDays: configuration.leadDays,
    terms: {
      decided: facts.decided,
      judged: judged.length,
      lost,
      byEarlierVersions: judged.filter(({ modelVersion }) => modelVersion !== facts.modelVersion).length,
    },
    gates,
  };
}

type Told = (gate: Omit<Gate, 'state'>, isPassed: boolean) => Gate;

/**
 * How many times as often as all terms those of red accounts were lost. The lower bound is Wilson's (1927) of their rate,
 * over the rate of all: 9 of 20 at a base of 15% are 3 times, 1.7 to 4.4 nineteen times in twenty.
 */
function redLosses(
  judged: readonly JudgedTerm[],
  lost: number,
  { redTimes, intervalWidth }: ValidationConfiguration,
  told: Told,
): Gate {
  const red = judged.filter(({ band }) => band === 'red');
  const lostRed = red.filter(({ isLost }) => isLost).length;
  const interval = lost === 0 ? null : rateInterval(lostRed, red.length, intervalWidth);
  // Whole numbers are multiplied first: three times is three, whatever the rates.
  const times = interval === null ? null : (lostRed * judged.length) / (red.length * lost);
  const low = interval === null ? null : (interval.low * judged.length) / lost;
  const isPassed = (times ?? 0) >= redTimes.least && (low ?? 0) >= redTimes.low;
  return told(
    { id: 'red_losses', figure: times, need: redTimes.least, low: { figure: low, need: redTimes.low } },
    isPassed,
  );
}

function lossesBelowGreen(
  judged: readonly JudgedTerm[],
  lost: number,
  { belowGreen }: ValidationConfiguration,
  told: Told,
): Gate {
  const seen = judged.filter(({ isLost, band }) => isLost && band !== 'green').length;
  const share = lost === 0 ? null : seen / lost;
  return told({ id: 'losses_below_green', figure: share, need: belowGreen, low: null }, (share ?? 0) >= belowGreen);
}

/** Of the book as it is today: no history is needed for it. Accounts without a band are left out. */
function greenAccounts(
  { green, yellow, red }: GateFacts['bands'],
  { greenAtMost }: Pick<ValidationConfiguration, 'greenAtMost'>,
): Gate {
  const banded = green + yellow + red;
  const share = banded === 0 ? null : green / banded;
  const state = share === null ? 'unknown' : share <= greenAtMost ? 'passed' : 'failed';
  return { id: 'green_accounts', state, figure: share, need: greenAtMost, low: null };
}

/**
 * 1 − Brier score of the chances that were told ÷ that of the rate of loss of the same terms: 1 for a prophet, 0 for whoever
 * tells everybody the rate. Nothing tells it while all or none of these terms were lost.
 */
function brierSkill(judged: readonly JudgedTerm[], { skillAbove }: ValidationConfiguration, told: Told): Gate {
  const chances = judged.flatMap(({ probability, isLost }) =>
    probability === null ? [] : [{ probability, outcome: isLost ? 1 : 0 }],
  );
  const rate = chances.reduce((sum, { outcome }) => sum + outcome, 0) / chances.length;
  const ofRate = chances.length * rate * (1 - rate);
  // Sorted and rounded, since sums of fractions depend on their order in the last digits.
  const errors = chances.map(({ probability, outcome }) => (probability - outcome) ** 2).sort((a, b) => a - b);
  const skill = ofRate > 0 ? rounded(1 - errors.reduce((sum, error) => sum + error, 0) / ofRate, 6) : null;
  return told({ id: 'brier_skill', figure: skill, need: skillAbove, low: null }, (skill ?? 0) > skillAbove);
}
