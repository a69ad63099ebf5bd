import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What can happen to an answer on its way, whichever CRM sent it. */
export type TransportFault =
  | { readonly kind: 'slow'; readonly ms: number }
  /** Nothing ever comes; the connection stays open. */
  | { readonly kind: 'stall-headers' }
  /** Headers and half of the body come, then nothing; the connection stays open. */
  | { readonly kind: 'stall-body' }
  /** Headers and half of the body come, then the connection ends. */
  | { readonly kind: 'cut' }
  /** The connection ends before any answer. */
  | { readonly kind: 'reset' }
  /** 200 with a page of a proxy in the way, or with JSON that breaks off. */
  | { readonly kind: 'garbage'; readonly form?: 'html' | 'json' };

export async function sendReply(response: ServerResponse, reply: Reply, fault: TransportFault | null): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return sendWhole(response, reply);
    case 'slow':
      await sleep(fault.ms);
      return sendWhole(response, reply);
    case 'garbage':
      return sendWhole(response, garbage(reply, fault.form ?? 'html'));
    case 'stall-headers':
      return undefined;
    case 'reset':
      response.socket?.resetAndDestroy();
      return undefined;
    case 'stall-body':
      sendHalf(response, reply);
      return undefined;
    case 'cut':
      sendHalf(response, reply, () => response.socket?.destroy());
      return undefined;
  }
}

function sendWhole(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

function sendHalf(response: ServerResponse, reply: Reply, then?: () => void): void {
  const body = Buffer.from(reply.body === '' ? ' ' : reply.body);
  // The announced length is the full one: only so does the client know that something is missing.
  response.writeHead(reply.status === 204 ? 200 : reply.status, { ...reply.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), then);
}

function garbage(reply: Reply, form: 'html' | 'json'): Reply {
  return form === 'html'
    ? {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!DOCTYPE html><html><body>Please sign in to the network to go on.</body></html>',
      }
    : {
        status: 200,
        headers: { ...reply.headers, 'content-type': 'application/json' },
        body: '{"status":"COMPLETE","results":[{"id":"1',
      };
}
