import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { refuseBody } from './refusal.ts';
import type { RowFault } from './salesforce-faults.ts';

export interface ApiRequest {
  /** `66.0`; empty outside of the versioned API. */
  readonly version: string;
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
  /** The token that the call came with; empty on the routes that ask for none. */
  readonly token: string;
  /** Whoever the token stands for; empty on the routes that ask for none. */
  readonly userId: string;
  /** Different for each call: locks are held by calls. */
  readonly callId: number;
  /** The fault that hits single records of this call. */
  readonly rowFault: RowFault | null;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; undefined as no body at all. */
  readonly body?: unknown;
  /** Sent as it is instead of `body`, with the content type that the headers name. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/services/data/:version/sobjects/:object/describe`. */
  readonly path: string;
  /** What the call is for, with the names of objects and never an id: `describe Account`. */
  readonly purpose: (request: Pick<ApiRequest, 'params' | 'query' | 'body'>) => string;
  /** Asks for no token and does not count as an API call. */
  readonly isOpen: boolean;
  readonly handle: (request: ApiRequest) => Answer;
}

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the first of `routes` that fits; null when Salesforce has no such page. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => FoundRoute | null {
  const compiled = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (method, path) => {
    const parts = path.split('/');
    for (const candidate of compiled) {
      if (candidate.route.method !== method || candidate.parts.length !== parts.length) continue;
      const params = matchParts(candidate.parts, parts);
      if (params !== null) return { route: candidate.route, params };
    }
    return null;
  };
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> | null {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (!expected.startsWith(':')) {
      if (expected !== part) return null;
      continue;
    }
    if (part === '') return null;
    params[expected.slice(1)] = decodeURIComponent(part);
  }
  return params;
}

/** The body in the shape that the route takes; refuses any other, naming the place. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuseBody(`${issue?.message ?? 'not readable'} at [${issue?.path.join('.') ?? ''}]`);
}

/** The answer's body in a route's own words. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}
