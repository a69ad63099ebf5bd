import { ConnectorError } from '../contract/errors.ts';
import type { ConnectorErrorCode } from '../contract/errors.ts';
import type { RawChange, WriteOutcome } from '../contract/record.ts';
import { splitRefused } from '../kit/split-refused.ts';
import { callSalesforce } from './client.ts';
import { SalesforceAnswer, errorCodeOf } from './failures.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { refusedAs, toRefused, toWritten } from './outcomes.ts';
import { forgetShape, shapeOf, toWireName } from './shapes.ts';
import type { Shape } from './shapes.ts';
import { toNewRecord, toWireFields } from './typed-fields.ts';
import type { WireFields } from './typed-fields.ts';
import { writeResults } from './wire.ts';
import type { ErrorEntry, WriteResult } from './wire.ts';
import type { Entry } from './write.ts';

/** Records that Salesforce takes in one call. */
export const COLLECTION = 200;

/** Calls that may be spent on finding the record for which Salesforce refuses a whole call: twice what one costs. */
const EXTRA_CALLS = 30;

type ChangeOf<Kind extends RawChange['kind']> = Extract<RawChange, { kind: Kind }>;

interface Refusal {
  readonly entries: readonly ErrorEntry[];
  readonly isForAll: boolean;
}

/**
 * Sends at most 200 entries of one kind and object in one call, in which each stands for itself. Where Salesforce refuses
 * the call as a whole, the record at fault is found by halving.
 */
export async function sendCollection(org: Org, entries: readonly Entry[]): Promise<readonly WriteOutcome[]> {
  return splitRefused(entries, {
    send: async (part) => {
      try {
        return { taken: true, outcomes: await sendPart(org, part) };
      } catch (error) {
        const refusal = findRefusal(error);
        if (refusal === null) throw error;
        return { taken: false, refusal };
      }
    },
    blamed: (part, refusal) => (refusal.isForAll ? part : []),
    toOutcome: ({ change }, refusal) => toRefused(change, refusal.entries),
    extraCalls: EXTRA_CALLS,
  });
}

/** The refusal of a whole call, of which nothing was written; null for an error that leaves this open. */
function findRefusal(error: unknown): Refusal | null {
  if (!(error instanceof ConnectorError) || !(error.cause instanceof SalesforceAnswer)) return null;
  if (!REFUSING.has(error.code)) return null;
  const { entries } = error.cause;
  const isForAll = error.code === 'permission-missing';
  return {
    entries: entries.length > 0 ? entries : [{ statusCode: NAMELESS[error.code], message: error.message }],
    isForAll,
  };
}

const REFUSING: ReadonlySet<ConnectorErrorCode> = new Set([
  'permission-missing',
  'request-refused',
  'value-refused',
  'record-gone',
  'record-locked',
]);

/** What a refusal without words of Salesforce's own counts as. */
const NAMELESS: Readonly<Partial<Record<ConnectorErrorCode, string>>> = {
  'permission-missing': 'INSUFFICIENT_ACCESS',
};

async function sendPart(org: Org, entries: readonly Entry[]): Promise<readonly WriteOutcome[]> {
  const updates = entries.filter((entry) => isKind(entry, 'update'));
  const creates = entries.filter((entry) => isKind(entry, 'create'));
  const archives = entries.filter((entry) => isKind(entry, 'archive'));
  if (updates.length > 0) return withShape(org, updates, (shape) => sendUpdates(org, shape, updates));
  if (creates.length > 0) return withShape(org, creates, (shape) => sendCreates(org, shape, creates));
  return sendArchives(org, archives);
}

function isKind<Kind extends RawChange['kind']>(entry: Entry, kind: Kind): entry is Entry<ChangeOf<Kind>> {
  return entry.change.kind === kind;
}

/** What a call is refused with as a whole for a field that the org has not, or has no longer, or not as a key. */
const UNFIT = new Set(['INVALID_FIELD', 'NOT_FOUND']);

/** Goes by what is known of the object, which may be nothing; describes it, anew where it was, when that did not fit. */
async function withShape<T>(
  org: Org,
  entries: readonly Entry[],
  send: (shape: Shape | null) => Promise<T>,
): Promise<T> {
  const { sobject } = factsOf(objectOf(entries));
  try {
    return await send((await org.shapes.get(sobject)) ?? null);
  } catch (error) {
    if (!UNFIT.has(errorCodeOf(error) ?? '')) throw error;
    forgetShape(org, sobject);
    return send(await shapeOf(org, sobject));
  }
}

async function sendUpdates(
  org: Org,
  shape: Shape | null,
  entries: readonly Entry<ChangeOf<'update'>>[],
): Promise<readonly WriteOutcome[]> {
  const object = objectOf(entries);
  const records = entries.map(({ change }) =>
    toRecord(object, { id: change.id, ...toWireFields(org, shape, change.fields) }),
  );
  const results = await callSalesforce(
    org,
    {
      method: 'PATCH',
      path: '/composite/sobjects',
      body: { allOrNone: false, records },
      purpose: `update ${object}`,
    },
    writeResults,
  );
  return toOutcomes(entries, results, ({ change }) => toWritten(change.id, change.fields));
}

/**
 * New records that carry a key which the org holds to be unique are sent as "update or create", so that a call that is
 * repeated makes nothing twice. Without such a field a lost answer is looked up by whoever asked.
 */
async function sendCreates(
  org: Org,
  shape: Shape | null,
  entries: readonly Entry<ChangeOf<'create'>>[],
): Promise<readonly WriteOutcome[]> {
  const object = objectOf(entries);
  const key = keyFieldOf(org, shape, entries);
  const records = entries.map(({ change }) => toRecord(object, toNewRecord(org, shape, change)));
  const results = await callSalesforce(
    org,
    {
      method: key === null ? 'POST' : 'PATCH',
      path: key === null ? '/composite/sobjects' : `/composite/sobjects/${factsOf(object).sobject}/${key}`,
      body: { allOrNone: false, records },
      purpose: `create ${object}`,
      repeatable: key !== null,
    },
    writeResults,
  );
  return toOutcomes(entries, results, ({ change }, result) => toWritten(result.id ?? '', change.fields));
}

/** The field in which records that Holdfast makes carry its key. */
const KEY = 'Holdfast_Key__c';

/** The org's name of our key, where all of these carry it and the org is not known to hold it for no key. */
function keyFieldOf(org: Org, shape: Shape | null, entries: readonly Entry<ChangeOf<'create'>>[]): string | null {
  if (!entries.every(({ change }) => change.fields[KEY])) return null;
  if (shape === null) return toWireName(org, KEY);
  const field = shape.fields.get(KEY);
  return field?.wire.externalId === true ? field.wireName : null;
}

async function sendArchives(org: Org, entries: readonly Entry[]): Promise<readonly WriteOutcome[]> {
  const archives = entries.filter((entry) => isKind(entry, 'archive'));
  const results = await callSalesforce(
    org,
    {
      method: 'DELETE',
      path: '/composite/sobjects',
      query: { ids: archives.map(({ change }) => change.id).join(','), allOrNone: 'false' },
      purpose: `delete ${objectOf(entries)}`,
    },
    writeResults,
  );
  return toOutcomes(archives, results, ({ change }) => toWritten(change.id, {}));
}

/** Salesforce answers in the order of the records, with 200 whatever became of them. */
function toOutcomes<Change extends RawChange>(
  entries: readonly Entry<Change>[],
  results: readonly WriteResult[],
  toDone: (entry: Entry<Change>, result: WriteResult) => WriteOutcome,
): readonly WriteOutcome[] {
  if (results.length !== entries.length) {
    throw new ConnectorError({
      code: 'response-unexpected',
      message: `Salesforce was sent ${entries.length} records and answered for ${results.length}.`,
      remedy: 'Nothing to do: what was written is looked up before anything is written again.',
      maybeDone: true,
    });
  }
  return entries.map((entry, at) => {
    const result = results[at];
    if (result === undefined) return refusedAs('value-refused', 'Salesforce gave no answer for this record');
    return result.success ? toDone(entry, result) : toRefused(entry.change, result.errors ?? []);
  });
}

function toRecord(object: string, fields: WireFields): object {
  return { attributes: { type: factsOf(object).sobject }, ...fields };
}

function objectOf(entries: readonly Entry[]): string {
  const object = entries[0]?.change.object;
  if (object === undefined) throw new RangeError('a batch holds at least one change');
  return object;
}
