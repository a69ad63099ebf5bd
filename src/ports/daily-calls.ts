import type { Instant } from '../core/model/calendar-date.ts';

/** How much of a CRM's calls of a day are used, as it last said. */
export interface DailyCalls {
  /** What it allows all of the customer's apps together. */
  readonly max: number;
  /** Those of Holdfast. */
  readonly ours: number;
  /** Those of all apps, ours included; null where the CRM did not say. */
  readonly all: number | null;
  /** How many Holdfast may make: its share. */
  readonly share: number;
  readonly at: Instant;
}
