import { describe, expect, it } from 'vitest';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { text } from '../../connectors/salesforce/sandbox/field-definition.ts';
import type { Values } from '../../connectors/salesforce/sandbox/field-definition.ts';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import type { OrgSeed, SeedRow } from '../../connectors/salesforce/sandbox/org-seed.ts';
import { toOrgSeed } from '../../connectors/salesforce/sandbox/seed.ts';
import { ADMIN_ID } from '../../connectors/salesforce/sandbox/seed-org.ts';
import { customFields } from '../../connectors/salesforce/sandbox/seed-definitions.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import type { Assessment } from '../../src/core/model/assessment.ts';
import { makeUsageKey } from '../../src/flow/intake/usage-keys.ts';
import { connectOrg, type CustomerOrg } from '../support/customer-org.ts';
import { ids, orgSeed } from '../support/sandbox-org.ts';
import { usageViewOn } from '../support/usage-view.ts';

const NOW = Date.parse('2026-11-20T17:00:00.000Z');
const DAY_MS = 86_400_000;

function row(object: string, id: string, values: Values): SeedRow {
  const at = NOW - 100 * DAY_MS;
  return { object, id, values, createdAt: at, modifiedAt: at, deletedAt: null };
}

const customer = (number: number, values: Values = {}): SeedRow =>
  row('Account', ids.account(number), { Name: `Customer ${number}`, Type: 'Customer - Direct', ...values });

const renewal = (number: number, values: Values): SeedRow =>
  row('Opportunity', ids.opportunity(number), {
    AccountId: ids.account(1),
    Name: `Deal ${number}`,
    StageName: 'Prospecting',
    CloseDate: '2026-12-31',
    ...values,
  });

const contract = (values: Values = {}): SeedRow =>
  row('Contract', toId('800', 1), {
    AccountId: ids.account(1),
    Status: 'Activated',
    StartDate: '2026-01-01',
    EndDate: '2026-12-31',
    ...values,
  });

const connect = (rows: readonly SeedRow[], more: Parameters<typeof orgSeed>[1] = {}): Promise<CustomerOrg> =>
  connectOrg({
    seed: orgSeed(rows, { ...more, features: { contractEnds: 'typed', ...more.features } }),
  });

async function assessmentsIn({ store }: CustomerOrg): Promise<ReadonlyMap<string, Assessment>> {
  const stored = await store.assessments.page(null, 1_000);
  return new Map(stored.map(({ assessment }) => [assessment.accountId, assessment]));
}

/** First sync, approval, and the sync that writes. */
async function begin(org: CustomerOrg): Promise<void> {
  await org.sync();
  await org.approve();
  await org.sync();
}

const unchanged = { writes: { records: 0, fields: 0, tasksOpened: 0, tasksMoved: 0, tasksClosed: 0, refused: 0 } };

const world = generateWorld({ seed: 11, now: new Date(NOW).toISOString(), accounts: 40 });

describe('customers who are people', () => {
  const seed: OrgSeed = toOrgSeed(world, { personAccounts: true });

  it('are judged, written to and told apart by their own names, as companies are', async () => {
    const org = await connectOrg({ seed });
    await begin(org);
    const people = org.sandbox.org
      .all('Account')
      .filter(({ fields }) => fields['IsPersonAccount'] === true && String(fields['Type']).startsWith('Customer'));
    expect(people.length).toBeGreaterThan(2);
    const found = await assessmentsIn(org);
    for (const { id, fields } of people) {
      expect(found.get(id)?.health.band, String(fields['Name'])).toBe(fields['Holdfast_Health_Band__c']);
    }
    expect(await org.sync('full')).toMatchObject(unchanged);
    // Some of the world's accounts belong to somebody who has left.
    expect((await org.store.problems.list(10)).map(({ code }) => code)).toEqual(['nobody-assigned']);
  });

  it('are scored as they would be as companies', async () => {
    const asPeople = await connectOrg({ seed });
    const asCompanies = await connectOrg({ seed: toOrgSeed(world) });
    await asPeople.sync();
    await asCompanies.sync();
    const scores = async (org: CustomerOrg) =>
      [...(await assessmentsIn(org))].map(([id, { health, renewal }]) => [id, health.score, renewal.next?.endOn]);
    expect(await scores(asPeople)).toEqual(await scores(asCompanies));
  });
});

describe('an org with several currencies', () => {
  it('keeps each amount in the currency in which the customer pays', async () => {
    const org = await connect(
      [
        customer(1, { ARR__c: 12_000, CurrencyIsoCode: 'USD' }),
        customer(2, { ARR__c: 5_000, CurrencyIsoCode: 'EUR' }),
        contract({ CurrencyIsoCode: 'USD' }),
        renewal(1, { Type: 'Renewal', Amount: 12_000, CurrencyIsoCode: 'USD' }),
      ],
      { seed: { fields: customFields('contracts') } },
    );
    await org.app.store.of(org.installation.id).settings.put('write-back', { fields: 'extended' });
    await begin(org);
    const found = await assessmentsIn(org);
    expect(found.get(ids.account(1))?.place.revenue).toEqual({ minor: 1_200_000, currency: 'USD' });
    expect(found.get(ids.account(2))?.place.revenue).toEqual({ minor: 500_000, currency: 'EUR' });
    // Salesforce takes an amount as one in the record's own currency.
    expect(org.sandbox.org.get(ids.opportunity(1))?.fields['Holdfast_Target_ARR__c']).toBe(12_000);
    expect(await org.sync('full')).toMatchObject(unchanged);
  });
});

describe('accounts below another one', () => {
  it('count for the health of the one above them', async () => {
    const org = await connectOrg({ seed: toOrgSeed(world) });
    await org.sync();
    const found = await assessmentsIn(org);
    const parentOf = new Map(
      org.sandbox.org.all('Account').flatMap(({ id, fields }) => {
        const parent = fields['ParentId'];
        return typeof parent === 'string' && typeof found.get(id)?.health.score === 'number'
          ? [[id, parent] as const]
          : [];
      }),
    );
    expect(parentOf.size).toBeGreaterThan(0);
    for (const parent of new Set(parentOf.values())) {
      const children = [...parentOf.values()].filter((one) => one === parent).length;
      expect(found.get(toAccountId(parent))?.standing?.rollUp?.accounts).toBeGreaterThanOrEqual(children);
    }
  });
});

describe('an opportunity of a record type for renewals', () => {
  it('is the renewal of its customer although neither its type nor its name says so', async () => {
    const type = (number: number, name: string) => ({
      id: toId('012', number),
      object: 'Opportunity',
      developerName: name.replaceAll(' ', '_'),
      name,
      isDefault: number === 1,
    });
    const org = await connect(
      [
        customer(1),
        contract(),
        renewal(1, { RecordTypeId: toId('012', 2) }),
        renewal(2, { RecordTypeId: toId('012', 1) }),
      ],
      { seed: { recordTypes: [type(1, 'New Business'), type(2, 'Renewal')] } },
    );
    await begin(org);
    const found = await assessmentsIn(org);
    expect(found.get(ids.account(1))?.renewal.next?.renewalDealId).toBe(ids.opportunity(1));
    expect(org.sandbox.org.get(ids.opportunity(1))?.fields).toMatchObject({ Holdfast_Decision_Date__c: '2026-12-31' });
    expect(org.sandbox.org.get(ids.opportunity(2))?.fields).not.toHaveProperty('Holdfast_Decision_Date__c');
  });
});

describe('tasks', () => {
  const queue = { id: toId('00G', 1), name: 'Renewals desk' };
  const ours = (org: CustomerOrg) =>
    org.sandbox.org.all('Task').filter(({ fields }) => fields['Holdfast_Key__c'] !== undefined);

  it('of a customer whose owner has left go to nobody who has left, and say why', async () => {
    const org = await connect([
      customer(1, { OwnerId: ids.user(2) }),
      contract(),
      renewal(1, { Type: 'Renewal', OwnerId: ids.user(3) }),
    ]);
    await begin(org);
    const tasks = ours(org);
    expect(tasks.length).toBeGreaterThan(0);
    for (const { fields } of tasks) {
      expect(fields['OwnerId']).toBe(ids.user(2));
    }
    expect(tasks.map(({ fields }) => String(fields['Description'])).join('\n')).toContain(
      '(Bo Lund) is no longer active',
    );
  });

  it('that CSM and score see otherwise goes to the manager whom the org names for the CSM', async () => {
    const org = await connectOrg({ seed: toOrgSeed(world) });
    for (const { id } of org.sandbox.org.all('User')) org.sandbox.org.edit(id, { ManagerId: ADMIN_ID });
    await org.sync();
    const found = [...(await assessmentsIn(org)).values()].flatMap(({ renewal: { next, progress } }) => {
      const seen = progress?.find(({ termId }) => termId === next?.id)?.calls.system;
      const deal = next?.renewalDealId ?? null;
      return deal === null || (seen !== 'good' && seen !== 'at_risk') ? [] : [{ deal, seen }];
    });
    for (const { deal, seen } of found) {
      org.sandbox.org.edit(deal, { Holdfast_CSM_Call__c: seen === 'good' ? 'at_risk' : 'good' });
    }
    org.wait(DAY_MS);
    await begin(org);
    const settling = ours(org).filter(({ fields }) => String(fields['Subject']).includes('Settle how the renewal'));
    expect(settling.length).toBeGreaterThan(0);
    expect(new Set(settling.map(({ fields }) => fields['OwnerId']))).toEqual(new Set([ADMIN_ID]));
  });

  it('that somebody gives to a queue stay there, and are not made again', async () => {
    const org = await connect(
      [customer(1, { OwnerId: ids.user(2) }), contract(), renewal(1, { Type: 'Renewal', OwnerId: ids.user(2) })],
      {
        seed: { queues: [queue] },
      },
    );
    await begin(org);
    const [task] = ours(org);
    org.wait(60_000);
    org.sandbox.org.edit(task?.id ?? '', { OwnerId: queue.id });
    const before = ours(org).length;
    expect(await org.sync()).toMatchObject(unchanged);
    org.wait(DAY_MS);
    await org.sync('daily');
    expect(org.sandbox.org.get(task?.id ?? '')?.fields).toMatchObject({ OwnerId: queue.id });
    expect(ours(org).length).toBeGreaterThanOrEqual(before);
    const keys = ours(org).map(({ fields }) => fields['Holdfast_Key__c']);
    expect(keys).toEqual([...new Set(keys)]);
  });
});

describe('the product’s own id of a customer', () => {
  it('finds the account that has it, by the name of the field that the admin gave it', async () => {
    const org = await connect([customer(1), customer(2, { Workspace_Id__c: 'WS-77' })], {
      seed: { fields: { Account: [text('Workspace_Id__c', 'Workspace', 80)] } },
    });
    await org.sync();
    const { key } = await makeUsageKey(org.store, org.app.clock.now(), 'admin');
    const used = {
      type: 'track',
      messageId: 'm-1',
      timestamp: org.app.clock.now(),
      event: 'Report Opened',
      userId: 'u-1',
      context: { groupId: 'ws-77' },
    };
    await org.app.serverParts().receiveUsage({ type: null, writeKey: key.reveal(), body: { batch: [used] } });
    await org.sync();
    const accounts = [1, 2].map((number) => toAccountId(ids.account(number)));
    const signals = await org.store.signals.byAccounts(accounts, usageViewOn('2026-11-21'));
    expect(signals.get(toAccountId(ids.account(1)))?.usage?.firstOn).toBeNull();
    expect(signals.get(toAccountId(ids.account(2)))?.usage?.firstOn).toBe('2026-11-20');
    expect(await org.store.signals.countUnmatched()).toBe(0);
  });
});
