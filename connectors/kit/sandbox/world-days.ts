/** A day on a calendar, `2026-03-01`. */
export type Day = string;

export const DAY_MS = 86_400_000;

/** Making a format takes as long as using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that a moment (epoch milliseconds) falls on in a time zone. */
export function dayAt(ms: number, timeZone: string): Day {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** Epoch milliseconds of a day at an hour in UTC; the hour may have a fraction. */
export function momentOn(day: Day, hour: number): number {
  return Date.parse(`${day}T00:00:00Z`) + Math.round(hour * 3_600_000);
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of the month `months` later, or that month's last day where it is shorter. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}
