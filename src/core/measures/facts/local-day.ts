import type { CalendarDate, Instant } from '../../model/calendar-date.ts';
import { addDays, dayOf, daysBetween } from '../../model/calendar-date.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';

/** The day an instant falls on where the customer is. Throws a RangeError on a time zone that does not exist. */
export function localDay(at: Instant, snapshot: Pick<AccountSnapshot, 'timeZone'>): CalendarDate {
  return dayOf(at, snapshot.timeZone);
}

/** Whole calendar days since an instant, where the customer is; 0 on the same day. */
export function daysSince(at: Instant, snapshot: Pick<AccountSnapshot, 'timeZone' | 'today'>): number {
  return daysBetween(localDay(at, snapshot), snapshot.today);
}

/**
 * Where a window of so many days begins, for comparing as text: midnight UTC of the calendar day, so that a window's
 * edge moves once a day and not while a day is assessed again.
 */
export function daysAgo(days: number, { today }: Pick<AccountSnapshot, 'today'>): Instant {
  const on = addDays(today, -days);
  let at = midnights.get(on);
  if (at === undefined) {
    at = `${on}T00:00:00.000Z`;
    if (midnights.size >= MOST_KEPT) midnights.clear();
    midnights.set(on, at);
  }
  return at;
}

/** Windows begin on the same few days for every account of a run. */
const midnights = new Map<CalendarDate, Instant>();
const MOST_KEPT = 10_000;

/** The instant so many days of 24 hours later. */
export function daysAfter(at: Instant, days: number): Instant {
  return new Date(Date.parse(at) + days * 86_400_000).toISOString();
}
