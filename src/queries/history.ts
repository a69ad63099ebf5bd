import { shownHealth } from '../core/book/shown.ts';
import type { HealthDay } from '../core/history/health-day.ts';
import { addDays, dayOf, parseCalendarDate, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { TenantStore } from '../ports/store.ts';
import { findAccount } from './accounts.ts';

/** How an account was judged over time. */
export interface History {
  readonly account: AccountId;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Only days on which it was assessed, the oldest first; of months long ago the last one. */
  readonly days: readonly HealthDay[];
}

export interface NamedHistory extends History {
  /** Null for an account without a name, and for one that is no longer scored. */
  readonly name: string | null;
  /** The first day of which anything is kept; null when there is none. */
  readonly firstOn: CalendarDate | null;
  /** Whether score and band are with accounts below it, as it stands today; all else in a day is of the account alone. */
  readonly isRolledUp: boolean;
}

/** A person who does not say from when sees so many days. */
const SHOWN_DAYS = 90;

/**
 * The history of an account by its id in the CRM, or of one that is scored by a part of its name. By its id also that of one
 * that left: whether it was green before is asked then.
 *
 * Errors: `account-unknown` when none or several fit; `input-invalid` when `since` is no day, or ahead.
 */
export async function findHistory(
  store: TenantStore,
  named: string,
  since: string | null,
  now: Instant,
): Promise<NamedHistory> {
  const id = toAccountId(named);
  const firstOn = await store.history.firstDayOf(id);
  const { assessment, name } =
    firstOn === null ? await findAccount(store, named) : ((await store.assessments.get([id])).get(id) ?? NOT_SCORED);
  const account = assessment?.accountId ?? id;
  return {
    name,
    isRolledUp: assessment !== null && shownHealth(assessment).own !== null,
    firstOn: firstOn ?? (await store.history.firstDayOf(account)),
    ...(await readHistory(store, account, since, now)),
  };
}

const NOT_SCORED = { assessment: null, name: null };

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
