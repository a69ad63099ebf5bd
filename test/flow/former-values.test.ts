import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { changeFields } from '../../src/install/fields.ts';
import { connectOrg, type CustomerOrg } from '../support/customer-org.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { MONDAY, openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';
import { ids, orgSeed, row } from '../support/sandbox-org.ts';
import { hubspotMapping } from '../mappings/hubspot-files.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Its renewal is near: the next step is to send the paper. */
const acme: CustomerCompany = {
  id: '1',
  name: 'Acme',
  renewalOn: '2026-04-10',
  arr: 50_000,
  ownerId: '11',
  csmId: '13',
};

/** A checkbox says no where nothing is said. */
const NOTHING: ReadonlySet<unknown> = new Set(['', null, false, 'false']);

const ours = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => /^holdfast_/i.test(name) && !NOTHING.has(value)),
  );

interface Renewing extends Customer {
  readonly dealId: string;
  readonly edit: (fields: Readonly<Record<string, string>>) => void;
  /** What stands on the deal in fields of ours. */
  readonly shown: () => Readonly<Record<string, unknown>>;
}

/** A portal in which Acme's renewal deal shows where the renewal stands, in every field. */
async function connectRenewing(): Promise<Renewing> {
  const customer = await office.connect([acme]);
  const { portal, store } = customer;
  const dealId = portal.create(
    'deals',
    {
      dealname: 'Acme renewal',
      pipeline: 'renewals',
      dealstage: 'renewal-open',
      closedate: '2026-04-10',
      amount: '50000',
    },
    { companies: ['1'] },
  );
  await store.settings.put('write-back', { fields: 'extended' });
  await customer.begin();
  await customer.nextDay();
  const shown = () => ours(portal.get('deals', dealId)?.properties ?? {});
  expect(shown()).toMatchObject({
    holdfast_term_id: 'account/1/2026-04-10',
    holdfast_suggested_category: 'pipeline',
    holdfast_next_action: 'Send the paper',
  });
  return { ...customer, dealId, edit: (fields) => portal.edit('deals', dealId, fields), shown };
}

describe('a deal that showed how a renewal stands', () => {
  it('shows nothing of ours once its company is no customer, but for what people entered', async () => {
    const { portal, sync, nextDay, edit, shown, plan } = await connectRenewing();
    edit({ holdfast_csm_call: 'at_risk' });
    portal.edit('companies', '1', { customer_status: 'Prospect' });
    await sync();
    expect(shown()).toEqual({ holdfast_csm_call: 'at_risk' });
    expect((await nextDay()).writes.records).toBe(0);
    expect((await plan()).steps).toEqual([]);

    portal.edit('companies', '1', { customer_status: 'Customer' });
    await sync();
    expect(shown()).toMatchObject({ holdfast_csm_call: 'at_risk', holdfast_term_id: 'account/1/2026-04-10' });
  });

  it('shows nothing of ours once it sells something else', async () => {
    const { sync, edit, shown, plan } = await connectRenewing();
    const sells = { dealname: 'Acme, new product', pipeline: 'default', dealstage: 'open', dealtype: 'newbusiness' };
    edit({ ...sells, closedate: '2026-09-30' });
    await sync();
    expect(shown()).toEqual({});
    expect((await plan()).steps).toEqual([]);
  });

  it('shows of the expansion alone once it sells more of the same', async () => {
    const { sync, edit, shown } = await connectRenewing();
    const sells = { dealname: 'Acme, more seats', pipeline: 'default', dealstage: 'open' };
    edit({ ...sells, dealtype: 'existingbusiness', closedate: '2026-09-30' });
    await sync();
    expect(Object.keys(shown()).sort()).toEqual(['holdfast_account_health_band', 'holdfast_updated_at']);
  });

  it('says that it was lost and why when deal and customer were closed at once, and keeps saying it', async () => {
    const { portal, sync, nextDay, edit, shown, plan } = await connectRenewing();
    edit({ dealstage: 'renewal-lost', closed_lost_reason: 'Price' });
    portal.edit('companies', '1', { customer_status: 'Former customer' });
    await sync();
    const lost = {
      holdfast_term_id: 'account/1/2026-04-10',
      holdfast_suggested_category: 'omitted',
      holdfast_renewal_outcome: 'churned',
      holdfast_churn_type: 'avoidable',
      holdfast_churn_reason: 'price',
    };
    expect(shown()).toMatchObject(lost);
    for (const field of ['renewal_step', 'steps_late', 'next_action', 'next_action_due']) {
      expect(shown()).not.toHaveProperty(`holdfast_${field}`);
    }
    expect((await nextDay()).writes.records).toBe(0);
    expect((await nextDay(400)).writes.records).toBe(0);
    expect(shown()).toMatchObject(lost);
    expect((await plan()).steps).toEqual([]);
  });

  it('learns why the customer left whenever that is entered', async () => {
    const { portal, sync, nextDay, edit, shown } = await connectRenewing();
    edit({ dealstage: 'renewal-lost' });
    portal.edit('companies', '1', { customer_status: 'Former customer' });
    await sync();
    expect(shown()).toMatchObject({ holdfast_renewal_outcome: 'churned', holdfast_churn_reason: 'unknown' });
    await nextDay(20);
    edit({ closed_lost_reason: 'Budget cuts' });
    await nextDay();
    expect(shown()).toMatchObject({ holdfast_churn_type: 'inevitable', holdfast_churn_reason: 'budget' });
  });

  it('says that the customer left although the deal was never closed', async () => {
    const { portal, sync, nextDay, shown } = await connectRenewing();
    portal.edit('companies', '1', { customer_status: 'Former customer' });
    await sync();
    const lost = { holdfast_suggested_category: 'omitted', holdfast_renewal_outcome: 'churned' };
    expect(shown()).toMatchObject(lost);
    expect((await nextDay(400)).writes.records).toBe(0);
    expect(shown()).toMatchObject(lost);
    portal.edit('companies', '1', { customer_status: 'Customer', renewal_date: '2027-06-30' });
    await nextDay();
    expect(shown()).not.toHaveProperty('holdfast_renewal_outcome');
  });

  it('stays marked as ours where we have opened it', async () => {
    const customer = await office.connect([acme]);
    const { portal, store, begin, nextDay } = customer;
    const set = [{ path: 'renewals.openDeals', value: true }];
    await draftConfiguration(store, office.app.clock, { changes: null, set, unset: [], note: null, actor: 'ana' });
    await publishDraft(store, office.app.clock, { actor: 'ana', isUnseenAllowed: true });
    await begin();
    await nextDay();
    const shown = () => ours(portal.all('deals')[0]?.properties ?? {});
    const { holdfast_key: key } = shown();
    expect(shown()).toMatchObject({ holdfast_key: expect.any(String), holdfast_term_id: 'account/1/2026-04-10' });
    portal.edit('companies', '1', { customer_status: 'Prospect' });
    await nextDay();
    expect(shown()).toEqual({ holdfast_key: key });
  });
});

describe('the opportunity that showed how a renewal stands', () => {
  const opportunity = ({ sandbox }: CustomerOrg) => sandbox.org.all('Opportunity')[0];

  async function connectRenewingOrg(): Promise<CustomerOrg> {
    const account = { Name: 'Acme', Type: 'Customer - Direct', OwnerId: ids.user(2), Renewal_Date__c: '2026-12-31' };
    const renewal = { Name: 'Acme renewal', StageName: 'Prospecting', CloseDate: '2026-12-31' };
    const rows = [
      row('Account', ids.account(1), account),
      row('Opportunity', ids.opportunity(1), { ...renewal, AccountId: ids.account(1) }),
    ];
    const org = await connectOrg({ seed: orgSeed(rows) });
    await org.store.settings.put('write-back', { fields: 'extended' });
    await org.sync();
    await org.approve();
    await org.sync();
    org.wait(86_400_000);
    await org.sync('daily');
    expect(opportunity(org)?.fields).toMatchObject({
      Holdfast_Suggested_Category__c: 'pipeline',
      Holdfast_Next_Action__c: 'Send the paper',
    });
    return org;
  }

  it('is emptied once its account is no customer', async () => {
    const org = await connectRenewingOrg();
    org.sandbox.org.edit(ids.account(1), { Type: 'Prospect' });
    org.wait(3_600_000);
    await org.sync();
    expect(ours(opportunity(org)?.fields ?? {})).toEqual({});
    expect((await org.plan()).steps).toEqual([]);
  });

  it('says that it was lost when opportunity and account were closed at once', async () => {
    const org = await connectRenewingOrg();
    org.sandbox.org.edit(ids.opportunity(1), { StageName: 'Closed Lost' });
    org.sandbox.org.edit(ids.account(1), { Type: 'Former customer' });
    org.wait(3_600_000);
    await org.sync();
    const { fields = {} } = opportunity(org) ?? {};
    expect(ours(fields)).toMatchObject({
      Holdfast_Suggested_Category__c: 'omitted',
      Holdfast_Renewal_Outcome__c: 'churned',
      Holdfast_Churn_Type__c: 'unknown',
      Holdfast_Churn_Reason__c: 'unknown',
    });
    expect(ours(fields)).not.toHaveProperty('Holdfast_Next_Action__c');
    expect((await org.plan()).steps).toEqual([]);
  });
});

describe('a field that an admin takes off tasks', () => {
  const shownOn = ({ portal }: Customer, field: string): readonly unknown[] =>
    portal.all('tasks').map(({ properties }) => properties[field] ?? '');

  it('is emptied on open tasks and on ended ones with the next approved plan, and left out of new ones', async () => {
    const customer = await office.connect([acme]);
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    const [first] = customer.portal.all('tasks');
    customer.portal.edit('tasks', first?.id ?? '', { hs_task_status: 'COMPLETED' });
    await customer.nextDay();
    const before = shownOn(customer, 'holdfast_step').length;
    expect(before).toBeGreaterThan(1);
    expect(shownOn(customer, 'holdfast_step')).not.toContain('');

    const change = { set: null, add: [], remove: ['tasks.holdfast_play', 'tasks.holdfast_step'], actor: 'ana' };
    await changeFields(customer.store, office.app.clock, hubspotMapping(), change);
    await customer.sync();
    expect(shownOn(customer, 'holdfast_step')).not.toContain('');
    await customer.approve();
    await customer.sync();
    for (const field of ['holdfast_play', 'holdfast_step']) {
      expect(new Set(shownOn(customer, field))).toEqual(new Set(['']));
    }
    expect(shownOn(customer, 'holdfast_key')).not.toContain('');

    await customer.nextDay(10);
    expect(shownOn(customer, 'holdfast_step').length).toBeGreaterThan(before);
    expect(new Set(shownOn(customer, 'holdfast_step'))).toEqual(new Set(['']));
    expect((await customer.plan()).steps).toEqual([]);
  });

  it('is emptied where it says how a play ended, and leaves alone what people entered', async () => {
    const customer = await office.connect([acme], { now: MONDAY });
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    const [task] = customer.portal.all('tasks');
    customer.portal.edit('tasks', task?.id ?? '', { holdfast_outcome: 'done', holdfast_snooze_reason: 'On holiday' });
    await customer.nextDay();
    const change = { set: null, add: [], remove: ['holdfast_outcome', 'holdfast_snooze_reason'], actor: 'ana' };
    await changeFields(customer.store, office.app.clock, hubspotMapping(), change);
    await customer.sync();
    await customer.approve();
    await customer.sync();
    const { properties = {} } = customer.portal.get('tasks', task?.id ?? '') ?? {};
    expect(properties['holdfast_outcome'] ?? '').toBe('');
    expect(properties['holdfast_snooze_reason']).toBe('On holiday');
  });
});
