import type { RollUp, Standing } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import type { AccountId } from '../model/ids.ts';
import type { Money } from '../model/money.ts';
import type { ModelConfiguration } from '../configuration.ts';
import type { BookEntry } from './entry.ts';
import type { Hierarchy } from './hierarchy.ts';
import { hierarchyOf } from './hierarchy.ts';
import { withCourse } from './roll-up-course.ts';
import { rollUpOf } from './roll-up.ts';

export interface SettledBook {
  /** Null where an account is nothing special. */
  readonly standings: ReadonlyMap<AccountId, Standing | null>;
  readonly circles: Hierarchy['circles'];
  /** Currencies without a rate, and how many accounts have amounts in each: those are not compared. */
  readonly unknownCurrencies: ReadonlyMap<string, number>;
}

/**
 * Every account beside the others: whom to save first, for whom owners have hands, and health over whole groups of
 * companies. Amounts that are not in the home currency are not compared and come last. `today` is the customer's.
 */
export function settleBook(
  entries: readonly BookEntry[],
  home: string,
  today: CalendarDate,
  { health, churn, expansion, rollUp }: ModelConfiguration,
): SettledBook {
  const worth = (amount: Money | null): number => (amount?.currency === home ? amount.minor : -1);
  const first =
    (value: (entry: BookEntry) => Money | null) =>
    (a: BookEntry, b: BookEntry): number =>
      worth(value(b)) - worth(value(a)) || (a.accountId < b.accountId ? -1 : 1);
  const byRisk = first((entry) => entry.churn.arrAtRisk);
  const byValue = first((entry) => entry.expansion.expectedValue);

  const beyondCapacity = new Set<AccountId>();
  const beyondBest = new Set<AccountId>();
  for (const book of Map.groupBy(entries, ({ place }) => place.ownerId).values()) {
    const hands = Math.max(churn.capacity.least, Math.ceil(churn.capacity.share * book.length));
    // A notice is not a matter of capacity: the account stays high, and does not take the place of another.
    const high = book.filter((entry) => entry.churn.riskAlone === 'high' && !entry.hasNotice).sort(byRisk);
    for (const { accountId } of high.slice(hands)) beyondCapacity.add(accountId);
    const hot = book.filter((entry) => entry.expansion.bandAlone === 'hot').sort(byValue);
    for (const { accountId } of hot.slice(expansion.hotPerOwner)) beyondBest.add(accountId);
  }

  const ranks = new Map<AccountId, number>();
  const toSave = entries
    .filter((entry) => worth(entry.churn.saveValue) > 0)
    .sort(first((entry) => entry.churn.saveValue));
  for (const [index, { accountId }] of toSave.slice(0, churn.ranked).entries()) ranks.set(accountId, index + 1);

  const byId = new Map(entries.map((entry) => [entry.accountId, entry]));
  const { below, circles } = hierarchyOf(
    entries.map(({ accountId, place }) => ({ accountId, parentId: place.parentId })),
  );
  const member = ({ health: { score, band }, place }: BookEntry) => ({ score, band, revenue: place.revenue });
  const rolledUp = (entry: BookEntry, members: readonly BookEntry[]): RollUp => {
    const now = rollUpOf(member(entry), members.map(member), home, rollUp, health.bands);
    return withCourse(now, entry.standing?.rollUp ?? null, today, health, entry.limit ?? null);
  };
  const standings = new Map<AccountId, Standing | null>();
  for (const entry of entries) {
    const { accountId } = entry;
    const members = (below.get(accountId) ?? []).flatMap((id) => byId.get(id) ?? []);
    const standing: Standing = {
      savePriority: ranks.get(accountId) ?? null,
      isBeyondCapacity: beyondCapacity.has(accountId),
      isBeyondBest: beyondBest.has(accountId),
      rollUp: members.length === 0 ? null : rolledUp(entry, members),
    };
    standings.set(accountId, isNothing(standing) ? null : standing);
  }
  const unknownCurrencies = new Map<string, number>();
  for (const { place, churn, expansion } of entries) {
    const amounts = [place.revenue, churn.arrAtRisk, churn.saveValue, expansion.expectedValue];
    const foreign = amounts.flatMap((amount) => (amount === null || amount.currency === home ? [] : [amount.currency]));
    for (const currency of new Set(foreign)) {
      unknownCurrencies.set(currency, (unknownCurrencies.get(currency) ?? 0) + 1);
    }
  }
  return { standings, circles, unknownCurrencies };
}

const isNothing = ({ savePriority, isBeyondCapacity, isBeyondBest, rollUp }: Standing): boolean =>
  savePriority === null && !isBeyondCapacity && !isBeyondBest && rollUp === null;
