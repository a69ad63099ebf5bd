import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectTo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HoldfastError } from '../../src/errors.ts';
import { startServer, type RunningServer } from '../../src/server/server.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
let customer: Customer;
let server: RunningServer;
beforeAll(async () => {
  office = await openLineOffice();
  customer = await office.connect([
    { id: '1', name: 'Acme & Söhne', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' },
    { id: '2', name: 'Bolt', renewalOn: '2026-09-10', arr: 20_000, csmId: '14' },
  ]);
  await customer.sync();
  server = await startServer({ ...office.app.serverParts(), queue: null, port: 0 });
});
afterAll(async () => {
  await server.stop();
  await office.close();
});

describe('the health of the service', () => {
  it('is told to whoever starts and balances it', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await get('/readyz')).toMatchObject({ status: 200, json: { status: 'ready' } });
  });

  it('lives, but is not ready, while the database is away', async () => {
    const away = async () => {
      throw new HoldfastError({ code: 'database-unreachable', message: 'It does not answer.', remedy: 'Start it.' });
    };
    const { store, ...parts } = office.app.serverParts();
    const without = await startServer({
      ...parts,
      store: { ...store, isReachable: async () => false, installations: { ...store.installations, list: away } },
      queue: null,
      port: 0,
    });
    try {
      expect((await get('/healthz', {}, without.port)).status).toBe(200);
      expect((await get('/readyz', {}, without.port)).status).toBe(503);
      const answer = await get('/api/installations', {}, without.port);
      expect(answer).toMatchObject({ status: 503, type: 'application/problem+json', json: { remedy: 'Start it.' } });
    } finally {
      await without.stop();
    }
  });

  it('is not ready any more while it stops, and finishes what it was asked before', async () => {
    const stopping = await startServer({ ...office.app.serverParts(), queue: null, port: 0 });
    const client = connectTo(stopping.port, '127.0.0.1');
    await once(client, 'connect');
    client.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n');
    // Until the server has answered somebody else, it may not have seen this one.
    await get('/healthz', {}, stopping.port);
    const stopped = stopping.stop();
    let text = '';
    client.on('data', (chunk) => (text += chunk.toString()));
    client.write('\r\n');
    await once(client, 'close');
    await stopped;
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('is measured in Prometheus’ text form, without the name of any customer', async () => {
    const { status, type, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(type).toContain('text/plain; version=0.0.4');
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const malformed = samples.filter(
      (line) => !/^[a-z_][a-z0-9_]*(\{([a-z_]+="[^"\\\n]*",?)*\})? (-?\d+(\.\d+)?(e[+-]?\d+)?|NaN|\+Inf)$/i.test(line),
    );
    expect(malformed).toEqual([]);
    expect(samples).toContain('holdfast_installations{connector="hubspot",status="active"} 1');
    expect(text).toMatch(/holdfast_crm_calls_24h\{connector="hubspot",bucket="general",outcome="made"\} [1-9]/);
    // The figures themselves may hold any digits.
    const series = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
    for (const name of ['Acme', 'Bolt', customer.installation.crmAccountId, customer.installation.id]) {
      expect(series.filter((line) => line.includes(name))).toEqual([]);
    }
  });
});

describe('the API', () => {
  const base = (): string => `/api/installations/${customer.installation.id}`;

  it('shows what the commands show', async () => {
    const { json: paths } = await get('/api');
    expect(paths['paths']).toHaveLength(8);
    expect((await get('/api/installations')).json).toMatchObject({
      installations: [{ installation: customer.installation.id, status: 'active', awaitsApproval: true }],
    });
    expect((await get(base())).json).toMatchObject({ book: { bands: expect.any(Object), records: { companies: 2 } } });
    expect((await get(`${base()}/accounts?top=1`)).json['accounts']).toHaveLength(1);
    expect((await get(`${base()}/accounts/1`)).json).toMatchObject({ account: '1', name: 'Acme & Söhne' });
    expect((await get(`${base()}/accounts/bolt`)).json).toMatchObject({ account: '2' });
    expect((await get(`${base()}/accounts/1/history`)).json).toMatchObject({
      name: 'Acme & Söhne',
      days: [{ caps: [] }],
    });
    expect((await get(`${base()}/accounts/1/history?since=soon`)).json).toMatchObject({ status: 400 });
    const { steps, calls } = await customer.plan();
    expect((await get(`${base()}/plan`)).json).toMatchObject({ calls, steps: JSON.parse(JSON.stringify(steps)) });
    expect((await get(`${base()}/runs`)).json['runs']).toMatchObject([{ stage: 'done', error: null }]);
    expect((await get(`${base()}/problems`)).json['problems']).toEqual([]);
  });

  it('finds an installation by the account id in the CRM', async () => {
    const answer = await get(`/api/installations/${customer.installation.crmAccountId}`);
    expect(answer.json).toMatchObject({ installation: customer.installation.id });
  });

  it.each([
    [
      '/api/installations/hubspot-999',
      404,
      'urn:holdfast:installation-unknown',
      "There is no installation 'hubspot-999'.",
    ],
    ['/api/installations/{id}/accounts/77', 404, 'urn:holdfast:account-unknown', "No scored account is '77'."],
    ['/api/installations/{id}/accounts?top=0', 400, 'urn:holdfast:input-invalid', "'top' is not a whole number"],
    ['/api/installations/{id}/accounts?top=1&top=2', 400, 'urn:holdfast:input-invalid', "'top' is not a whole number"],
    ['/api/installations/%E0%A4%A', 400, 'urn:holdfast:request-malformed', 'The address cannot be read'],
    ['/api/nothing', 404, 'urn:holdfast:not-found', 'There is nothing at this address.'],
    ['/nothing', 404, 'urn:holdfast:not-found', 'There is nothing at this address.'],
  ])('answers %s with %i and a way out', async (path, status, type, title) => {
    const answer = await get(path.replace('{id}', customer.installation.id));
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(answer.json).toMatchObject({ type, status, title: expect.stringContaining(title) });
    expect(String(answer.json['remedy'])).not.toBe('');
  });

  it.each([
    ['through a proxy', { 'x-forwarded-for': '198.51.100.7' }],
    ['through a proxy of the newer kind', { forwarded: 'for=198.51.100.7' }],
    ['under another name that points here', { host: 'holdfast.example' }],
    ['under a name that only begins like this machine', { host: 'localhost.evil.example' }],
  ])('refuses who asks %s', async (_, headers) => {
    for (const path of ['/api/installations', `${base()}/plan`]) {
      const answer = await get(path, headers);
      expect(answer).toMatchObject({ status: 403, json: { type: 'urn:holdfast:not-local' } });
      expect(answer.text).not.toContain('Acme');
    }
  });

  it('never answers with a token, and tells nobody what it is built on', async () => {
    const paths = ['', '/accounts', '/accounts/1', '/plan', '/runs', '/problems'];
    const answers = await Promise.all([...paths.map((path) => get(base() + path)), get('/metrics'), get('/api')]);
    for (const { text, headers } of answers) {
      expect(text).not.toContain(customer.token);
      expect(JSON.stringify(headers)).not.toMatch(/x-powered-by/i);
    }
  });
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** By `node:http`, which lets a test say under which name it asks. */
function get(path: string, headers: Readonly<Record<string, string>> = {}, port = server.port): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, path, headers: { host: `localhost:${port}`, ...headers }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const type = (response.headers['content-type'] ?? '').replace(/; charset=utf-8$/, '');
          const json: unknown = type.includes('json') ? JSON.parse(text) : {};
          resolve({
            status: response.statusCode ?? 0,
            type,
            headers: response.headers,
            text,
            json: json as Answer['json'],
          });
        });
      },
    );
    asking.on('error', reject);
    asking.end();
  });
}
