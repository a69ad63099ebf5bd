import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chanceOf } from '../../../connectors/kit/sandbox/world-chance.ts';
import { compileMapping, type CompiledMapping } from '../../../src/core/mapping/compile.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import type { Followed } from '../../../src/flow/notices/follow.ts';
import { followInstallation } from '../../../src/jobs/follow.ts';
import { startServer, type RunningServer } from '../../../src/server/server.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { busySeed, peopleIn, type BusyObject } from '../../support/busy-portal.ts';
import { storedMerges, storedRecords, trueRecords, type ComparedRecords } from '../../support/compare-stored.ts';
import {
  OAUTH_APP,
  openLineOffice,
  ourValues,
  PUBLIC_URL,
  type Customer,
  type LineOffice,
} from '../../support/line-office.ts';
import { portalNow, row, toCompany } from '../../support/sandbox-portal.ts';

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

/** From now on HubSpot tells of every change in the customer's portal. */
function subscribe({ sandbox }: Customer): void {
  sandbox.webhooks.subscribe({
    url: `${PUBLIC_URL}/webhooks/hubspot`,
    behindProxy: `http://127.0.0.1:${server.port}/webhooks/hubspot`,
    clientSecret: OAUTH_APP.clientSecret,
    appId: 99,
  });
}

/** What HubSpot has told so far is followed, as the worker does it. */
async function follow(customer: Customer): Promise<Partial<Followed>> {
  await customer.sandbox.webhooks.settled();
  return (await followInstallation(office.app, customer.installation.id, new AbortController().signal)) ?? {};
}

const COMPANIES = [
  { id: '1', name: 'Acme', renewalOn: '2026-11-10', arr: 50_000, csmId: '13' },
  { id: '2', name: 'Bolt', renewalOn: '2026-12-10', arr: 20_000, csmId: '14' },
  { id: '3', name: 'Crate', renewalOn: '2026-10-10', arr: 30_000, csmId: '13' },
] as const;

const REST = {
  rows: [
    row('contacts', '201', { firstname: 'Ann', lastname: 'Ray', email: 'ann@acme.example' }),
    row('contacts', '202', { firstname: 'Bob', lastname: 'Ray', email: 'bob@acme.example' }),
    row('deals', '301', { dealname: 'Acme renewal', pipeline: 'renewals', dealstage: 'renewal-open' }),
    row('deals', '302', { dealname: 'Acme twin', pipeline: 'renewals', dealstage: 'renewal-open' }),
  ],
  links: [
    toCompany(['contacts', '201'], '1', true),
    toCompany(['contacts', '202'], '1', true),
    toCompany(['deals', '301'], '1', true),
    toCompany(['deals', '302'], '1', true),
  ],
};

async function begun(): Promise<Customer> {
  const customer = await office.connect(COMPANIES, { rest: REST });
  await customer.begin();
  await customer.sync();
  subscribe(customer);
  customer.sandbox.calls.reset();
  return customer;
}

const stored = async ({ store }: Customer, object: string, id: string) => (await store.records.byIds(object, [id]))[0];

describe('a change that HubSpot tells', () => {
  it('is read, scored and written at once, and nothing but what it concerns is looked at', async () => {
    const customer = await begun();
    const before = ourValues(customer.portal, '1');
    customer.portal.edit('companies', '1', { renewal_date: '2026-04-01' });
    const followed = await follow(customer);
    expect(followed).toMatchObject({ looked: 1, accountsScored: 1, writes: { refused: 0 } });
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_next_renewal_date: '2026-04-01' });
    expect(before['holdfast_next_renewal_date']).toBe('2026-11-10');
    expect(Object.keys(customer.sandbox.calls.perPurpose).filter((purpose) => /list|search/.test(purpose))).toEqual([]);
    expect(customer.sandbox.calls.perPurpose['batch read companies']).toBe(1);
  });

  it('is not told again by what Holdfast writes because of it', async () => {
    const customer = await begun();
    customer.portal.edit('companies', '1', { renewal_date: '2026-04-01' });
    const { writes } = await follow(customer);
    expect((writes?.records ?? 0) + (writes?.tasksOpened ?? 0)).toBeGreaterThan(0);
    await customer.sandbox.webhooks.settled();
    expect(await customer.store.notices.isAnyWaiting()).toBe(false);
  });

  it('may be a person’s word in one of our own fields', async () => {
    const customer = await office.connect(COMPANIES, { rest: REST });
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    subscribe(customer);
    customer.portal.edit('companies', '1', {
      holdfast_override_band: 'red',
      holdfast_override_until: '2026-03-20',
      holdfast_override_by: 'ana@us.example',
      holdfast_override_reason: 'Competitor: they said so on the phone.',
    });
    await follow(customer);
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_health_band: 'red' });
  });

  it.each<readonly [string, (customer: Customer) => void, (customer: Customer) => Promise<unknown>, unknown]>([
    [
      'somebody new',
      ({ portal }) =>
        void portal.create('contacts', { firstname: 'Cid', email: 'cid@bolt.example' }, { companies: ['2'] }),
      async (customer) => (await stored(customer, 'contacts', newestId(customer, 'contacts')))?.accountId,
      '2',
    ],
    [
      'somebody who moves to another company, which moves no modified date',
      ({ portal }) => {
        portal.unlink('contacts', '201', 'companies', '1');
        portal.link('contacts', '201', 'companies', '2', true);
      },
      async (customer) => (await stored(customer, 'contacts', '201'))?.accountId,
      '2',
    ],
    [
      'a company that is deleted, whose people have another one',
      ({ portal }) => {
        portal.link('contacts', '201', 'companies', '3');
        portal.archive('companies', '1');
      },
      async (customer) => (await stored(customer, 'contacts', '201'))?.accountId,
      '3',
    ],
    [
      'a deal that is deleted',
      ({ portal }) => portal.archive('deals', '301'),
      async (customer) => (await stored(customer, 'deals', '301'))?.deletedAt !== null,
      true,
    ],
    [
      'a deal that is deleted and restored',
      ({ portal }) => {
        portal.archive('deals', '301');
        portal.restore('deals', '301');
      },
      async (customer) => (await stored(customer, 'deals', '301'))?.deletedAt,
      null,
    ],
    [
      'two people who are one',
      ({ portal }) => void portal.merge('contacts', '201', '202'),
      async (customer) => (await stored(customer, 'contacts', '202'))?.mergedInto,
      '201',
    ],
    [
      'two companies that are one',
      ({ portal }) => void portal.merge('companies', '2', '1'),
      async (customer) => [
        (await stored(customer, 'companies', '1'))?.mergedInto,
        (await stored(customer, 'contacts', '201'))?.accountId,
        (await customer.store.assessments.get([toAccountId('1')])).size,
      ],
      ['2', '2', 0],
    ],
    [
      'two deals that become a third',
      ({ portal }) => void portal.merge('deals', '301', '302'),
      async (customer) => {
        const survivor = newestId(customer, 'deals');
        const merged = await Promise.all(
          ['301', '302'].map(async (id) => (await stored(customer, 'deals', id))?.mergedInto),
        );
        return merged.every((into) => into === survivor);
      },
      true,
    ],
  ])('may be %s', async (_, act, look, expected) => {
    const customer = await begun();
    act(customer);
    await follow(customer);
    expect(await look(customer)).toEqual(expected);
    expect(await customer.store.notices.isAnyWaiting()).toBe(false);
  });

  it('that is told again while it is looked at is looked at again', async () => {
    const customer = await begun();
    const { store } = customer;
    const account = customer.installation.crmAccountId;
    const tell = () =>
      office.app.store.notices.add(
        'hubspot',
        [{ crmAccountId: account, object: 'companies', id: '1', erases: false }],
        office.app.clock.now(),
      );
    await tell();
    const page = await store.notices.page(null, 10);
    await tell();
    await store.notices.settle(page);
    expect(await store.notices.page(null, 10)).toMatchObject([{ object: 'companies', id: '1' }]);
  });

  it('stays to be followed while HubSpot does not answer', async () => {
    const customer = await begun();
    customer.portal.edit('companies', '1', { renewal_date: '2026-04-01' });
    customer.sandbox.faults.add({ kind: 'status', status: 400, times: Infinity, match: { purpose: 'read companies' } });
    await expect(follow(customer)).rejects.toThrow();
    expect(await customer.store.notices.isAnyWaiting()).toBe(true);
    expect(await customer.store.settings.get('next-attempt-at')).not.toBeNull();
    customer.sandbox.faults.clear();
    expect(await follow(customer), 'it rests first').toEqual({});
    customer.clock.advance(3_600_000);
    await follow(customer);
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_next_renewal_date: '2026-04-01' });
  });

  it('never takes the place of the scheduled pull', async () => {
    const customer = await begun();
    const last = await customer.store.runs.lastGood('incremental');
    customer.portal.edit('companies', '1', { renewal_date: '2026-04-01' });
    await follow(customer);
    expect(await customer.store.runs.lastGood('incremental')).toEqual(last);
    expect(await customer.store.runs.unfinished()).toBeNull();
  });
});

/** Another portal with other people: `SEED=17`; more of them: `SEEDS=200`. */
const seeds =
  process.env['SEED'] === undefined
    ? Array.from({ length: Number(process.env['SEEDS'] ?? 8) }, (_, index) => index + 1)
    : [Number(process.env['SEED'])];

it.each(seeds)('whatever people do, what HubSpot tells is enough to know the truth (portal %i)', async (seed) => {
  const chance = chanceOf(seed);
  const objects: readonly BusyObject[] = ['companies', 'contacts', 'deals', 'tickets', 'tasks', 'meetings'];
  const customer = await office.connect([], { now: portalNow, seed: busySeed(chance, 90_000 + seed, objects, 8) });
  await customer.sync();
  subscribe(customer);
  const people = peopleIn(customer.portal, objects, chance, customer.clock, 30_000);
  for (let rounds = 0; rounds < 4; rounds += 1) {
    for (let acts = chance.int(1, 20); acts > 0; acts -= 1) people.act();
    people.lookAround();
    await follow(customer);
  }
  const mapping = await compiledFor(customer);
  const compared = mapping.objectsToPull.filter(({ object }) => objects.some((one) => one === object));
  expect(whose(await storedRecords(customer.store, compared))).toEqual(whose(trueRecords(customer.portal, compared)));
  for (const [object, merged] of Object.entries(people.merged())) {
    for (const [id, into] of await storedMerges(customer.store, object, merged)) {
      // Of one that took over and is gone as well, nobody can ask any more what it was.
      const isThere = customer.portal.get(object, merged.get(id) ?? '')?.archived === false;
      if (isThere) expect([object, id, into]).toEqual([object, id, merged.get(id)]);
    }
  }
});

/** Values, and the company that each record belongs to. Links beside that one are the daily look's business. */
function whose(records: ComparedRecords) {
  return Object.entries(records).flatMap(([object, byId]) =>
    Object.entries(byId).map(([id, { inputs, accountId }]) => ({ object, id, inputs, accountId })),
  );
}

async function compiledFor({ store }: Customer): Promise<CompiledMapping> {
  const mapping = hubspotMapping();
  const { facts } = await store.getInstallation();
  const definitions = new Map();
  for (const entity of Object.values(mapping.entities)) {
    const definition = entity === undefined ? null : await store.definitions.get(entity.object);
    if (entity !== undefined && definition !== null) definitions.set(entity.object, definition);
  }
  return compileMapping(mapping, { facts, definitions });
}

function newestId({ portal }: Customer, object: string): string {
  return portal.all(object).at(-1)?.id ?? '';
}
