import type { CalendarDate } from '../../model/calendar-date.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';

/** The day the customer's relationship began: as the account states it, else its first won deal; null when neither tells. */
export function customerSince(snapshot: AccountSnapshot): CalendarDate | null {
  return snapshot.account.customerSinceOn ?? firstWonOn(snapshot);
}

/** The day of the first won deal; while deals cannot be read, as they told it last. Null for none. */
export function firstWonOn({ deals, history }: AccountSnapshot): CalendarDate | null {
  if (deals === null) return history?.held?.firstWonOn ?? null;
  let first: CalendarDate | null = null;
  for (const deal of deals) {
    if (deal.stage?.outcome !== 'won' || deal.closeOn === null) continue;
    if (first === null || deal.closeOn < first) first = deal.closeOn;
  }
  return first;
}
