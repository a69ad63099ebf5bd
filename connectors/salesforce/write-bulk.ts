import { ConnectorError } from '../contract/errors.ts';
import type { RawChange, WriteOutcome } from '../contract/record.ts';
import { toRows, untilEnded } from './bulk.ts';
import { callForText, callSalesforce } from './client.ts';
import type { SalesforceCall } from './client.ts';
import { toCsv } from './csv.ts';
import type { CsvRow } from './csv.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { refusedAs, toRefused, toWritten } from './outcomes.ts';
import { shapeOf } from './shapes.ts';
import { anything, bulkJob } from './wire.ts';
import type { Entry } from './write.ts';

/** From here on a bulk job takes fewer calls than collections of 200 do. */
export const INGEST_FROM = 2_000;

/** HTTP calls of a job of which nothing is refused and that has ended at the first look: begin, send, close, look. */
export const INGEST_CALLS = 4;

type Update = Extract<RawChange, { kind: 'update' }>;

/** Writes many updates of one object as a bulk job. One outcome for each entry, in order. */
export async function sendIngest(org: Org, entries: readonly Entry[]): Promise<readonly WriteOutcome[]> {
  const updates = entries.map(({ change }) => change).filter((change) => change.kind === 'update');
  const object = updates[0]?.object ?? '';
  const { sobject } = factsOf(object);
  const purpose = `update ${object} in bulk`;
  const job = await callSalesforce(
    org,
    {
      method: 'POST',
      path: '/jobs/ingest',
      body: { object: sobject, operation: 'update', contentType: 'CSV', lineEnding: 'LF' },
      purpose: `begin to ${purpose}`,
    },
    bulkJob,
  );
  const path = `/jobs/ingest/${encodeURIComponent(job.id)}`;
  const csv = await toUpdateCsv(org, sobject, updates);
  await callSalesforce(
    org,
    { method: 'PUT', path: `${path}/batches`, csv, purpose: `send what to ${purpose}` },
    anything,
  );
  const close = {
    method: 'PATCH',
    path,
    body: { state: 'UploadComplete' },
    purpose: `close what to ${purpose}`,
  } as const;
  await callSalesforce(org, close, bulkJob);
  const ended = await untilEnded(org, path, purpose);

  const hasDoneAll = ended.state === 'JobComplete' && ended.numberRecordsFailed === 0;
  if (hasDoneAll) return updates.map(({ id, fields }) => toWritten(id, fields));
  const done = new Set((await readRows(org, `${path}/successfulResults`, purpose)).map(idOf));
  const failed = new Map((await readRows(org, `${path}/failedResults`, purpose)).map((row) => [idOf(row), row]));
  if (done.size === 0 && failed.size === 0) throw toGivenUp(ended.errorMessage ?? ended.state, purpose);
  return updates.map((change) => {
    if (done.has(change.id)) return toWritten(change.id, change.fields);
    const row = failed.get(change.id);
    return row === undefined
      ? refusedAs('record-locked', 'UNABLE_TO_LOCK_ROW: Salesforce ended the job before it came to this record')
      : toRefused(change, [toEntry(row['sf__Error'] ?? '')]);
  });
}

async function toUpdateCsv(org: Org, sobject: string, updates: readonly Update[]): Promise<string> {
  const shape = await shapeOf(org, sobject);
  const names = new Map<string, string>();
  for (const { fields } of updates) {
    for (const name of Object.keys(fields)) {
      const wireName = shape.fields.get(name)?.wireName;
      if (wireName !== undefined) names.set(name, wireName);
    }
  }
  const rows = updates.map(({ id, fields }) => {
    const cells = Object.entries(fields).flatMap(([name, value]) => {
      const wireName = names.get(name);
      return wireName === undefined ? [] : [[wireName, value === '' ? null : value] as const];
    });
    return { Id: id, ...Object.fromEntries(cells) };
  });
  return toCsv(['Id', ...names.values()], rows);
}

async function readRows(org: Org, path: string, purpose: string): Promise<readonly CsvRow[]> {
  const call: SalesforceCall = { method: 'GET', path, purpose: `read how it went to ${purpose}` };
  return toRows(call, (await callForText(org, call)).text);
}

/** Of a failed record the column is the one that was sent. */
function idOf(row: CsvRow): string {
  return row['Id'] || (row['sf__Id'] ?? '');
}

/** `UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--`: code, words and fields. */
function toEntry(error: string): { readonly statusCode: string; readonly message: string; readonly fields: string[] } {
  const [code = '', message = '', fields = ''] = error.split(':');
  const named = fields.replaceAll('--', '').split(/[\s,]+/);
  return { statusCode: code, message, fields: named.filter((field) => field !== '') };
}

/** Nothing is known of any record, so nobody may take the changes as made or as refused. */
function toGivenUp(reason: string, purpose: string): ConnectorError {
  return new ConnectorError({
    code: 'unavailable',
    message: `Salesforce gave up the job to ${purpose}: ${reason}`,
    remedy: 'Nothing to do: the next run reads what was written, and writes the rest.',
    maybeDone: true,
  });
}
