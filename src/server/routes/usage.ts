import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { MESSAGE_TYPES } from '../../core/usage/message.ts';
import type { MessageType, ReceivedRequest, UsageRequest } from '../../core/usage/message.ts';
import { HoldfastError } from '../../errors.ts';

export interface UsageParts {
  /** Null for a write key that is none. */
  receiveUsage(request: UsageRequest): Promise<ReceivedRequest | null>;
}

/** Segment's limit of a request, which its libraries keep to. */
const REQUEST_BYTES = 500 * 1024;

/** Refused messages that an answer names. */
const NAMED = 100;

/** Wrong keys that one address may try in a minute. */
const WRONG_KEYS = 60;

/**
 * The HTTP tracking API of Segment (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/), so
 * that any product, library or customer data platform that speaks it can send usage: `POST /v1/batch`, and one path for
 * each type of message. The write key is the user name of Basic authentication, or `writeKey` in the body.
 *
 * 200 means that all of it is stored; 400 that what is named was refused and everything else is stored; 401, 413, 429 and
 * 503 that nothing was. Sending again is always harmless: messages count once by their `messageId`.
 */
export function usageRoutes(parts: UsageParts): Router {
  const router = Router();
  // Browsers send from the pages of the product.
  router.use((_request, response, next) => {
    response.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type' });
    next();
  });
  router.options('/{*path}', (_request, response) => {
    response.status(204).end();
  });
  // Counts wrong keys alone: whoever has the right one may send as much at once as they like, also from the same address.
  const limitWrong = rateLimit({
    windowMs: 60_000,
    limit: WRONG_KEYS,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => {
      refuse(response, 429, 'Too many wrong write keys came from this address.', 'Wait a minute, and check the key.');
    },
  });
  const read = express.json({ limit: REQUEST_BYTES, type: () => true, strict: false });
  const paths: readonly (MessageType | 'batch')[] = [...MESSAGE_TYPES, 'batch'];
  for (const path of paths) {
    router.post(`/${path}`, read, async (request: Request, response: Response, next: NextFunction) => {
      const isKnown = await answer(parts, path === 'batch' ? null : path, request, response);
      if (!isKnown) next();
    });
    router.post(`/${path}`, limitWrong, refuseKey);
  }
  router.use((_request, response) => {
    refuse(response, 404, 'There is nothing at this address.', `POST to one of ${paths.join(', ')} under /v1.`);
  });
  // Express knows an error handler by its four parameters.
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
    if (error instanceof HoldfastError && error.code === 'input-invalid') {
      refuse(response, 400, error.message, error.remedy);
    } else if (status === 413) {
      refuse(response, 413, 'The request is larger than 500 KB.', 'Send fewer messages at once.');
    } else if (status === 400 || status === 415) {
      refuse(response, status, 'The body is not JSON.', 'Send JSON in UTF-8, plain or gzipped.');
    } else {
      next(error);
    }
  });
  return router;
}

/** Answers false, and says nothing, where the write key is none. */
async function answer(
  parts: UsageParts,
  type: MessageType | null,
  request: Request,
  response: Response,
): Promise<boolean> {
  const body: unknown = request.body;
  const writeKey = writeKeyOf(request);
  const received = writeKey === null ? null : await parts.receiveUsage({ writeKey, type, body });
  if (received === null) return false;
  const { stored, repeated, refused } = received;
  if (refused.length === 0) {
    response.json({ success: true });
    return true;
  }
  response.status(400).json({
    success: false,
    message: refusedInWords(refused.length, stored + repeated),
    stored,
    repeated,
    refused: refused.slice(0, NAMED).map(({ index, messageId, why }) => ({ index, messageId, why })),
  });
  return true;
}

function refuseKey(request: Request, response: Response): void {
  response.set('www-authenticate', 'Basic realm="write key"');
  refuse(
    response,
    401,
    writeKeyOf(request) === null ? 'There is no write key.' : 'The write key is not known, or was revoked.',
    "Give the write key as the user name of Basic authentication. 'holdfast usage-key' makes one.",
  );
}

function refusedInWords(refused: number, taken: number): string {
  const what = refused === 1 ? '1 message was refused' : `${refused} messages were refused`;
  return taken === 0 ? `${what}; nothing else was in the request.` : `${what}; everything else is stored.`;
}

function refuse(response: Response, status: number, message: string, remedy: string): void {
  response.status(status).json({ success: false, message, remedy });
}

function writeKeyOf(request: Request): string | null {
  return userNameOf(request.headers.authorization) ?? writeKeyIn(request.body);
}

function userNameOf(authorization: string | undefined): string | null {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const name = Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? '';
  return name === '' ? null : name;
}

function writeKeyIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('writeKey' in body)) return null;
  return typeof body.writeKey === 'string' ? body.writeKey : null;
}
