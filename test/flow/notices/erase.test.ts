import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeUsageKey } from '../../../src/flow/intake/usage-keys.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { followInstallation } from '../../../src/jobs/follow.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { PLACES, ROWS_OF_PEOPLE, WITHOUT_PEOPLE } from '../../../src/store/erasures.ts';
import { MONDAY, openLineOffice, type Customer, type LineOffice } from '../../support/line-office.ts';
import { row, toCompany } from '../../support/sandbox-portal.ts';
import { usageViewOn } from '../../support/usage-view.ts';

const ID = '987654321012';
const NAME = 'Zenobia Quillfeather';
const EMAIL = 'Zenobia@acme.example';
const NOW = new Date(MONDAY).toISOString();

let office: LineOffice;
let customer: Customer;
beforeAll(async () => {
  office = await openLineOffice();
  customer = await office.connect(
    [
      { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' },
      { id: '2', name: 'Bolt', renewalOn: '2026-09-10', arr: 20_000, csmId: '14' },
    ],
    {
      rest: {
        rows: [
          row('contacts', ID, {
            firstname: 'Zenobia',
            lastname: 'Quillfeather',
            email: EMAIL,
            jobtitle: 'Head of Ops',
          }),
          row('contacts', '202', { firstname: 'Bob', lastname: 'Ray', email: 'joezenobia@acme.example' }),
          row('deals', '301', { dealname: `Upgrade for ${NAME}`, pipeline: 'default', dealstage: 'open' }),
          row('tickets', '401', { subject: `${EMAIL} cannot log in`, hs_pipeline: '0', hs_pipeline_stage: '1' }),
          row('meetings', '601', { hs_timestamp: '2026-02-20T09:00:00Z' }),
        ],
        links: [
          toCompany(['contacts', ID], '1', true),
          toCompany(['contacts', '202'], '1', true),
          toCompany(['deals', '301'], '1', true),
          { fromObject: 'deals', fromId: '301', toObject: 'contacts', toId: ID, isPrimary: false },
          toCompany(['tickets', '401'], '1', true),
          { fromObject: 'meetings', fromId: '601', toObject: 'contacts', toId: ID, isPrimary: false },
        ],
      },
    },
  );
  await customer.begin();
  await plantEverywhere();
});
afterAll(() => office.close());

/** She stands in everything that people, products and the CRM can write. */
async function plantEverywhere(): Promise<void> {
  const { store } = customer;
  const acme = toAccountId('1');
  const words = `Spoke to ${NAME} (${EMAIL.toUpperCase()}).`;
  await store.audit.add({
    at: NOW,
    actor: EMAIL,
    action: 'override-set',
    details: { note: words, about: [{ object: 'contacts', id: ID }], record: `contacts/${ID}` },
  });
  const problem = { kind: 'mapping', code: 'x', field: 'email', message: words, remedy: `Ask ${NAME}.` };
  await store.problems.report(
    [
      { ...problem, object: 'contacts', crmId: ID },
      { ...problem, object: 'deals', crmId: '301' },
    ],
    NOW,
  );
  await store.settings.put('planted', { [EMAIL]: words, contactIds: [ID, '202'] });
  const runs = await store.plays.byAccounts([acme]);
  const snooze = { accountId: acme, play: '04', kind: 'risk' as const, reason: null, because: words, by: EMAIL };
  await store.plays.snooze({ ...snooze, untilOn: '2026-04-01' as never, at: NOW, caps: [] });
  await store.plays.put(runs.map((run) => ({ ...run, because: words })));
  const tasks = await store.ledger.byAccounts([acme]);
  expect(tasks.length).toBeGreaterThan(0);
  await store.ledger.put(
    tasks.map((task) => ({ ...task, subject: `Call ${NAME}`, written: { body: words, contactId: ID } })),
  );
  const stored = (await store.assessments.get([acme])).get(acme);
  if (stored === undefined) throw new Error('Acme is not scored');
  const { assessment } = stored;
  const evidence = [{ kind: 'contact' as const, id: ID }];
  const drivers = assessment.health.drivers.map((driver) => ({ ...driver, because: words, evidence }));
  await store.assessments.put([
    { ...stored, assessment: { ...assessment, health: { ...assessment.health, reason: words, drivers } } },
  ]);
  await store.disagreements.put([
    {
      kind: 'begun',
      disagreement: {
        accountId: acme,
        begunOn: '2026-03-02' as never,
        band: 'red',
        code: 'relationship',
        note: words,
        by: EMAIL,
        computed: { band: 'yellow', score: 60 },
        untilOn: '2026-04-01' as never,
        end: null,
      },
    },
  ]);
  await store.formerChampions.put([{ accountId: acme, contactId: ID, untilOn: '2026-03-01' as never }]);
  const [run] = await store.runs.recent(1);
  if (run !== undefined) await store.runs.put({ ...run, result: { ...run.result, last: words } });
  await store.signals.importFacts(
    [
      {
        workspaceId: 'group:acme',
        keys: ['id:1'],
        kind: 'survey',
        fact: {
          id: 's1',
          kind: 'nps',
          score: 3,
          comment: 'I am unhappy.',
          contactEmail: EMAIL.toLowerCase(),
          at: NOW,
        } as never,
      },
    ],
    { at: NOW, every: null },
  );
  const { key } = await makeUsageKey(store, NOW, 'admin');
  const parts = office.app.serverParts();
  const body = {
    batch: [
      {
        type: 'group',
        messageId: 'm1',
        userId: EMAIL,
        groupId: 'solo',
        traits: { name: `${NAME}’s team` },
        timestamp: NOW,
      },
      { type: 'track', messageId: 'm2', userId: EMAIL, event: 'Report Exported', timestamp: NOW },
    ],
  };
  expect(await parts.receiveUsage({ writeKey: key.reveal(), type: null, body })).toMatchObject({
    stored: 2,
    refused: [],
  });
}

/** What Acme's scores were computed from, on every day that is kept. */
async function keptOf(account: string): Promise<string> {
  const { inputs } = customer.store;
  const id = toAccountId(account);
  const kept = [];
  for (const day of await inputs.days(id)) kept.push(await inputs.get(id, day));
  return JSON.stringify(kept).replaceAll('joezenobia@acme', '');
}

const saidOf = async (account: string): Promise<string> =>
  JSON.stringify([...(await customer.store.assessments.get([toAccountId(account)])).values()]);

const erase = async (): Promise<void> => {
  const { crmAccountId } = customer.installation;
  await office.app.store.notices.add('hubspot', [{ crmAccountId, object: 'contacts', id: ID, erases: true }], NOW);
  await followInstallation(office.app, customer.installation.id, new AbortController().signal);
};

describe('a person whom HubSpot tells to forget', () => {
  it('stands nowhere any more: not in one column of one table', async () => {
    const database = await openDatabase({ databaseUrl: office.databaseUrl, dataDir: '/unused' });
    try {
      const before = await findAnywhere(database);
      for (const table of [
        'record',
        'ledger_task',
        'snooze',
        'run',
        'problem',
        'setting',
        'audit_entry',
        'disagreement',
        'former_champion',
      ]) {
        expect(
          before.some((place) => place.startsWith(`holdfast.${table}.`)),
          `planted in ${table}`,
        ).toBe(true);
      }
      expect(before.some((place) => place.startsWith('holdfast.workspace.'))).toBe(true);
      expect(before.some((place) => place.startsWith('holdfast.signal_fact.'))).toBe(true);
      expect(await keptOf('1')).toContain(NAME);
      expect(await saidOf('1')).toContain(NAME);
      await erase();
      expect(await findAnywhere(database)).toEqual([]);
      // Assessments and inputs are compressed, so that no search of columns finds her there.
      for (const words of [await keptOf('1'), await saidOf('1')]) {
        expect(words).not.toMatch(/quillfeather|zenobia@acme/i);
        expect(words).not.toContain(ID);
      }
    } finally {
      await database.close();
    }
  });

  it('leaves everybody else as they were, and what was said without her', async () => {
    const { store } = customer;
    const [bob] = await store.records.byIds('contacts', ['202']);
    expect(bob?.inputs['email']).toBe('joezenobia@acme.example');
    const [deal] = await store.records.byIds('deals', ['301']);
    expect(deal).toMatchObject({ accountId: '1', contactId: null, raw: { links: { contacts: [] } } });
    expect(deal?.inputs['dealname']).toBe('Upgrade for [erased]');
    expect(await store.settings.get('planted')).toEqual({
      '[erased]': 'Spoke to [erased] ([erased]).',
      contactIds: ['202'],
    });
    const acme = toAccountId('1');
    const surveys = (await store.signals.byAccounts([acme], usageViewOn('2026-03-02'))).get(acme)?.surveys ?? [];
    expect(surveys).toMatchObject([{ score: 3, comment: null }]);
    expect((await store.audit.recent(1))[0]).toMatchObject({ action: 'person-erased', details: {} });
  });

  it('has her account scored anew, in sentences that do not name her', async () => {
    const acme = toAccountId('1');
    const stored = (await customer.store.assessments.get([acme])).get(acme);
    expect(stored?.assessment.health.reason).not.toContain('[erased]');
    expect(stored?.assessment.health.reason).not.toBe('');
  });

  it('does not come back, although a lagging list still shows her', async () => {
    expect(customer.portal.get('contacts', ID)).not.toBeNull();
    customer.portal.edit('contacts', ID, { jobtitle: 'Head of everything' });
    await customer.sync('full');
    expect(await customer.store.records.byIds('contacts', [ID])).toEqual([]);
    expect((await customer.store.records.count()).get('contacts')).toEqual({ alive: 1, deleted: 0 });
  });

  it('is forgotten also while the installation rests, or has lost its access', async () => {
    const { store, installation } = customer;
    await store.updateInstallation({ status: 'lost', statusReason: 'uninstalled' });
    const { crmAccountId } = installation;
    await office.app.store.notices.add('hubspot', [{ crmAccountId, object: 'contacts', id: '202', erases: true }], NOW);
    const calls = customer.sandbox.calls.total;
    await followInstallation(office.app, installation.id, new AbortController().signal);
    expect(await store.records.byIds('contacts', ['202'])).toEqual([]);
    expect(customer.sandbox.calls.total).toBe(calls);
    expect(await store.notices.isAnyWaiting()).toBe(false);
  });
});

it('every table is known to hold people or not, so that a new one is not forgotten', async () => {
  const database = await openDatabase({ databaseUrl: office.databaseUrl, dataDir: '/unused' });
  try {
    const { rows } = await database.executeSql(
      `select tablename from pg_tables where schemaname = 'holdfast' and tablename not like 'migration%' order by 1`,
    );
    const known = [...PLACES.map(({ table }) => table), ...WITHOUT_PEOPLE, ...ROWS_OF_PEOPLE];
    expect(rows.map((one) => String((one as Record<string, unknown>)['tablename']))).toEqual(known.toSorted());
  } finally {
    await database.close();
  }
});

/** Columns in which she can be found, whatever their type, the job queue's included: `holdfast.record.inputs`. */
async function findAnywhere(database: Awaited<ReturnType<typeof openDatabase>>): Promise<readonly string[]> {
  const { rows } = await database.executeSql(
    `select c.table_schema, c.table_name, c.column_name from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const one of rows as Record<'table_schema' | 'table_name' | 'column_name', string>[]) {
    const { rows: hits } = await database.executeSql(
      `select 1 from "${one.table_schema}"."${one.table_name}"
       where "${one.column_name}"::text ~* $1 limit 1`,
      [`quillfeather|(^|[^e])zenobia|${ID}`],
    );
    if (hits.length > 0) found.push(`${one.table_schema}.${one.table_name}.${one.column_name}`);
  }
  return found;
}
