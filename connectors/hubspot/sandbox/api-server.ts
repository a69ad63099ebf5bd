import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan } from '../../kit/sandbox/faults.ts';
import { sendReply } from '../../kit/sandbox/reply.ts';
import type { Reply } from '../../kit/sandbox/reply.ts';
import { readText } from '../../kit/sandbox/serve.ts';
import type { AppGrants } from './app-grants.ts';
import type { CallLog } from './call-log.ts';
import { isInsteadOfWork, statusReply } from './hubspot-faults.ts';
import type { HubSpotFault } from './hubspot-faults.ts';
import { longestUrl, rateLimitBody, refuseLongUrl } from './limits.ts';
import type { RateLimits } from './limits.ts';
import { Refusal, refuse, refuseMissing, refuseRequest } from './refusal.ts';
import { createRouter, requireKnownQuery, requireScopes } from './router.ts';
import type { Answer, FoundRoute, Route } from './router.ts';

export interface ApiParts {
  readonly routes: readonly Route[];
  readonly grants: AppGrants;
  /** Null when calls are not limited. */
  readonly limits: RateLimits | null;
  readonly faults: FaultPlan<HubSpotFault>;
  readonly log: CallLog;
  readonly now: () => number;
  /** How long the next answer takes. */
  readonly latencyMs: () => number;
}

const mostBodyBytes = 10 * 1024 * 1024;
const jsonType = 'application/json;charset=utf-8';

/** What was decided about a call, and the fault that strikes its answer. */
interface Outcome {
  readonly reply: Reply;
  readonly fault: HubSpotFault | null;
}

/** Handles one HTTP request after another: token, limits, faults, scopes, then the route's own work. */
export function createApiHandler(
  parts: ApiParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const findRoute = createRouter(parts.routes);
  let answered = 0;
  return async (request, response) => {
    const text = await readText(request, mostBodyBytes);
    answered += 1;
    const correlationId = `00000000-0000-4000-8000-${answered.toString(16).padStart(12, '0')}`;
    const path = request.url ?? '/';
    const url = new URL(path, 'http://sandbox');
    const found = findRoute(request.method ?? 'GET', url.pathname);
    const { reply, fault } = decide(parts, request, url, text, found, correlationId);
    const isSilent = fault?.kind === 'reset' || fault?.kind === 'stall-headers';
    parts.log.add(
      {
        at: parts.now(),
        method: request.method ?? 'GET',
        path,
        purpose: found?.purpose ?? 'unknown',
        status: isSilent ? null : reply.status,
        fault: fault?.kind ?? null,
      },
      found?.route.bucket ?? 'general',
    );
    const latencyMs = parts.latencyMs();
    if (latencyMs > 0) await sleep(latencyMs);
    await sendReply(response, reply, transportOf(fault));
  };
}

function decide(
  parts: ApiParts,
  request: IncomingMessage,
  url: URL,
  text: string | null,
  found: FoundRoute | null,
  correlationId: string,
): Outcome {
  const bucket = found?.route.bucket ?? 'general';
  const toReply = (answer: Answer): Reply => {
    const headers = { ...parts.limits?.headers(bucket), ...answer.headers, 'x-hubspot-correlation-id': correlationId };
    if (answer.body === undefined) return { status: answer.status, headers, body: '' };
    return typeof answer.body === 'string'
      ? { status: answer.status, headers: { ...headers, 'content-type': 'text/html' }, body: answer.body }
      : { status: answer.status, headers: { ...headers, 'content-type': jsonType }, body: JSON.stringify(answer.body) };
  };
  let fault: HubSpotFault | null = null;
  try {
    if ((request.url ?? '').length > longestUrl) throw refuseLongUrl();
    if (text === null) throw refuse(413, 'REQUEST_TOO_LARGE', 'The request body is too large.');
    if (found === null) throw refuseMissing(`There is no ${request.method} ${url.pathname}.`);
    const { route, params } = found;
    const caller = route.scopes === null ? null : parts.grants.authenticate(request.headers.authorization);
    const policy = parts.limits?.take(bucket) ?? null;
    if (policy !== null) return { reply: toReply({ status: 429, body: rateLimitBody(policy, correlationId) }), fault };

    fault = parts.faults.take({ method: route.method, path: request.url ?? '', purpose: found.purpose });
    if (fault?.kind === 'expire-token' && caller !== null) {
      parts.grants.expire(caller.token);
      throw parts.grants.refuseExpired(parts.now());
    }
    if (fault?.kind === 'wrote-nothing') {
      return { reply: toReply({ status: 200, body: { status: 'COMPLETE', results: [], errors: [] } }), fault };
    }
    const struck = (reply: Reply): Reply => (fault?.kind === 'status' ? statusReply(fault, correlationId) : reply);
    if (fault !== null && isInsteadOfWork(fault)) return { reply: struck(toReply({ status: 200, body: {} })), fault };

    if (route.scopes !== null) requireScopes(caller?.grant.scopes ?? [], route.scopes(params));
    if (route.query !== null) requireKnownQuery(url.searchParams, route.query);
    const contentType = request.headers['content-type'] ?? '';
    const body = contentType.includes('json') ? parseJson(text) : undefined;
    const grant = caller?.grant ?? null;
    const answer = route.handle({ params, query: url.searchParams, body, text, contentType, grant });
    return { reply: struck(toReply(answer)), fault };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reply: toReply({ status: error.status, body: { ...error.toBody(), correlationId } }), fault };
  }
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuseRequest(
      `Invalid input JSON: ${error instanceof Error ? error.message : 'not readable'}`,
      'INVALID_JSON',
    );
  }
}

/** The faults that are the transport's to act out; the others are in the reply already. */
function transportOf(fault: HubSpotFault | null): Parameters<typeof sendReply>[2] {
  switch (fault?.kind) {
    case undefined:
    case 'status':
    case 'expire-token':
    case 'wrote-nothing':
      return null;
    case 'slow':
    case 'stall-headers':
    case 'stall-body':
    case 'cut':
    case 'reset':
    case 'garbage':
    default:
      return fault;
  }
}
