import { daysSince } from '../measures/facts/local-day.ts';
import { overdueOf } from '../measures/facts/overdue.ts';
import { count } from '../measures/wording.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface OverduePaymentSettings extends PlaySettings {
  /** A payment that failed so many days ago and was not made since. */
  readonly failedDays: number;
  /** An invoice so many days past its date; from then on it is the CSM's matter, not finance's. */
  readonly overdueDays: number;
}

/** Source: play 10 of the product's catalogue. */
export const defaultOverduePayment: OverduePaymentSettings = {
  failedDays: 3,
  overdueDays: 15,
  readings: 1,
  overDays: 0,
  endsWhenDone: false,
  priority: 'high',
  escalateAfterDays: 7,
  tasks: [
    {
      id: 'contact',
      role: 'finance',
      dueDays: 2,
      title: 'Ask about the open payment',
      whatToDo:
        '{because} Ask the person who pays whether something keeps them: a lost invoice, a missing order number, a dispute.',
      doneWhen: 'you know when they pay, or why they do not.',
    },
    {
      id: 'update-method',
      role: 'finance',
      dueDays: 5,
      title: 'Get a payment method that works',
      whatToDo: 'Send the link to update the payment method, or agree on a transfer.',
      doneWhen: 'the invoice is paid.',
    },
  ],
};

/** A payment failed or an invoice is long overdue. Inert when neither a billing system nor the account tells. */
export function overduePayment(settings: OverduePaymentSettings): SignalPlay {
  return {
    id: '10',
    title: 'Payment failed or overdue',
    kind: 'risk',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot }) {
      const found = overdueOf(snapshot);
      if (found === null) return inert('Nothing tells whether an invoice is overdue.');
      const failed = failedDays(snapshot);
      const isOverdue = Math.max(0, found.days) >= settings.overdueDays;
      if (isOverdue) return fires(found.because, 'payment', { role: 'csm' });
      if (failed !== null && failed >= settings.failedDays) {
        return fires(`A payment failed ${count(failed, 'day')} ago.`, 'payment');
      }
      return found.days === 0 ? over('Everything is paid.') : between;
    },
  };
}

/** Days since the oldest failed attempt on an invoice that is still unpaid; null without one. */
function failedDays(snapshot: AccountSnapshot): number | null {
  let oldest: number | null = null;
  for (const { paidOn, failedAt } of snapshot.invoices ?? []) {
    if (failedAt === null || failedAt > snapshot.asOf || (paidOn !== null && paidOn <= snapshot.today)) continue;
    oldest = Math.max(oldest ?? 0, daysSince(failedAt, snapshot));
  }
  return oldest;
}
