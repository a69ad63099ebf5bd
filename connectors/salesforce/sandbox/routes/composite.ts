import { z } from 'zod';
import type { Dispatch } from '../api-server.ts';
import type { OrgState } from '../org-state.ts';
import { problem, refuse } from '../refusal.ts';
import { ok, parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';

const MOST_PARTS = 25;
const MOST_HEAVY = 5;

const compositeSchema = z.object({
  allOrNone: z.boolean().optional(),
  compositeRequest: z.array(
    z.object({
      method: z.string(),
      url: z.string(),
      referenceId: z.string(),
      body: z.unknown().optional(),
      httpHeaders: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const batchSchema = z.object({
  batchRequests: z.array(z.object({ method: z.string(), url: z.string(), richInput: z.unknown().optional() })),
});

/** Several calls in one, which counts as one. */
export function compositeRoutes(org: OrgState, dispatch: Dispatch): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/services/data/:version/composite',
      purpose: () => 'composite',
      isOpen: false,
      handle: (request) => answerComposite(org, dispatch, request),
    },
    {
      method: 'POST',
      path: '/services/data/:version/composite/batch',
      purpose: () => 'composite batch',
      isOpen: false,
      handle: (request) => {
        const { batchRequests } = parseBody(batchSchema, request.body);
        requireParts(batchRequests.length);
        const results = batchRequests.map(({ method, url, richInput }) => {
          // Addresses begin with the version here: `v66.0/sobjects/Account/describe`.
          const answer = dispatch(request, method, `/services/data/${url}`, richInput);
          return { statusCode: answer.status, result: answer.body ?? null };
        });
        return ok({ hasErrors: results.some(({ statusCode }) => statusCode >= 400), results });
      },
    },
  ];
}

/** Each part may use what the parts before it answered: `@{account.id}`. */
function answerComposite(org: OrgState, dispatch: Dispatch, request: ApiRequest): Answer {
  const { compositeRequest, allOrNone = false } = parseBody(compositeSchema, request.body);
  requireParts(compositeRequest.length);
  const heavy = compositeRequest.filter(({ url }) => /\/(?:query|queryAll|composite\/sobjects)\b/.test(url));
  if (heavy.length > MOST_HEAVY) {
    const why = `Cannot have more than ${MOST_HEAVY} sObject Collections and Query operations in one composite request`;
    throw refuse(400, 'LIMIT_EXCEEDED', why);
  }
  const answers = new Map<string, Answer>();
  let hasFailed = false;
  const isKept = org.transact(() => {
    for (const { method, url, referenceId, body, httpHeaders } of compositeRequest) {
      if (hasFailed && allOrNone) break;
      const headers = Object.fromEntries(
        Object.entries(httpHeaders ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const inner = { ...request, headers: { ...request.headers, ...headers } };
      const answer = dispatch(inner, method, fillIn(url, answers), fillInBody(body, answers));
      answers.set(referenceId, answer);
      hasFailed ||= answer.status >= 400;
    }
    return !(allOrNone && hasFailed);
  });
  return ok({
    compositeResponse: compositeRequest.map(({ referenceId }) => {
      const answer = answers.get(referenceId);
      const isUndone = !isKept && (answer === undefined || answer.status < 400);
      if (isUndone) {
        const why = 'The transaction was rolled back since another operation in the same transaction failed.';
        const { message, statusCode } = problem('PROCESSING_HALTED', why);
        return { body: [{ errorCode: statusCode, message }], httpHeaders: {}, httpStatusCode: 400, referenceId };
      }
      const { location } = answer?.headers ?? {};
      return {
        body: answer?.body ?? null,
        httpHeaders: location === undefined ? {} : { Location: location },
        httpStatusCode: answer?.status ?? 400,
        referenceId,
      };
    }),
  });
}

function requireParts(count: number): void {
  if (count <= MOST_PARTS) return;
  throw refuse(400, 'LIMIT_EXCEEDED', `The maximum number of subrequests is ${MOST_PARTS}, not ${count}`);
}

function fillIn(text: string, answers: ReadonlyMap<string, Answer>): string {
  return text.replaceAll(/@\{(\w+)\.([^}]+)\}/g, (_, referenceId: string, path: string) => {
    let value: unknown = answers.get(referenceId)?.body;
    for (const step of path.split(/[.[\]]+/).filter((part) => part !== '')) {
      value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw refuse(400, 'PROCESSING_HALTED', `Invalid reference specified. No value for ${referenceId}.${path} found`);
    }
    return String(value);
  });
}

function fillInBody(body: unknown, answers: ReadonlyMap<string, Answer>): unknown {
  return body === undefined ? undefined : (JSON.parse(fillIn(JSON.stringify(body), answers)) as unknown);
}
