import { assess, isCustomer } from '../core/assess.ts';
import { toBookEntry, type BookEntry } from '../core/book/entry.ts';
import { settleBook } from '../core/book/settle-book.ts';
import { withStanding } from '../core/book/standing.ts';
import type { Assessment, Standing } from '../core/model/assessment.ts';
import { dayOf } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import { segmentOf } from '../core/renewals/segment.ts';
import type { UsageView } from '../core/usage/account-usage.ts';
import type { AssessmentStore, StoredAssessment } from '../ports/store.ts';
import { customersIn, openBook, openCases, type Book } from './judge.ts';
import { mustGoOn, type DefinedLine } from './line.ts';

/** Accounts whose records are held in memory at once. */
const BATCH = 200;

/** A look at each account of the book, before the accounts are seen beside each other. */
export interface Look {
  /** Comes before the accounts are seen, with what is looked at of their use of the product. */
  prepare(accounts: readonly AccountId[], usageView: UsageView): Promise<void>;
  see(account: {
    readonly snapshot: AccountSnapshot;
    readonly assessment: Assessment;
    readonly name: string | null;
  }): void;
}

/**
 * The line as it will be once the whole book is scored by its configuration: what is planned on it is what the next run
 * would write. Nothing is stored. Every account is scored when it is asked for; kept is only what the book needs of each
 * to be seen beside the others.
 */
export async function rescored(line: DefinedLine, look: Look | null = null): Promise<DefinedLine> {
  const book = await openBook(line);
  const total = customersIn(await line.store.assessments.summary());
  const entries: BookEntry[] = [];
  for (let after: AccountId | null = null; ;) {
    mustGoOn(line);
    const page: readonly BookEntry[] = await line.store.assessments.bookEntries(after, BATCH);
    const ids = page.map(({ accountId }) => accountId);
    await look?.prepare(ids, book.usageView);
    for (const { snapshot, assessment } of await score(line, book, ids)) {
      const { name } = snapshot.account;
      look?.see({ snapshot, assessment, name });
      entries.push(toBookEntry(assessment, name));
    }
    line.progress({ stage: 'assess', subject: 'accounts', done: entries.length, total });
    if (page.length < BATCH) break;
    after = ids.at(-1) ?? null;
  }
  const { currency, timeZone } = line.installation.facts;
  const { standings } = settleBook(entries, currency, dayOf(book.asOf, timeZone), line.configuration);
  const get: AssessmentStore['get'] = async (accounts) => {
    const folded = await getFolded(accounts);
    return new Map([...folded].map(([account, open]) => [account, open()]));
  };
  const getFolded: AssessmentStore['getFolded'] = async (accounts) =>
    new Map((await getRescored(line, book, standings, accounts)).map((one) => [one.assessment.accountId, () => one]));
  const assessments = { ...line.store.assessments, get, getFolded };
  return { ...line, store: { ...line.store, assessments } };
}

async function getRescored(
  line: DefinedLine,
  book: Book,
  standings: ReadonlyMap<AccountId, Standing | null>,
  accounts: readonly AccountId[],
): Promise<readonly StoredAssessment[]> {
  return [...(await score(line, book, accounts))].map(({ snapshot, assessment }) => {
    const { id, name } = snapshot.account;
    const segment = segmentOf(snapshot, line.configuration);
    const standing = standings.get(id) ?? null;
    return { assessment: withStanding(assessment, standing), name, segment, on: snapshot.today };
  });
}

async function score(
  line: DefinedLine,
  book: Book,
  accounts: readonly AccountId[],
): Promise<IteratorObject<{ readonly snapshot: AccountSnapshot; readonly assessment: Assessment }>> {
  return (await openCases(line, book, accounts)).flatMap(({ snapshot }) =>
    snapshot === null || !isCustomer(snapshot.account, snapshot.deals)
      ? []
      : [{ snapshot, assessment: assess(snapshot, line.configuration) }],
  );
}
