import type { CalendarDate } from '../../model/calendar-date.ts';
import { addDays, daysBetween } from '../../model/calendar-date.ts';
import type { AccountUsage, UsageDay } from '../../model/signals.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';
import { localDay } from './local-day.ts';

/** The account's usage where there is any at all; null when none is connected and when nobody ever used the product. */
export function usageOf({ usage }: Pick<AccountSnapshot, 'usage'>): AccountUsage | null {
  return usage === null || usage.lastActiveAt === null ? null : usage;
}

/**
 * Calendar days since anybody used the product; null when nobody ever did. Counted up to the day on which usage last
 * came in, so that a source which fell silent does not make a customer look silent.
 */
export function daysWithoutUse(snapshot: AccountSnapshot): number | null {
  const lastActiveAt = usageOf(snapshot)?.lastActiveAt ?? null;
  if (lastActiveAt === null) return null;
  const readAt = snapshot.sources.usage?.readAt ?? null;
  const knownOn = readAt === null ? snapshot.today : localDay(readAt, snapshot);
  const until = knownOn < snapshot.today ? knownOn : snapshot.today;
  return Math.max(0, daysBetween(localDay(lastActiveAt, snapshot), until));
}

/** How long nobody has used the product, as a sentence; `days` as `daysWithoutUse` counts them. */
export function withoutUseSentence(days: number): string {
  if (days <= 0) return 'The product was used today.';
  return days === 1 ? 'The product was last used yesterday.' : `Nobody has used the product for ${days} days.`;
}

/** The days of a window that ends `endingDaysAgo` days before today and is `length` days long, oldest first. */
export function daysOfUse(
  usage: AccountUsage,
  today: CalendarDate,
  length: number,
  endingDaysAgo = 0,
): readonly UsageDay[] {
  const until = addDays(today, -endingDaysAgo);
  const after = addDays(until, -length);
  return usage.days.slice(firstAfter(usage.days, after), firstAfter(usage.days, until));
}

/** Where the days after `on` begin. */
function firstAfter(days: readonly UsageDay[], on: CalendarDate): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle]?.on ?? on) <= on) low = middle + 1;
    else high = middle;
  }
  return low;
}
