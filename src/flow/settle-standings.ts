import type { BookEntry } from '../core/book/entry.ts';
import { settleBook, type SettledBook } from '../core/book/settle-book.ts';
import { isSameStanding, withStanding } from '../core/book/standing.ts';
import { dayOf, type Instant } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Problem } from '../ports/store.ts';
import { bookEntries } from './book-entries.ts';
import { mustGoOn, type DefinedLine } from './line.ts';

/** Accounts whose assessments are stored at once. */
const BATCH = 200;

/** The kind of problems that are found here; each walk closes those that it does not find again. */
const KIND = 'book';

/**
 * Sees every account beside the others and stores what changed of that: once a day, since it needs the whole book.
 * Between two walks an account keeps its standing. Answers whose standing is another now.
 *
 * What was shown on an earlier day stays in the history as it was shown: an account that is not scored today yet has its
 * standing settled once it is.
 */
export async function settleStandings(line: DefinedLine, at: Instant): Promise<readonly AccountId[]> {
  const { currency, timeZone } = line.installation.facts;
  const today = dayOf(at, timeZone);
  const entries: BookEntry[] = [];
  for await (const page of bookEntries(line.store.assessments)) {
    mustGoOn(line);
    entries.push(...page);
  }
  const settled = settleBook(entries, currency, today, line.configuration);
  const changed = entries.filter(
    ({ accountId, standing }) => !isSameStanding(standing, settled.standings.get(accountId) ?? null),
  );
  const settledNow: AccountId[] = [];
  for (let start = 0; start < changed.length; start += BATCH) {
    mustGoOn(line);
    const batch = changed.slice(start, start + BATCH).map(({ accountId }) => accountId);
    const stored = await line.store.assessments.get(batch);
    const ofToday = [...stored.values()].filter(({ on }) => on === today);
    await line.store.assessments.put(
      ofToday.map((one) => {
        const standing = settled.standings.get(one.assessment.accountId) ?? null;
        return { ...one, assessment: withStanding(one.assessment, standing) };
      }),
    );
    settledNow.push(...ofToday.map(({ assessment }) => assessment.accountId));
  }
  await line.store.problems.report(problemsOf(settled, entries, line.mapping.accountObject), at);
  await line.store.problems.closeOlder(KIND, line.runStartedAt);
  return settledNow;
}

function problemsOf(
  { circles, unknownCurrencies }: SettledBook,
  entries: readonly BookEntry[],
  object: string,
): readonly Problem[] {
  const names = new Map(entries.map(({ accountId, name }) => [accountId, name ?? accountId]));
  const inCircles = circles.map((circle): Problem => {
    const named = circle.map((id) => `'${names.get(id) ?? id}'`).join(', ');
    const message = circle.length === 1 ? `${named} is its own parent.` : `${named} are each other's parents.`;
    return {
      kind: KIND,
      code: 'hierarchy-circle',
      object,
      field: '',
      crmId: circle[0] ?? '',
      message,
      remedy: 'Correct the parent of one of them in the CRM. Until then they count as accounts without a parent.',
    };
  });
  const inCurrencies = [...unknownCurrencies].map(([currency, accounts]): Problem => ({
    kind: KIND,
    code: 'currency-unknown',
    object,
    field: currency,
    crmId: '',
    message: `${accounts === 1 ? 'One account has' : `${accounts} accounts have`} revenue in ${currency}, for which no exchange rate is set.`,
    remedy: `Set rates.perUnit.${currency} in the configuration. Until then that revenue is left out of sums and ranks, and its figure alone tells how large a customer is.`,
  }));
  return [...inCircles, ...inCurrencies];
}
