import type { CalendarDate } from '../../model/calendar-date.ts';
import { daysBetween } from '../../model/calendar-date.ts';
import type { Deal } from '../../model/records.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';

export type ChangeKind = 'expansion' | 'downgrade';

/** What a deal would change for the customer beyond renewing; null for new business, renewals and deals without a kind. */
export function changeOf(deal: Deal): ChangeKind | null {
  if (deal.kind === 'upsell' || deal.kind === 'cross_sell') return 'expansion';
  return deal.kind === 'downsell' ? 'downgrade' : null;
}

/** The open deals that would expand or reduce the account, by id. */
export function openChanges(snapshot: AccountSnapshot, kind: ChangeKind): readonly Deal[] {
  return (snapshot.deals ?? [])
    .filter((deal) => deal.stage?.outcome === 'open' && changeOf(deal) === kind)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export interface ClosedChange {
  readonly deal: Deal;
  readonly kind: ChangeKind;
  readonly closeOn: CalendarDate;
}

/** Expansions and downgrades that were won or lost within so many days, the newest first, a downgrade before an expansion. */
export function closedChanges(
  snapshot: AccountSnapshot,
  outcome: 'won' | 'lost',
  withinDays: number,
): readonly ClosedChange[] {
  const found: ClosedChange[] = [];
  for (const deal of snapshot.deals ?? []) {
    const kind = changeOf(deal);
    if (kind === null || deal.stage?.outcome !== outcome || deal.closeOn === null) continue;
    const days = daysBetween(deal.closeOn, snapshot.today);
    if (days >= 0 && days <= withinDays) found.push({ deal, kind, closeOn: deal.closeOn });
  }
  return found.sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
}

const rank = (change: ClosedChange): string =>
  `${change.closeOn} ${change.kind === 'downgrade' ? 1 : 0} ${change.deal.id}`;
