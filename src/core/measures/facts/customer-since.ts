import type { CalendarDate } from '../../model/calendar-date.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';

/** The day the customer's relationship began: as the account states it, else its first won deal; null when neither tells. */
export function customerSince(snapshot: AccountSnapshot): CalendarDate | null {
  if (snapshot.account.customerSinceOn !== null) return snapshot.account.customerSinceOn;
  let first: CalendarDate | null = null;
  for (const deal of snapshot.deals ?? []) {
    if (deal.stage?.outcome !== 'won' || deal.closeOn === null) continue;
    if (first === null || deal.closeOn < first) first = deal.closeOn;
  }
  return first;
}
