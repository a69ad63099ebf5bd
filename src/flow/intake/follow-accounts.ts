import { toAccountId, type AccountId } from '../../core/model/ids.ts';
import { keysOfAccount } from '../../core/usage/match.ts';
import type { ListedAccount } from '../../ports/store.ts';
import { openCases, type Book, type Case } from '../judge.ts';
import type { DefinedLine } from '../line.ts';

/**
 * Opens accounts whose records changed, and lists under which keys they can be found: usage that waited for one of them
 * is in what is opened.
 */
export async function openFollowed(
  line: DefinedLine,
  book: Book,
  accounts: readonly AccountId[],
): Promise<readonly Case[]> {
  const cases = [...(await openCases(line, book, accounts))];
  // Under which keys an account is found follows from its records.
  const read = cases.filter(({ keptAs }) => keptAs === null);
  const concerned = new Set(await line.store.signals.listAccounts(read.map(toListed), line.clock.now()));
  const won = accounts.filter((account) => concerned.has(account));
  if (won.length === 0) return cases;
  const signals = await line.store.signals.byAccounts(won, book.usageView);
  return cases.map((one) => {
    const anew = signals.get(one.accountId);
    if (one.snapshot === null || anew === undefined) return one;
    return { ...one, snapshot: { ...one.snapshot, ...anew }, keptAs: null };
  });
}

function toListed({ accountId, snapshot, mergedInto }: Case): ListedAccount {
  if (snapshot !== null) return { recordId: accountId, accountId, keys: keysOfAccount(snapshot.account) };
  // Products go on using the id of a record that was merged away.
  if (mergedInto !== null)
    return { recordId: accountId, accountId: toAccountId(mergedInto), keys: [`id:${accountId}`] };
  return { recordId: accountId, accountId: null, keys: [] };
}
