import { z } from 'zod';
import { advance, BulkJobs, requireBulkApi, requireState, toJobBody } from '../bulk-job.ts';
import type { BulkJob } from '../bulk-job.ts';
import { parseCsv, toCsvLine } from '../csv.ts';
import type { FieldDefinition } from '../field-definition.ts';
import { toId } from '../ids.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { RecordWriter, SaveResult, SentValues, WriteCall } from '../record-writer.ts';
import { problem, refuse } from '../refusal.ts';
import { ok, parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { toValue } from '../values.ts';
import type { BulkOptions } from './bulk-query.ts';
import { getExternalIdField, getObject, toWriteCall } from './sobjects.ts';

type Operation = 'insert' | 'update' | 'upsert' | 'delete';

interface IngestJob extends BulkJob {
  readonly operation: Operation;
  readonly keyField: FieldDefinition | null;
  csv: string;
  header: readonly string[];
  succeeded: { readonly result: SaveResult & { readonly success: true }; readonly cells: readonly string[] }[];
  refused: { readonly result: SaveResult & { readonly success: false }; readonly cells: readonly string[] }[];
  unprocessed: readonly (readonly string[])[];
}

const createSchema = z.object({
  object: z.string(),
  operation: z.enum(['insert', 'update', 'upsert', 'delete']),
  externalIdFieldName: z.string().optional(),
  contentType: z.literal('CSV').optional(),
  lineEnding: z.literal('LF').optional(),
  columnDelimiter: z.literal('COMMA').optional(),
});
const stateSchema = z.object({ state: z.enum(['UploadComplete', 'Aborted']) });

/** Writes by the Bulk API 2.0: a job, one CSV, and what became of each row. */
export function bulkIngestRoutes(org: OrgState, writer: RecordWriter, options: BulkOptions): readonly Route[] {
  const jobs = new BulkJobs<IngestJob>(org);
  let made = 0;
  const jobOf = (request: ApiRequest): IngestJob => jobs.get(request.params['id'] ?? '');
  const route = (method: Route['method'], path: string, purpose: Route['purpose'], handle: Route['handle']): Route => ({
    method,
    path: `/services/data/:version/jobs/ingest${path}`,
    purpose,
    isOpen: false,
    handle: (request) => {
      requireBulkApi(org);
      return handle(request);
    },
  });
  const purposeOf = (body: unknown): string => {
    const parsed = createSchema.safeParse(body);
    return parsed.success ? `create bulk ${parsed.data.operation} ${parsed.data.object}` : 'create bulk ingest';
  };
  return [
    route(
      'POST',
      '',
      ({ body }) => purposeOf(body),
      (request) => {
        const { object: name, operation, externalIdFieldName } = parseBody(createSchema, request.body);
        const object = getObject(org, name);
        made += 1;
        const job: IngestJob = {
          id: toId('751', made),
          object: object.name,
          operation,
          keyField: operation === 'upsert' ? getExternalIdField(org, object, externalIdFieldName ?? '') : null,
          createdById: request.userId,
          createdAt: org.now(),
          state: 'Open',
          pollsLeft: options.polls,
          errorMessage: null,
          processed: 0,
          failed: 0,
          csv: '',
          header: [],
          succeeded: [],
          refused: [],
          unprocessed: [],
        };
        jobs.add(job);
        return ok(toBody(job, request.version));
      },
    ),
    route(
      'PUT',
      '/:id/batches',
      () => 'upload bulk data',
      (request) => {
        const job = jobOf(request);
        requireState(job, 'Open');
        if (job.csv !== '') throw refuse(400, 'INVALIDBATCH', 'Only one upload is allowed for a job');
        job.csv = request.text;
        return { status: 201 };
      },
    ),
    route(
      'PATCH',
      '/:id',
      () => 'bulk ingest close',
      (request) => {
        const job = jobOf(request);
        requireState(job, 'Open');
        const { state } = parseBody(stateSchema, request.body);
        job.state = state;
        if (state === 'UploadComplete') work(org, writer, job, toWriteCall(request));
        return ok(toBody(job, request.version));
      },
    ),
    route(
      'GET',
      '/:id',
      () => 'bulk ingest state',
      (request) => {
        const job = jobOf(request);
        advance(job);
        const isDone = job.state === 'JobComplete' || job.state === 'Failed';
        return ok({
          ...toBody(job, request.version),
          jobType: 'V2Ingest',
          numberRecordsProcessed: isDone ? job.processed : 0,
          numberRecordsFailed: isDone ? job.failed : 0,
          retries: 0,
          totalProcessingTime: 100,
        });
      },
    ),
    route(
      'GET',
      '/:id/successfulResults',
      () => 'bulk successful results',
      (request) => {
        const { header, succeeded } = finished(jobOf(request));
        return csv(['sf__Id', 'sf__Created', ...header], succeeded, ({ result, cells }) => [
          result.id,
          String(result.created),
          ...cells,
        ]);
      },
    ),
    route(
      'GET',
      '/:id/failedResults',
      () => 'bulk failed results',
      (request) => {
        const { header, refused } = finished(jobOf(request));
        return csv(['sf__Id', 'sf__Error', ...header], refused, ({ result, cells }) => ['', errorOf(result), ...cells]);
      },
    ),
    route(
      'GET',
      '/:id/unprocessedrecords',
      () => 'bulk unprocessed records',
      (request) => {
        const { header, unprocessed } = finished(jobOf(request));
        return csv(header, unprocessed, (cells) => cells);
      },
    ),
    route(
      'DELETE',
      '/:id',
      () => 'delete bulk ingest',
      (request) => {
        jobs.remove(jobOf(request).id);
        return { status: 204 };
      },
    ),
  ];
}

function toBody(job: IngestJob, version: string): Record<string, unknown> {
  return {
    ...toJobBody(job, version),
    contentUrl: `services/data/v${version}/jobs/ingest/${job.id}/batches`,
    ...(job.keyField === null ? {} : { externalIdFieldName: job.keyField.name }),
  };
}

function finished(job: IngestJob): IngestJob {
  if (job.state !== 'Failed') requireState(job, 'JobComplete');
  return job;
}

function csv<Row>(header: readonly string[], rows: readonly Row[], cells: (row: Row) => readonly string[]): Answer {
  const text = [header, ...rows.map(cells)].map(toCsvLine).join('');
  return { status: 200, text, headers: { 'content-type': 'text/csv' } };
}

/** `CODE:what went wrong:fields --`, as the CSV of failed rows has it. */
function errorOf({ errors }: SaveResult & { readonly success: false }): string {
  return errors.map(({ statusCode, message, fields }) => `${statusCode}:${message}:${fields.join(', ')}--`).join(';');
}

/** Reads the CSV and writes its rows. A column that the object lacks fails the whole job. */
function work(org: OrgState, writer: RecordWriter, job: IngestJob, call: WriteCall): void {
  const [header, ...rows] = parseCsv(job.csv) ?? [];
  if (header === undefined) {
    job.errorMessage = 'InvalidBatch : Failed to parse CSV header';
    return;
  }
  job.header = header;
  const object = getObject(org, job.object);
  const columns = header.map((name) => org.schema.findVisibleField(object, name));
  const unknown = header.find((_, index) => columns[index] === null);
  if (unknown !== undefined) {
    job.errorMessage = `InvalidBatch : Field name not found : ${unknown}`;
    job.unprocessed = rows;
    return;
  }
  for (const [position, cells] of rows.entries()) {
    const result = writeRow(writer, object, job, columns, cells, call, position);
    if (result.success) job.succeeded.push({ result, cells });
    else job.refused.push({ result, cells });
  }
  job.processed = rows.length;
  job.failed = job.refused.length;
}

function writeRow(
  writer: RecordWriter,
  object: ObjectDefinition,
  job: IngestJob,
  columns: readonly (FieldDefinition | null)[],
  cells: readonly string[],
  call: WriteCall,
  position: number,
): SaveResult {
  let id = '';
  const values: SentValues[number][] = [];
  for (const [index, field] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (field?.type === 'id') id = cell;
    // An empty cell leaves the field alone; `#N/A` empties it.
    if (field === null || field.type === 'id' || cell === '') continue;
    const value = toValue(field, cell === '#N/A' ? null : cell);
    if (value !== null && typeof value === 'object') {
      const why = `${field.label}: value not of required type: ${value.misfit}`;
      return { success: false, errors: [problem('INVALID_TYPE_ON_FIELD_IN_RECORD', why, [field.name])] };
    }
    values.push([field, value]);
  }
  switch (job.operation) {
    case 'insert':
      return writer.create(object, values, call, position);
    case 'update':
      return writer.update(object, id, values, call, position);
    case 'delete':
      return writer.delete(id, call, position);
    case 'upsert': {
      const key = values.find(([field]) => field === job.keyField)?.[1] ?? null;
      if (job.keyField === null) return writer.create(object, values, call, position);
      return writer.upsert(object, job.keyField, key, values, call, position);
    }
    default:
      return job.operation satisfies never;
  }
}
