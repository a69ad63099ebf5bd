import type { Instant } from '../core/model/calendar-date.ts';

/** What time it is. Tests and the demo hold their own. */
export interface Clock {
  now(): Instant;
}
