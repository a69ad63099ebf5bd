import type { HealthDay } from '../core/history/health-day.ts';
import { addDays, dayOf, parseCalendarDate, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { TenantStore } from '../ports/store.ts';

/** How an account was judged over time. */
export interface History {
  readonly account: AccountId;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Only days on which it was assessed, the oldest first; of months long ago the last one. */
  readonly days: readonly HealthDay[];
}

/** A person who does not say from when sees so many days. */
const SHOWN_DAYS = 90;

/** `since` is the first day, as a person writes it; null for three months. Throws `input-invalid` when it is no day, or ahead. */
export async function readHistory(
  store: TenantStore,
  account: AccountId,
  since: string | null,
  now: Instant,
): Promise<History> {
  const { facts } = await store.getInstallation();
  const to = dayOf(now, facts.timeZone);
  const from = since === null ? addDays(to, -SHOWN_DAYS) : parseCalendarDate(since);
  if (from === null || from > to) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `'${since ?? ''}' is not a day up to today.`,
      remedy: `Give the first day of the history as YYYY-MM-DD, for instance ${addDays(to, -SHOWN_DAYS)}.`,
    });
  }
  return { account, from, to, days: await store.history.days(account, from, to) };
}
