import { changeOf } from '../measures/facts/commercial-changes.ts';
import type { WonExpansion } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import type { AccountId } from '../model/ids.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';

/** Every expansion that an account has won, as seen on a day. */
export interface AccountExpansions {
  readonly accountId: AccountId;
  readonly won: readonly WonExpansion[];
  readonly seenOn: CalendarDate;
}

/** The expansions that were won, by deal; those without a day are left out. Null where deals cannot be read. */
export function wonExpansionsOf({ deals }: Pick<AccountSnapshot, 'deals'>): readonly WonExpansion[] | null {
  if (deals === null) return null;
  const won: WonExpansion[] = [];
  for (const deal of deals) {
    if (deal.stage?.outcome !== 'won' || deal.closeOn === null || changeOf(deal) !== 'expansion') continue;
    won.push({ dealId: deal.id, wonOn: deal.closeOn });
  }
  return won.sort((a, b) => (a.dealId < b.dealId ? -1 : 1));
}

/** What an account has won, if it had won something else before; null where nothing changed, and where deals cannot be read. */
export function changedExpansions(
  { account, deals, today }: Pick<AccountSnapshot, 'account' | 'deals' | 'today'>,
  won: readonly WonExpansion[],
  before: readonly WonExpansion[],
): AccountExpansions | null {
  if (deals === null) return null;
  const isSame =
    won.length === before.length &&
    won.every(({ dealId, wonOn }, index) => before[index]?.dealId === dealId && before[index].wonOn === wonOn);
  return isSame ? null : { accountId: account.id, won, seenOn: today };
}
