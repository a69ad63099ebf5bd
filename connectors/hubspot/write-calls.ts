import type { Access } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import type { RawChange, RawFields, WriteOutcome } from '../contract/record.ts';
import type { BatchAnswer } from '../kit/split-refused.ts';
import { readWire } from './batch-read.ts';
import { callHubSpot } from './client.ts';
import { factsOf, findLinkTypeId } from './objects.ts';
import { toProperties } from './records.ts';
import { toRefusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import { anything, recordBatch } from './wire.ts';
import type { RecordBatch, WireRecord } from './wire.ts';
import { findRefusal, refusedAs, showsAll, toRefused, toWritten, unwritten } from './write-outcomes.ts';
import type { Entry } from './write-outcomes.ts';

type ChangeOf<Kind extends RawChange['kind']> = Extract<RawChange, { kind: Kind }>;

/** Sends entries of one kind and object in one call; at most 100. Throws when the call was lost. */
export async function sendBatch(
  access: Access,
  entries: readonly Entry[],
): Promise<BatchAnswer<WriteOutcome, Refusal>> {
  const updates = entries.filter((entry) => isKind(entry, 'update'));
  const creates = entries.filter((entry) => isKind(entry, 'create'));
  const archives = entries.filter((entry) => isKind(entry, 'archive'));
  try {
    if (updates.length > 0) return { taken: true, outcomes: await sendUpdates(access, updates) };
    if (creates.length > 0) return { taken: true, outcomes: await sendCreates(access, creates) };
    return { taken: true, outcomes: await sendArchives(access, archives) };
  } catch (error) {
    const refusal = findRefusal(error);
    if (refusal === null) throw error;
    return { taken: false, refusal };
  }
}

function isKind<Kind extends RawChange['kind']>(entry: Entry, kind: Kind): entry is Entry<ChangeOf<Kind>> {
  return entry.change.kind === kind;
}

async function sendUpdates(
  access: Access,
  entries: readonly Entry<ChangeOf<'update'>>[],
): Promise<readonly WriteOutcome[]> {
  const object = objectOf(entries);
  const answer = await callHubSpot(
    access,
    {
      method: 'POST',
      path: `/crm/objects/2026-09/${object}/batch/update`,
      body: { inputs: entries.map(({ change }) => ({ id: change.id, properties: toWireFields(change.fields) })) },
      purpose: `update ${object}`,
      scope: factsOf(object).writeScope,
    },
    recordBatch,
  );
  const written = new Map(answer.results.map((wire) => [wire.id, wire]));
  const refused = toRefusals(answer);
  const silent = entries.filter(({ change }) => !written.has(change.id) && findFor(refused, change.id) === undefined);
  const shown = await readSilent(access, object, silent);
  return entries.map(({ change }) => {
    const wire = written.get(change.id);
    if (wire !== undefined) return toWritten(wire, change.fields);
    const refusal = findFor(refused, change.id);
    if (refusal !== undefined) return toRefused(refusal);
    const now = shown.get(change.id);
    if (now === undefined) return refusedAs('record-gone', 'HubSpot no longer has this record');
    return showsAll(now, change.fields) ? toWritten(now, change.fields) : unwritten();
  });
}

/** HubSpot has answered 200 with neither a result nor an error for records that it did not write: those are looked up. */
async function readSilent(
  access: Access,
  object: string,
  silent: readonly Entry<ChangeOf<'update'>>[],
): Promise<ReadonlyMap<string, WireRecord>> {
  if (silent.length === 0) return new Map();
  const names = [...new Set(silent.flatMap(({ change }) => Object.keys(change.fields)))];
  const ids = silent.map(({ change }) => change.id);
  const wires = await readWire(access, object, ids, toProperties(object, names, []));
  return new Map(wires.map((wire) => [wire.id, wire]));
}

async function sendCreates(
  access: Access,
  entries: readonly Entry<ChangeOf<'create'>>[],
): Promise<readonly WriteOutcome[]> {
  const object = objectOf(entries);
  const inputs = entries.map(({ change, trace }) => ({
    objectWriteTraceId: trace,
    properties: toWireFields(change.fields),
    associations: toWireLinks(object, change.links),
  }));
  const answer = await callHubSpot(
    access,
    {
      method: 'POST',
      path: `/crm/objects/2026-09/${object}/batch/create`,
      body: { inputs },
      purpose: `create ${object}`,
      scope: factsOf(object).writeScope,
      repeatable: false,
    },
    recordBatch,
  );
  const refused = toRefusals(answer);
  const made = matchMade(entries, answer.results);
  return entries.map((entry) => {
    const wire = made.get(entry.trace);
    if (wire !== undefined) return toWritten(wire, entry.change.fields);
    const refusal = refused.find((each) => each.traceIds.includes(entry.trace)) ?? findForAll(refused);
    return refusal === undefined ? unwritten() : toRefused(refusal);
  });
}

async function sendArchives(
  access: Access,
  entries: readonly Entry<ChangeOf<'archive'>>[],
): Promise<readonly WriteOutcome[]> {
  const object = objectOf(entries);
  await callHubSpot(
    access,
    {
      method: 'POST',
      path: `/crm/objects/2026-09/${object}/batch/archive`,
      body: { inputs: entries.map(({ change }) => ({ id: change.id })) },
      purpose: `archive ${object}`,
      scope: factsOf(object).writeScope,
    },
    anything,
  );
  return entries.map(({ change }) => ({ ok: true, id: change.id, fields: {}, modifiedAt: null }));
}

/**
 * Which record was made for which create. By trace id; where HubSpot leaves it out, by a value that only one of the
 * creates holds, never by position, since HubSpot does not promise the order of its results.
 */
function matchMade(
  entries: readonly Entry<ChangeOf<'create'>>[],
  wires: readonly WireRecord[],
): ReadonlyMap<string, WireRecord> {
  const made = new Map<string, WireRecord>();
  const holders = new Map<string, Set<string>>();
  for (const { change, trace } of entries) {
    for (const [name, value] of Object.entries(change.fields)) {
      const key = `${name}=${value ?? ''}`;
      holders.set(key, (holders.get(key) ?? new Set()).add(trace));
    }
  }
  for (const wire of wires) {
    const named = wire.objectWriteTraceId ?? findHolder(wire, holders);
    const trace = named ?? (entries.length === 1 ? entries[0]?.trace : undefined);
    if (trace === undefined || made.has(trace)) {
      throw new ConnectorError({
        code: 'response-unexpected',
        message: `HubSpot made record ${wire.id} without saying for which of ${entries.length} creates.`,
        remedy: 'Nothing to do: what was made is looked up before anything is made again.',
        maybeDone: true,
        context: { id: wire.id },
      });
    }
    made.set(trace, wire);
  }
  return made;
}

function findHolder(wire: WireRecord, holders: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  for (const [name, value] of Object.entries(wire.properties)) {
    const holding = typeof value === 'string' ? holders.get(`${name}=${value}`) : undefined;
    if (holding?.size === 1) return [...holding][0];
  }
  return undefined;
}

function toWireFields(fields: RawFields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? '']));
}

function toWireLinks(object: string, links: Readonly<Record<string, readonly string[]>>): readonly object[] {
  return Object.entries(links).flatMap(([to, ids]) => {
    const typeId = findLinkTypeId(object, to);
    if (typeId === null && ids.length > 0) {
      throw new ConnectorError({
        code: 'request-refused',
        message: `The association type of a new link from ${object} to ${to} is not known.`,
        remedy: `Take ${to} out of the links of the mapping for ${object}, or report this.`,
        context: { object, to },
      });
    }
    return ids.map((id) => ({
      to: { id },
      types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId }],
    }));
  });
}

/** `errors` beside the results: each is a refusal of the records that it names. */
function toRefusals(answer: RecordBatch): readonly Refusal[] {
  return (answer.errors ?? []).map(toRefusal);
}

function findFor(refused: readonly Refusal[], id: string): Refusal | undefined {
  return refused.find((each) => each.ids.includes(id)) ?? findForAll(refused);
}

/** A refusal that names no record, when it is the only one, is of all that were not written. */
function findForAll(refused: readonly Refusal[]): Refusal | undefined {
  const only = refused.length === 1 ? refused[0] : undefined;
  return only !== undefined && only.ids.length === 0 && only.traceIds.length === 0 ? only : undefined;
}

function objectOf(entries: readonly Entry[]): string {
  const object = entries[0]?.change.object;
  if (object === undefined) throw new RangeError('a batch holds at least one change');
  return object;
}
