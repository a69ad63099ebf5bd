import { DateTime } from 'luxon';
import type { FieldDescription } from '../../../connectors/contract/connector.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import { instantOn, parseCalendarDate } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import { money } from '../model/money.ts';

/**
 * Reading of single values. Strict: what could mean two things is refused, with the way to put it right, never guessed.
 * Each reader takes a value that is not empty, as trimmed text.
 */
export type Coerced<T> = { readonly value: T } | Refusal;

export interface Refusal {
  /** Ends the sentence "renewal_date holds 'TBD', …". */
  readonly refused: string;
  readonly remedy: string;
  /** Of lists: the values that could be read all the same. */
  readonly partial?: readonly unknown[];
}

export function isRefusal(result: object): result is Refusal {
  return 'refused' in result;
}

/** Text without the two things that no database takes: NUL and halves of characters. */
export function toText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').trim();
}

export function coerceEmail(text: string): Coerced<string> {
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return { value: toText(text).toLowerCase() };
  return { refused: 'which is not an e-mail address', remedy: 'Correct the address in the CRM.' };
}

export const PLAIN_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Digits with at most one decimal point. `12,500.00` and `12.500,00` are refused: which mark is which is not stated. */
export function coerceNumber(text: string): Coerced<number> {
  const value = PLAIN_NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return { value };
  if (/\d[,' \u00A0\u202F]\d/.test(text)) {
    return {
      refused: 'in which it is not certain which mark groups thousands and which begins the decimals',
      remedy: 'Store it in a number field, or as digits with a decimal point: 12500.00.',
    };
  }
  return {
    refused: 'which is not a number',
    remedy: 'Store it in a number field, or as digits without unit or currency sign.',
  };
}

export function coerceInteger(text: string): Coerced<number> {
  const result = coerceNumber(text);
  if (isRefusal(result) || Number.isSafeInteger(result.value)) return result;
  return { refused: 'which is not a whole number', remedy: 'Store a whole number there.' };
}

/** Percentage points: 7 for 7 %. A percent sign says so by itself; without one, `scale` tells 0.07 from 7. */
export function coercePercent(text: string, scale: 'percent' | 'fraction'): Coerced<number> {
  const sign = /^(.*?)\s*%$/.exec(text)?.[1];
  const result = coerceNumber(sign ?? text);
  if (isRefusal(result) || sign !== undefined || scale === 'percent') return result;
  // 0.07 × 100 is 7.000000000000001 in binary.
  return { value: Number((result.value * 100).toPrecision(12)) };
}

/** An amount in major units, as CRMs hold it, and an ISO 4217 code in any case. */
export function coerceMoney(text: string, currency: string): Coerced<Money> {
  const amount = coerceNumber(text);
  if (isRefusal(amount)) return amount;
  const code = currency.toUpperCase();
  if (!/^[A-Z]{3}$/.test(code)) {
    return {
      refused: `but its currency '${currency}' is not an ISO code`,
      remedy: 'Use the three-letter code there: EUR, USD.',
    };
  }
  const value = money(amount.value, code);
  if (Number.isSafeInteger(value.minor)) return { value };
  return { refused: 'which is too large to be an amount', remedy: 'Correct the amount in the CRM.' };
}

const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
const EPOCH_MS = /^-?\d{11,14}$/;
const ISO_INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s?(?:(Z)|([+-]\d{2}):?(\d{2}))?$/i;
const DAY_MS = 86_400_000;

/**
 * A day. What a day is depends on where it stands: a date field holds a day at midnight UTC, whatever the time zone; a
 * datetime field holds an instant, whose day is the one people there see. Where the type is not known, midnight UTC counts
 * as a day and anything else as an instant.
 */
export function coerceDate(
  text: string,
  fieldType: FieldDescription['type'] | null,
  timeZone: string,
): Coerced<CalendarDate> {
  const plain = parseCalendarDate(text);
  if (plain !== null) return withinYears(plain);
  const parts = ISO_INSTANT.exec(text);
  if (parts !== null && parts[4] === undefined && parts[5] === undefined) {
    // Without an offset the day can only be the one that is written.
    const written = parseCalendarDate(parts[1] ?? '');
    return written === null ? NOT_A_DATE : withinYears(written);
  }
  const ms = parts === null ? epochOf(text) : isoToMs(parts);
  if (ms === null) return NOT_A_DATE;
  const isDay = fieldType === 'date' || (fieldType !== 'datetime' && ms % DAY_MS === 0);
  return withinYears(isDay ? utcDay(ms) : dayInZone(ms, timeZone));
}

/** An instant. A bare date is the beginning of that day in the customer's time zone. */
export function coerceDatetime(text: string, timeZone: string): Coerced<Instant> {
  const day = parseCalendarDate(text);
  const parts = ISO_INSTANT.exec(text);
  if (parts !== null && parts[4] === undefined && parts[5] === undefined) {
    return {
      refused: 'which does not say in which time zone',
      remedy: 'Store it in a datetime field, or end it with Z or an offset: 2026-03-01T09:00:00Z.',
    };
  }
  const ms = parts === null ? epochOf(text) : isoToMs(parts);
  const instant = day !== null ? instantOn(day, 0, timeZone) : ms === null ? null : new Date(ms).toISOString();
  if (instant === null) {
    return {
      refused: 'which is not a point in time',
      remedy: 'Store it in a datetime field, or as 2026-03-01T09:00:00Z.',
    };
  }
  const within = withinYears(instant.slice(0, 10) as CalendarDate);
  return isRefusal(within) ? within : { value: instant };
}

const NOT_A_DATE: Refusal = {
  refused: 'which is not a date',
  remedy: 'Store it in a date field, or as YYYY-MM-DD: 2026-03-01.',
};

function withinYears(date: CalendarDate): Coerced<CalendarDate> {
  const year = Number(date.slice(0, 4));
  if (date.length === 10 && year >= FIRST_YEAR && year <= LAST_YEAR) return { value: date };
  return { refused: 'which is too far away to be meant', remedy: 'Check the year in the CRM.' };
}

/** Milliseconds since 1970. Ten digits would be seconds and eight a written date; neither is guessed at. */
function epochOf(text: string): number | null {
  return EPOCH_MS.test(text) ? Number(text) : null;
}

function isoToMs(parts: RegExpExecArray): number | null {
  const [, day = '', time = '', fraction = '', , hours, minutes] = parts;
  if (parseCalendarDate(day) === null) return null;
  const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const ms = Date.parse(
    `${day}T${time.length === 5 ? `${time}:00` : time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  return Number.isNaN(ms) ? null : ms;
}

function utcDay(ms: number): CalendarDate {
  return new Date(ms).toISOString().slice(0, 10) as CalendarDate;
}

/**
 * Offsets by zone and UTC day, because asking the time zone library for every record would be most of the work of
 * mapping. A day in which the offset changes is not remembered.
 */
const offsets = new Map<string, Map<number, number | null>>();

function dayInZone(ms: number, timeZone: string): CalendarDate {
  let ofZone = offsets.get(timeZone);
  if (ofZone === undefined) {
    ofZone = new Map();
    offsets.set(timeZone, ofZone);
  }
  const day = Math.floor(ms / DAY_MS);
  let offset = ofZone.get(day);
  if (offset === undefined) {
    const atStart = offsetAt(day * DAY_MS, timeZone);
    offset = atStart === offsetAt((day + 1) * DAY_MS - 1, timeZone) ? atStart : null;
    ofZone.set(day, offset);
  }
  return utcDay(ms + (offset ?? offsetAt(ms, timeZone)));
}

function offsetAt(ms: number, timeZone: string): number {
  return DateTime.fromMillis(ms, { zone: timeZone }).offset * 60_000;
}
