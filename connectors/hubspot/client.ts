import { Client } from '@hubspot/api-client';
import type { z } from 'zod';
import type { Access, ReportedUsage, Turn } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import { readBody } from '../kit/read-body.ts';
import { untilAborted } from '../kit/until-aborted.ts';
import { toAnswerError, toConnectionError, toUnexpected } from './failures.ts';
import type { AskedFor } from './failures.ts';

/** One call of HubSpot's API. */
export interface HubSpotCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Begins with a slash, holds the version: `/crm/objects/2026-09/companies`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly purpose: string;
  /** The scope that opens it; null when every token may make the call. */
  readonly scope: string | null;
  /** `general` when absent. */
  readonly bucket?: 'general' | 'search';
  /** True when absent: only creates may not be repeated. */
  readonly repeatable?: boolean;
}

/**
 * Makes a call through the one door and reads its answer by `schema`.
 *
 * Throws `ConnectorError`; the `cause` of a refusal is the `HubSpotAnswer`.
 */
export async function callHubSpot<T>(access: Access, call: HubSpotCall, schema: z.ZodType<T>): Promise<T> {
  return access.call(
    { bucket: call.bucket ?? 'general', purpose: call.purpose, repeatable: call.repeatable ?? true },
    async (turn) => readAnswer(call, await send(access.baseUrl, turn, call), schema),
  );
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(baseUrl: string, turn: Turn, call: HubSpotCall): Promise<Answer> {
  const token = turn.token.reveal();
  const response = await untilConnected(call, async () => {
    turn.signal.throwIfAborted();
    // A client for each call, since the token may change between two. It gets no limiter and no retry: those options
    // are global to the process, so that the last client made would decide for all installations.
    const client = new Client({ basePath: baseUrl, accessToken: token });
    const sent = client.apiRequest({
      method: call.method,
      path: call.path,
      ...(call.query === undefined ? {} : { qs: call.query }),
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    // The client takes no signal, so that a call cannot be withdrawn, only left: what still arrives is closed unread.
    return untilAborted(sent, turn.signal, async (late) => late.body?.cancel());
  });
  turn.report(toUsage(response.headers));
  const text = await untilConnected(call, () => readBody(response, turn.signal));
  // Errors quote the body, and some servers echo the request.
  const answer = { status: response.status, headers: response.headers, text: text.replaceAll(token, '[secret]') };
  // `fetch` keeps the token from another host, but an answer from elsewhere is no answer of HubSpot's.
  if (response.redirected) throw toUnexpected(toAsked(call), `it came from ${new URL(response.url).host}`, answer.text);
  if (answer.status >= 300) throw toAnswerError(toAsked(call), answer);
  return answer;
}

async function untilConnected<T>(call: HubSpotCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw toConnectionError(toAsked(call), error);
  }
}

function readAnswer<T>(call: HubSpotCall, answer: Answer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(answer.text === '' ? null : parseJson(call, answer.text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw toUnexpected(toAsked(call), `${issue?.path.join('.')}: ${issue?.message}`, answer.text, parsed.error);
}

function parseJson(call: HubSpotCall, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw toUnexpected(toAsked(call), 'it is not JSON', text, error);
  }
}

function toAsked(call: HubSpotCall): AskedFor {
  return { method: call.method, path: call.path, purpose: call.purpose, scope: call.scope };
}

const usageHeaders = {
  max: 'x-hubspot-ratelimit-max',
  remaining: 'x-hubspot-ratelimit-remaining',
  perMs: 'x-hubspot-ratelimit-interval-milliseconds',
  dailyMax: 'x-hubspot-ratelimit-daily',
  dailyRemaining: 'x-hubspot-ratelimit-daily-remaining',
} as const satisfies Record<keyof ReportedUsage, string>;

function toUsage(headers: Headers): ReportedUsage {
  const stated = Object.entries(usageHeaders).flatMap(([name, header]) => {
    const value = headers.get(header);
    return value !== null && /^\d+$/.test(value) ? [[name, Number(value)] as const] : [];
  });
  return Object.fromEntries(stated);
}
