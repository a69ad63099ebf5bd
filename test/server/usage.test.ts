import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeUsageKey, revokeUsageKeys } from '../../src/flow/intake/usage-keys.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { startServer, type RunningServer } from '../../src/server/server.ts';
import { readInbox } from '../../src/queries/inbox.ts';
import { MONDAY, openLineOffice, ourValues, type Customer, type LineOffice } from '../support/line-office.ts';
import { usageViewOn } from '../support/usage-view.ts';

const NOON = new Date(MONDAY).toISOString();
const daysAgo = (days: number): string => new Date(MONDAY - days * 86_400_000).toISOString();

let office: LineOffice;
let server: RunningServer;
beforeAll(async () => {
  office = await openLineOffice();
  server = await startServer({ ...office.app.serverParts(), queue: null, port: 0 });
});
afterAll(async () => {
  await server.stop();
  await office.close();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A product of the customer that sends with a write key of its own. */
async function openProduct(customer: Customer) {
  const { key, hint } = await makeUsageKey(customer.store, NOON, 'admin');
  const post = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const answer = await fetch(`http://localhost:${server.port}/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${key.reveal()}:`).toString('base64')}`,
        'content-type': 'application/json',
        ...headers,
      },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { key, hint, post, send: (path: string, body: object) => post(path, JSON.stringify(body)) };
}

const COMPANIES = [
  {
    id: '501',
    name: 'Acme',
    arr: 24_000,
    status: 'Customer',
    renewalOn: '2026-11-01',
    more: { domain: 'acme.example' },
  },
  {
    id: '502',
    name: 'Globex',
    arr: 24_000,
    status: 'Customer',
    renewalOn: '2026-11-01',
    more: { domain: 'globex.example' },
  },
] as const;

const usageOf = async ({ store }: Customer, account: string) => {
  const id = toAccountId(account);
  return (await store.signals.byAccounts([id], usageViewOn('2026-03-02'))).get(id)?.usage ?? null;
};

describe('a product sends usage as to Segment', () => {
  it('one message at a time: who it is, where they belong, what they did', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { send } = await openProduct(customer);
    const answers = [
      await send('identify', { userId: 'u-1', traits: { email: 'ann@acme.example', department: 'Sales' } }),
      await send('group', { userId: 'u-2', groupId: '501', traits: { name: 'Acme' } }),
      await send('track', { userId: 'u-1', event: 'Report Sent', messageId: 't-1' }),
      await send('track', { userId: 'u-2', event: 'Chart Drawn', messageId: 't-2' }),
      await send('page', { userId: 'u-2', name: 'Pricing', messageId: 'p-1' }),
    ];
    expect(answers).toEqual(answers.map(() => ({ status: 200, body: { success: true } })));
    expect(await usageOf(customer, '501')).toMatchObject({
      users28d: 2,
      days: [
        {
          on: '2026-03-02',
          events: 3,
          activeUsers: 2,
          features: { 'Report Sent': 1, 'Chart Drawn': 1 },
          departments: { Sales: 1 },
          pricingVisits: 1,
        },
      ],
    });
  });

  it('in its very first requests at once: each person counts once, and so does what is sent again', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { send } = await openProduct(customer);
    const track = { userId: 'u-1', event: 'Report Sent', messageId: 'first', context: { groupId: '501' } };
    await Promise.all(Array.from({ length: 8 }, () => send('track', track)));
    expect(await usageOf(customer, '501')).toMatchObject({ users28d: 1, days: [{ events: 1, activeUsers: 1 }] });
  });

  it('in batches, gzipped or not, as often as it must: what was stored counts once', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { post } = await openProduct(customer);
    const batch = Array.from({ length: 300 }, (_, index) => ({
      type: 'track',
      userId: `u-${index % 40}`,
      event: 'Chart Drawn',
      messageId: `m-${index}`,
      timestamp: daysAgo(index % 20),
      context: { groupId: '501' },
    }));
    const body = JSON.stringify({ batch });
    expect(await post('batch', body)).toEqual({ status: 200, body: { success: true } });
    expect(await post('batch', new Uint8Array(gzipSync(body)), { 'content-encoding': 'gzip' })).toMatchObject({
      status: 200,
    });
    const late = JSON.stringify({ batch: [...batch].reverse(), sentAt: undefined });
    expect(await post('batch', late)).toMatchObject({ status: 200 });
    const usage = await usageOf(customer, '501');
    expect(usage?.days.reduce((sum, { events }) => sum + events, 0)).toBe(300);
    expect(usage?.users28d).toBe(40);
  });

  it('late, and what has been said of a newer moment stands: limits, core features, and where a user belongs', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { send } = await openProduct(customer);
    const group = (groupId: string, timestamp: string, traits: object) =>
      send('group', { userId: 'u-1', groupId, timestamp, traits });
    await group('501', daysAgo(1), { name: 'New', limits: { seats: 100 }, coreFeatures: ['a', 'b'] });
    await group('501', daysAgo(200), { name: 'Old', limits: { seats: 10, calls: 5 }, coreFeatures: ['a'] });
    await group('502', daysAgo(100), {});
    await send('track', { userId: 'u-1', event: 'Chart Drawn' });
    expect(await usageOf(customer, '501')).toMatchObject({
      limits: [
        { metric: 'calls', limit: 5 },
        { metric: 'seats', limit: 100 },
      ],
      coreFeatures: ['a', 'b'],
      days: [{ events: 1 }],
    });
  });

  it('late, or without a word of whose the group is, and it stays with the account that the newest word names', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { send } = await openProduct(customer);
    const group = (groupId: string, timestamp: string, traits: object) =>
      send('group', { userId: `of ${groupId}`, groupId, timestamp, traits });
    const use = (groupId: string) => send('track', { userId: 'u-1', event: 'Chart Drawn', context: { groupId } });
    await group('g-1', daysAgo(1), { domain: 'acme.example' });
    await group('g-1', daysAgo(200), { domain: 'globex.example' });
    await use('g-1');
    expect((await usageOf(customer, '501'))?.users28d).toBe(1);
    // The product's own number for this customer is another one's in the CRM.
    await group('502', daysAgo(1), { crmId: '501' });
    await use('502');
    expect((await usageOf(customer, '501'))?.days).toMatchObject([{ events: 2 }]);
    expect((await usageOf(customer, '502'))?.days).toEqual([]);
  });

  it('with the key in the body, and with no key that was revoked or never made', async () => {
    const customer = await office.connect(COMPANIES);
    const { key, hint } = await openProduct(customer);
    const post = async (body: object): Promise<number> => {
      const answer = await fetch(`http://localhost:${server.port}/v1/track`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return answer.status;
    };
    const message = { userId: 'u-1', event: 'x' };
    expect(await post({ ...message, writeKey: key.reveal() })).toBe(200);
    expect(await post(message)).toBe(401);
    expect(await post({ ...message, writeKey: `${customer.installation.id}.${'a'.repeat(32)}` })).toBe(401);
    expect(await post({ ...message, writeKey: `\0${key.reveal()}` })).toBe(401);
    await revokeUsageKeys(customer.store, hint, NOON, 'admin');
    expect(await post({ ...message, writeKey: key.reveal() })).toBe(401);
  });

  it('as much at once as it likes, whatever wrong keys come from the same address', async () => {
    const customer = await office.connect(COMPANIES);
    const { key } = await openProduct(customer);
    const post = async (writeKey: string, index: number) => {
      const answer = await fetch(`http://localhost:${server.port}/v1/track`, {
        method: 'POST',
        body: JSON.stringify({ writeKey, userId: `u-${index}`, event: 'x', messageId: `at-once-${index}` }),
      });
      const body: unknown = await answer.json();
      return { status: answer.status, body };
    };
    const tried = await Promise.all(
      Array.from({ length: 160 }, (_, index) => post(index % 2 === 0 ? key.reveal() : 'none', index)),
    );
    const statuses = (isRight: boolean) =>
      tried.flatMap(({ status }, index) => ((index % 2 === 0) === isRight ? [status] : []));
    expect(new Set(statuses(true))).toEqual(new Set([200]));
    expect(new Set(statuses(false))).toEqual(new Set([401, 429]));
    expect(tried.find(({ status }) => status === 429)?.body).toMatchObject({
      message: 'Too many wrong write keys came from this address.',
    });
  });

  it('and is told what was refused; everything else is stored, and the inbox names it', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { send } = await openProduct(customer);
    const good = { type: 'track', userId: 'u-1', event: 'Chart Drawn', context: { groupId: '501' } };
    const summary = { type: 'track', event: 'Usage Summary', context: { groupId: '501' } };
    const answer = await send('batch', {
      batch: [
        good,
        { ...good, messageId: 'ahead', timestamp: '2031-01-01T00:00:00Z' },
        { ...summary, messageId: 'negative', properties: { activeUsers: -3 } },
        { ...good, type: 'dance' },
      ],
    });
    expect(answer).toMatchObject({ status: 400, body: { success: false, stored: 1 } });
    expect(answer.body['refused']).toMatchObject([
      { index: 1, messageId: 'ahead', why: expect.stringContaining('2031-01-01') as string },
      { index: 2, messageId: 'negative', why: 'activeUsers: is -3, which is negative.' },
      { index: 3, why: expect.stringContaining("'dance' is not one of") as string },
    ]);
    expect((await usageOf(customer, '501'))?.days).toMatchObject([{ events: 1 }]);
    const { refused } = await readInbox(customer.store, 10);
    expect(refused.map(({ code, count }) => `${code} ${count}`).sort()).toEqual([
      'date-ahead 1',
      'message-invalid 1',
      'message-invalid 1',
    ]);
  });

  it('and what nobody can store is refused alone: its neighbours count', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const { send, post } = await openProduct(customer);
    const good = { type: 'track', userId: 'u-1', event: 'Chart Drawn', messageId: 'good', context: { groupId: '501' } };
    const long = randomBytes(4_000).toString('hex');
    const batch = [
      good,
      { ...good, messageId: 'group', context: { groupId: long } },
      { type: 'group', userId: 'u-1', groupId: 'g-1', messageId: 'crm id', traits: { crmId: long } },
      { type: 'identify', userId: 'u-2', messageId: 'domain', traits: { email: `ann@${long}.com` } },
      { ...good, event: 'Usage Summary', messageId: 'sum', properties: { features: { a: 9e14, b: 9e14 } } },
    ];
    const answer = await send('batch', { batch });
    expect(answer).toMatchObject({ status: 400, body: { stored: 1 } });
    expect(answer.body['refused']).toMatchObject(
      ['group', 'crm id', 'domain', 'sum'].map((messageId) => ({ messageId })),
    );
    const endless = '{"userId":"u-1","event":"x","context":{"groupId":"501"},"properties":{"metered":{"api":1e999}}}';
    expect(await post('track', endless)).toMatchObject({ status: 400 });
    expect((await usageOf(customer, '501'))?.days).toMatchObject([{ events: 1, metered: {} }]);
  });

  it('gets a clear answer to what is no request: too large, no JSON, no batch, no such address', async () => {
    const customer = await office.connect(COMPANIES);
    const { post, send } = await openProduct(customer);
    const large = JSON.stringify({ batch: [{ text: 'x'.repeat(600_000) }] });
    expect(await post('batch', large)).toMatchObject({ status: 413, body: { success: false } });
    expect(await post('batch', '{"batch":')).toMatchObject({ status: 400, body: { message: 'The body is not JSON.' } });
    expect(await send('batch', { events: [] })).toMatchObject({ status: 400 });
    expect(await post('track', '"hello"')).toMatchObject({ status: 400 });
    expect(await send('dance', {})).toMatchObject({ status: 404 });
  });

  it('may send 500 KB at once, and not a byte more', async () => {
    const customer = await office.connect(COMPANIES);
    const { post } = await openProduct(customer);
    const message = JSON.stringify({ type: 'track', userId: 'u-1', event: 'Chart Drawn', messageId: 'only-one' });
    const body = `{"batch":[${message}]}`.padEnd(500 * 1024);
    expect(await post('batch', body)).toEqual({ status: 200, body: { success: true } });
    expect(await post('batch', `${body} `)).toMatchObject({
      status: 413,
      body: { message: 'The request is larger than 500 KB.' },
    });
  });

  it('may send everything that the tracking spec knows: joining two ids of a user is taken and tells nothing of use', async () => {
    const customer = await office.connect(COMPANIES);
    const { send } = await openProduct(customer);
    const alias = { type: 'alias', userId: 'u-1', previousId: 'visitor-9' };
    const taken = { status: 200, body: { success: true } };
    expect(await send('alias', alias)).toEqual(taken);
    expect(await send('batch', { batch: [alias] })).toEqual(taken);
    expect((await readInbox(customer.store, 10)).refused).toEqual([]);
  });
});

describe('usage reaches the score', () => {
  it('although its company was not in the CRM yet: it waits in the inbox until then', async () => {
    const customer = await office.connect(COMPANIES);
    const { send } = await openProduct(customer);
    await send('group', { userId: 'u-1', groupId: 'acme-17', traits: { domain: 'acme.example' } });
    await send('track', { userId: 'u-1', event: 'Chart Drawn' });
    await send('track', { userId: 'u-9', event: 'Chart Drawn', context: { groupId: 'nobody' } });
    expect((await readInbox(customer.store, 10)).unmatchedCount).toBe(2);

    await customer.sync();
    expect((await readInbox(customer.store, 10)).unmatched.map(({ workspaceId }) => workspaceId)).toEqual([
      'group:nobody',
    ]);
    expect((await usageOf(customer, '501'))?.users28d).toBe(1);
  });

  it('at the next run: the account is scored again, and the CRM shows it', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.begin();
    const { send } = await openProduct(customer);
    // Ten people worked with it until a month ago; since then, nobody.
    const batch = Array.from({ length: 10 }, (_, user) => ({
      type: 'track',
      userId: `u-${user}`,
      event: 'Chart Drawn',
      timestamp: daysAgo(40),
      context: { groupId: '501' },
    }));
    await send('batch', { batch });
    customer.clock.advance(60_000);
    const run = await customer.sync();
    expect(run.accountsScored).toBe(1);
    expect(ourValues(customer.portal, '501')['holdfast_health_reason']).toContain(
      'Nobody has used the product for 40 days',
    );
  });
});
