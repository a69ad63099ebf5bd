import type { Access } from '../contract/connector.ts';
import type { RawChange, WriteOutcome } from '../contract/record.ts';
import { refuseDoubles } from '../kit/refuse-doubles.ts';
import { toBatches } from '../kit/batches.ts';
import { splitRefused } from '../kit/split-refused.ts';
import { findSurvivors } from './merges.ts';
import type { Refusal } from './refusals.ts';
import { sendBatch } from './write-calls.ts';
import { findBlamed, toRefused } from './write-outcomes.ts';
import type { Entry } from './write-outcomes.ts';

const INPUTS = 100;

/** Calls that may be spent on finding the bad ones of a batch: twice what a single one costs at most. */
const EXTRA_CALLS = 30;

/**
 * Writes changes in batches of 100, one kind and object after the other in the order in which they first occur.
 *
 * One outcome for each change, in order. Throws only when a call was lost, so that it is not known what was written; and
 * for two changes of one record, which HubSpot would apply in any order.
 */
export async function writeChanges(access: Access, changes: readonly RawChange[]): Promise<readonly WriteOutcome[]> {
  refuseDoubles(changes);
  const outcomes = new Map<number, WriteOutcome>();
  for (const group of toGroups(changes)) {
    // A batch of which HubSpot takes nothing at all hints at a rule that all records break. Splitting every batch would
    // then cost hundreds of refused calls and find the same, so less is spent on each until one is taken.
    let extraCalls = EXTRA_CALLS;
    for (const batch of toBatches(group, INPUTS)) {
      const settled = await splitRefused(batch, {
        send: (entries) => sendBatch(access, entries),
        blamed: findBlamed,
        toOutcome: (_, refusal, isTried) => toRefused(isTried ? refusal : withOthers(refusal)),
        extraCalls,
      });
      extraCalls = settled.some((outcome) => outcome.ok) ? EXTRA_CALLS : Math.floor(extraCalls / 2);
      settled.forEach((outcome, at) => {
        const entry = batch[at];
        if (entry !== undefined) outcomes.set(entry.index, outcome);
      });
    }
  }
  const ordered = changes.flatMap((_, index) => outcomes.get(index) ?? []);
  return withSurvivors(access, changes, ordered);
}

function withOthers(refusal: Refusal): Refusal {
  return { ...refusal, message: `${refusal.message} (said of several records, of which this is one)` };
}

/** HTTP calls of `writeChanges` when HubSpot takes everything. */
export function costOfChanges(changes: readonly RawChange[]): number {
  return toGroups(changes).reduce((calls, group) => calls + Math.ceil(group.length / INPUTS), 0);
}

function toGroups(changes: readonly RawChange[]): readonly (readonly Entry[])[] {
  const groups = new Map<string, Entry[]>();
  changes.forEach((change, index) => {
    const key = `${change.kind} ${change.object}`;
    const group = groups.get(key) ?? [];
    group.push({ change, index, trace: String(index) });
    groups.set(key, group);
  });
  return [...groups.values()];
}

/** Names the record that took over, for those that are gone because they were merged: HubSpot says only that they are gone. */
async function withSurvivors(
  access: Access,
  changes: readonly RawChange[],
  outcomes: readonly WriteOutcome[],
): Promise<readonly WriteOutcome[]> {
  const gone = changes.filter((change, index) => {
    const outcome = outcomes[index];
    return change.kind === 'update' && outcome?.ok === false && outcome.code === 'record-gone';
  });
  const survivors = await findSurvivors(
    access,
    gone.filter((change) => change.kind === 'update'),
  );
  if (survivors.size === 0) return outcomes;
  return outcomes.map((outcome, index) => {
    const change = changes[index];
    const survivorId = change?.kind === 'update' ? survivors.get(change) : undefined;
    return outcome.ok || survivorId === undefined ? outcome : { ...outcome, survivorId };
  });
}
