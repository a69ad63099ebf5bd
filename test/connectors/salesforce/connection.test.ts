import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';
import { accounts, ids, openOrg, orgSeed, orgToken } from '../../support/sandbox-org.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server on this machine; its address. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

type Response = Parameters<RequestListener>[1];

const reply =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
    response.end(body);
  };

const refusal = (errorCode: string, message = 'words'): string => JSON.stringify([{ errorCode, message }]);

const describeAccount = (base: string, signal?: AbortSignal): Promise<unknown> =>
  salesforce.open(openDirectAccess(base, signal === undefined ? {} : { signal })).describe('Account');

describe('a Salesforce that stalls', () => {
  it.each([
    ['before the headers', (): void => {}],
    [
      'in the midst of the body',
      (_: IncomingMessage, response: Response): void => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"name": "Account", ');
      },
    ],
  ] as const)('%s is left when the time is up, and the call counts as one that may have arrived', async (_, answer) => {
    const stop = new AbortController();
    const arrived = Promise.withResolvers<void>();
    const base = await serve((request, response) => {
      answer(request, response);
      arrived.resolve();
    });
    const call = describeAccount(base, stop.signal);
    await arrived.promise;
    stop.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    await expect(call).rejects.toMatchObject({ code: 'unavailable', maybeDone: true });
    await expect(call).rejects.toThrow('timed out');
  });

  it('that cuts the connection in the midst of the body counts as unavailable', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"name": "Account", ', () => response.destroy());
    });
    await expect(describeAccount(base)).rejects.toMatchObject({ code: 'unavailable', maybeDone: true });
  });

  it('that is not there counts as unavailable, and nothing has arrived', async () => {
    const base = await serve(reply(200, ''));
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(describeAccount(base)).rejects.toMatchObject({ code: 'unavailable', maybeDone: false });
  });
});

describe('an answer that is none of Salesforce', () => {
  it.each([
    [
      'a page to sign in with, sent with 200',
      reply(200, '<html><body>Log in</body></html>', { 'content-type': 'text/html' }),
    ],
    ['JSON of another kind', reply(200, '{"hello": "world"}')],
    ['half of an answer', reply(200, '{"name": "Account", "fields": [')],
    ['a page with 400', reply(400, '<!DOCTYPE html><title>Proxy</title>', { 'content-type': 'text/html' })],
  ] as const)('is not taken for one: %s', async (_, answer) => {
    await expect(describeAccount(await serve(answer))).rejects.toMatchObject({ code: 'response-unexpected' });
  });

  it('is never fetched from where a redirect leads, and the token is not sent there', async () => {
    const visitors: string[] = [];
    const elsewhere = await serve((request, response) => {
      visitors.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    const base = await serve((_, response) => {
      response.writeHead(307, { location: `${elsewhere}/stolen` });
      response.end();
    });
    await expect(describeAccount(base)).rejects.toMatchObject({ code: 'response-unexpected' });
    expect(visitors).toEqual([]);
  });

  it('shows no token in its error, though it repeats the request', async () => {
    const base = await serve((request, response) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`got ${request.headers.authorization}`);
    });
    const call = salesforce.open(openDirectAccess(base, { token: 'hush-hush' })).describe('Account');
    await expect(call).rejects.toThrow('[secret]');
    await expect(call).rejects.not.toThrow('hush-hush');
  });
});

describe('a refusal', () => {
  it.each([
    [401, 'INVALID_SESSION_ID', 'token-expired'],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'quota-exhausted'],
    [403, 'API_DISABLED_FOR_ORG', 'permission-missing'],
    [403, 'INSUFFICIENT_ACCESS', 'permission-missing'],
    [400, 'OPERATION_TOO_LARGE', 'permission-missing'],
    [400, 'TXN_SECURITY_METERING_ERROR', 'permission-missing'],
    [400, 'MALFORMED_QUERY', 'request-refused'],
    [400, 'QUERY_TIMEOUT', 'unavailable'],
    [400, 'UNABLE_TO_LOCK_ROW', 'record-locked'],
    [500, 'UNKNOWN_EXCEPTION', 'unavailable'],
    [503, 'SERVER_UNAVAILABLE', 'unavailable'],
  ] as const)('with %i %s means %s', async (status, errorCode, code) => {
    const call = describeAccount(await serve(reply(status, refusal(errorCode))));
    await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(errorCode) });
  });

  it.each([
    [406, 'unavailable'],
    [420, 'unavailable'],
    [429, 'rate-limited'],
    [502, 'unavailable'],
    [504, 'unavailable'],
  ] as const)('with %i and no words means %s', async (status, code) => {
    await expect(describeAccount(await serve(reply(status, '')))).rejects.toMatchObject({ code });
  });

  it('for too many long calls at once is waited out: it is not the day’s limit', async () => {
    const words = refusal('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.');
    await expect(describeAccount(await serve(reply(403, words)))).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 10_000,
    });
  });
});

describe('a session that ends between two pages', () => {
  it('is told as such, and the pull goes on by its cursor with a new one', async () => {
    const sandbox = await openOrg(orgSeed(accounts(4)), { pageRows: 2 });
    sandbox.faults.add({ kind: 'expire-token', match: { purpose: 'query more' } });
    const request = { object: 'Account', fields: ['Name'], links: [], scope: { kind: 'all' }, cursor: null } as const;
    const pages = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken })).pull(request);
    const iterator = pages[Symbol.asyncIterator]();
    const first = await iterator.next();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'token-expired' });
    const { accessToken } = sandbox.app.install();
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: accessToken }));
    const cursor = first.done === true ? null : first.value.cursor;
    const rest = await Array.fromAsync(session.pull({ ...request, cursor }));
    expect(rest.flatMap(({ records }) => records.map(({ id }) => id))).toEqual([ids.account(3), ids.account(4)]);
  });
});
