import express, { type Request, type RequestHandler } from 'express';

/** A request that a CRM has signed, with the bytes that it signed. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Reads the body as it came, up to `limitBytes`. A larger one ends in an error of status 413, unread. */
export function rawBody(limitBytes: number): RequestHandler {
  // Nothing is unpacked: a small body that becomes a large one would be read before anybody knows who sent it.
  return express.raw({ limit: limitBytes, type: () => true, inflate: false });
}

/**
 * The request as its sender has signed it. `publicUrl` is where senders reach this server: what a request says of its own
 * host is anybody's word.
 */
export function toSignedRequest(request: Request, publicUrl: string): SignedRequest {
  const body: unknown = request.body;
  return {
    method: request.method,
    url: `${publicUrl}${request.originalUrl}`,
    headers: request.headers,
    body: body instanceof Uint8Array ? body : new Uint8Array(),
  };
}

/** The HTTP status that an error of reading a body carries; null for any other error. */
export function findStatus(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null;
}
