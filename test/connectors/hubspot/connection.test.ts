import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../connectors/contract/auth.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server on this machine; its address. */
async function serve(answer: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return `http://${host}:${port}`;
}

describe('a HubSpot that stalls', () => {
  it.each([
    ['before the headers', (): void => {}],
    [
      'in the midst of the body',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]): void => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"portalId": 4242, ');
      },
    ],
  ] as const)('%s is left when the time is up, and the call counts as one that may have arrived', async (_, answer) => {
    const stop = new AbortController();
    const arrived = Promise.withResolvers<void>();
    const base = await serve((request, response) => {
      answer(request, response);
      arrived.resolve();
    });
    const call = hubspot.open(openDirectAccess(base, { signal: stop.signal })).whoAmI();
    await arrived.promise;
    stop.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    await expect(call).rejects.toMatchObject({ code: 'unavailable', maybeDone: true });
    await expect(call).rejects.toThrow('timed out');
  });

  it('that cuts the connection in the midst of the body counts as unavailable', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"portalId": 4242, ', () => response.destroy());
    });
    const call = hubspot.open(openDirectAccess(base)).whoAmI();
    await expect(call).rejects.toMatchObject({ code: 'unavailable', maybeDone: true });
  });
});

describe('an answer that sends us elsewhere', () => {
  it('is not believed, and neither the token nor a secret reaches the other place', async () => {
    const received: string[] = [];
    const elsewhere = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        received.push(`${JSON.stringify(request.headers)} ${body}`);
        response.end('{"portalId":1,"timeZone":"UTC","companyCurrency":"EUR"}');
      });
    }, 'localhost');
    const base = await serve((request, response) => {
      response.writeHead(307, { location: `${elsewhere}${request.url}` }).end();
    });

    const read = hubspot.open(openDirectAccess(base, { token: 'portal-token' })).whoAmI();
    await expect(read).rejects.toMatchObject({ code: 'response-unexpected' });

    const app = {
      clientId: 'app',
      clientSecret: new Secret('app-secret'),
      redirectUri: 'https://holdfast.example/back',
    };
    const refresh = hubspot.oauth.refresh(app, base, new Secret('refresh-secret'), new AbortController().signal);
    await expect(refresh).rejects.toMatchObject({ code: 'unavailable' });

    expect(received).toHaveLength(1);
    expect(received.join()).not.toMatch(/portal-token|app-secret|refresh-secret/);
  });
});
