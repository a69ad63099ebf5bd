import type { BookEntry } from '../../../src/core/book/entry.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';

export const eur = (amount: number) => money(amount, 'EUR');

type Parts = Partial<Omit<BookEntry, 'accountId' | 'place' | 'churn' | 'expansion' | 'health'>> &
  Partial<BookEntry['churn']> &
  Partial<BookEntry['expansion']> &
  Partial<BookEntry['health']> &
  Partial<Omit<BookEntry['place'], 'parentId'>> & { readonly parent?: string };

/** A green account of EUR 10,000 a year in the book of Ana, at no risk and with nothing to sell. */
export function entry(id: string, more: Parts = {}): BookEntry {
  return {
    accountId: toAccountId(id),
    name: id,
    place: {
      parentId: more.parent === undefined ? null : toAccountId(more.parent),
      ownerId: more.ownerId === undefined ? 'ana' : more.ownerId,
      revenue: more.revenue === undefined ? eur(10_000) : more.revenue,
    },
    health: { score: more.score === undefined ? 80 : more.score, band: more.band ?? 'green' },
    hasNotice: more.hasNotice ?? false,
    churn: { riskAlone: more.riskAlone ?? 'low', arrAtRisk: more.arrAtRisk ?? null, saveValue: more.saveValue ?? null },
    expansion: { bandAlone: more.bandAlone ?? 'cold', expectedValue: more.expectedValue ?? null },
    standing: more.standing ?? null,
  };
}
