import { ConnectorError } from '../contract/errors.ts';
import { callForText, callSalesforce, toAsked } from './client.ts';
import type { SalesforceCall } from './client.ts';
import { parseCsv } from './csv.ts';
import type { CsvRow } from './csv.ts';
import { SalesforceAnswer, errorCodeOf, toUnexpected } from './failures.ts';
import type { Org } from './org.ts';
import { bulkJob } from './wire.ts';
import type { BulkJob } from './wire.ts';

/** Rows of one page of results. Each page is a call, and one page at a time is in memory. */
const PAGE = 20_000;

/** Waits between two looks at a job. Every look counts as a call of the org's. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
const LONGEST_WAIT_MS = 30_000;
/** Half an hour, after which the job is left to the next run. */
const LOOKS = 64;

/** Codes by which an edition says that it has no bulk API. */
const NO_BULK = new Set(['API_DISABLED_FOR_ORG', 'FUNCTIONALITY_NOT_ENABLED', 'FEATURENOTENABLED']);

export interface ResultPage {
  readonly rows: readonly CsvRow[];
  /** Where the next page is; null behind the last. */
  readonly locator: string | null;
}

/**
 * Begins a query job and waits until its results are there. Null where the org has no bulk API, the object is not open to
 * it, or Salesforce gave the job up: a bulk job says nothing of why, and what cannot be had this way can be by pages.
 */
export async function runQueryJob(
  org: Org,
  soql: string,
  options: { readonly includesDeleted: boolean; readonly purpose: string },
): Promise<string | null> {
  if (!org.hasBulk) return null;
  const call: SalesforceCall = {
    method: 'POST',
    path: '/jobs/query',
    body: { operation: options.includesDeleted ? 'queryAll' : 'query', query: soql },
    purpose: `begin to ${options.purpose} in bulk`,
  };
  const job = await untilRefused(org, () => callSalesforce(org, call, bulkJob));
  if (job === null) return null;
  const ended = await untilEnded(org, `/jobs/query/${job.id}`, options.purpose);
  return ended.state === 'JobComplete' ? job.id : null;
}

async function untilRefused(org: Org, begin: () => Promise<BulkJob>): Promise<BulkJob | null> {
  try {
    return await begin();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.code !== 'permission-missing' && error.code !== 'request-refused') throw error;
    const isAbsent = NO_BULK.has(errorCodeOf(error) ?? '') || (isAnswered(error) && error.cause.status === 404);
    if (isAbsent) org.hasBulk = false;
    return null;
  }
}

/** A page of a job's results. Null when Salesforce no longer has the job: results are kept for seven days. */
export async function readResults(
  org: Org,
  job: string,
  locator: string | null,
  purpose: string,
): Promise<ResultPage | null> {
  const call: SalesforceCall = {
    method: 'GET',
    path: `/jobs/query/${encodeURIComponent(job)}/results`,
    query: { maxRecords: String(PAGE), ...(locator === null ? {} : { locator }) },
    purpose: `${purpose} in bulk`,
  };
  try {
    const answer = await callForText(org, call);
    const next = answer.headers.get('sforce-locator');
    return { rows: toRows(call, answer.text), locator: next === null || next === 'null' || next === '' ? null : next };
  } catch (error) {
    if (isAnswered(error) && (error.cause.status === 404 || error.cause.status === 400)) return null;
    throw error;
  }
}

/** Looks at a job until Salesforce has ended it, in whichever way. Throws `unavailable` when that takes half an hour. */
export async function untilEnded(org: Org, path: string, purpose: string): Promise<BulkJob> {
  for (let look = 0; look < LOOKS; look += 1) {
    await org.access.pause(WAITS_MS[look] ?? LONGEST_WAIT_MS);
    const job = await callSalesforce(org, { method: 'GET', path, purpose: `look at the job to ${purpose}` }, bulkJob);
    if (job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted') return job;
  }
  throw new ConnectorError({
    code: 'unavailable',
    message: `Salesforce has not ended the job to ${purpose} within half an hour.`,
    remedy: 'Nothing to do: the next run tries again.',
    maybeDone: true,
  });
}

/** Reads the rows of an answer of a bulk job. Throws `response-unexpected`. */
export function toRows(call: SalesforceCall, text: string): readonly CsvRow[] {
  try {
    return parseCsv(text);
  } catch (error) {
    throw toUnexpected(toAsked(call), 'it is no CSV', text, error);
  }
}

function isAnswered(error: unknown): error is ConnectorError & { readonly cause: SalesforceAnswer } {
  return error instanceof ConnectorError && error.cause instanceof SalesforceAnswer;
}
