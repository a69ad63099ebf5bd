import { dayOf } from '../core/model/calendar-date.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import type { PlayRun } from '../core/plays/play-run.ts';
import type { Case } from './judge.ts';
import type { DefinedLine } from './line.ts';

/**
 * Of companies that were merged away, hands on to the one that is left what keeps people from being asked the same again:
 * firings that ended, snoozes, and tasks that were completed or deleted. What is still open ends with its company. Doing it
 * again changes nothing.
 */
export async function followMerges(line: DefinedLine, cases: readonly Case[]): Promise<void> {
  const survivors = new Map<AccountId, AccountId>(
    cases.flatMap(({ accountId, mergedInto }) =>
      mergedInto === null ? [] : [[accountId, toAccountId(mergedInto)] as const],
    ),
  );
  if (survivors.size === 0) return;
  const { plays, ledger } = line.store;
  const all = [...new Set([...survivors.keys(), ...survivors.values()])];
  const runsOf = Map.groupBy(await plays.byAccounts(all), ({ accountId }) => accountId);
  for (const [gone, left] of survivors) {
    const known = runsOf.get(left) ?? [];
    const handedOn = handOn(runsOf.get(gone) ?? [], left, known);
    runsOf.set(left, [...known, ...handedOn]);
    await plays.put(handedOn);
  }
  // Those that we closed ourselves may be needed again on the one that is left.
  const theirs = await ledger.byAccounts([...survivors.keys()]);
  const tasks = theirs.filter(({ state }) => state === 'done' || state === 'deleted');
  await ledger.put(tasks.map((task) => ({ ...task, accountId: survivors.get(task.accountId) ?? task.accountId })));
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  for (const snooze of await plays.snoozes(today)) {
    const left = survivors.get(snooze.accountId);
    if (left !== undefined) await plays.snooze({ ...snooze, accountId: left });
  }
}

/**
 * The firings that ended, numbered behind those of the account that is left. They fired once, on the company that is gone:
 * here they only keep silent, and count in no measurement.
 */
function handOn(runs: readonly PlayRun[], left: AccountId, known: readonly PlayRun[]): readonly PlayRun[] {
  const last = new Map<string, number>();
  for (const { play, occurrence } of known) last.set(play, Math.max(last.get(play) ?? 0, occurrence));
  return runs
    .filter((run) => run.state === 'closed' && run.outcome !== 'left' && !known.some((other) => isSameEnd(run, other)))
    .map((run) => {
      const occurrence = (last.get(run.play) ?? 0) + 1;
      last.set(run.play, occurrence);
      return { ...run, accountId: left, occurrence, openedOn: null, arm: null };
    });
}

function isSameEnd(one: PlayRun, other: PlayRun): boolean {
  const { play, about, closedOn, because } = one;
  return other.play === play && other.about === about && other.closedOn === closedOn && other.because === because;
}
