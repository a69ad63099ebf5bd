import type { RawChange, WriteOutcome } from '../contract/record.ts';
import { refuseDoubles } from '../kit/refuse-doubles.ts';
import { toBatches } from '../kit/batches.ts';
import { whereMergedInto } from './merges.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { isBusy } from './outcomes.ts';
import { READ_AT_ONCE, readRecords } from './read.ts';
import { COLLECTION, sendCollection } from './write-collections.ts';
import { INGEST_CALLS, INGEST_FROM, sendIngest } from './write-bulk.ts';

/** One change and its place among those of the whole write. */
export interface Entry<Change extends RawChange = RawChange> {
  readonly change: Change;
  readonly index: number;
}

/** Changes that met a lock are sent again in smaller and smaller company, so that one locked account holds up few. */
const LOCK_ROUNDS = [20, 1];
const LOCK_WAIT_MS = 2_000;
/** Locked ones that are sent alone; what is locked beyond them waits for the next run. */
const MAX_ALONE = 20;

/**
 * Writes changes in calls of 200, one kind and object after the other; many updates of one object go as a bulk job.
 *
 * One call at a time: two at once would meet at the account above their records, which Salesforce locks for both.
 * One outcome for each change, in order. Throws only when a call was lost, so that it is not known what was written; and
 * for two changes of one record.
 */
export async function writeChanges(org: Org, changes: readonly RawChange[]): Promise<readonly WriteOutcome[]> {
  refuseDoubles(changes);
  const outcomes = new Map<number, WriteOutcome>();
  const keep = (entries: readonly Entry[], settled: readonly WriteOutcome[]): void => {
    settled.forEach((outcome, at) => {
      const entry = entries[at];
      if (entry !== undefined) outcomes.set(entry.index, outcome);
    });
  };
  for (const group of toGroups(changes)) {
    if (isForBulk(org, group)) keep(group, await sendIngest(org, group));
    else for (const batch of toBatches(group, COLLECTION)) keep(batch, await sendCollection(org, batch));
    await sendBusyAgain(org, group, outcomes, keep);
    await readDefaults(org, group, outcomes);
  }
  const ordered = changes.flatMap((_, index) => outcomes.get(index) ?? []);
  return withSurvivors(org, changes, ordered);
}

async function sendBusyAgain(
  org: Org,
  group: readonly Entry[],
  outcomes: ReadonlyMap<number, WriteOutcome>,
  keep: (entries: readonly Entry[], settled: readonly WriteOutcome[]) => void,
): Promise<void> {
  for (const size of LOCK_ROUNDS) {
    const busy = group.filter(({ index }) => {
      const outcome = outcomes.get(index);
      return outcome !== undefined && isBusy(outcome);
    });
    if (busy.length === 0) return;
    await org.access.pause(LOCK_WAIT_MS);
    for (const batch of toBatches(busy, size).slice(0, MAX_ALONE)) keep(batch, await sendCollection(org, batch));
  }
}

/** What was left empty the org has filled in, as the owner of a task: that is what the record shows now. */
async function readDefaults(org: Org, group: readonly Entry[], outcomes: Map<number, WriteOutcome>): Promise<void> {
  const made = new Map<string, number>();
  for (const { change, index } of group) {
    const outcome = outcomes.get(index);
    if (outcome?.ok === true && emptyIn(change).length > 0) made.set(outcome.id, index);
  }
  const names = new Set(group.flatMap(({ change }) => emptyIn(change)));
  const object = group[0]?.change.object;
  if (object === undefined || made.size === 0) return;
  for (const { id, fields } of await readRecords(org, object, [...made.keys()], [...names])) {
    const index = made.get(id) ?? -1;
    const outcome = outcomes.get(index);
    if (outcome?.ok === true) outcomes.set(index, { ...outcome, fields: { ...outcome.fields, ...fields } });
  }
}

/** Fields of a new record that are left to the org. */
function emptyIn(change: RawChange): readonly string[] {
  if (change.kind !== 'create') return [];
  return Object.entries(change.fields).flatMap(([name, value]) => (value === null || value === '' ? [name] : []));
}

/** HTTP calls of `writeChanges` when Salesforce takes everything. */
export function costOfChanges(org: Org, changes: readonly RawChange[]): number {
  const groups = toGroups(changes);
  const calls = groups.map((group) => (isForBulk(org, group) ? INGEST_CALLS : costOfCollections(group)));
  // A job has to name its columns before any record can tell that one of them is gone.
  const named = groups.filter((group) => isForBulk(org, group)).flatMap(([first]) => first ?? []);
  const unknown = new Set(named.map(({ change }) => factsOf(change.object).sobject)).difference(org.shapes);
  return calls.reduce((sum, one) => sum + one, 0) + unknown.size;
}

function costOfCollections(group: readonly Entry[]): number {
  const toReadBack = group.filter(({ change }) => emptyIn(change).length > 0).length;
  return Math.ceil(group.length / COLLECTION) + Math.ceil(toReadBack / READ_AT_ONCE);
}

/** New records and deletions are few, and only of updates does a job's answer say which is which. */
function isForBulk(org: Org, group: readonly Entry[]): boolean {
  return org.hasBulk && group.length >= INGEST_FROM && group[0]?.change.kind === 'update';
}

function toGroups(changes: readonly RawChange[]): readonly (readonly Entry[])[] {
  const entries = changes.map((change, index) => ({ change, index }));
  const groups = Map.groupBy(entries, ({ change }) => `${change.kind} ${change.object}`);
  return [...groups.values()].map(byAccount);
}

/**
 * New records of one account side by side: each of them locks the account, so that two calls that share one would wait
 * for each other. Everything else stays in its order.
 */
function byAccount(group: readonly Entry[]): readonly Entry[] {
  const accountOf = ({ change }: Entry): string =>
    change.kind === 'create' ? (change.links['Account']?.[0] ?? '') : '';
  return [...group].sort((a, b) =>
    accountOf(a) < accountOf(b) ? -1 : accountOf(a) > accountOf(b) ? 1 : a.index - b.index,
  );
}

/** Names the record that took over, for those that are gone because they were merged. */
async function withSurvivors(
  org: Org,
  changes: readonly RawChange[],
  outcomes: readonly WriteOutcome[],
): Promise<readonly WriteOutcome[]> {
  const gone = changes.filter((change, index) => {
    const outcome = outcomes[index];
    return change.kind === 'update' && outcome?.ok === false && outcome.code === 'record-gone';
  });
  const survivors = new Map<string, string>();
  for (const [object, lost] of Map.groupBy(gone, (change) => change.object)) {
    const ids = lost.flatMap((change) => (change.kind === 'update' ? [change.id] : []));
    for (const [id, survivor] of await whereMergedInto(org, object, ids)) survivors.set(`${object} ${id}`, survivor);
  }
  if (survivors.size === 0) return outcomes;
  return outcomes.map((outcome, index) => {
    const change = changes[index];
    const survivorId = change?.kind === 'update' ? survivors.get(`${change.object} ${change.id}`) : undefined;
    return outcome.ok || survivorId === undefined ? outcome : { ...outcome, survivorId };
  });
}
