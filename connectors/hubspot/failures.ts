import { ConnectorError } from '../contract/errors.ts';
import type { ConnectorErrorCode } from '../contract/errors.ts';
import { clip, findScopes, parseErrorBody, toRefusal } from './refusals.ts';
import type { ErrorBody } from './wire.ts';

/** What an error has to say about the call that failed. */
export interface AskedFor {
  readonly method: string;
  readonly path: string;
  readonly purpose: string;
  /** The scope that this call needs, for when HubSpot says 403 without naming one. */
  readonly scope: string | null;
}

export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** HubSpot's own words of a refused call: the `cause` of the `ConnectorError`. */
export class HubSpotAnswer extends Error {
  override readonly name = 'HubSpotAnswer';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(clip(body.message ?? `HTTP ${status}`));
    this.status = status;
    this.body = body;
  }
}

interface Verdict {
  readonly code: ConnectorErrorCode;
  readonly remedy: string;
  readonly retryAfterMs?: number | undefined;
  /** The call may have taken effect although it failed. */
  readonly maybeDone?: boolean;
  readonly field?: string | undefined;
  readonly scope?: string | undefined;
}

const RECONNECT = 'Connect the HubSpot account again.';
const WAIT = 'Nothing to do: the call is repeated. If this lasts, look at https://status.hubspot.com.';
const REPORT = 'Report this with the request id: the request itself is wrong.';

/** HubSpot holds a lock for two seconds (error handling guide). */
const LOCK_MS = 2_000;

/** An answer with a status of 300 or more, as the error that decides what happens next. */
export function toAnswerError(asked: AskedFor, answer: FailedAnswer): ConnectorError {
  const body = parseErrorBody(answer.text);
  const verdict = judge(asked, answer, body);
  return new ConnectorError({
    ...verdict,
    message: `HubSpot answered ${answer.status} to '${asked.purpose}': ${describe(body, answer.text)}`,
    context: toContext(asked, answer, body.correlationId ?? null),
    cause: new HubSpotAnswer(answer.status, body),
  });
}

function judge(asked: AskedFor, answer: FailedAnswer, body: ErrorBody): Verdict {
  const { status, headers } = answer;
  const refusal = toRefusal(body);
  switch (status) {
    case 400:
      return refusal.properties.length > 0
        ? { code: 'value-refused', remedy: VALUE_REMEDY, field: refusal.properties[0]?.name }
        : { code: 'request-refused', remedy: REPORT };
    case 401:
    case 530: // Cloudflare's answer, in place of HubSpot's, to a token that is malformed.
      return { code: 'token-expired', remedy: RECONNECT };
    case 403: {
      const scope = findScopes(body)[0] ?? asked.scope ?? undefined;
      const what = scope === undefined ? 'the missing permission' : `the scope '${scope}'`;
      return {
        code: 'permission-missing',
        remedy: `Connect the HubSpot account again and grant ${what}, as a user who holds it.`,
        scope,
      };
    }
    case 404:
      return refusal.kind === 'gone'
        ? { code: 'record-gone', remedy: 'Nothing to do: the record was deleted or merged in HubSpot.' }
        : { code: 'request-refused', remedy: REPORT };
    case 408:
      return { code: 'unavailable', remedy: WAIT, maybeDone: true };
    case 423:
      return {
        code: 'record-locked',
        remedy: 'Nothing to do: HubSpot is working on these records, and the call is repeated.',
        retryAfterMs: Math.max(LOCK_MS, findRetryAfterMs(headers) ?? 0),
      };
    case 429:
      return isDaily(body)
        ? {
            code: 'quota-exhausted',
            remedy: "The account's calls for today are used up. Wait until midnight in the account's time zone.",
          }
        : { code: 'rate-limited', remedy: WAIT, retryAfterMs: findRetryAfterMs(headers) };
    case 477:
      return {
        code: 'unavailable',
        remedy: 'HubSpot is moving this account to another data centre, which may take a day. Wait.',
        retryAfterMs: findRetryAfterMs(headers),
      };
    default:
      return status >= 500
        ? { code: 'unavailable', remedy: WAIT, maybeDone: true, retryAfterMs: findRetryAfterMs(headers) }
        : { code: 'request-refused', remedy: REPORT };
  }
}

const VALUE_REMEDY = "Change the value or the property's rules in HubSpot's settings, or the mapping.";

/** A call that brought no answer: the connection could not be made, broke, or took too long. */
export function toConnectionError(asked: AskedFor, error: unknown): ConnectorError {
  const reason = findReason(error);
  return new ConnectorError({
    code: 'unavailable',
    message: `HubSpot gave no answer to '${asked.purpose}': ${reason.text}`,
    remedy: 'Nothing to do: the call is repeated. If this lasts, check the network and HUBSPOT_API_URL.',
    maybeDone: !reason.isUnsent,
    context: { method: asked.method, path: asked.path },
    cause: error,
  });
}

/** An answer of 200 to 299 that is not what HubSpot documents. `what` says in which way. */
export function toUnexpected(asked: AskedFor, what: string, text: string, cause?: unknown): ConnectorError {
  return new ConnectorError({
    code: 'response-unexpected',
    message: `HubSpot's answer to '${asked.purpose}' is not understood: ${what}. It began: ${clip(text)}`,
    remedy: 'If this lasts, report it with the message: HubSpot changed an answer, or something stands in between.',
    maybeDone: true,
    context: { method: asked.method, path: asked.path },
    cause,
  });
}

/** Errors of the connection before a byte was sent, by undici's and Node's codes. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function findReason(error: unknown): { readonly text: string; readonly isUnsent: boolean } {
  if (!(error instanceof Error)) return { text: String(error), isUnsent: false };
  const inner = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : null;
  const text = code === null ? inner.message : `${code} ${inner.message}`;
  return { text: clip(text), isUnsent: code !== null && UNSENT.has(code) };
}

function describe(body: ErrorBody, text: string): string {
  if (body.message || body.error_description || body.category) return toRefusal(body).message;
  return text.trim() === '' ? 'an empty body' : clip(text.trim());
}

function isDaily(body: ErrorBody): boolean {
  return body.policyName === 'DAILY' || /daily/i.test(body.message ?? '');
}

/** HubSpot states `Retry-After` in seconds. Null where it is silent or says something else. */
function findRetryAfterMs(headers: Headers): number | undefined {
  const seconds = Number.parseFloat(headers.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1_000) : undefined;
}

function toContext(
  asked: AskedFor,
  answer: FailedAnswer,
  correlationId: string | null,
): Record<string, string | number> {
  const requestId = correlationId ?? answer.headers.get('x-hubspot-correlation-id');
  return {
    method: asked.method,
    path: asked.path,
    status: answer.status,
    ...(requestId === null ? {} : { requestId }),
  };
}
