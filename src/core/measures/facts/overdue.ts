import { daysBetween } from '../../model/calendar-date.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';
import { hasSeen } from '../reading.ts';
import { count } from '../wording.ts';
import { daysSince } from './local-day.ts';

export interface OverdueFact {
  /** Days that the oldest open invoice is overdue, or since an attempt to collect one failed; 0 when all is paid. */
  readonly days: number;
  readonly because: string;
  readonly source: 'invoices' | 'account';
}

/**
 * How long the customer has owed money: by its invoices where a billing system is connected and knows the account, else
 * as the account record states it. Null when neither can be told, also while invoices that were read before cannot be.
 */
export function overdueOf(snapshot: AccountSnapshot): OverdueFact | null {
  const { invoices, account } = snapshot;
  if (invoices === null && hasSeen(snapshot, 'billing')) return null;
  if (invoices !== null && invoices.length > 0) return byInvoices(snapshot, invoices);
  const days = account.overdueDays;
  return days === null ? null : { days, because: overdueSentence(days), source: 'account' };
}

function byInvoices(snapshot: AccountSnapshot, invoices: NonNullable<AccountSnapshot['invoices']>): OverdueFact {
  let overdue = 0;
  let failed = 0;
  for (const { dueOn, paidOn, failedAt } of invoices) {
    if (paidOn !== null && paidOn <= snapshot.today) continue;
    overdue = Math.max(overdue, daysBetween(dueOn, snapshot.today));
    if (failedAt !== null && failedAt <= snapshot.asOf) failed = Math.max(failed, daysSince(failedAt, snapshot));
  }
  const because = failed > overdue ? `A payment failed ${count(failed, 'day')} ago.` : overdueSentence(overdue);
  return { days: Math.max(overdue, failed), because, source: 'invoices' };
}

const overdueSentence = (days: number): string =>
  days > 0 ? `An invoice is ${count(days, 'day')} overdue.` : 'No invoice is overdue.';
