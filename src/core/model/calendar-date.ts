import { DateTime } from 'luxon';

declare const brand: unique symbol;

/** A day on a calendar, `2026-03-01`. Not an instant: it is the same day in every time zone. Compares as text. */
export type CalendarDate = string & { readonly [brand]: 'CalendarDate' };

/** ISO 8601 in UTC with milliseconds and `Z`. Compares as text. */
export type Instant = string;

const DAY_MS = 86_400_000;
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Reads `YYYY-MM-DD`; null when the text is not a day that exists. */
export function parseCalendarDate(text: string): CalendarDate | null {
  if (!PATTERN.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return null;
  return text as CalendarDate;
}

/** Like `parseCalendarDate`, for dates that are known to be right. Throws a RangeError on anything else. */
export function calendarDate(text: string): CalendarDate {
  const date = parseCalendarDate(text);
  if (date === null) throw new RangeError(`'${text}' is not a calendar date (YYYY-MM-DD)`);
  return date;
}

/** The day that an instant falls on in a time zone. */
export function dayOf(instant: Instant, timeZone: string): CalendarDate {
  return DateTime.fromISO(instant, { zone: timeZone }).toISODate() as CalendarDate;
}

/** The instant at which it is `hour`:00 on a day in a time zone; in a gap of daylight saving, the next instant that exists. */
export function instantOn(date: CalendarDate, hour: number, timeZone: string): Instant {
  return DateTime.fromISO(`${date}T${String(hour).padStart(2, '0')}:00:00`, { zone: timeZone })
    .toUTC()
    .toISO({ suppressMilliseconds: false }) as Instant;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as CalendarDate;
}

/** The same day of the month `months` later, or that month's last day where it is shorter (31 Jan + 1 = 28 Feb). */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ months }).toISODate() as CalendarDate;
}

/** Monday to Friday. */
export function isWeekday(date: CalendarDate): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day !== 0 && day !== 6;
}

/** The day itself, or the last day before it that is a weekday and not in `holidays`. */
export function previousBusinessDay(date: CalendarDate, holidays: ReadonlySet<string>): CalendarDate {
  let day = date;
  while (!isWeekday(day) || holidays.has(day)) day = addDays(day, -1);
  return day;
}

/** The day itself, or the first day after it that is a weekday and not in `holidays`. */
export function nextBusinessDay(date: CalendarDate, holidays: ReadonlySet<string>): CalendarDate {
  let day = date;
  while (!isWeekday(day) || holidays.has(day)) day = addDays(day, 1);
  return day;
}

/** Full and fractional days from one instant to another. */
export function daysBetweenInstants(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}
