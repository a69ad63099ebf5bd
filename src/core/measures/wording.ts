import type { CalendarDate } from '../model/calendar-date.ts';
import { dayInWords } from '../renewals/day-in-words.ts';

/** `1 day`, `121 days`; `plural` for nouns that do not take an s. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** `90 days`; whole years as months: `12 months`. */
export function spanText(days: number): string {
  return days > 0 && days % 365 === 0 ? `${(days / 365) * 12} months` : count(days, 'day');
}

/** `24 July`; with the year when it is not that of `today`. */
export function dayText(date: CalendarDate, today: CalendarDate): string {
  const text = dayInWords(date);
  return date.slice(0, 4) === today.slice(0, 4) ? text.slice(0, -5) : text;
}

/** A ratio as a whole percentage: `0.974` is `97%`. Never rounds up to a threshold that was not reached. */
export function percentText(ratio: number): string {
  return `${Math.floor(ratio * 100 + 1e-9)}%`;
}

/** A chance of 0 to 1 as a whole percentage; never 0% of what is not nothing. */
export function chanceText(chance: number): string {
  return chance > 0 && chance < 0.005 ? '<1%' : `${Math.round(chance * 100)}%`;
}

/** One digit behind the point at most: `1.5`, `2`. */
export function decimalText(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A name from the CRM, short enough for a sentence; `otherwise` when there is none. */
export function nameText(name: string | null, otherwise: string): string {
  const trimmed = name?.trim() ?? '';
  if (trimmed === '') return otherwise;
  return clip(trimmed, 40);
}

/** At most `length` characters (UTF-16 units), with an ellipsis when something was cut; never half a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = length - 1;
  const code = text.charCodeAt(end - 1);
  if (code >= 0xd800 && code <= 0xdbff) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** How a number moved: `fell 32% in 28 days (41 → 28)`, `did not change in 28 days (41)`. `before` is above zero. */
export function changeInWords(before: number, now: number, within: string): string {
  const percent = Math.round(Math.abs(now / before - 1) * 100);
  const [from, to] = [decimalText(before), decimalText(now)];
  if (percent === 0) return `did not change ${within} (${from === to ? to : `${from} → ${to}`})`;
  return `${now < before ? 'fell' : 'rose'} ${percent}% ${within} (${from} → ${to})`;
}
