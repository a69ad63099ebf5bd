import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { signatureV3 } from '../../../connectors/hubspot/sandbox/webhooks.ts';
import { readText, serve } from '../../../connectors/kit/sandbox/serve.ts';
import { openPortal, portalSeed, portalToken, row } from '../../support/sandbox-portal.ts';

const companies = '/crm/objects/2026-09/companies';
const update = `${companies}/batch/update`;
const renamed = { inputs: [{ id: '1', properties: { name: 'Renamed' } }] };
const seed = portalSeed([row('companies', '1', { name: 'Ada' })]);

describe('faults on demand', () => {
  it.each([
    [423, undefined, 'application/json;charset=utf-8'],
    [477, '3600', 'application/json;charset=utf-8'],
    [500, undefined, 'application/json;charset=utf-8'],
    [502, undefined, 'text/html; charset=UTF-8'],
    [524, undefined, 'text/html; charset=UTF-8'],
  ])('answer with %i as HubSpot does, once, and leave the work undone', async (status, retryAfter, contentType) => {
    const { post, sandbox } = await openPortal({ seed });
    sandbox.faults.add({ kind: 'status', status });
    const answer = await post(update, renamed);
    expect([answer.status, answer.headers.get('retry-after') ?? undefined]).toEqual([status, retryAfter]);
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(sandbox.portal.get('companies', '1')?.properties['name']).toBe('Ada');
    expect((await post(update, renamed)).status).toBe(200);
  });

  it('name the limit of a 429 that they make up', async () => {
    const { get, sandbox } = await openPortal();
    sandbox.faults.add({ kind: 'status', status: 429, policy: 'DAILY' });
    expect((await get(companies)).body).toMatchObject({
      policyName: 'DAILY',
      message: 'You have reached your daily limit.',
    });
  });

  it('strike only the calls that they are meant for, from the nth on, as often as told', async () => {
    const { get, post, sandbox } = await openPortal({ seed });
    sandbox.faults.add({
      kind: 'status',
      status: 503,
      match: { method: 'post', path: /batch\/update$/, purpose: 'companies', nth: 2 },
      times: 2,
    });
    const statuses = [await get(companies)];
    for (let call = 0; call < 4; call += 1) statuses.push(await post(update, renamed));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 503, 503, 200]);
    expect([sandbox.faults.happened, sandbox.faults.waiting]).toEqual([2, 0]);
  });

  it.each([
    ['cut', { kind: 'cut' }],
    ['a reset after the write', { kind: 'reset', afterWrite: true }],
    ['502 after the write', { kind: 'status', status: 502, afterWrite: true }],
    ['garbage after the write', { kind: 'garbage', afterWrite: true }],
  ] as const)('lose only the answer of a write: %s', async (_, fault) => {
    const { post, sandbox } = await openPortal({ seed });
    sandbox.faults.add(fault);
    const answer = await post(update, renamed).then(
      ({ status, body }) => (body.results === undefined ? `no results, ${status}` : 'results'),
      () => 'lost',
    );
    expect(answer).not.toBe('results');
    expect(sandbox.portal.get('companies', '1')?.properties['name']).toBe('Renamed');
  });

  it('reset the connection before anything was done', async () => {
    const { post, sandbox } = await openPortal({ seed });
    sandbox.faults.add({ kind: 'reset' });
    await expect(post(update, renamed)).rejects.toThrow('fetch failed');
    expect(sandbox.portal.get('companies', '1')?.properties['name']).toBe('Ada');
    expect(sandbox.calls.recent.at(-1)).toMatchObject({ status: null, fault: 'reset' });
  });

  it.each(['stall-headers', 'stall-body'] as const)('let a client wait until it gives up: %s', async (kind) => {
    const { sandbox } = await openPortal({ seed });
    sandbox.faults.add({ kind });
    const read = async (): Promise<unknown> => {
      const answer = await fetch(`${sandbox.url}${companies}`, {
        headers: { authorization: `Bearer ${portalToken}` },
        signal: AbortSignal.timeout(100),
      });
      return answer.json();
    };
    await expect(read()).rejects.toThrow('timeout');
  });

  it.each(['html', 'json'] as const)('answer 200 with what cannot be read: %s', async (form) => {
    const { sandbox } = await openPortal({ seed });
    sandbox.faults.add({ kind: 'garbage', form });
    const answer = await fetch(`${sandbox.url}${companies}`, { headers: { authorization: `Bearer ${portalToken}` } });
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow('JSON');
  });

  it('end the access token in the middle of a run', async () => {
    const { send, sandbox } = await openPortal({ seed });
    const { accessToken } = sandbox.app.install();
    sandbox.faults.add({ kind: 'expire-token', match: { nth: 2 } });
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1) {
      statuses.push((await send('GET', companies, undefined, accessToken)).status);
    }
    expect(statuses).toEqual([200, 401, 401]);
  });
});

describe('webhooks', () => {
  const url = async (
    answerWith: (call: number) => number,
    heard: (body: string, signed: boolean) => void,
  ): Promise<string> => {
    let calls = 0;
    let own = '';
    const receiver = await serve(async (request, response) => {
      calls += 1;
      const body = (await readText(request, 1_000_000)) ?? '';
      const timestamp = String(request.headers['x-hubspot-request-timestamp']);
      heard(body, request.headers['x-hubspot-signature-v3'] === signatureV3('shh', 'POST', own, body, timestamp));
      response.writeHead(answerWith(calls)).end();
    }, 0);
    onTestFinished(() => receiver.close());
    own = `${receiver.url}/hooks/hubspot`;
    return own;
  };

  it('tell of changes, signed, and say who made them', async () => {
    const { post, sandbox } = await openPortal({ seed });
    const heard: { body: string; signed: boolean }[] = [];
    const target = await url(
      () => 204,
      (body, signed) => heard.push({ body, signed }),
    );
    sandbox.webhooks.subscribe({ url: target, clientSecret: 'shh', appId: 9 });
    await post(update, renamed);
    sandbox.portal.archive('companies', '1');
    await sandbox.webhooks.settled();
    const events = heard.flatMap(({ body }) => JSON.parse(body) as object[]);
    expect(heard.every(({ signed }) => signed)).toBe(true);
    expect(events).toMatchObject([
      {
        subscriptionType: 'object.propertyChange',
        objectId: 1,
        objectTypeId: '0-2',
        portalId: 4711,
        propertyName: 'name',
        propertyValue: 'Renamed',
        changeSource: 'INTEGRATION',
      },
      { subscriptionType: 'object.deletion', objectId: 1, changeSource: 'CRM_UI' },
    ]);
  });

  it('come again when they were not taken, and at most 100 events at a time', async () => {
    const { sandbox } = await openPortal({ seed });
    const sizes: number[] = [];
    const target = await url(
      (call) => (call === 1 ? 500 : 200),
      (body) => sizes.push((JSON.parse(body) as object[]).length),
    );
    sandbox.webhooks.subscribe({ url: target, clientSecret: 'shh', appId: 9 });
    for (let made = 0; made < 120; made += 1) sandbox.portal.create('companies', { name: `Company ${made}` });
    await sandbox.webhooks.settled();
    expect(sizes).toEqual([100, 100, 20]);
    expect(sandbox.webhooks).toMatchObject({ delivered: 2, givenUp: 0 });
  });

  it.each([
    [
      'POST',
      'https://api.holdfast.example/hooks/hubspot?x=a%2Fb%3Ac%20d',
      '{"é":"1"}',
      'YhTOsnqZW2V0KQVoT3wxLRJ4qgaS0ImrVZPYv0j552I=',
    ],
    [
      'GET',
      'https://api.holdfast.example/card?portalId=1&email=a%40b.co',
      '',
      '89YyFXX6Ooe5/bT/GlfoD9uYRpnLBAQ4W3GsCGDeMQE=',
    ],
  ])('are signed as documented: %s %s', (method, uri, body, expected) => {
    const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
    expect(signatureV3(secret, method, uri, body, '1764000000000')).toBe(expected);
  });
});

describe('the sandbox', () => {
  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => other.close(() => resolve())));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openPortal({ port })).rejects.toThrow(String(port));
  });
});
