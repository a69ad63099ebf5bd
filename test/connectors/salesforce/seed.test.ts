import { describe, expect, it } from 'vitest';
import { generateWorld, stories } from '../../../connectors/kit/sandbox/world.ts';
import { parseId } from '../../../connectors/salesforce/sandbox/ids.ts';
import { toOrgSeed } from '../../../connectors/salesforce/sandbox/seed.ts';
import type { OrgSeedOptions } from '../../../connectors/salesforce/sandbox/seed.ts';
import { callsTo } from '../../support/org-calls.ts';
import { openOrg } from '../../support/sandbox-org.ts';

const now = '2026-03-04T12:00:00.000Z';
const world = generateWorld({ seed: 5, now, accounts: 300 });
const everyAccount = [...world.accounts];
const rowsOf = (options: OrgSeedOptions = {}) => [...toOrgSeed(world, options).rows];
const rows = rowsOf();
const of = (object: string) => rows.filter((row) => row.object === object);
const openWorld = (options: OrgSeedOptions = {}) => openOrg(toOrgSeed(world, options), { now: () => Date.parse(now) });

describe('a sandbox org filled with made-up customers', () => {
  it('holds records of every kind, each with an id of its own and a good checksum', () => {
    expect([...new Set(rows.map(({ object }) => object))].sort()).toEqual([
      'Account',
      'AccountContactRelation',
      'Case',
      'Contact',
      'Contract',
      'Event',
      'EventRelation',
      'Opportunity',
      'OpportunityContactRole',
      'Task',
      'TaskRelation',
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.filter(({ id }) => parseId(id) !== id)).toEqual([]);
  });

  it('is the same every time', () => {
    expect(rowsOf()).toEqual(rows);
  });

  it('holds the customers of the world, no more and no fewer', () => {
    const losers = everyAccount.flatMap(({ mergedKeys }) => mergedKeys);
    expect(of('Account')).toHaveLength(everyAccount.length + losers.length);
    expect(of('Contact').filter(({ values }) => values['MasterRecordId'] === undefined)).toHaveLength(
      everyAccount.flatMap(({ contacts }) => contacts).length,
    );
    expect(of('Opportunity')).toHaveLength(everyAccount.flatMap(({ deals }) => deals).length);
    expect(of('Case')).toHaveLength(everyAccount.flatMap(({ tickets }) => tickets).length);
    expect(of('Task').length + of('Event').length).toBe(
      everyAccount.flatMap(({ tasks, activities }) => [...tasks, ...activities]).length,
    );
  });

  it('gives its fields only values that a person could have entered', async () => {
    const sandbox = await openWorld({ cpq: true, personAccounts: true });
    for (const object of ['Account', 'Contact', 'Opportunity', 'Contract', 'Case', 'Task', 'Event']) {
      const { body } = await callsTo(sandbox).call('GET', `/sobjects/${object}/describe`);
      const { fields } = body as {
        fields: { name: string; length: number; picklistValues: { value: string }[]; nillable: boolean }[];
      };
      for (const record of sandbox.org.all(object)) {
        for (const { name, length, picklistValues, nillable } of fields) {
          const value = record.fields[name];
          if (!nillable) expect(value, `${object}.${name} of ${record.id}`).not.toBeUndefined();
          if (typeof value !== 'string') continue;
          expect(length === 0 || value.length <= length, `${object}.${name}: ${value}`).toBe(true);
          const isListed = picklistValues.length === 0 || picklistValues.some((known) => known.value === value);
          // The world's industries and subjects are richer than Salesforce's own lists, which are not closed.
          expect(isListed || ['Industry', 'Subject'].includes(name), `${object}.${name}: ${value}`).toBe(true);
        }
      }
    }
  });

  it('points only to records that are there', async () => {
    const { query } = callsTo(await openWorld());
    const dangling = [
      'Contact WHERE AccountId != null AND Account.Name = null',
      'Opportunity WHERE AccountId != null AND Account.Name = null',
      'Task WHERE WhatId != null AND Account.Name = null',
      'AccountContactRelation WHERE Account.Name = null',
      'OpportunityContactRole WHERE Contact.LastName = null',
      'Account WHERE Owner.Username = null',
    ];
    for (const from of dangling) expect((await query(`SELECT COUNT() FROM ${from}`)).totalSize, from).toBe(0);
  });

  it('keeps what is wrong in the world: no dates, dates the wrong way round, private deals, owners who have left', async () => {
    const { query } = callsTo(await openWorld());
    const count = async (from: string) => (await query(`SELECT COUNT() FROM ${from}`)).totalSize;
    expect(await count('Contract WHERE EndDate = null')).toBeGreaterThan(0);
    expect(await count('Contract WHERE StartDate = null')).toBeGreaterThan(0);
    expect(await count('Opportunity WHERE AccountId = null')).toBeGreaterThan(0);
    expect(await count('Account WHERE Owner.IsActive = false')).toBeGreaterThan(0);
    expect(await count('AccountContactRelation WHERE IsDirect = false')).toBeGreaterThan(0);
  });

  it('tells the stories of the world under their names', async () => {
    const sandbox = await openWorld();
    const names = new Set(sandbox.org.all('Account').map(({ fields }) => fields['Name']));
    expect(stories.filter(({ account }) => !names.has(account))).toEqual([]);
  });

  it('keeps terms as contracts, or on the accounts, never as both', () => {
    const onAccounts = rowsOf({ termsIn: 'accounts' });
    expect(onAccounts.filter(({ object }) => object === 'Contract')).toEqual([]);
    const stated = everyAccount.filter(({ deletedAt, renewalOn }) => deletedAt === null && renewalOn !== null);
    const renewals = onAccounts.filter(
      ({ object, values, deletedAt }) =>
        object === 'Account' && deletedAt === null && values['Renewal_Date__c'] !== undefined,
    );
    expect(renewals).toHaveLength(stated.length);
    expect(of('Contract').filter(({ values }) => values['EndDate'] !== undefined)).toHaveLength(stated.length);
    expect(of('Account').filter(({ values }) => 'Renewal_Date__c' in values)).toEqual([]);
  });

  it('has people for customers, subscriptions and currencies where it is asked to', async () => {
    const sandbox = await openWorld({ personAccounts: true, cpq: true });
    const person = sandbox.org.all('Account').find(({ fields }) => fields['IsPersonAccount'] === true);
    const contact = sandbox.org.get(String(person?.fields['PersonContactId']));
    expect(person?.fields['Name']).toBe(`${person?.fields['FirstName']} ${person?.fields['LastName']}`);
    expect(contact?.fields).toMatchObject({ IsPersonAccount: true, AccountId: person?.id });
    const quantities = sandbox.org
      .all('SBQQ__Subscription__c')
      .map(({ fields }) => Number(fields['SBQQ__Quantity__c']));
    expect(quantities.some((quantity) => quantity < 0)).toBe(true);
    const currencies = new Set(sandbox.org.all('Opportunity').map(({ fields }) => fields['CurrencyIsoCode']));
    expect(currencies).toEqual(new Set(['USD', 'EUR', 'GBP', 'JPY']));
    const plain = await openWorld({ multiCurrency: false });
    expect(plain.org.all('Opportunity')[0]?.fields).not.toHaveProperty('CurrencyIsoCode');
  });
});
