import { z } from 'zod';
import { advance, BulkJobs, requireBulkApi, requireState, toJobBody } from '../bulk-job.ts';
import type { BulkJob } from '../bulk-job.ts';
import { toCsvLine } from '../csv.ts';
import type { FieldDefinition, Value } from '../field-definition.ts';
import { toId } from '../ids.ts';
import type { OrgState } from '../org-state.ts';
import { Refusal, refuse } from '../refusal.ts';
import { ok, parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { isAggregateQuery } from '../soql/find-records.ts';
import { parseSoql } from '../soql/parse-soql.ts';
import { runQuery } from '../soql/run-query.ts';
import type { QueryResult } from '../soql/run-query.ts';
import { objectIn } from './query.ts';

export interface BulkOptions {
  /** How many questions for a job's state are answered with "in progress". */
  readonly polls: number;
  /** How many jobs end as failed, the first ones. */
  readonly failing: number;
  /** Most rows of one page of results. */
  readonly pageRows: number;
}

interface QueryJob extends BulkJob {
  readonly result: QueryResult;
}

const querySchema = z.object({ query: z.string(), operation: z.enum(['query', 'queryAll']) });
const stateSchema = z.object({ state: z.literal('Aborted') });

/** SOQL by the Bulk API 2.0: a job, and its rows as CSV, a page at a time. */
export function bulkQueryRoutes(org: OrgState, options: BulkOptions): readonly Route[] {
  const base = '/services/data/:version/jobs/query';
  const jobs = new BulkJobs<QueryJob>(org);
  let made = 0;
  const route = (method: Route['method'], path: string, purpose: string, handle: Route['handle']): Route => ({
    method,
    path: `${base}${path}`,
    purpose: () => purpose,
    isOpen: false,
    handle: (request) => {
      requireBulkApi(org);
      return handle(request);
    },
  });
  return [
    {
      ...route('POST', '', '', (request) => {
        const { query, operation } = parseBody(querySchema, request.body);
        const result = plan(org, query, operation === 'queryAll', request.version);
        made += 1;
        const job: QueryJob = {
          id: toId('750', made),
          object: result.object.name,
          operation,
          createdById: request.userId,
          createdAt: org.now(),
          state: 'UploadComplete',
          pollsLeft: options.polls,
          errorMessage: made <= options.failing ? 'InternalServerError : the job was given up' : null,
          processed: result.total,
          failed: 0,
          result,
        };
        jobs.add(job);
        return ok(toJobBody(job, request.version));
      }),
      purpose: ({ body }) => `create bulk query ${objectIn(String(Reflect.get(Object(body), 'query')))}`,
    },
    route('GET', '/:id', 'bulk query state', (request) => {
      const job = jobs.get(request.params['id'] ?? '');
      advance(job);
      const isDone = job.state === 'JobComplete';
      const progress = {
        numberRecordsProcessed: isDone ? job.processed : 0,
        retries: 0,
        totalProcessingTime: 100,
        isPkChunkingSupported: true,
      };
      return ok({ ...toJobBody(job, request.version), jobType: 'V2Query', ...progress });
    }),
    route('GET', '/:id/results', 'bulk query results', (request) => {
      const job = jobs.get(request.params['id'] ?? '');
      requireState(job, 'JobComplete');
      return resultsOf(job, request, options.pageRows);
    }),
    route('PATCH', '/:id', 'abort bulk query', (request) => {
      parseBody(stateSchema, request.body);
      const job = jobs.get(request.params['id'] ?? '');
      job.state = 'Aborted';
      return ok(toJobBody(job, request.version));
    }),
    route('DELETE', '/:id', 'delete bulk query', (request) => {
      jobs.remove(request.params['id'] ?? '');
      return { status: 204 };
    }),
  ];
}

/** Looks through the query as the Bulk API does; what is wrong with the SOQL itself comes as an API_ERROR. */
function plan(org: OrgState, text: string, seesBin: boolean, version: string): QueryResult {
  const refuseBulk = (message: string): Refusal => refuse(400, 'API_ERROR', message);
  try {
    const query = parseSoql(text);
    if (query.isCount || isAggregateQuery(query))
      throw refuseBulk('Aggregate Relationships not supported in Bulk Query');
    if (query.offset > 0) throw refuseBulk('Offset not supported in Bulk Query');
    const result = runQuery(org, query, seesBin, version);
    if (!result.object.isInBulkApi) {
      throw refuse(400, 'INVALIDENTITY', `Entity '${result.object.name}' is not supported by the Bulk API.`);
    }
    if (result.writer?.hasChildren === true) throw refuseBulk('Nested queries are not supported in Bulk Query');
    if (result.writer?.paths.some(({ field }) => field.type === 'address') === true) {
      throw refuseBulk('Selecting compound data not supported in Bulk Query');
    }
    return result;
  } catch (error) {
    if (!(error instanceof Refusal) || ['API_ERROR', 'INVALIDENTITY'].includes(error.entry.errorCode)) throw error;
    throw refuseBulk(`${error.entry.errorCode}: ${error.entry.message}`);
  }
}

function resultsOf(job: QueryJob, { query }: ApiRequest, pageRows: number): Answer {
  const asked = Number(query.get('maxRecords') ?? pageRows);
  const locator = query.get('locator');
  const from = locator === null ? 0 : Number(Buffer.from(locator, 'base64').toString());
  if (!Number.isInteger(from) || from < 0 || from > job.result.total || asked < 1) {
    throw refuse(400, 'INVALIDLOCATOR', 'The locator is not one of this job');
  }
  const to = Math.min(from + Math.min(asked, pageRows), job.result.total);
  const paths = job.result.writer?.paths ?? [];
  let text = toCsvLine(paths.map(({ names }) => names.join('.')));
  let rows = 0;
  for (let index = from; index < to; index += 1) {
    const record = job.result.record(index);
    if (record === null) continue;
    rows += 1;
    text += toCsvLine(paths.map(({ field, read }) => toCell(field, read(record))));
  }
  const next = to >= job.result.total ? 'null' : Buffer.from(String(to)).toString('base64');
  return {
    status: 200,
    text,
    headers: { 'content-type': 'text/csv', 'Sforce-Locator': next, 'Sforce-NumberOfRecords': String(rows) },
  };
}

/** Everything is text here: nothing is an empty cell, datetimes end in Z, and whole numbers may have a `.0`. */
function toCell(field: FieldDefinition, value: Value): string {
  if (value === null) return '';
  if (field.type === 'datetime') return String(value).replace('+0000', 'Z');
  const isDecimal = field.type === 'double' || field.type === 'currency' || field.type === 'percent';
  return isDecimal && Number.isInteger(value) ? `${String(value)}.0` : String(value);
}
