import { DateTime } from 'luxon';
import { dayOf, type Instant } from '../core/model/calendar-date.ts';
import { findAskedRun } from '../install/asked-run.ts';
import { findNextAttempt } from '../install/failures.ts';
import type { Installation, RunKind, TenantStore } from '../ports/store.ts';

/** When an installation's line runs by itself. */
export interface Schedule {
  readonly incrementalEveryMs: number;
  readonly fullEveryMs: number;
  /** The hour of the customer's day from which the daily run is due. */
  readonly dailyFromHour: number;
}

export const defaultSchedule: Schedule = {
  incrementalEveryMs: 15 * 60_000,
  fullEveryMs: 7 * 86_400_000,
  dailyFromHour: 4,
};

/**
 * Which run is due now; null when none is. Decided from what the database says has been done, so that nothing is missed
 * after a stop: a run that was cut short comes first, then the weekly, the daily and the incremental one, which a person
 * may ask for before its time.
 */
export async function findDueRun(
  store: TenantStore,
  installation: Installation,
  now: Instant,
  schedule: Schedule,
): Promise<RunKind | null> {
  if (installation.status !== 'active') return null;
  const nextAttempt = await findNextAttempt(store);
  if (nextAttempt !== null && nextAttempt > now) return null;
  const unfinished = await store.runs.unfinished();
  if (unfinished !== null) return unfinished.kind;

  const [full, daily, incremental] = await Promise.all([
    store.runs.lastGood('full'),
    store.runs.lastGood('daily'),
    store.runs.lastGood('incremental'),
  ]);
  if (full === null || isOlder(full.startedAt, now, schedule.fullEveryMs)) return 'full';

  // A full run does all that a daily one does.
  const zone = installation.facts.timeZone;
  const lastDaily = newest(full.startedAt, daily?.startedAt);
  const local = DateTime.fromISO(now, { zone });
  if (dayOf(lastDaily, zone) < dayOf(now, zone) && local.hour >= schedule.dailyFromHour) return 'daily';

  const last = newest(lastDaily, incremental?.startedAt);
  const askedAt = await findAskedRun(store);
  if (askedAt !== null && askedAt > last) return 'incremental';
  return isOlder(last, now, schedule.incrementalEveryMs) ? 'incremental' : null;
}

function newest(one: Instant, other: Instant | undefined): Instant {
  return other !== undefined && other > one ? other : one;
}

function isOlder(then: Instant, now: Instant, ms: number): boolean {
  return Date.parse(now) - Date.parse(then) >= ms;
}
