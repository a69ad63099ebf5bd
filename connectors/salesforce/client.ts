import { Connection } from 'jsforce/lib/connection.js';
import { HttpApi } from 'jsforce/lib/http-api.js';
import type { z } from 'zod';
import type { ReportedUsage, Turn } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import { SalesforceAnswer, toAnswerError, toConnectionError, toUnexpected } from './failures.ts';
import type { AskedFor } from './failures.ts';
import type { Org } from './org.ts';
import { FetchTransport } from './transport.ts';
import type { Answer } from './transport.ts';
import { compositeAnswer, orgLimits, versionList } from './wire.ts';

/** One call of Salesforce's API. */
export interface SalesforceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Behind the version: `/query`. Begins with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In place of `body`, for bulk jobs. */
  readonly csv?: string;
  readonly purpose: string;
  /** True when absent: only creates may not be repeated. */
  readonly repeatable?: boolean;
}

/** Shown to the org's admin as the app that called, and to change events as where a change came from. */
const CLIENT = 'Holdfast';

/**
 * Makes a call through the one door and reads its answer by `schema`.
 *
 * Throws `ConnectorError`; the `cause` of a refusal is the `SalesforceAnswer`.
 */
export async function callSalesforce<T>(org: Org, call: SalesforceCall, schema: z.ZodType<T>): Promise<T> {
  return throughDoor(org, call, (answer) => readAnswer(call, answer, schema));
}

/** Makes a call whose answer is text, such as the rows of a bulk job, and hands it back as it came. */
export async function callForText(org: Org, call: SalesforceCall): Promise<Answer> {
  return throughDoor(org, call, (answer) => answer);
}

/**
 * Makes a read whose address would be too long as one part of a composite call, which counts as one call too.
 *
 * Throws `ConnectorError` as if the part had been called by itself.
 */
export async function callInBody<T>(org: Org, call: SalesforceCall, schema: z.ZodType<T>): Promise<T> {
  const query = new URLSearchParams(call.query).toString();
  const outer: SalesforceCall = {
    method: 'POST',
    path: '/composite',
    body: {
      allOrNone: false,
      compositeRequest: [
        { method: call.method, url: `/services/data/v${org.version}${call.path}?${query}`, referenceId: 'part' },
      ],
    },
    purpose: call.purpose,
  };
  return throughDoor(org, outer, (answer) => {
    const part = readAnswer(outer, answer, compositeAnswer).compositeResponse[0];
    if (part === undefined) throw toUnexpected(toAsked(outer), 'it holds no part', answer.text);
    const inner = { ...answer, status: part.httpStatusCode, text: JSON.stringify(part.body) };
    if (inner.status >= 300) throw toAnswerError(toAsked(call), inner);
    return readAnswer(call, inner, schema);
  });
}

async function throughDoor<T>(org: Org, call: SalesforceCall, read: (answer: Answer) => T): Promise<T> {
  const attempt = (): Promise<T> =>
    org.access.call({ bucket: 'general', purpose: call.purpose, repeatable: call.repeatable ?? true }, async (turn) =>
      read(await send(org, turn, call, `/services/data/v${org.version}${call.path}`)),
    );
  try {
    return await attempt();
  } catch (error) {
    if (org.isVersionSettled || !isAboutVersion(error)) throw error;
    const refused = org.version;
    org.settleVersion(await readVersions(org));
    if (org.version === refused) throw error;
    return attempt();
  }
}

/** A version that the org does not have is answered with 404; one that Salesforce has retired, with 410. */
function isAboutVersion(error: unknown): boolean {
  if (!(error instanceof ConnectorError) || !(error.cause instanceof SalesforceAnswer)) return false;
  return error.cause.status === 404 || error.cause.status === 410;
}

/** What the org says of its limits, told to the door as if each answer's header had said it. */
export async function reportLimits(org: Org): Promise<void> {
  const call: SalesforceCall = { method: 'GET', path: '/limits', purpose: 'read the limits of the day' };
  const path = `/services/data/v${org.version}${call.path}`;
  await org.access.call({ bucket: 'general', purpose: call.purpose, repeatable: true }, async (turn) => {
    const { DailyApiRequests: daily } = readAnswer(call, await send(org, turn, call, path), orgLimits);
    if (daily) turn.report({ dailyMax: daily.Max, dailyRemaining: Math.max(0, daily.Remaining) });
  });
}

/** The versions of the API that the org offers: `['65.0', '66.0']`. */
export async function readVersions(org: Org): Promise<readonly string[]> {
  const call: SalesforceCall = { method: 'GET', path: '', purpose: 'read the versions of the API' };
  const versions = await org.access.call({ bucket: 'general', purpose: call.purpose, repeatable: true }, async (turn) =>
    readAnswer(call, await send(org, turn, call, '/services/data'), versionList),
  );
  return versions.map(({ version }) => version);
}

async function send(org: Org, turn: Turn, call: SalesforceCall, path: string): Promise<Answer> {
  const token = turn.token.reveal();
  const answer = await untilAnswered(call, () => exchange(org, turn, call, path));
  turn.report(toUsage(answer.headers));
  // Errors quote the body, and some servers echo the request.
  const safe = { ...answer, text: answer.text.replaceAll(token, '[secret]') };
  if (safe.status >= 300) throw toAnswerError(toAsked(call), safe);
  return safe;
}

async function untilAnswered(call: SalesforceCall, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw toConnectionError(toAsked(call), error);
  }
}

async function exchange(org: Org, turn: Turn, call: SalesforceCall, path: string): Promise<Answer> {
  turn.signal.throwIfAborted();
  const transport = new FetchTransport(turn.signal);
  // A connection for each call, since token and address may change between two. It gets no way to refresh: jsforce
  // refreshes without end where a new token is refused as well, and drops the refresh token that came with it.
  const connection = new Connection({
    instanceUrl: org.access.baseUrl,
    accessToken: turn.token.reveal(),
    version: org.version,
    callOptions: { client: CLIENT },
  });
  const api = new HttpApi(connection, { responseType: 'text/plain', transport });
  const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query).toString()}`;
  const sent = api.request({
    method: call.method,
    url: `${org.access.baseUrl}${path}${query}`,
    headers: toHeaders(call),
    ...toBody(call),
  });
  try {
    await sent;
  } catch (error) {
    // What jsforce makes of a refusal is less than what the answer itself says.
    if (transport.answer === null) throw error;
  }
  if (transport.answer === null) throw new Error('jsforce ended without an answer');
  return transport.answer;
}

function toHeaders(call: SalesforceCall): Record<string, string> {
  return {
    accept: call.csv === undefined ? 'application/json, text/csv' : 'application/json',
    ...(call.csv === undefined ? {} : { 'content-type': 'text/csv; charset=UTF-8' }),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    // Without it a write runs the org's assignment rules, which hand records to other people.
    ...(call.method === 'GET' ? {} : { 'sforce-auto-assign': 'FALSE' }),
  };
}

function toBody(call: SalesforceCall): { readonly body?: string } {
  if (call.csv !== undefined) return { body: call.csv };
  return call.body === undefined ? {} : { body: JSON.stringify(call.body) };
}

function readAnswer<T>(call: SalesforceCall, answer: Answer, schema: z.ZodType<T>): T {
  return readText(toAsked(call), answer.text, schema);
}

/** Reads an answer's text by `schema`; `''` is null. Throws `response-unexpected`. */
export function readText<T>(asked: AskedFor, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(text === '' ? null : parseJson(asked, text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw toUnexpected(asked, `${issue?.path.join('.')}: ${issue?.message}`, text, parsed.error);
}

function parseJson(asked: AskedFor, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw toUnexpected(asked, 'it is not JSON', text, error);
  }
}

export function toAsked(call: SalesforceCall): AskedFor {
  return { method: call.method, path: call.path, purpose: call.purpose };
}

/** `api-usage=24/15000` counts the calls of all apps of the org in 24 hours. Some answers come without it. */
function toUsage(headers: Headers): ReportedUsage {
  const found = /\bapi-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '');
  if (found === null) return {};
  const [used, max] = [Number(found[1]), Number(found[2])];
  return { dailyMax: max, dailyRemaining: Math.max(0, max - used) };
}
