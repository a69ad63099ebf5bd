import type { Term } from '../model/assessment.ts';
import type { AccountId, TermId } from '../model/ids.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { findLeadingTerm } from '../renewals/term-id.ts';
import type { CrmFields, DealWish, LedgerDeal, OpenDeal } from './step.ts';

type Values = LedgerDeal['written'];

/** How renewal deals are written in the CRM's words: from the mapping and the customer's pipelines. */
export interface DealWords {
  /** The CRM's name of the object: `deals`. */
  readonly object: string;
  fieldsOf(wish: DealWish): CrmFields;
  /** Fields whose change by a human makes the deal theirs. */
  readonly watched: readonly string[];
  isSame(field: string, one: Values[string], other: Values[string]): boolean;
}

/**
 * The deals to open, by key. A term for which one was ever made gets no other, whatever became of it, except after `undo`.
 * An end date that moved by at most `movedDays` leaves the term the same. `termsOf` knows all terms of an account, decided
 * ones too.
 */
export function planDeals(
  wishes: readonly DealWish[],
  ledger: readonly LedgerDeal[],
  termsOf: ReadonlyMap<AccountId, readonly Term[]>,
  movedDays: number,
  words: DealWords,
): readonly OpenDeal[] {
  const haveOne = new Map<AccountId, Set<TermId>>();
  for (const { accountId, termId, state } of ledger) {
    const term = findLeadingTerm(termId, termsOf.get(accountId) ?? [], movedDays);
    if (state === 'undone' || term === null) continue;
    const found = haveOne.get(accountId) ?? new Set();
    haveOne.set(accountId, found.add(term.id));
  }
  return wishes
    .filter(({ accountId, termId }) => haveOne.get(accountId)?.has(termId) !== true)
    .map((wish): OpenDeal => ({
      kind: 'open-deal',
      key: wish.key,
      object: words.object,
      id: null,
      accountId: wish.accountId,
      before: {},
      after: words.fieldsOf(wish),
      because: `${wish.name}: closes on ${dayInWords(wish.closeOn)}. No deal renews this term yet.${wish.ownerNote === null ? '' : ` ${wish.ownerNote}`}`,
      wish,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Whether a human has changed the deal since it was made; fields that were not read are left out. */
export function isDealTouched({ written }: LedgerDeal, shown: Values, words: DealWords): boolean {
  return words.watched.some((field) => {
    const value = shown[field];
    return value !== undefined && !words.isSame(field, written[field] ?? null, value);
  });
}
