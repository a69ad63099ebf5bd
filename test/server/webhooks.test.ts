import { connect as connectTo } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../connectors/contract/auth.ts';
import { webhooks } from '../../connectors/hubspot/webhooks.ts';
import { openNoticeReceiver } from '../../src/flow/notices/receive.ts';
import { openLog } from '../../src/log.ts';
import type { Queue } from '../../src/ports/queue.ts';
import type { NoticeIntake } from '../../src/ports/store.ts';
import { startServer, type RunningServer } from '../../src/server/server.ts';
import {
  MONDAY,
  OAUTH_APP,
  openLineOffice,
  PUBLIC_URL,
  type Customer,
  type LineOffice,
} from '../support/line-office.ts';
import { openSender, type Sending, type Sent } from '../support/webhook-sender.ts';

const PATH = '/webhooks/hubspot';

let office: LineOffice;
let acme: Customer;
let bolt: Customer;
let server: RunningServer;
let send: (sending: Sending, path?: string) => Promise<Sent>;
const asked: string[] = [];
let logged = '';

beforeAll(async () => {
  office = await openLineOffice();
  acme = await office.connect([{ id: '1', name: 'Acme' }]);
  bolt = await office.connect([{ id: '1', name: 'Bolt' }]);
  const queue: Queue = {
    request: () => Promise.resolve(),
    requestSoon: (installation) => void asked.push(installation),
    work: () => Promise.resolve(),
    depth: () => Promise.resolve({ waiting: 0, active: 0 }),
    stop: () => Promise.resolve(),
  };
  server = await startServer({
    ...office.app.serverParts(),
    log: openLog('info', { write: (line) => void (logged += line) }),
    queue,
    port: 0,
  });
  const sender = openSender(server, PUBLIC_URL, OAUTH_APP.clientSecret, () => MONDAY);
  send = (sending, path = PATH) => sender(path, sending);
});
afterEach(async () => {
  for (const { store } of [acme, bolt]) await store.notices.settle(await waitingFor(store));
  asked.length = 0;
  logged = '';
});
afterAll(async () => {
  await server.stop();
  await office.close();
});

const waitingFor = async (store: Customer['store']) => [
  ...(await store.notices.page(null, 1_000)),
  ...(await store.notices.toErase(1_000)),
];
const waiting = async ({ store }: Customer) => (await waitingFor(store)).map(({ object, id }) => `${object} ${id}`);

let events = 0;
const event = (customer: Customer | string, more: object = {}) => {
  events += 1;
  return {
    eventId: events,
    subscriptionId: 1,
    portalId: Number(typeof customer === 'string' ? customer : customer.installation.crmAccountId),
    appId: 99,
    occurredAt: MONDAY,
    attemptNumber: 0,
    subscriptionType: 'object.propertyChange',
    objectId: 1,
    objectTypeId: '0-2',
    propertyName: 'name',
    propertyValue: 'Mrs Secret',
    changeSource: 'CRM_UI',
    ...more,
  };
};
const delivery = (...all: readonly object[]): Sending => ({ body: JSON.stringify(all) });

describe('a delivery of HubSpot’s', () => {
  it('is stored before it is answered, and asks for a look soon', async () => {
    const answer = await send(delivery(event(acme), event(acme, { objectId: 7, objectTypeId: '0-1' })));
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(await waiting(acme)).toEqual(['companies 1', 'contacts 7']);
    expect(asked).toEqual([acme.installation.id]);
  });

  it('may tell of several customers at once, each behind its own wall; of strangers nothing is kept', async () => {
    const answer = await send(
      delivery(event(acme), event(bolt, { objectId: 2 }), event('999'), event(acme.installation.crmAccountId.slice(1))),
    );
    expect(answer.status).toBe(204);
    expect(await waiting(acme)).toEqual(['companies 1']);
    expect(await waiting(bolt)).toEqual(['companies 2']);
    expect(asked.toSorted()).toEqual([acme.installation.id, bolt.installation.id].toSorted());
  });

  it('that comes again changes nothing, in whatever order events arrive', async () => {
    const first = delivery(event(acme), event(acme, { propertyName: 'arr' }), event(acme, { objectId: 2 }));
    const answers = await Promise.all([send(first), send(first), send(first)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await waiting(acme)).toEqual(['companies 1', 'companies 2']);
  });

  it('that tells what Holdfast itself has done is answered and forgotten', async () => {
    const own = { changeSource: 'INTEGRATION', sourceId: '99' };
    const answer = await send(
      delivery(
        event(acme, own),
        event(acme, { ...own, subscriptionType: 'object.creation', objectTypeId: '0-27' }),
        // HubSpot does not always say who it was; nobody else fills this one.
        event(acme, { propertyName: 'holdfast_health_score', changeSource: 'INTEGRATION' }),
      ),
    );
    expect(answer.status).toBe(204);
    expect(await waiting(acme)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it.each(['holdfast_csm_pulse', 'holdfast_override_band', 'holdfast_override_until'])(
    'about %s matters, because people fill it',
    async (propertyName) => {
      await send(delivery(event(acme, { propertyName })));
      expect(await waiting(acme)).toEqual(['companies 1']);
    },
  );

  it('about anything that another app has changed matters', async () => {
    await send(delivery(event(acme, { changeSource: 'INTEGRATION', sourceId: '98' })));
    expect(await waiting(acme)).toEqual(['companies 1']);
  });

  it('is answered with 503, for HubSpot to send it again, while the database is away', async () => {
    const away: NoticeIntake = { add: () => Promise.reject(new Error('it is away')) };
    const without = await startAside({ ...office.app, store: { ...office.app.store, notices: away } });
    try {
      expect((await without.send(PATH, delivery(event(acme)))).status).toBe(503);
    } finally {
      await without.stop();
    }
  });

  it('of one hundred events shares a write with those that come beside it', async () => {
    const writes: number[] = [];
    const { notices } = office.app.store;
    const counting: NoticeIntake = {
      add: (connector, all, at) => {
        writes.push(all.length);
        return notices.add(connector, all, at);
      },
    };
    const beside = await startAside({ ...office.app, store: { ...office.app.store, notices: counting } });
    try {
      const deliveries = Array.from({ length: 20 }, (_, index) =>
        delivery(...Array.from({ length: 100 }, (__, at) => event(acme, { objectId: 1_000 + index * 100 + at }))),
      );
      const answers = await Promise.all(deliveries.map((one) => beside.send(PATH, one)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
      expect((await acme.store.notices.summary()).count).toBe(2_000);
      expect(writes.length).toBeLessThan(20);
      expect(writes.reduce((sum, count) => sum + count)).toBe(2_000);
      await acme.store.notices.settle(await acme.store.notices.page(null, 5_000));
    } finally {
      await beside.stop();
    }
  });
});

describe('what is no delivery of HubSpot’s is refused, and nothing of it is stored or logged', () => {
  const genuine = (): Sending => delivery(event(acme));

  it.each<readonly [string, number, () => Sending]>([
    ['signed with another secret', 401, () => ({ ...genuine(), secret: 'guessed' })],
    ['not signed', 401, () => ({ ...genuine(), headers: { 'x-hubspot-signature-v3': '' } })],
    ['signed by an older way', 401, () => ({ ...genuine(), headers: { 'x-hubspot-signature-v3': 'abc123' } })],
    ['signed for another address', 401, () => ({ ...genuine(), signedUrl: `${PUBLIC_URL}/elsewhere` })],
    [
      'signed for the host that it names itself',
      401,
      () => ({ ...genuine(), signedUrl: `http://evil.example${PATH}`, headers: { host: 'evil.example' } }),
    ],
    ['signed six minutes ago', 401, () => ({ ...genuine(), signedAt: MONDAY - 360_000 })],
    ['signed six minutes ahead', 401, () => ({ ...genuine(), signedAt: MONDAY + 360_000 })],
    ['no JSON', 400, () => ({ body: '<events>Mrs Secret</events>' })],
    ['JSON that is cut off', 400, () => ({ body: JSON.stringify([event(acme)]).slice(0, -5) })],
    ['JSON, and no list', 400, () => ({ body: JSON.stringify(event(acme)) })],
    ['empty', 400, () => ({})],
    ['no JSON, and not signed either', 401, () => ({ body: 'Mrs Secret', secret: 'guessed' })],
    ['more than a megabyte', 413, () => ({ body: `[${JSON.stringify(event(acme))}${' '.repeat(1_100_000)}]` })],
    ['of another type', 415, () => ({ ...genuine(), headers: { 'content-type': 'text/plain' } })],
    ['packed', 415, () => ({ ...genuine(), headers: { 'content-encoding': 'gzip' } })],
    ['got instead of posted', 405, () => ({ method: 'GET' })],
    ['put', 405, () => ({ ...genuine(), method: 'PUT' })],
  ])('%s → %i', async (_, status, sending) => {
    const answer = await send(sending());
    expect(answer).toMatchObject({ status, text: '' });
    expect(await waiting(acme)).toEqual([]);
    expect(asked).toEqual([]);
    expect(logged).toBe('');
  });

  it('breaks off in the middle', async () => {
    const client = connectTo(server.port, '127.0.0.1');
    await once(client, 'connect');
    client.write(
      `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n[{"portalId":`,
    );
    client.end();
    await once(client.resume(), 'close');
    expect(await waiting(acme)).toEqual([]);
    expect(logged).toBe('');
  });

  it('is for a CRM that sends none', async () => {
    expect((await send(genuine(), '/webhooks/salesforce')).status).toBe(404);
    expect((await send(genuine(), `${PATH}/more`)).status).toBe(404);
  });
});

it('is all counted, without the name of any customer', async () => {
  await send(delivery(event(acme), event('999')));
  await send({ body: '[]', secret: 'guessed' });
  const { text } = await send({ method: 'GET' }, '/metrics');
  expect(text).toMatch(/holdfast_webhook_deliveries_total\{connector="hubspot",outcome="stored"\} [1-9]/);
  expect(text).toMatch(/holdfast_webhook_deliveries_total\{connector="hubspot",outcome="forged"\} [1-9]/);
  expect(text).toMatch(/holdfast_webhook_events_total\{connector="hubspot",outcome="unknown"\} [1-9]/);
  expect(text).toContain('holdfast_noticed_records{connector="hubspot"} 1');
  expect(text).toMatch(/holdfast_oldest_notice_seconds\{connector="hubspot"\} \d/);
});

/** Another server of the same office, whose store differs. */
async function startAside(app: Pick<LineOffice['app'], 'store' | 'clock' | 'serverParts'>) {
  const receive = openNoticeReceiver(app, {
    connector: 'hubspot',
    reader: webhooks,
    secret: new Secret(OAUTH_APP.clientSecret),
    isOurs: () => false,
  });
  const parts = { ...app.serverParts(), store: app.store, webhooks: new Map([['hubspot', receive]]) };
  const aside = await startServer({ ...parts, queue: null, port: 0 });
  return {
    send: openSender(aside, PUBLIC_URL, OAUTH_APP.clientSecret, () => MONDAY),
    stop: () => aside.stop(),
  };
}
