import type { z } from 'zod';
import type { Grant } from './app-grants.ts';
import type { Bucket } from './call-log.ts';
import { refuse, refuseRequest } from './refusal.ts';

export interface ApiRequest {
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
  readonly contentType: string;
  /** Null on the few routes that ask for no token. */
  readonly grant: Grant | null;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; a string is sent as an HTML page, undefined as no body at all. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/crm/objects/:version/:type/search`. `:version` takes a date such as `2026-09` alone. */
  readonly path: string;
  /** With the path's own words in it: `list :type`. */
  readonly purpose: string;
  readonly bucket: Bucket;
  /** The query parameters that it knows; null when it does not look. */
  readonly query: readonly string[] | null;
  /** Each entry must be held, by any one of its scopes; null asks for no token. */
  readonly scopes: ((params: Readonly<Record<string, string>>) => readonly (readonly string[])[]) | null;
  readonly handle: (request: ApiRequest) => Answer;
}

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly purpose: string;
}

/** Finds the first of `routes` that fits; null when HubSpot has no such page. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => FoundRoute | null {
  const compiled = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (method, path) => {
    const parts = path.split('/');
    for (const candidate of compiled) {
      if (candidate.route.method !== method || candidate.parts.length !== parts.length) continue;
      const params = matchParts(candidate.parts, parts);
      if (params === null) continue;
      const purpose = candidate.route.purpose.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');
      return { route: candidate.route, params, purpose };
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
    if (part === '' || (expected === ':version' && !/^\d{4}-\d{2}$/.test(part))) return null;
    params[expected.slice(1)] = decodeURIComponent(part);
  }
  return params;
}

/** Refuses a call whose token was granted too little, naming what is missing. */
export function requireScopes(held: readonly string[], needed: readonly (readonly string[])[]): void {
  const missing = needed.filter((choice) => !choice.some((scope) => held.includes(scope)));
  if (missing.length === 0) return;
  throw refuse(
    403,
    'MISSING_SCOPES',
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    {
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: [...new Set(missing.flat())] },
        },
      ],
      links: { scopes: 'https://developers.hubspot.com/scopes' },
    },
  );
}

/** Refuses a query parameter that the route does not know. */
export function requireKnownQuery(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw refuseRequest(`Unknown query parameter: ${name}`, 'UNKNOWN_PARAMETER');
  }
}

/** The body in the shape that the route takes; refuses any other, naming the place. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw refuseRequest(`Invalid input JSON at '${place}': ${issue?.message ?? 'not readable'}`, 'INVALID_JSON');
}

/** A whole number from 1 to `most`, or `preset` when the query does not name it. */
export function parseLimit(query: URLSearchParams, most: number, preset: number): number {
  const sent = query.get('limit');
  if (sent === null) return preset;
  const limit = /^\d+$/.test(sent) ? Number(sent) : 0;
  if (limit < 1 || limit > most) {
    throw refuseRequest(`The limit must be a whole number from 1 to ${most}, not ${sent}.`, 'INVALID_LIMIT');
  }
  return limit;
}

/** `true`, `false` or absent; refuses anything else. */
export function parseFlag(query: URLSearchParams, name: string): boolean {
  const sent = query.get(name) ?? 'false';
  if (sent !== 'true' && sent !== 'false') throw refuseRequest(`${name} must be true or false, not ${sent}.`);
  return sent === 'true';
}

/** A cursor that an earlier page gave, or null on the first page. */
export function parseAfter(query: URLSearchParams): string | null {
  const sent = query.get('after');
  if (sent === null || sent === '') return null;
  if (!/^\d+$/.test(sent)) throw refuseRequest(`Invalid paging cursor: ${sent}`, 'INVALID_CURSOR');
  return sent;
}

/** Values that may come comma-separated, repeated, or both. */
export function parseList(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');
}
