import type { DailyCalls } from '../ports/daily-calls.ts';
import type { RunKind } from '../ports/store.ts';
import { addDays, dayOf } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import { assessTouched, type Assessed } from './assess.ts';
import { followConfiguration } from './configuration.ts';
import { forgetOldSignals } from './intake/forget-old-signals.ts';
import { tellWhyNoDeals } from './deals.ts';
import { defineLine, readDefinitions } from './definitions.ts';
import { thinHistory } from './keep-history.ts';
import { shift, type DefinedLine, type Line } from './line.ts';
import { PARKED_MS, parkedFields, planAllTasks, planFields, planUrgentValuesFirst, type PlannedTasks } from './plan.ts';
import { tellNobodysTasks } from './nobodys-tasks.ts';
import { keepPlayFacts } from './plays.ts';
import { pull, type Pulled } from './pull.ts';
import { recoverDeals } from './recover-deals.ts';
import { recoverTasks } from './recover-tasks.ts';
import { sweep } from './sweep.ts';
import { trainChurnMonthly } from './train-churn.ts';
import { trainExpansionMonthly } from './train-expansion.ts';
import { tellUnheededSnoozes } from './unheeded-snoozes.ts';
import { checkWhenDue } from './validation.ts';
import { nothingWritten, openDeals, provision, writeTasks, writeValues, type Written } from './write.ts';

/** What a run did. Printed by `sync --json` as it is. */
export interface SyncResult {
  readonly installation: string;
  readonly kind: RunKind;
  /** Records that came over the wire, per object. */
  readonly pulled: Readonly<Record<string, number>>;
  readonly accountsScored: number;
  readonly writes: Readonly<Written>;
  /** Tasks that wait because their owners have enough on their list. */
  readonly heldBack: number;
  /** True while the first write waits for the admin's approval. */
  readonly awaitsApproval: boolean;
  /** HTTP calls per bucket of the CRM's limits. */
  readonly calls: Readonly<Record<string, number>>;
  readonly rateLimited: number;
  /** What is used of the CRM's calls of the day; null where it has named no limit. */
  readonly daily: DailyCalls | null;
  readonly seconds: number;
}

/** The stream whose checkpoint says that scores may be ahead of what the CRM shows. */
const WRITE = 'write';

/** The whole line once: definitions, pull, assess, plan, write. Each part is stored before the next begins. */
export async function sync(opened: Line, kind: RunKind): Promise<SyncResult> {
  const began = performance.now();
  // Long runs ask beforehand: what others have used since the last answer counts as well.
  if (kind !== 'incremental') await opened.session.readUsage?.();
  const line = await openDefined(opened, kind);
  const pulled = await pull(line, kind);
  const swept = kind === 'daily' ? await sweep(line) : [];
  if (kind === 'daily') await forget(line);
  if (kind !== 'incremental') {
    await thinHistory(line);
    await trainChurnMonthly(line);
    await trainExpansionMonthly(line);
  }
  const { assessed, outcome, awaitsApproval } = await scoreAndWrite(line, kind);
  const calls = line.calls();
  return {
    installation: line.installation.id,
    kind,
    pulled: tally([...pulled, ...swept]),
    accountsScored: assessed.scored,
    writes: outcome.written,
    heldBack: outcome.heldBack,
    awaitsApproval,
    calls: calls.perBucket,
    rateLimited: calls.rateLimited,
    daily: calls.daily,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

/** The line with its mapping made ready. A field that was opened to us since may lack its values everywhere. */
export async function openDefined(opened: Line, kind: RunKind): Promise<DefinedLine> {
  if (await readDefinitions(opened, kind)) await opened.store.checkpoints.drop(WRITE);
  return defineLine(opened);
}

/**
 * Scores what was touched (beyond an incremental run also what is due), and writes what follows. Goes on where an earlier
 * one was cut short.
 */
export async function scoreAndWrite(
  line: DefinedLine,
  kind: RunKind,
): Promise<{ readonly assessed: Assessed; readonly outcome: Outcome; readonly awaitsApproval: boolean }> {
  await recoverTasks(line);
  await recoverDeals(line);

  if (await followConfiguration(line)) await line.store.checkpoints.drop(WRITE);
  await tellWhyNoDeals(line);
  const before = await line.store.checkpoints.get(WRITE);
  await line.store.checkpoints.put(WRITE, { isComplete: false });
  const assessed = await assessTouched(line, kind !== 'incremental');
  await checkWhenDue(line, kind !== 'incremental');

  const { approvedAt } = await line.store.getInstallation();
  // After a write that was cut short, the first approval, or a field that was opened to us, anything may be missing: the whole book is planned.
  const isWhole = kind !== 'incremental' || before?.['isComplete'] !== true;
  const outcome =
    approvedAt === null
      ? await onlyWatch(line, kind === 'incremental' ? assessed.accounts : null)
      : await planAndWrite(line, isWhole ? null : assessed.accounts);
  if (approvedAt !== null) await line.store.checkpoints.put(WRITE, { isComplete: true });
  return { assessed, outcome, awaitsApproval: approvedAt === null };
}

interface Outcome {
  readonly written: Written;
  readonly heldBack: number;
}

/** What is older than it is kept. */
async function forget(line: DefinedLine): Promise<void> {
  await forgetOldSignals(line);
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  await line.store.inputs.prune(addDays(today, -line.configuration.recompute.keptDays));
}

/** Before the first approval nothing is written, and plays are watched: what they would do is in the plan. */
async function onlyWatch(line: DefinedLine, accounts: readonly AccountId[] | null): Promise<Outcome> {
  const scope = { accounts, refusedFields: await parkedFields(line) };
  await storePlayed(line, await planAllTasks(line, scope, false), accounts === null);
  return { written: nothingWritten(), heldBack: 0 };
}

/** Stored before any task is written: a task that was made always has the firing that it belongs to. */
async function storePlayed(line: DefinedLine, tasks: PlannedTasks, isWhole: boolean): Promise<void> {
  await line.store.plays.put(tasks.playRuns);
  for (const snooze of tasks.snoozes) await line.store.plays.snooze(snooze);
  await tellUnheededSnoozes(line, tasks.unheeded, isWhole);
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  if (isWhole) await keepPlayFacts(line, today, tasks.revenues);
}

/** Tasks before values, and of these the urgent ones first: when a day's calls run out, what is cut off matters least. */
async function planAndWrite(line: DefinedLine, accounts: readonly AccountId[] | null): Promise<Outcome> {
  const written = nothingWritten();
  const parked = await parkedFields(line);
  const missing = (await planFields(line)).filter(({ object, name }) => !parked.has(`${object}.${name}`));
  const scope = { accounts, refusedFields: parked.union(await provision(line, missing)) };
  const tasks = await planAllTasks(line, scope);
  await storePlayed(line, tasks, accounts === null);
  await line.store.ledger.put(tasks.ledger);
  await line.store.dealLedger.put(tasks.dealLedger);
  await writeTasks(line, tasks.steps, written);
  await openDeals(line, tasks.deals, written);
  for await (const portion of planUrgentValuesFirst(line, scope)) await writeValues(line, portion, written);
  if (accounts === null) {
    // Over the whole book every older refusal was tried again; what was refused once more was reported anew.
    await line.store.problems.closeOlder('write', shift(line.runStartedAt, -PARKED_MS));
    await tellNobodysTasks(line, tasks.heldBack);
  }
  return { written, heldBack: tasks.heldBack.length };
}

function tally(pulled: readonly Pulled[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { object, read } of pulled) sums[object] = (sums[object] ?? 0) + read;
  return sums;
}
