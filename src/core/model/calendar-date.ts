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

/** The day that an instant falls on in a time zone. Throws a RangeError on a time zone or an instant that does not exist. */
export function dayOf(instant: Instant, timeZone: string): CalendarDate {
  return dayAt(Date.parse(instant), timeZone);
}

/** The day that lasted until an instant: of a midnight, the day that ended then. Throws like `dayOf`. */
export function dayUntil(instant: Instant, timeZone: string): CalendarDate {
  return dayAt(Date.parse(instant) - 1, timeZone);
}

function dayAt(ms: number, timeZone: string): CalendarDate {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = { format: toFormat(timeZone), days: new Map() };
    zones.set(timeZone, zone);
  }
  // Clocks are set, and days begin, on a quarter of an hour of UTC wherever people live.
  const quarter = Math.floor(ms / QUARTER_MS);
  let day = zone.days.get(quarter);
  if (day === undefined) {
    day = zone.format.format(ms) as CalendarDate;
    if (zone.days.size >= MOST_KEPT) zone.days.clear();
    zone.days.set(quarter, day);
  }
  return day;
}

/** Formats and answers are kept: judging an account asks for days dozens of times, and often for the same. */
const zones = new Map<string, { readonly format: Intl.DateTimeFormat; readonly days: Map<number, CalendarDate> }>();
const QUARTER_MS = 900_000;

/** Swedish writes dates as YYYY-MM-DD. */
const toFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });

/** The instant at which it is `hour`:00 on a day in a time zone; in a gap of daylight saving, the next instant that exists. */
export function instantOn(date: CalendarDate, hour: number, timeZone: string): Instant {
  return DateTime.fromISO(`${date}T${String(hour).padStart(2, '0')}:00:00`, { zone: timeZone })
    .toUTC()
    .toISO({ suppressMilliseconds: false }) as Instant;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return dayNumber(to) - dayNumber(from);
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return toDate(dayNumber(date) + days);
}

/**
 * Days since 1 January 1970 in the Gregorian calendar, from the date's ten characters: a year counted from March on puts
 * the leap day at its end, so that nothing depends on the month. Judging an account asks for dozens of these, and reading
 * the characters is several times faster than `Date.parse`.
 */
function dayNumber(date: CalendarDate): number {
  const month = digits(date, 5, 7);
  const year = digits(date, 0, 4) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digits(date, 8, 10);
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_469;
}

/** The number that the characters from `from` up to `to` spell. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}

const ZERO = 48;

function toDate(number: number): CalendarDate {
  let date = dates.get(number);
  if (date === undefined) {
    date = new Date(number * DAY_MS).toISOString().slice(0, 10) as CalendarDate;
    if (dates.size >= MOST_KEPT) dates.clear();
    dates.set(number, date);
  }
  return date;
}

const dates = new Map<number, CalendarDate>();
/** A century of days, a year of quarter hours. */
const MOST_KEPT = 36_525;

/** The same day of the month `months` later, or that month's last day where it is shorter (31 Jan + 1 = 28 Feb). */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const count = digits(date, 0, 4) * 12 + digits(date, 5, 7) - 1 + months;
  const firstOn = firstOfMonth(count);
  const days = dayNumber(firstOfMonth(count + 1)) - dayNumber(firstOn);
  return addDays(firstOn, Math.min(digits(date, 8, 10), days) - 1);
}

/** Of a month counted from the year 0 on. */
function firstOfMonth(count: number): CalendarDate {
  const year = String(Math.floor(count / 12)).padStart(4, '0');
  const month = String((count % 12) + 1).padStart(2, '0');
  return `${year}-${month}-01` as CalendarDate;
}

/** Monday to Friday. */
export function isWeekday(date: CalendarDate): boolean {
  // 1 January 1970 was a Thursday; counted from Monday on, Saturday is the fifth day after.
  return (((dayNumber(date) + 3) % 7) + 7) % 7 < 5;
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
