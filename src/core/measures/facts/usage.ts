import type { CalendarDate } from '../../model/calendar-date.ts';
import { addDays, daysBetween, dayUntil } from '../../model/calendar-date.ts';
import type { AccountUsage, UsageDay } from '../../model/signals.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';
import { count, dayText } from '../wording.ts';
import { localDay } from './local-day.ts';

/** The account's usage where there is any at all; null when none is connected and when nobody ever used the product. */
export function usageOf({ usage }: Pick<AccountSnapshot, 'usage'>): AccountUsage | null {
  return usage === null || usage.lastActiveAt === null ? null : usage;
}

type KnownUsage = Pick<AccountSnapshot, 'sources' | 'today' | 'timeZone'>;

/**
 * The last day that the usage source covers, which is where every window of usage ends: between two files, or while a
 * source is silent, days of which nothing is known must not look like days without use. Today at the latest.
 */
export function usageKnownOn(snapshot: KnownUsage): CalendarDate {
  const readAt = snapshot.sources.usage?.readAt ?? null;
  if (readAt === null) return snapshot.today;
  const knownOn = dayUntil(readAt, snapshot.timeZone);
  return knownOn < snapshot.today ? knownOn : snapshot.today;
}

/** Where windows end, to go behind `the last 28 days`: empty while usage is known up to yesterday or today. */
export function upToKnownDay(snapshot: KnownUsage): string {
  const knownOn = usageKnownOn(snapshot);
  return daysBetween(knownOn, snapshot.today) <= 1 ? '' : ` up to ${dayText(knownOn, snapshot.today)}`;
}

/** Calendar days since anybody used the product, up to the last day that usage covers; null when nobody ever did. */
export function daysWithoutUse(snapshot: AccountSnapshot): number | null {
  const lastActiveAt = usageOf(snapshot)?.lastActiveAt ?? null;
  if (lastActiveAt === null) return null;
  return Math.max(0, daysBetween(localDay(lastActiveAt, snapshot), usageKnownOn(snapshot)));
}

/** How long nobody has used the product, as a sentence; `days` as `daysWithoutUse` counts them. */
export function withoutUseSentence(days: number, snapshot: KnownUsage): string {
  const knownOn = usageKnownOn(snapshot);
  const behind = daysBetween(knownOn, snapshot.today);
  if (behind > 1) {
    return days <= 0
      ? `The product was used on ${dayText(knownOn, snapshot.today)}, the last day known.`
      : `Nobody has used the product for ${count(days, 'day')}${upToKnownDay(snapshot)}.`;
  }
  const ago = days + behind;
  if (ago <= 0) return 'The product was used today.';
  if (ago === 1) return 'The product was last used yesterday.';
  // A weekend or a holiday is no complaint.
  return ago < 7 ? `The product was last used ${ago} days ago.` : `Nobody has used the product for ${ago} days.`;
}

/** The days of a window that ends `endingDaysAgo` days before `endOn` and is `length` days long, oldest first. */
export function daysOfUse(
  usage: AccountUsage,
  endOn: CalendarDate,
  length: number,
  endingDaysAgo = 0,
): readonly UsageDay[] {
  const until = addDays(endOn, -endingDaysAgo);
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
