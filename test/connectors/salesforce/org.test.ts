import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';
import { accounts, ids, openOrg, orgSeed, orgToken, row } from '../../support/sandbox-org.ts';

afterEach(() => nock.cleanAll());

describe('an org', () => {
  it('tells who it is: its id, name, time zone and currencies, the corporate one first of all', async () => {
    const { url } = await openOrg(orgSeed([]));
    const session = salesforce.open(openDirectAccess(url, { token: orgToken }));
    expect(await session.whoAmI()).toEqual({
      accountId: '00D5e0000000001EAA',
      title: 'Northwind GmbH',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      currencies: ['EUR', 'USD'],
      webHost: new URL(url).host,
      kind: 'standard',
    });
  });

  it('with one currency says which', async () => {
    const { url } = await openOrg(orgSeed([], { features: { multiCurrency: false } }));
    const session = salesforce.open(openDirectAccess(url, { token: orgToken }));
    expect(await session.whoAmI()).toMatchObject({ currency: 'EUR', currencies: ['EUR'] });
  });

  it('that is a sandbox of its own says so', async () => {
    const seed = orgSeed([]);
    const { url } = await openOrg({ ...seed, facts: { ...seed.facts, isSandbox: true } });
    const session = salesforce.open(openDirectAccess(url, { token: orgToken }));
    expect(await session.whoAmI()).toMatchObject({ kind: 'sandbox' });
  });

  it('that does not have our version is spoken to in the newest that it has before it', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)), { versions: [60, 64] });
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken }));
    expect(await session.read('Account', [ids.account(1)], ['Name'])).toHaveLength(1);
    expect(sandbox.calls.recent.at(-1)?.path).toContain('/services/data/v64.0/');
  });

  it('is told which app is calling', async () => {
    const base = 'https://northwind.my.salesforce.com';
    nock(base, { reqheaders: { 'sforce-call-options': 'client=Holdfast', authorization: 'Bearer test-token' } })
      .get('/services/data/v66.0/sobjects/Account/describe')
      .reply(200, { name: 'Account', fields: [] });
    expect(await salesforce.open(openDirectAccess(base)).describe('Account')).toEqual([]);
  });

  it('says with every answer how many calls of the day are left', async () => {
    const sandbox = await openOrg(orgSeed([]), { dailyApiCalls: 15_000 });
    const access = openDirectAccess(sandbox.url, { token: orgToken });
    sandbox.calls.useByOthers(100);
    await salesforce.open(access).describe('Account');
    expect(access.usage).toEqual([{ dailyMax: 15_000, dailyRemaining: 14_899 }]);
  });
});

describe('the fields of an object', () => {
  it('are those that the user may see, in our types, with what picklists offer', async () => {
    const sandbox = await openOrg(orgSeed([]));
    sandbox.org.hideField('Account', 'CSM_Notes__c');
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken }));
    const fields = new Map((await session.describe('Account')).map((field) => [field.name, field]));
    expect(fields.get('Renewal_Date__c')).toMatchObject({ label: 'Renewal date', type: 'date', readOnly: false });
    expect(fields.get('Holdfast_Health_Score__c')).toMatchObject({ type: 'number', readOnly: false });
    expect(fields.get('Holdfast_Health_Band__c')).toMatchObject({
      type: 'enumeration',
      options: ['green', 'yellow', 'red', 'grey'].map((value) => ({ value, label: value })),
    });
    expect(fields.get('Holdfast_Active_Caps__c')?.type).toBe('multi-enumeration');
    expect(fields.get('SystemModstamp')).toMatchObject({ type: 'datetime', readOnly: true });
    expect(fields.has('CSM_Notes__c')).toBe(false);
    // Made up of other fields: nothing that a value could be read from.
    expect(fields.has('BillingAddress')).toBe(false);
  });

  it('are asked for once, also where calls, e-mails and to-dos are all tasks', async () => {
    const sandbox = await openOrg(orgSeed([]));
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken }));
    for (const object of ['Task', 'Task.Call', 'Task.Email']) expect(await session.describe(object)).not.toEqual([]);
    expect(sandbox.calls.perPurpose).toEqual({ 'describe Task': 1 });
  });

  it('of an object that the user may not see are told as a missing permission', async () => {
    const sandbox = await openOrg(orgSeed([]));
    sandbox.org.hideObject('Case');
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken }));
    await expect(session.describe('Case')).rejects.toMatchObject({ code: 'permission-missing' });
    await expect(session.describe('SBQQ__Subscription__c')).rejects.toMatchObject({ code: 'permission-missing' });
  });

  it('that our package brought go by the same names as those that were deployed without it', async () => {
    const base = 'https://northwind.my.salesforce.com';
    const wire = (name: string): object => ({ name, label: name, type: 'double', updateable: true, createable: true });
    nock(base)
      .get('/services/data/v66.0/sobjects/Account/describe')
      .reply(200, { name: 'Account', fields: [wire('holdfast__Holdfast_Health_Score__c'), wire('ARR__c')] });
    const records = [{ attributes: { type: 'Account' }, id: ids.account(1), holdfast__Holdfast_Health_Score__c: 72 }];
    nock(base)
      .patch('/services/data/v66.0/composite/sobjects', { allOrNone: false, records })
      .reply(200, [{ id: ids.account(1), success: true, errors: [] }]);
    const session = salesforce.open(openDirectAccess(base));
    expect((await session.describe('Account')).map(({ name }) => name)).toEqual(['Holdfast_Health_Score__c', 'ARR__c']);
    nock(base)
      .get('/services/data/v66.0/query')
      .query(({ q }) => String(q).includes('holdfast__Holdfast_Health_Score__c'))
      .reply(200, {
        done: true,
        records: [
          {
            Id: ids.account(1),
            SystemModstamp: '2026-03-01T10:00:00.000+0000',
            holdfast__Holdfast_Health_Score__c: 71,
          },
        ],
      });
    const [record] = await session.read('Account', [ids.account(1)], ['Holdfast_Health_Score__c']);
    expect(record?.fields).toEqual({ Holdfast_Health_Score__c: 71 });
    const [outcome] = await session.write([
      { kind: 'update', object: 'Account', id: ids.account(1), fields: { Holdfast_Health_Score__c: '72' } },
    ]);
    expect(outcome).toMatchObject({ ok: true, id: ids.account(1), fields: { Holdfast_Health_Score__c: '72' } });
  });
});

describe('the stages of an org', () => {
  it('are its own, won and lost as it says, once for every record type', async () => {
    const recordTypes = [
      { id: '0125e0000000001AAA', object: 'Opportunity', developerName: 'Renewal', name: 'Renewal', isDefault: false },
    ];
    const sandbox = await openOrg(orgSeed([], { seed: { recordTypes } }));
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken }));
    const pipelines = await session.pipelines('Opportunity');
    expect(pipelines.map(({ label }) => label)).toContain('Renewal');
    for (const { stages } of pipelines) {
      expect(stages.slice(-3)).toEqual([
        { id: 'Negotiation/Review', label: 'Negotiation/Review', outcome: 'open', probability: 0.9 },
        { id: 'Closed Won', label: 'Closed Won', outcome: 'won', probability: 1 },
        { id: 'Closed Lost', label: 'Closed Lost', outcome: 'lost', probability: 0 },
      ]);
    }
  });

  it('include the statuses of tasks, and there are none where nothing has stages', async () => {
    const sandbox = await openOrg(orgSeed([row('Account', ids.account(1), { Name: 'Acme' })]));
    const session = salesforce.open(openDirectAccess(sandbox.url, { token: orgToken }));
    const [tasks] = await session.pipelines('Task');
    expect(tasks?.stages.map(({ id, outcome }) => [id, outcome])).toContainEqual(['Completed', 'won']);
    expect(await session.pipelines('Account')).toEqual([]);
    expect(await session.pipelines('Task.Call')).toEqual([]);
  });
});
