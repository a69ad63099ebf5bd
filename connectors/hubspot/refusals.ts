import { z } from 'zod';
import { findJson } from '../kit/find-json.ts';
import { errorBody } from './wire.ts';
import type { ErrorBody } from './wire.ts';

/** What an error body says about records and properties, wherever in the body HubSpot chose to say it. */
export interface Refusal {
  /** The most precise sentence of the body, at most 500 characters. */
  readonly message: string;
  readonly properties: readonly RefusedProperty[];
  /** Ids of the records that it names. */
  readonly ids: readonly string[];
  /** `objectWriteTraceId`s that it names. */
  readonly traceIds: readonly string[];
  readonly kind: 'gone' | 'locked' | 'forbidden' | 'value';
}

export interface RefusedProperty {
  readonly name: string;
  /** HubSpot's words about the value, which begin with the value: `asd000 was not a valid long.` */
  readonly message: string;
  /** HubSpot has no property of that name, or no longer. */
  readonly isUnknown: boolean;
}

const MESSAGE_LIMIT = 500;

/** Reads the text of an error answer. Everything in it is optional, and what is not JSON says nothing. */
export function parseErrorBody(text: string): ErrorBody {
  const parsed = errorBody.safeParse(findJson(text));
  return parsed.success ? parsed.data : {};
}

/** Total: a body that says nothing gives a refusal that names nothing. */
export function toRefusal(body: ErrorBody): Refusal {
  const details = body.errors ?? [];
  const contexts = [body.context, ...details.map((detail) => detail.context)];
  const all = (key: string): readonly string[] => contexts.flatMap((context) => texts(context?.[key]));
  const properties = findProperties(body, all);
  const said = properties[0]?.message ?? details.find((detail) => detail.message)?.message ?? body.message;
  return {
    message: clip(said ?? body.error_description ?? body.category ?? 'HubSpot gave no reason'),
    properties,
    ids: [...all('ids'), ...all('id'), ...all('objectId')],
    traceIds: all('objectWriteTraceId'),
    kind: findKind(body),
  };
}

/** The scopes that a 403 asks for: `['crm.objects.deals.read']`; `[]` when it names none. */
export function findScopes(body: ErrorBody): readonly string[] {
  const contexts = [body.context, ...(body.errors ?? []).map((detail) => detail.context)];
  return contexts.flatMap((context) => [
    ...texts(context?.['requiredGranularScopes']),
    ...texts(context?.['requiredScopes']),
    ...texts(context?.['requiredScope']),
  ]);
}

/** Text shortened to what fits into a message. */
export function clip(text: string): string {
  return text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}…` : text;
}

function findProperties(body: ErrorBody, all: (key: string) => readonly string[]): readonly RefusedProperty[] {
  const found = new Map<string, RefusedProperty>();
  const add = (name: string, message: string, code: string): void => {
    const isUnknown = code === 'PROPERTY_DOESNT_EXIST' || UNKNOWN.exec(message)?.[1] === name;
    // The first sentence about a property is the most precise one; that it is unknown may be said by another.
    const known = found.get(name) ?? { name, message: clip(message), isUnknown };
    found.set(name, { ...known, isUnknown: known.isUnknown || isUnknown });
  };
  const sentences = [{ message: body.message, code: null }, ...(body.errors ?? [])];
  for (const { message, code } of sentences) {
    for (const check of findChecks(message ?? '')) add(check.name, check.message ?? message ?? '', check.error ?? '');
    const unknown = UNKNOWN.exec(message ?? '')?.[1];
    if (unknown !== undefined) add(unknown, message ?? '', code ?? '');
  }
  for (const { message, code, context } of body.errors ?? []) {
    const named = [...texts(context?.['propertyName']), ...texts(context?.['properties'])];
    for (const name of named) add(name, message ?? body.message ?? name, code ?? '');
  }
  for (const name of all('propertyName')) add(name, body.message ?? name, '');
  return [...found.values()];
}

const UNKNOWN = /Property "?([\w.-]+)"? does not exist/i;

const checks = z.array(
  z.object({ isValid: z.boolean(), name: z.string(), message: z.string().nullish(), error: z.string().nullish() }),
);

/** HubSpot puts a list as JSON into the sentence: `Property values were not valid: [{"isValid":false,"name":…}]`. */
function findChecks(message: string): z.infer<typeof checks> {
  const start = message.indexOf('[{');
  if (start < 0) return [];
  const parsed = checks.safeParse(findJson(message.slice(start, message.lastIndexOf(']') + 1)));
  return parsed.success ? parsed.data.filter((check) => !check.isValid) : [];
}

function findKind(body: ErrorBody): Refusal['kind'] {
  const codes = [body.category, body.subCategory, ...(body.errors ?? []).flatMap((e) => [e.code, e.subCategory])]
    .filter((code) => typeof code === 'string')
    .join(' ')
    .toUpperCase();
  if (/OBJECT_NOT_FOUND|OBJECT_ALREADY_DELETED/.test(codes)) return 'gone';
  if (/(?<![A-Z])LOCK/.test(codes)) return 'locked';
  if (/MISSING_SCOPES|PERMISSION|FORBIDDEN/.test(codes)) return 'forbidden';
  return 'value';
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => texts(each));
  if (typeof value === 'string') return [value];
  return typeof value === 'number' ? [String(value)] : [];
}
