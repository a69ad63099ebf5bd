import { afterEach, describe, expect, it } from 'vitest';
import type { PullPage, PullRequest } from '../../../connectors/contract/connector.ts';
import type { RawChange, RawRecord } from '../../../connectors/contract/record.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { startHubSpotSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import type { HubSpotSandbox, HubSpotSandboxOptions } from '../../../connectors/hubspot/sandbox/index.ts';
import type { PortalSeed, SeedLink, SeedProperty, SeedRow } from '../../../connectors/hubspot/sandbox/portal-seed.ts';
import { openDirectAccess } from '../../support/direct-access.ts';

const FEBRUARY = Date.parse('2026-02-01T00:00:00Z');
const MARCH = Date.parse('2026-03-01T00:00:00Z');
const sandboxes: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of sandboxes.splice(0)) await sandbox.close();
});

const row = (object: string, id: string, properties: Record<string, string>, updatedAt = FEBRUARY): SeedRow => ({
  object,
  id,
  properties,
  createdAt: FEBRUARY,
  updatedAt,
  archivedAt: null,
});

const link = (from: readonly [string, string], to: readonly [string, string], isPrimary = false): SeedLink => ({
  fromObject: from[0],
  fromId: from[1],
  toObject: to[0],
  toId: to[1],
  isPrimary,
});

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const band: SeedProperty = {
  name: 'holdfast_health_band',
  label: 'Band',
  groupName: 'companyinformation',
  type: 'enumeration',
  fieldType: 'select',
  options: [
    { label: 'Green', value: 'green' },
    { label: 'Red', value: 'red' },
  ],
};

async function start(
  rows: readonly SeedRow[],
  links: readonly SeedLink[] = [],
  options: Omit<HubSpotSandboxOptions, 'seed'> = {},
) {
  const seed: PortalSeed = {
    facts: {
      portalId: 4242,
      timeZone: 'Europe/Berlin',
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      uiDomain: 'app.hubspot.com',
      accountType: 'STANDARD',
    },
    owners: [],
    pipelines: {},
    properties: { companies: [band] },
    rows,
    links,
  };
  const sandbox = await startHubSpotSandbox({
    seed,
    now: () => MARCH,
    limits: null,
    staticTokens: ['test-token'],
    ...options,
  });
  sandboxes.push(sandbox);
  const access = openDirectAccess(sandbox.url);
  return { sandbox, portal: sandbox.portal, access, session: hubspot.open(access) };
}

type Session = ReturnType<typeof hubspot.open>;

async function pull(
  session: Session,
  request: Partial<PullRequest> & { object: string },
): Promise<readonly PullPage[]> {
  return Array.fromAsync(
    session.pull({ fields: ['hs_object_id'], links: [], scope: { kind: 'all' }, cursor: null, ...request }),
  );
}

const recordsOf = (pages: readonly PullPage[]): readonly RawRecord[] => pages.flatMap((page) => page.records);
const idsOf = (pages: readonly PullPage[]): readonly string[] => recordsOf(pages).map((record) => record.id);

const since = (at: number): PullRequest['scope'] => ({
  kind: 'changed',
  since: new Date(at).toISOString(),
  until: new Date(MARCH).toISOString(),
});

/** Three objects, linked both ways: each company has two contacts and a deal, four of them very many more. */
function customers(count: number): { readonly rows: SeedRow[]; readonly links: SeedLink[] } {
  const companies = numbers(count).map((n) => row('companies', `1${n}`, { name: `Company ${n}` }));
  const contacts = numbers(2 * count).map((n) => row('contacts', `2${n}`, { email: `c${n}@acme.example` }));
  const deals = numbers(count).map((n) => row('deals', `3${n}`, { dealname: `Deal ${n}` }));
  const links = [
    ...numbers(2 * count).map((n) => link(['contacts', `2${n}`], ['companies', `1${n % count}`], true)),
    ...numbers(count).map((n) => link(['deals', `3${n}`], ['companies', `1${n}`], true)),
    ...numbers(count).map((n) => link(['deals', `3${n}`], ['contacts', `2${n}`])),
    ...[0, 1, 2, 3].flatMap((quarter) => {
      const large = `1${Math.floor((quarter * count) / 4)}`;
      return [
        ...numbers(150).map((n) => link(['contacts', `2${n + 10}`], ['companies', large])),
        ...numbers(120).map((n) => link(['deals', `3${n + 10}`], ['companies', large])),
      ];
    }),
  ];
  return { rows: [...companies, ...contacts, ...deals], links };
}

describe('a full pull of a portal', () => {
  it('of 2,000 companies, 4,000 contacts and 2,000 deals with all links takes at most 84 calls', async () => {
    const { rows, links } = customers(2_000);
    const { session, portal, access } = await start(rows, links);
    const wanted = {
      companies: ['contacts', 'deals'],
      contacts: ['companies', 'deals'],
      deals: ['companies', 'contacts'],
    };
    let read = 0;
    for (const [object, to] of Object.entries(wanted)) {
      for (const record of recordsOf(await pull(session, { object, links: to }))) {
        read += 1;
        for (const other of to) {
          const found = record.links[other] ?? [];
          expect(new Set(found)).toEqual(new Set(portal.links(object, record.id, other)));
          const primary = other === 'companies' ? portal.primaryCompany(object, record.id) : null;
          if (primary !== null) expect(found[0]).toBe(primary);
        }
      }
    }
    expect(read).toBe(8_000);
    expect(access.calls.length).toBeLessThanOrEqual(84);
  });

  it('goes on after any page, in another process, and brings exactly the rest', async () => {
    const { rows, links } = customers(350);
    const { session, access } = await start(rows, links);
    const pages = await pull(session, { object: 'companies', links: ['contacts'] });
    for (const [index, page] of pages.entries()) {
      if (page.cursor === null) continue;
      const rest = await pull(hubspot.open(access), { object: 'companies', links: ['contacts'], cursor: page.cursor });
      expect(recordsOf(rest)).toEqual(recordsOf(pages.slice(index + 1)));
    }
    expect(pages).toHaveLength(4);
  });

  it('finds all of a company with 1,762 deals', async () => {
    const deals = numbers(1_762).map((n) => row('deals', String(1_000 + n), { dealname: `Deal ${n}` }));
    const links = deals.map((deal) => link(['deals', deal.id], ['companies', '1'], true));
    const { session } = await start([row('companies', '1', { name: 'Everything Ltd' }), ...deals], links);
    const [page] = await pull(session, { object: 'companies', links: ['deals'] });
    expect(new Set(page?.records[0]?.links['deals'])).toEqual(new Set(deals.map((deal) => deal.id)));
    expect((await session.links('companies', 'deals', ['1'])).get('1')).toHaveLength(1_762);
  });

  it('tells archived and merged companies, and those that were restored', async () => {
    const companies = numbers(4).map((n) => row('companies', `1${n}`, { name: `Company ${n}` }));
    const { session, portal } = await start(companies);
    portal.archive('companies', '10');
    portal.archive('companies', '11');
    portal.restore('companies', '11');
    portal.merge('companies', '12', '13');
    const live = recordsOf(await pull(session, { object: 'companies' }));
    expect(live.map((record) => [record.id, record.mergedIds])).toEqual([
      ['11', []],
      ['12', ['13']],
    ]);
    const archived = recordsOf(await pull(session, { object: 'companies', scope: { kind: 'archived' } }));
    expect(archived.map((record) => [record.id, record.deleted])).toEqual([['10', true]]);
  });
});

describe('a pull of what changed', () => {
  it('of 500 deals with their companies and contacts takes five calls', async () => {
    const { rows, links } = customers(600);
    const moved = rows.map((each) =>
      each.object === 'deals' && Number(each.id.slice(1)) < 500 ? { ...each, updatedAt: MARCH - 1_000 } : each,
    );
    const { session, portal, access } = await start(moved, links);
    const pages = await pull(session, {
      object: 'deals',
      links: ['companies', 'contacts'],
      scope: since(MARCH - 3_600_000),
    });
    expect(access.calls).toHaveLength(5);
    expect(new Set(idsOf(pages)).size).toBe(500);
    for (const record of recordsOf(pages)) {
      expect(record.links['companies']?.[0]).toBe(portal.primaryCompany('deals', record.id));
      expect(new Set(record.links['companies'])).toEqual(new Set(portal.links('deals', record.id, 'companies')));
    }
  });

  it.each(['number', 'text'] as const)(
    'loses nothing of 10,400 contacts that a bulk edit gave one and the same date (ids ordered as %s)',
    async (idOrder) => {
      const ids = [...numbers(10_397).map((n) => String(7_199 + 3 * n)), '7198', '719869649082', '71986'];
      const contacts = ids.map((id) => row('contacts', id, { email: `c${id}@acme.example` }, MARCH - 60_000));
      const { session, access } = await start(contacts, [], { idOrder });
      const pages = await pull(session, { object: 'contacts', scope: since(MARCH - 60_000) });
      expect([...idsOf(pages)].sort()).toEqual([...new Set(ids)].sort());
      expect(access.calls.every((call) => call.bucket === 'search')).toBe(true);
      expect(access.calls.length).toBeLessThanOrEqual(53);
    },
  );

  it('loses nothing when pages come short or empty, and can go on after any of them', async () => {
    const ids = numbers(900).map((n) => String(100 + n));
    const companies = ids.map((id) => row('companies', id, { name: id }, MARCH - 60_000));
    const { session } = await start(companies, [], { shortSearchPages: true, idOrder: 'text' });
    const scope = since(MARCH - 60_000);
    const pages = await pull(session, { object: 'companies', scope });
    expect([...idsOf(pages)].sort()).toEqual([...ids].sort());
    for (const [index, page] of pages.entries()) {
      if (page.cursor === null) continue;
      const rest = idsOf(await pull(session, { object: 'companies', scope, cursor: page.cursor }));
      const stored = idsOf(pages.slice(0, index + 1));
      expect([...new Set([...stored, ...rest])].sort()).toEqual([...ids].sort());
    }
  });

  it('does not bring what changed before or after the window', async () => {
    const { session } = await start([
      row('companies', '1', { name: 'Before' }, MARCH - 60_001),
      row('companies', '2', { name: 'First' }, MARCH - 60_000),
      row('companies', '3', { name: 'Last' }, MARCH),
      row('companies', '4', { name: 'After' }, MARCH + 1),
    ]);
    expect(idsOf(await pull(session, { object: 'companies', scope: since(MARCH - 60_000) }))).toEqual(['2', '3']);
  });

  it('reads hundreds of properties although their names do not fit into a search', async () => {
    const { session, portal } = await start([row('companies', '1', { name: 'Acme', industry: '' }, MARCH)]);
    const many = numbers(300).map((n) => `no_such_property_of_a_portal_${n}`);
    for (const scope of [since(FEBRUARY), { kind: 'all' } as const]) {
      const pages = await pull(session, { object: 'companies', fields: ['name', 'phone', ...many], scope });
      expect(recordsOf(pages).map((record) => record.fields)).toEqual([{ name: 'Acme', phone: null }]);
    }
    portal.archive('companies', '1');
    const scope = { kind: 'archived' } as const;
    const archived = await pull(session, { object: 'companies', fields: ['name', ...many], scope });
    expect(recordsOf(archived)).toMatchObject([{ id: '1', fields: { name: 'Acme' }, deleted: true }]);
  });
});

describe('writing to a portal', () => {
  const companies = numbers(2_000).map((n) => row('companies', String(1_000 + n), { name: `Company ${n}` }));
  const setBand = (id: string, value: string): RawChange => ({
    kind: 'update',
    object: 'companies',
    id,
    fields: { holdfast_health_band: value },
  });

  it('updates 2,000 companies in 20 calls', async () => {
    const { session, portal, access } = await start(companies);
    const changes = companies.map(({ id }) => setBand(id, 'green'));
    const outcomes = await session.write(changes);
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(access.calls).toHaveLength(20);
    expect(session.costOf(changes)).toBe(20);
    expect(portal.all('companies').every((each) => each.properties['holdfast_health_band'] === 'green')).toBe(true);
  });

  it('leaves 1,999 of 2,000 written when one value is refused: one further call, since HubSpot quotes it', async () => {
    const { session, portal, access } = await start(companies);
    const outcomes = await session.write(companies.map(({ id }) => setBand(id, id === '1777' ? 'purple' : 'green')));
    expect(access.calls).toHaveLength(21);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1_999);
    expect(outcomes[777]).toMatchObject({ ok: false, code: 'value-refused', field: 'holdfast_health_band' });
    expect(portal.get('companies', '1777')?.properties['holdfast_health_band']).toBeUndefined();
  });

  it("leaves 1,999 of 2,000 written when an admin's rule stands against one record, with at most 15 further calls", async () => {
    const { session, access } = await start(companies, [], {
      adminRule: (_, properties) =>
        properties['name'] === 'Company 777' ? { property: 'industry', message: 'Industry is required' } : null,
    });
    const outcomes = await session.write(companies.map(({ id }) => setBand(id, 'red')));
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1_999);
    expect(outcomes[777]).toMatchObject({ ok: false, code: 'value-refused' });
    expect(access.calls.length - 20).toBeLessThanOrEqual(15);
  });

  it('tells a merged company from a deleted one', async () => {
    const { session, portal } = await start(companies.slice(0, 10));
    portal.merge('companies', '1000', '1001');
    portal.archive('companies', '1002');
    const outcomes = await session.write(['1000', '1001', '1002'].map((id) => setBand(id, 'red')));
    expect(outcomes).toMatchObject([
      { ok: true, id: '1000' },
      { ok: false, code: 'record-gone', survivorId: '1000' },
      { ok: false, code: 'record-gone', survivorId: null },
    ]);
  });

  it('does not take for written what HubSpot only says is written', async () => {
    const { session, sandbox } = await start(companies.slice(0, 3));
    sandbox.faults.add({ kind: 'wrote-nothing', match: { purpose: 'batch update' } });
    const outcomes = await session.write(companies.slice(0, 3).map(({ id }) => setBand(id, 'red')));
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([false, false, false]);
  });

  it('opens a task with its links, completes it, and takes it away', async () => {
    const { session, portal } = await start([
      ...companies.slice(0, 1),
      row('deals', '5', { dealname: 'Renewal' }),
      row('contacts', '6', { email: 'a@acme.example' }),
    ]);
    const [made] = await session.write([
      {
        kind: 'create',
        object: 'tasks',
        fields: {
          hs_timestamp: '2026-03-05T08:00:00.000Z',
          hs_task_subject: 'Prepare the renewal of Company 0',
          hs_task_status: 'NOT_STARTED',
        },
        links: { companies: ['1000'], deals: ['5'], contacts: ['6'] },
      },
    ]);
    if (made?.ok !== true) throw new Error('the task was refused', { cause: made });
    expect(portal.links('tasks', made.id, 'companies')).toEqual(['1000']);
    expect(portal.links('tasks', made.id, 'deals')).toEqual(['5']);
    expect(portal.links('tasks', made.id, 'contacts')).toEqual(['6']);
    await session.write([{ kind: 'update', object: 'tasks', id: made.id, fields: { hs_task_status: 'COMPLETED' } }]);
    expect(portal.get('tasks', made.id)?.properties['hs_task_status']).toBe('COMPLETED');
    await session.write([{ kind: 'archive', object: 'tasks', id: made.id }]);
    expect(portal.get('tasks', made.id)?.archived).toBe(true);
  });
});

describe('our properties in a portal', () => {
  const spec = (name: string) => ({
    object: 'companies',
    name,
    label: name,
    description: 'Written by Holdfast.',
    type: 'number' as const,
    options: [],
    unique: false,
    filledByPeople: false,
  });

  it('are made in the group "Holdfast", found again, and taken away without a trace', async () => {
    const { session, portal, access } = await start([]);
    const specs = [spec('holdfast_health_score'), spec('holdfast_expansion_score')];
    expect((await session.provision(specs)).done).toHaveLength(2);
    expect(access.calls).toHaveLength(session.costOfProvision(specs));
    expect(portal.propertyGroups('companies')).toContain('holdfast');
    expect(await session.missing(specs)).toEqual([]);
    expect(await session.provision(specs)).toMatchObject({ done: [], refused: [] });
    expect((await session.unprovision(specs)).done).toHaveLength(2);
    expect(portal.customProperties('companies')).toEqual(['holdfast_health_band']);
    expect(portal.propertyGroups('companies')).not.toContain('holdfast');
  });

  it('are not made by halves in a portal without room', async () => {
    const { session, portal } = await start([], [], { customPropertyRoom: 2 });
    const report = await session.provision([spec('holdfast_a'), spec('holdfast_b')]);
    expect(report.refused).toHaveLength(2);
    expect(report.refused[0]?.remedy).toContain('Archive properties');
    expect(portal.customProperties('companies')).toEqual(['holdfast_health_band']);
  });
});
