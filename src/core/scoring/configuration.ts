import type { MeasureConfiguration } from '../measures/index.ts';
import { defaultMeasureConfiguration } from '../measures/index.ts';
import type { SourceName } from '../model/snapshot.ts';
import type { CapConfiguration } from './caps.ts';
import { defaultCapConfiguration } from './caps.ts';
import type { MoverConfiguration } from './movers.ts';
import { defaultOverrideReasons, type OverrideReason } from './override-reasons.ts';
import type { ProfileConfiguration } from './profiles.ts';
import { defaultProfileConfiguration } from './profiles.ts';

/** Every number of the health score. Scores are 0 to 100, coverage and shares 0 to 1. */
export interface HealthConfiguration {
  readonly measures: MeasureConfiguration;
  readonly profiles: ProfileConfiguration;
  readonly caps: CapConfiguration;
  /** Neither for nor against: what old or lost readings fade to, and what contributions are counted from. */
  readonly neutral: number;
  /** Where a score without evidence begins, until the account's segment has a median. */
  readonly prior: number;
  /** The median is believed from so many scored accounts of the segment on. */
  readonly medianFrom: number;
  /** From this coverage on, a score is not drawn to the prior any more. */
  readonly fullCoverage: number;
  /** Below, or with fewer dimensions, the band is grey. */
  readonly greyBelowCoverage: number;
  readonly leastDimensions: number;
  /** Below `coverage` the score is at most `limit`, so that a guess is never green. */
  readonly lowCoverage: { readonly coverage: number; readonly limit: number };
  readonly confidence: { readonly high: number; readonly medium: number; readonly low: number };
  /** So many days after its last complete read, or after its next file was due, a source is stale. Sources not named never are. */
  readonly freshDays: Readonly<Partial<Record<SourceName, number>>>;
  /** An old reading loses half of what it has above neutral in so many days. */
  readonly staleHalfLifeDays: number;
  /** After an error the last good reading holds for so many days; then it fades like a stale one. */
  readonly errorHoldDays: number;
  readonly bands: BandConfiguration;
  readonly trend: TrendConfiguration;
  readonly movers: MoverConfiguration;
  readonly override: OverrideConfiguration;
  /** Contributions nearer to zero than this are not worth a sentence. */
  readonly leastEffect: number;
  /** So many measures the reason of a score names at most: against the account, and in its favour. */
  readonly explain: { readonly against: number; readonly inFavour: number };
}

/** Of the band that a person sets by hand. */
export interface OverrideConfiguration {
  readonly defaultDays: number;
  readonly longestDays: number;
  /** What people choose from, in this order. */
  readonly reasons: readonly OverrideReason[];
}

export interface BandConfiguration {
  /** Weight of the day's score in the moving average. */
  readonly smoothing: number;
  /** Lowest score of the band. */
  readonly green: number;
  readonly yellow: number;
  /** A band gets worse after `days` in a row more than `margin` below its edge. */
  readonly worse: { readonly days: number; readonly margin: number };
  /** A band gets better after `days` in a row at least `margin` above the next edge. */
  readonly better: { readonly days: number; readonly margin: number };
  /** A day's own score so many points below the average of so many days ago, and below the edge, does not wait. */
  readonly fall: { readonly points: number; readonly days: number };
}

export interface TrendConfiguration {
  readonly days: number;
  /** A trend is named from so many days of scores on; its points are told after `days`. */
  readonly leastDays: number;
  readonly improving: number;
  readonly declining: number;
  readonly sharp: number;
}

/** Source of the numbers: the product's health model, version 1. */
export const defaultHealthConfiguration: HealthConfiguration = {
  measures: defaultMeasureConfiguration,
  profiles: defaultProfileConfiguration,
  caps: defaultCapConfiguration,
  neutral: 60,
  prior: 65,
  medianFrom: 30,
  fullCoverage: 0.8,
  greyBelowCoverage: 0.4,
  leastDimensions: 2,
  lowCoverage: { coverage: 0.6, limit: 74 },
  confidence: { high: 0.8, medium: 0.6, low: 0.4 },
  freshDays: { accounts: 2, contacts: 2, deals: 2, contracts: 2, tickets: 2, activities: 2, billing: 2, usage: 3 },
  staleHalfLifeDays: 30,
  errorHoldDays: 7,
  bands: {
    smoothing: 0.25,
    green: 75,
    yellow: 50,
    worse: { days: 2, margin: 2 },
    better: { days: 14, margin: 6 },
    fall: { points: 15, days: 7 },
  },
  trend: { days: 28, leastDays: 7, improving: 5, declining: -5, sharp: -15 },
  movers: { days: 28, everyDays: 7, most: 3, leastChange: 0.5 },
  override: { defaultDays: 30, longestDays: 90, reasons: defaultOverrideReasons },
  leastEffect: 0.5,
  explain: { against: 3, inFavour: 2 },
};
