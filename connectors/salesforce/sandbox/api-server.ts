import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan } from '../../kit/sandbox/faults.ts';
import { sendReply } from '../../kit/sandbox/reply.ts';
import type { Reply } from '../../kit/sandbox/reply.ts';
import { readText } from '../../kit/sandbox/serve.ts';
import type { ApiUsage } from './api-usage.ts';
import type { AppGrants } from './app-grants.ts';
import type { CallLog } from './call-log.ts';
import { Refusal, refuse, refuseBody, refuseMissing, refuseSession } from './refusal.ts';
import { createRouter } from './router.ts';
import type { Answer, ApiRequest, FoundRoute, Route } from './router.ts';
import type { RowLocks } from './row-locks.ts';
import { isInsteadOfWork, statusReply, transportOf } from './salesforce-faults.ts';
import type { SalesforceFault } from './salesforce-faults.ts';

export interface ApiParts {
  readonly routes: readonly Route[];
  readonly grants: AppGrants;
  readonly usage: ApiUsage;
  readonly faults: FaultPlan<SalesforceFault>;
  readonly locks: RowLocks;
  readonly log: CallLog;
  readonly now: () => number;
  /** `66.0`: the versions that the org offers, the oldest first. */
  readonly versions: readonly string[];
  /** How long the next answer takes. */
  readonly latencyMs: () => number;
}

/** Does the work of one call that came inside another: a composite's. */
export type Dispatch = (request: ApiRequest, method: string, path: string, body: unknown) => Answer;

const MOST_BODY_BYTES = 160 * 1024 * 1024;
const LONGEST_URL = 16_384;
const JSON_TYPE = 'application/json;charset=UTF-8';

interface Outcome {
  readonly reply: Reply;
  readonly fault: SalesforceFault | null;
}

/** Handles one HTTP request after another: version, session, daily limit, faults, then the route's own work. */
export function createApiHandler(
  parts: ApiParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const findRoute = createRouter(parts.routes);
  let calls = 0;
  return async (request, response) => {
    const text = await readText(request, MOST_BODY_BYTES);
    calls += 1;
    const callId = calls;
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const url = new URL(path, 'http://sandbox');
    const found = findRoute(method, url.pathname);
    const body = text === null || !isJson(request) ? undefined : parseJson(text);
    const purpose = found?.route.purpose({ params: found.params, query: url.searchParams, body }) ?? 'unknown';
    const call = { request, url, text, body, found, purpose, callId };
    const { reply, fault } = decide(parts, call);
    const isSilent = fault?.kind === 'reset' || fault?.kind === 'stall-headers';
    const status = isSilent ? null : reply.status;
    parts.log.add({ at: parts.now(), method, path, purpose, status, fault: fault?.kind ?? null }, isCounted(found));
    const latencyMs = parts.latencyMs();
    try {
      if (latencyMs > 0) await sleep(latencyMs);
      await sendReply(response, reply, transportOf(fault));
    } finally {
      parts.locks.release(callId);
    }
  };
}

/** For composites: runs `path` through the same routes, in the name of the call around it. */
export function createDispatch(routes: () => readonly Route[]): Dispatch {
  let findRoute: ReturnType<typeof createRouter> | null = null;
  return (request, method, path, body) => {
    findRoute ??= createRouter(routes());
    const url = new URL(path, 'http://sandbox');
    const found = findRoute(method, url.pathname);
    try {
      if (found === null || found.route.isOpen) throw refuseMissing();
      const { params } = found;
      return found.route.handle({ ...request, params, query: url.searchParams, body, text: '' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: [error.entry] };
    }
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly text: string | null;
  /** The parsed JSON body; `unreadable` when it is none. */
  readonly body: unknown;
  readonly found: FoundRoute | null;
  readonly purpose: string;
  readonly callId: number;
}

const UNREADABLE = Symbol('unreadable');

function decide(parts: ApiParts, { request, url, text, body, found, purpose, callId }: Call): Outcome {
  const toReply = (answer: Answer): Reply => {
    const isUseTold = isCounted(found) && answer.status !== 204 && answer.status !== 401;
    const headers = { ...(isUseTold ? { 'Sforce-Limit-Info': parts.usage.toHeader() } : {}), ...answer.headers };
    if (answer.text !== undefined) return { status: answer.status, headers, body: answer.text };
    if (answer.body === undefined) return { status: answer.status, headers, body: '' };
    return {
      status: answer.status,
      headers: { ...headers, 'content-type': JSON_TYPE },
      body: JSON.stringify(answer.body),
    };
  };
  let fault: SalesforceFault | null = null;
  try {
    const path = request.url ?? '/';
    if (path.length > LONGEST_URL) {
      const headers = { 'content-type': 'text/html;charset=UTF-8' };
      return { reply: toReply({ status: 414, text: '<html><body>URI Too Long</body></html>', headers }), fault };
    }
    if (text === null) throw refuse(413, 'REQUEST_TOO_LARGE', 'The request body is too large.');
    const version = /^\/services\/data\/v([\d.]+)(?:\/|$)/.exec(url.pathname)?.[1] ?? '';
    if (version !== '') requireVersion(version, parts.versions);
    if (found === null) throw refuseMissing();
    const { route, params } = found;
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const grant = route.isOpen ? null : parts.grants.find(token);
    if (!route.isOpen && grant === null) throw refuseSession();
    if (isCounted(found) && !parts.usage.take()) {
      parts.log.overLimit += 1;
      throw refuse(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    fault = parts.faults.take({ method: route.method, path, purpose });
    if (fault?.kind === 'expire-token') {
      parts.grants.expire(token);
      throw refuseSession();
    }
    const struck = (reply: Reply): Reply => (fault?.kind === 'status' ? statusReply(fault) : reply);
    if (fault !== null && isInsteadOfWork(fault)) return { reply: struck(toReply({ status: 200, body: {} })), fault };
    if (body === UNREADABLE) throw refuseBody('Unexpected character or end of input at [line:1, column:1]');
    const answer = route.handle({
      version,
      params,
      query: url.searchParams,
      headers: request.headers,
      body,
      text,
      token,
      userId: grant?.userId ?? '',
      callId,
      rowFault: fault?.kind === 'refuse-rows' ? fault : null,
    });
    return { reply: struck(toReply(answer)), fault };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reply: toReply({ status: error.status, body: [error.entry] }), fault };
  }
}

/** Calls of the versioned API count against the day, whatever they do. */
function isCounted(found: FoundRoute | null): boolean {
  return found !== null && !found.route.isOpen;
}

function requireVersion(version: string, offered: readonly string[]): void {
  if (offered.includes(version)) return;
  if (Number(version) < Number(offered[0] ?? 0)) {
    throw refuse(410, 'GONE', `API version v${version} has been retired.`);
  }
  throw refuseMissing();
}

function isJson(request: IncomingMessage): boolean {
  return (request.headers['content-type'] ?? '').includes('json');
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Said to the caller as the answer of whichever route the body was meant for.
    return UNREADABLE;
  }
}
