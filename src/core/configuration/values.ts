import { z } from 'zod';
import { parseCalendarDate, type CalendarDate } from '../model/calendar-date.ts';
import type { Segment } from '../model/records.ts';

/** What single values of the configuration may be, with the words that an admin reads when one is not. */

function numberFrom(least: number, most: number): z.ZodNumber {
  const error = `must be a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

function wholeFrom(least: number, most: number): z.ZodNumber {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

/** 0 to 1. */
export const share = numberFrom(0, 1);
/** A part of a whole that can be neither nothing nor all. */
export const chance = numberFrom(0.0001, 0.9999);
/** 0 to 100. */
export const score = numberFrom(0, 100);
/** A century of days is the same as for ever. */
export const days = wholeFrom(0, 36_500);
export const someDays = wholeFrom(1, 36_500);
export const someWeeks = wholeFrom(1, 520);
export const someMonths = wholeFrom(1, 120);
/** More than any month has, and a year at most. */
export const daysAhead = wholeFrom(32, 365);
/** Days before (negative) or after an anchor. */
export const offsetDays = wholeFrom(-1_000, 1_000);
export const count = wholeFrom(0, 1_000_000);
export const someCount = wholeFrom(1, 1_000_000);
export const hourOfDay = wholeFrom(0, 23);
/** A ratio or an amount that may be above one. */
export const positive = numberFrom(0, 1e12);
export const morePositive = numberFrom(1e-9, 1e12);
/** What a customer pays in a year, to compare with: amounts in other currencies are converted first. */
export const homeAmount = positive.describe('In major units of the home currency');
/** A change: −0.2 is a fall by a fifth. */
export const change = numberFrom(-1, 100);
export const logOdds = numberFrom(-10, 10);
export const points = numberFrom(-100, 100);
export const name = z.string({ error: 'must be a text' }).trim().min(1, { error: 'must not be empty' });
export const text = name.max(2_000, { error: 'must be at most 2,000 characters long' });
export const lowerCase = name.refine((word) => word === word.toLowerCase(), { error: 'must be in lower case' });
export const flag = z.boolean({ error: 'must be true or false' });

export const day = z.custom<CalendarDate>((value) => typeof value === 'string' && parseCalendarDate(value) !== null, {
  error: 'must be a day: 2026-03-01',
});

/** Points of a curve, `[x, score]`. */
export const curve = z.array(z.tuple([z.number(), score])).min(2, { error: 'needs at least two points, [x, score]' });

export const segment = z.enum(['enterprise', 'mid', 'smb'] as const satisfies readonly Segment[]);
