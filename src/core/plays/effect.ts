import { rateInterval, type Interval } from '../churn/uncertainty.ts';
import type { Arm } from './hold-out.ts';
import type { PlayOutcome } from './play-run.ts';

/** Firings that ended, by how they did; an outcome that never came is absent. */
export type OutcomeCounts = Readonly<Partial<Record<PlayOutcome, number>>>;

/** What the tasks of a play change, as far as its firings tell. */
export interface PlayEffect {
  readonly treat: ArmResult;
  readonly holdout: ArmResult;
  /** Share of `treat` − share of `holdout`, −1 to 1; null while one of them has too few. */
  readonly uplift: ({ readonly share: number } & Interval) | null;
}

export interface ArmResult {
  /** Firings that ended and count. */
  readonly firings: number;
  /** Those among them whose reason went away, whether somebody worked on it or not. */
  readonly gone: number;
  /** Gone of all, 0 to 1; null while one of the arms has too few. */
  readonly rate: ({ readonly share: number } & Interval) | null;
}

const GONE: readonly PlayOutcome[] = ['resolved', 'recovered'];
/** Ended by another play or by the admin, on either side alike: nothing is known of what would have become of them. */
const CUT_SHORT: readonly PlayOutcome[] = ['superseded', 'switched-off'];

/**
 * How often the reason went away where people got the tasks of a play and where they did not. Whatever else a person ended,
 * and what ended because its tasks were completed, counts as not gone, so that the effect is never told too large.
 * Nothing is said of fewer than `least` firings on either side. `deviations` is how far intervals reach on either side, in
 * standard deviations (Wilson; Newcombe 1998, method 10, for the difference).
 */
export function effectOf(
  arms: Readonly<Partial<Record<Arm, OutcomeCounts>>>,
  least: number,
  deviations: number,
): PlayEffect {
  const treat = countsOf(arms.treat ?? {});
  const holdout = countsOf(arms.holdout ?? {});
  const isEnough = Math.min(treat.firings, holdout.firings) >= least;
  const treated = isEnough ? rateOf(treat, deviations) : null;
  const held = isEnough ? rateOf(holdout, deviations) : null;
  return {
    treat: { ...treat, rate: treated },
    holdout: { ...holdout, rate: held },
    uplift: treated === null || held === null ? null : difference(treated, held),
  };
}

type Rate = NonNullable<ArmResult['rate']>;

function countsOf(outcomes: OutcomeCounts): Pick<ArmResult, 'firings' | 'gone'> {
  const sum = (counts: (outcome: PlayOutcome) => boolean): number =>
    (Object.keys(outcomes) as PlayOutcome[]).reduce(
      (all, outcome) => (counts(outcome) ? all + (outcomes[outcome] ?? 0) : all),
      0,
    );
  return {
    firings: sum((outcome) => !CUT_SHORT.includes(outcome)),
    gone: sum((outcome) => GONE.includes(outcome)),
  };
}

function rateOf({ firings, gone }: Pick<ArmResult, 'firings' | 'gone'>, deviations: number): Rate | null {
  const interval = rateInterval(gone, firings, deviations);
  return interval === null ? null : { share: gone / firings, ...interval };
}

function difference(one: Rate, other: Rate): Rate {
  const share = one.share - other.share;
  return {
    share,
    low: share - Math.hypot(one.share - one.low, other.high - other.share),
    high: share + Math.hypot(one.high - one.share, other.share - other.low),
  };
}
