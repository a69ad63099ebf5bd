import type { Reply, TransportFault } from '../../kit/sandbox/reply.ts';
import { rateLimitBody } from './limits.ts';
import type { RatePolicy } from './limits.ts';

/**
 * What can go wrong with a call. `status`, `stall-headers`, `reset` and `garbage` happen instead of the work, or with
 * `afterWrite` after it was done, so that only the answer is lost. `slow`, `stall-body` and `cut` always come after it.
 */
export type HubSpotFault = { readonly afterWrite?: boolean } & (
  | TransportFault
  | {
      readonly kind: 'status';
      /** 423, 429, 477, 500, 502, 503, 504, 521 to 524, 530 and 401 answer as HubSpot does; others plainly. */
      readonly status: number;
      /** Which limit a 429 names; the ten-second one unless told. */
      readonly policy?: RatePolicy;
      readonly retryAfterS?: number;
    }
  /** The access token ends before this call. */
  | { readonly kind: 'expire-token' }
  /** A batch answers with success and with neither results nor errors, and nothing was written. */
  | { readonly kind: 'wrote-nothing' }
);

/** Is the work left undone when this fault strikes? */
export function isInsteadOfWork(fault: HubSpotFault): boolean {
  switch (fault.kind) {
    case 'slow':
    case 'stall-body':
    case 'cut':
      return false;
    case 'expire-token':
    case 'wrote-nothing':
      return true;
    case 'status':
    case 'stall-headers':
    case 'reset':
    case 'garbage':
    default:
      return fault.afterWrite !== true;
  }
}

/** The answer of a fault with a status, as HubSpot or the network in front of it words it. */
export function statusReply(fault: HubSpotFault & { readonly kind: 'status' }, correlationId: string): Reply {
  const { status } = fault;
  const retryAfter = fault.retryAfterS === undefined ? {} : { 'Retry-After': String(fault.retryAfterS) };
  const json = (body: object): Reply => ({
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...retryAfter },
    body: JSON.stringify(body),
  });
  const plain = (message: string, category: string): Reply =>
    json({ status: 'error', message, correlationId, category });
  if (status === 429) return json(rateLimitBody(fault.policy ?? 'TEN_SECONDLY_ROLLING', correlationId));
  if (status === 423) return plain('This resource is locked; please try again in a moment.', 'LOCKED');
  if (status === 477) {
    const waitS = fault.retryAfterS ?? 3_600;
    return {
      ...plain('This account is being moved to another data hosting location.', 'MIGRATION_IN_PROGRESS'),
      headers: { 'content-type': 'application/json;charset=utf-8', 'Retry-After': String(waitS) },
    };
  }
  if (status === 401) {
    return plain('The OAuth token used to make this call expired 0 minute(s) ago.', 'EXPIRED_AUTHENTICATION');
  }
  if (status === 500) return json({ status: 'error', message: 'internal error', correlationId });
  if (status > 500) {
    return {
      status,
      headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare', ...retryAfter },
      body: `<!DOCTYPE html><html><head><title>api.hubapi.com | ${status}</title></head><body><h1>Error ${status}</h1></body></html>`,
    };
  }
  return plain(`This call was refused with ${status}.`, 'VALIDATION_ERROR');
}
