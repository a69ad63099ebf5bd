import type { CalendarDate, Instant } from '../../model/calendar-date.ts';
import { addDays, daysBetween } from '../../model/calendar-date.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';

/**
 * The day an instant falls on where the customer is. The same as `dayOf`, at a fifth of its cost, because measures ask
 * for it several times an account. Throws a RangeError on a time zone that does not exist.
 */
export function localDay(at: Instant, snapshot: Pick<AccountSnapshot, 'timeZone'>): CalendarDate {
  // Swedish writes dates as YYYY-MM-DD.
  return formatOf(snapshot.timeZone).format(Date.parse(at)) as CalendarDate;
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
  return `${addDays(today, -days)}T00:00:00.000Z`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format;
}
