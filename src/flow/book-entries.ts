import type { BookEntry } from '../core/book/entry.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { AssessmentStore } from '../ports/store.ts';

/** Entries of one account are a few hundred bytes, assessments a few thousand. */
const ENTRIES = 1_000;

/** What the book knows of every scored account, some accounts at a time. */
export async function* bookEntries(
  assessments: Pick<AssessmentStore, 'bookEntries'>,
): AsyncGenerator<readonly BookEntry[]> {
  for (let after: AccountId | null = null; ;) {
    const page: readonly BookEntry[] = await assessments.bookEntries(after, ENTRIES);
    yield page;
    if (page.length < ENTRIES) return;
    after = page.at(-1)?.accountId ?? null;
  }
}
