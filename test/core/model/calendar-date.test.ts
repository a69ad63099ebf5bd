import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, calendarDate, daysBetween, isWeekday } from '../../../src/core/model/calendar-date.ts';

const DAY_MS = 86_400_000;
const EPOCH = calendarDate('1970-01-01');
/** Days since 1970, from 1600 to 2400. */
const days = fc.integer({ min: -135_000, max: 157_000 });
const dateOf = (day: number) => calendarDate(new Date(day * DAY_MS).toISOString().slice(0, 10));

describe('a day on a calendar', () => {
  it('is as far from another as the calendar says, leap years and centuries included', () => {
    expect(daysBetween(calendarDate('2024-02-28'), calendarDate('2024-03-01'))).toBe(2);
    expect(daysBetween(calendarDate('1900-02-28'), calendarDate('1900-03-01'))).toBe(1);
    fc.assert(
      fc.property(days, days, (from, to) => {
        expect(daysBetween(dateOf(from), dateOf(to))).toBe(to - from);
        expect(addDays(dateOf(from), to - from)).toBe(dateOf(to));
        expect(daysBetween(EPOCH, dateOf(from))).toBe(from);
      }),
    );
  });

  it('is a weekday from Monday to Friday, also before 1970', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(isWeekday(dateOf(day))).toBe(DateTime.fromISO(dateOf(day)).weekday <= 5);
      }),
    );
  });

  it('some months later is the same day, or the last one of a shorter month', () => {
    expect(addMonths(calendarDate('2026-01-31'), 1)).toBe('2026-02-28');
    expect(addMonths(calendarDate('2024-02-29'), 12)).toBe('2025-02-28');
    expect(addMonths(calendarDate('2026-01-15'), -1)).toBe('2025-12-15');
    fc.assert(
      fc.property(days, fc.integer({ min: -600, max: 600 }), (day, months) => {
        const date = dateOf(day);
        expect(addMonths(date, months)).toBe(DateTime.fromISO(date, { zone: 'utc' }).plus({ months }).toISODate());
      }),
    );
  });
});
