import { request } from 'node:http';
import { signatureV3 } from '../../connectors/hubspot/sandbox/webhooks.ts';

/** How a request to our server differs from a well-formed one. */
export interface Sending {
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly secret?: string;
  /** When it was signed, in epoch milliseconds. */
  readonly signedAt?: number;
  /** The address that was signed, when it is another one than was called. */
  readonly signedUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Sent {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Sends requests to a server as HubSpot does: signed for its public address, wherever that leads. */
export function openSender(server: { readonly port: number }, publicUrl: string, secret: string, now: () => number) {
  return (path: string, sending: Sending = {}): Promise<Sent> => {
    const method = sending.method ?? 'POST';
    const body = Buffer.from(sending.body ?? '');
    const timestamp = String(sending.signedAt ?? now());
    const url = sending.signedUrl ?? `${publicUrl}${path}`;
    const headers = {
      'content-type': 'application/json',
      'x-hubspot-request-timestamp': timestamp,
      'x-hubspot-signature-v3': signatureV3(sending.secret ?? secret, method, url, body.toString('utf8'), timestamp),
      ...sending.headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  };
}
