import { addDays, nextBusinessDay, type CalendarDate } from '../model/calendar-date.ts';

/** The working day so many working days after a day: 1 after a Friday is the Monday. 0 is the day itself, or the next working day. */
export function addBusinessDays(date: CalendarDate, days: number, holidays: ReadonlySet<string>): CalendarDate {
  let day = days === 0 ? nextBusinessDay(date, holidays) : date;
  for (let left = days; left > 0; left -= 1) day = nextBusinessDay(addDays(day, 1), holidays);
  return day;
}
