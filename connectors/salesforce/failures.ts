import { ConnectorError } from '../contract/errors.ts';
import type { ConnectorErrorCode } from '../contract/errors.ts';
import { findJson } from '../kit/find-json.ts';
import type { Answer } from './transport.ts';
import { errorList } from './wire.ts';
import type { ErrorEntry } from './wire.ts';

/** What an error has to say about the call that failed. */
export interface AskedFor {
  readonly method: string;
  readonly path: string;
  readonly purpose: string;
}

/** Salesforce's own words of a refused call: the `cause` of the `ConnectorError`. */
export class SalesforceAnswer extends Error {
  override readonly name = 'SalesforceAnswer';
  readonly status: number;
  /** What it said is wrong, the first first; empty where it said nothing that we can read. */
  readonly entries: readonly ErrorEntry[];

  constructor(status: number, entries: readonly ErrorEntry[]) {
    super(clip(entries[0]?.message ?? `HTTP ${status}`));
    this.status = status;
    this.entries = entries;
  }

  /** Salesforce's code of the first thing that is wrong: `INVALID_FIELD`; `''` where there is none. */
  get errorCode(): string {
    return codeOf(this.entries[0]);
  }
}

/** Salesforce's code of an error, wherever it stands; `''` where there is none. */
export function codeOf(entry: ErrorEntry | undefined): string {
  return entry?.errorCode ?? entry?.statusCode ?? '';
}

/** Salesforce's code of a failed call, or null when the error is none of an answer. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof ConnectorError && error.cause instanceof SalesforceAnswer ? error.cause.errorCode : null;
}

interface Verdict {
  readonly code: ConnectorErrorCode;
  readonly remedy: string;
  readonly retryAfterMs?: number;
  /** The call may have taken effect although it failed. */
  readonly maybeDone?: boolean;
  readonly field?: string | undefined;
}

const RECONNECT = 'Connect the Salesforce org again.';
const WAIT = 'Nothing to do: the call is repeated. If this lasts, look at https://status.salesforce.com.';
const REPORT = 'Report this with the message: the request itself is wrong.';
const GRANT =
  'Assign the permission set Holdfast_Integration to the user that Holdfast is connected as, or connect it as one who may.';

/** Salesforce holds no lock for longer than ten seconds. */
const LOCK_MS = 2_000;
/** Long requests under way are counted, and each of them lasts more than 20 seconds. */
const CROWDED_MS = 10_000;

/** An answer with a status of 300 or more, as the error that decides what happens next. */
export function toAnswerError(asked: AskedFor, answer: Answer): ConnectorError {
  const entries = parseErrors(answer.text);
  const cause = new SalesforceAnswer(answer.status, entries);
  const said = entries[0] === undefined ? clip(answer.text.trim()) || 'an empty body' : sentenceOf(entries[0]);
  return new ConnectorError({
    ...judge(cause, answer.text),
    message: `Salesforce answered ${answer.status} to '${asked.purpose}': ${said}`,
    context: { method: asked.method, path: asked.path, status: answer.status },
    cause,
  });
}

/** Reads the text of an error answer; `[]` for what is not Salesforce's form, as the pages of proxies are. */
function parseErrors(text: string): readonly ErrorEntry[] {
  const json = findJson(text);
  const parsed = errorList.safeParse(Array.isArray(json) ? json : [json]);
  return parsed.success ? parsed.data.filter((entry) => codeOf(entry) !== '' || entry.message) : [];
}

/** `INVALID_FIELD: No such column 'X' on sobject of type Account` */
export function sentenceOf(entry: ErrorEntry): string {
  return [codeOf(entry), clip(entry.message ?? '')].filter((part) => part !== '').join(': ');
}

function judge(answer: SalesforceAnswer, text: string): Verdict {
  return byCode(answer) ?? byStatus(answer.status, text);
}

function byCode(answer: SalesforceAnswer): Verdict | null {
  const message = answer.message;
  switch (answer.errorCode) {
    case 'INVALID_SESSION_ID':
    case 'INVALID_AUTH_HEADER':
      return { code: 'token-expired', remedy: RECONNECT };
    case 'REQUEST_LIMIT_EXCEEDED':
      // The same code is said of requests under way at once: 'ConcurrentPerOrgLongTxn Limit exceeded.'
      return /concurrent/i.test(message)
        ? { code: 'rate-limited', remedy: WAIT, retryAfterMs: CROWDED_MS }
        : {
            code: 'quota-exhausted',
            remedy: "The org's API calls of the last 24 hours are used up. Wait, or buy more calls from Salesforce.",
          };
    case 'API_DISABLED_FOR_ORG':
    case 'API_CURRENTLY_DISABLED':
      return { code: 'permission-missing', remedy: 'Holdfast needs an edition of Salesforce with API access.' };
    case 'INVALID_TYPE':
    case 'INSUFFICIENT_ACCESS':
    case 'INSUFFICIENT_ACCESS_OR_READONLY':
    case 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY':
      return { code: 'permission-missing', remedy: GRANT };
    case 'OPERATION_TOO_LARGE':
      return {
        code: 'permission-missing',
        remedy: "Give the user that Holdfast is connected as 'View All Data', or 'View All' on this object.",
      };
    case 'TXN_SECURITY_METERING_ERROR':
      return {
        code: 'permission-missing',
        remedy: "Give the user that Holdfast is connected as the permission 'Exempt from Transaction Security'.",
      };
    case 'INVALID_FIELD':
    case 'INVALID_FIELD_FOR_INSERT_UPDATE':
      return { code: 'request-refused', remedy: REPORT, field: fieldIn(answer) };
    case 'UNABLE_TO_LOCK_ROW':
      return { code: 'record-locked', remedy: 'Nothing to do: the call is repeated.', retryAfterMs: LOCK_MS };
    case 'ENTITY_IS_DELETED':
    case 'INVALID_CROSS_REFERENCE_KEY':
      return { code: 'record-gone', remedy: 'Nothing to do: the record was deleted or merged in Salesforce.' };
    case 'QUERY_TIMEOUT':
    case 'SERVER_UNAVAILABLE':
    case 'UNKNOWN_EXCEPTION':
      return { code: 'unavailable', remedy: WAIT, maybeDone: true };
    default:
      return null;
  }
}

function byStatus(status: number, text: string): Verdict {
  switch (status) {
    case 401:
      return { code: 'token-expired', remedy: RECONNECT };
    case 403:
      return { code: 'permission-missing', remedy: GRANT };
    case 406: // With an empty body: seen when an instance is being moved.
    case 420: // Salesforce Edge: 'We are setting things up'.
      return { code: 'unavailable', remedy: WAIT };
    case 408:
      return { code: 'unavailable', remedy: WAIT, maybeDone: true };
    case 429:
      return { code: 'rate-limited', remedy: WAIT };
    default:
      if (status >= 500) return { code: 'unavailable', remedy: WAIT, maybeDone: true };
      if (status < 400) return { code: 'response-unexpected', remedy: REDIRECTED, maybeDone: true };
      // A page in place of an answer is no refusal of Salesforce's API.
      return isHtml(text)
        ? { code: 'response-unexpected', remedy: REDIRECTED, maybeDone: true }
        : { code: 'request-refused', remedy: REPORT };
  }
}

const REDIRECTED =
  'Check the address of the org (SALESFORCE_INSTANCE_URL or the My Domain name), and what stands between it and Holdfast.';

function isHtml(text: string): boolean {
  return /^\s*<(?:!doctype|html)/i.test(text);
}

/** `No such column 'X' on …`; errors of collections name their fields apart. */
function fieldIn(answer: SalesforceAnswer): string | undefined {
  return answer.entries[0]?.fields?.[0] ?? /No such column '([\w.]+)'/i.exec(answer.message)?.[1];
}

/** A call that brought no answer: the connection could not be made, broke, or took too long. */
export function toConnectionError(asked: AskedFor, error: unknown): ConnectorError {
  const reason = findReason(error);
  return new ConnectorError({
    code: 'unavailable',
    message: `Salesforce gave no answer to '${asked.purpose}': ${reason.text}`,
    remedy: 'Nothing to do: the call is repeated. If this lasts, check the network and the address of the org.',
    maybeDone: !reason.isUnsent,
    context: { method: asked.method, path: asked.path },
    cause: error,
  });
}

/** An answer of 200 to 299 that is not what Salesforce documents. `what` says in which way. */
export function toUnexpected(asked: AskedFor, what: string, text: string, cause?: unknown): ConnectorError {
  return new ConnectorError({
    code: 'response-unexpected',
    message: `Salesforce's answer to '${asked.purpose}' is not understood: ${what}. It began: ${clip(text)}`,
    remedy: 'If this lasts, report it with the message: Salesforce changed an answer, or something stands in between.',
    maybeDone: true,
    context: { method: asked.method, path: asked.path },
    cause,
  });
}

const MESSAGE_LIMIT = 500;

/** Text shortened to what fits into a message. */
export function clip(text: string): string {
  return text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}…` : text;
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
