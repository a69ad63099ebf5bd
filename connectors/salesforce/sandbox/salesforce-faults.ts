import type { Reply, TransportFault } from '../../kit/sandbox/reply.ts';

/** Single records of a call fail, with HTTP 200 around them. */
export interface RowFault {
  readonly kind: 'refuse-rows';
  /** `UNABLE_TO_LOCK_ROW` unless told. */
  readonly statusCode?: string;
  readonly message?: string;
  /** Which records of the call, counted from 0; all unless told. */
  readonly positions?: readonly number[];
}

/**
 * What can go wrong with a call. `status`, `stall-headers`, `reset` and `garbage` happen instead of the work, or with
 * `afterWrite` after it was done, so that only the answer is lost. `slow`, `stall-body` and `cut` always come after it.
 */
export type SalesforceFault = { readonly afterWrite?: boolean } & (
  | TransportFault
  | RowFault
  | {
      readonly kind: 'status';
      /** 401, 403, 406, 420, 429, 500, 502, 503 and 504 answer as Salesforce does; others plainly. */
      readonly status: number;
      /** Another code and text than the status has by itself. */
      readonly errorCode?: string;
      readonly message?: string;
      readonly retryAfterS?: number;
    }
  /** The session ends before this call. */
  | { readonly kind: 'expire-token' }
);

/** Is the work left undone when this fault strikes? */
export function isInsteadOfWork(fault: SalesforceFault): boolean {
  switch (fault.kind) {
    case 'slow':
    case 'stall-body':
    case 'cut':
    case 'refuse-rows':
      return false;
    case 'expire-token':
      return true;
    case 'status':
    case 'stall-headers':
    case 'reset':
    case 'garbage':
      return fault.afterWrite !== true;
    default:
      return fault satisfies never;
  }
}

/** The faults that the transport acts out; the others are in the reply already. */
export function transportOf(fault: SalesforceFault | null): TransportFault | null {
  switch (fault?.kind) {
    case undefined:
    case 'status':
    case 'expire-token':
    case 'refuse-rows':
      return null;
    case 'slow':
    case 'stall-headers':
    case 'stall-body':
    case 'cut':
    case 'reset':
    case 'garbage':
      return fault;
    default:
      return fault satisfies never;
  }
}

/** Statuses with the error that Salesforce puts into their body. */
const ERRORS: Readonly<Record<number, readonly [errorCode: string, message: string]>> = {
  401: ['INVALID_SESSION_ID', 'Session expired or invalid'],
  403: ['REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
  500: ['UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId if you contact support: 1'],
  503: ['SERVER_UNAVAILABLE', 'Our service is temporarily unavailable. Please try again later.'],
};

/** Statuses that come from the network in front of Salesforce, with a page. */
const PAGES: Readonly<Record<number, string>> = {
  420: 'We are setting things up. Please wait a moment.',
  429: 'Too many requests.',
  502: 'Bad gateway',
  504: 'Gateway timeout',
};

export function statusReply(fault: SalesforceFault & { readonly kind: 'status' }): Reply {
  const { status } = fault;
  const retryAfter = fault.retryAfterS === undefined ? {} : { 'Retry-After': String(fault.retryAfterS) };
  const page = fault.errorCode === undefined ? PAGES[status] : undefined;
  if (page !== undefined) {
    const body = `<html><head><title>${status}</title></head><body>${page}</body></html>`;
    return { status, headers: { 'content-type': 'text/html;charset=UTF-8', ...retryAfter }, body };
  }
  if (status === 406) return { status, headers: retryAfter, body: '' };
  const [errorCode, message] = ERRORS[status] ?? ['UNKNOWN_EXCEPTION', `This call was refused with ${status}.`];
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...retryAfter },
    body: JSON.stringify([{ message: fault.message ?? message, errorCode: fault.errorCode ?? errorCode }]),
  };
}
