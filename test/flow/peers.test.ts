import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currency } from '../../connectors/salesforce/sandbox/field-definition.ts';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { money } from '../../src/core/model/money.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { recompute } from '../../src/queries/recompute.ts';
import { connectOrg } from '../support/customer-org.ts';
import { customerPortal, type CustomerCompany } from '../support/customer-portal.ts';
import { MONDAY, openLineOffice, ourValues, type Customer, type LineOffice } from '../support/line-office.ts';
import { ids, orgSeed } from '../support/sandbox-org.ts';

const DAY_MS = 86_400_000;

/** What was kept of an account's judgement comes out again, the peers of that day included. */
async function comesOutAgain(store: TenantStore, account: string): Promise<boolean> {
  return (await recompute(store, toAccountId(account), null)).isSame;
}

describe('customers of a HubSpot portal that says what each of them owns', () => {
  let office: LineOffice;
  beforeAll(async () => {
    office = await openLineOffice();
  });
  afterAll(() => office.close());

  const company = (number: number, more: Readonly<Record<string, string>>): CustomerCompany => ({
    id: String(number),
    name: `Customer ${number}`,
    segment: 'Mid-Market',
    arr: 20_000,
    more,
  });
  /** Twenty customers with 100 to 119 employees, every second of whom owns Analytics too; the first owns Core alone. */
  const companies = Array.from({ length: 20 }, (_, at) =>
    company(at + 1, { numberofemployees: String(100 + at), products_owned: at % 2 === 0 ? 'core' : 'core;analytics' }),
  );
  const owned = {
    name: 'products_owned',
    label: 'Products owned',
    groupName: 'contract',
    type: 'enumeration' as const,
    fieldType: 'checkbox',
    options: [
      { value: 'core', label: 'Core' },
      { value: 'analytics', label: 'Analytics, yearly' },
    ],
  };
  const connect = async (portalId: number): Promise<Customer> => {
    const seed = customerPortal(portalId, MONDAY, [
      ...companies,
      company(21, { numberofemployees: '900', products_owned: 'core' }),
      company(22, { products_owned: 'core' }),
    ]);
    const properties = { ...seed.properties, companies: [...(seed.properties['companies'] ?? []), owned] };
    const customer = await office.connect([], { seed: { ...seed, properties } });
    await customer.store.settings.put('write-back', { fields: 'extended' });
    return customer;
  };

  it('show from the second day on what those like them own', async () => {
    const customer = await connect(91_001);
    await customer.begin();
    expect(ourValues(customer.portal, '1')['holdfast_expansion_reason']).toBeUndefined();

    await customer.nextDay();
    const said = '10 of 20 customers of this segment and size own Analytics, yearly; this one does not.';
    const shown = (id: string) => ourValues(customer.portal, id);
    expect(shown('1')['holdfast_expansion_reason']).toContain(said);
    expect(Number(shown('1')['holdfast_expansion_score'])).toBe(5);
    for (const id of ['2', '21', '22']) expect(Number(shown(id)['holdfast_expansion_score']), id).toBe(0);
    expect(await comesOutAgain(customer.store, '1')).toBe(true);
    expect(await customer.store.problems.list(10)).toEqual([]);

    customer.portal.edit('companies', '1', { products_owned: 'core;analytics' });
    await customer.sync();
    expect(shown('1')['holdfast_expansion_reason']).toMatch(/^.*Last true on 3 March: 10 of 20/s);
  });

  it('are judged without peers by what was kept of the book before peers were counted', async () => {
    const customer = await connect(91_002);
    await customer.sync('daily');
    const { settings } = customer.store;
    const kept = (await settings.get('book-facts')) as readonly Readonly<Record<string, unknown>>[];
    await settings.put(
      'book-facts',
      kept.map((facts) => Object.fromEntries(Object.entries(facts).filter(([name]) => name !== 'peers'))),
    );
    const first = toAccountId('1');
    const score = async () => (await customer.store.assessments.get([first])).get(first)?.assessment.expansion.score;
    await customer.nextDay();
    expect(await score()).toBe(0);
    await customer.nextDay();
    expect(await score()).toBe(5);
  });
});

describe('customers of a Salesforce org that sells by the line', () => {
  const at = Date.parse('2026-08-12T17:00:00.000Z');
  const row = (object: string, id: string, values: Readonly<Record<string, string | number>>) => ({
    object,
    id,
    values,
    createdAt: at,
    modifiedAt: at,
    deletedAt: null,
  });
  const customer = (number: number) =>
    row('Account', ids.account(number), {
      Name: `Customer ${number}`,
      Type: 'Customer - Direct',
      NumberOfEmployees: 100,
    });
  let lines = 0;
  const line = (number: number, product: string, arr: number) => {
    lines += 1;
    return row('SBQQ__Subscription__c', toId('a0F', lines), {
      SBQQ__Account__c: ids.account(number),
      SBQQ__ProductName__c: product,
      SBQQ__SubscriptionStartDate__c: '2026-01-01',
      SBQQ__SubscriptionEndDate__c: '2027-06-30',
      ARR__c: arr,
    });
  };

  it('show what peers own besides, and know what those pay for it', async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    const org = await connectOrg({
      seed: orgSeed(
        [
          ...numbers.map(customer),
          ...numbers.map((number) => line(number, 'Core', 12_000)),
          ...numbers.slice(0, 8).map((number) => line(number, 'Archive', 3_000)),
        ],
        { features: { cpq: true }, seed: { fields: { SBQQ__Subscription__c: [currency('ARR__c', 'ARR')] } } },
      ),
    });
    await org.sync('daily');
    org.wait(DAY_MS);
    await org.sync('daily');
    const assessed = await org.store.assessments.get([toAccountId(ids.account(20)), toAccountId(ids.account(1))]);
    const expansionOf = (number: number) => assessed.get(toAccountId(ids.account(number)))?.assessment.expansion;
    expect(expansionOf(20)?.signals).toMatchObject([
      { id: 'E6', because: '8 of 20 customers of this segment and size own Archive; this one does not.' },
    ]);
    expect(expansionOf(1)?.signals).toEqual([]);
    const { snapshot } = (await org.store.inputs.get(toAccountId(ids.account(20)), null)) ?? {};
    expect(snapshot?.book.peers).toEqual({
      accounts: 20,
      employees: 100,
      products: [
        { name: 'Core', owners: 20, priced: 20, medianArr: money(12_000, 'EUR') },
        { name: 'Archive', owners: 8, priced: 8, medianArr: money(3_000, 'EUR') },
      ],
    });
    expect(await comesOutAgain(org.store, ids.account(20))).toBe(true);
  });
});
