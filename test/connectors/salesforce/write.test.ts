import { describe, expect, it } from 'vitest';
import type { CrmSession } from '../../../connectors/contract/connector.ts';
import type { RawChange, WriteOutcome } from '../../../connectors/contract/record.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { SalesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';
import { accounts, ids, openOrg, orgSeed, orgToken, row } from '../../support/sandbox-org.ts';

const open = ({ url }: SalesforceSandbox): CrmSession => salesforce.open(openDirectAccess(url, { token: orgToken }));

const score = (number: number, value: string | null = '71.5'): RawChange => ({
  kind: 'update',
  object: 'Account',
  id: ids.account(number),
  fields: { Holdfast_Health_Score__c: value },
});

const task = (key: string, account: number, fields: Readonly<Record<string, string | null>> = {}): RawChange => ({
  kind: 'create',
  object: 'Task',
  fields: { Subject: `Call ${key}`, Holdfast_Key__c: key, OwnerId: ids.user(2), Status: 'Not Started', ...fields },
  links: { Account: [ids.account(account)] },
});

const codes = (outcomes: readonly WriteOutcome[]): readonly string[] =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code));

describe('values on records', () => {
  it('are written 200 in a call, each record for itself, for as many calls as were said', async () => {
    const sandbox = await openOrg(orgSeed(accounts(450)));
    const session = open(sandbox);
    const changes = accounts(450).map((_, at) => score(at + 1));
    const cost = session.costOf(changes);
    const outcomes = await session.write(changes);
    expect(new Set(codes(outcomes))).toEqual(new Set(['ok']));
    expect(sandbox.calls.perPurpose).toEqual({ 'update Account': 3 });
    expect(cost).toBe(3);
    expect(sandbox.org.get(ids.account(450))?.fields['Holdfast_Health_Score__c']).toBe(71.5);
  });

  it('are answered in the order in which they were given, whatever became of them', async () => {
    const sandbox = await openOrg(orgSeed(accounts(4)));
    sandbox.org.remove(ids.account(2));
    const outcomes = await open(sandbox).write([score(4), score(2), score(1, '5000'), score(99), score(3)]);
    expect(codes(outcomes)).toEqual(['ok', 'record-gone', 'value-refused', 'record-gone', 'ok']);
    expect(outcomes[0]).toEqual({
      ok: true,
      id: ids.account(4),
      fields: { Holdfast_Health_Score__c: '71.5' },
      modifiedAt: null,
    });
    expect(outcomes[2]).toMatchObject({ field: 'Holdfast_Health_Score__c', message: expect.stringContaining('5000') });
  });

  it('are cleared by null', async () => {
    const sandbox = await openOrg(
      orgSeed([row('Account', ids.account(1), { Name: 'A', Holdfast_Health_Score__c: 40 })]),
    );
    expect(codes(await open(sandbox).write([score(1, null)]))).toEqual(['ok']);
    expect(sandbox.org.get(ids.account(1))?.fields).not.toHaveProperty('Holdfast_Health_Score__c');
  });

  it('of a record that was merged away name the one that took over', async () => {
    const sandbox = await openOrg(orgSeed(accounts(3)));
    sandbox.org.merge(ids.account(1), ids.account(3));
    const [outcome] = await open(sandbox).write([score(3)]);
    expect(outcome).toMatchObject({ code: 'record-gone', survivorId: ids.account(1) });
  });

  it('are refused by an org rule in its own words, and the others are written', async () => {
    const message = 'Close the open cases first.';
    const sandbox = await openOrg(orgSeed(accounts(3)), {
      adminRule: ({ id }) => (id === ids.account(2) ? { message } : null),
    });
    const outcomes = await open(sandbox).write([score(1), score(2), score(3)]);
    expect(codes(outcomes)).toEqual(['ok', 'value-refused', 'ok']);
    expect(outcomes[1]).toMatchObject({ message: `FIELD_CUSTOM_VALIDATION_EXCEPTION: ${message}` });
  });

  it('never run the assignment rules of the org', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)), { assignsTo: ids.user(2) });
    const owner = sandbox.org.get(ids.account(1))?.fields['OwnerId'];
    sandbox.org.edit(ids.account(1), { OwnerId: ids.user(1) });
    await open(sandbox).write([score(1)]);
    expect(owner).not.toBe(ids.user(1));
    expect(sandbox.org.get(ids.account(1))?.fields['OwnerId']).toBe(ids.user(1));
  });

  it('go without a field that the org no longer has', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)));
    sandbox.org.hideField('Account', 'Holdfast_Health_Band__c');
    const fields = { Holdfast_Health_Score__c: '50', Holdfast_Health_Band__c: 'red' };
    const outcomes = await open(sandbox).write([{ kind: 'update', object: 'Account', id: ids.account(1), fields }]);
    expect(codes(outcomes)).toEqual(['ok']);
    expect(sandbox.org.get(ids.account(1))?.fields['Holdfast_Health_Score__c']).toBe(50);
  });

  it('of one record are never asked for twice in one write', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)));
    await expect(open(sandbox).write([score(1), score(1)])).rejects.toMatchObject({ code: 'request-refused' });
    expect(sandbox.calls.total).toBe(0);
  });
});

describe('a record that another process holds', () => {
  it('is tried again, and is written with the others', async () => {
    const sandbox = await openOrg(orgSeed(accounts(5)));
    sandbox.faults.add({ kind: 'refuse-rows', positions: [1, 3] });
    const outcomes = await open(sandbox).write([1, 2, 3, 4, 5].map((number) => score(number)));
    expect(new Set(codes(outcomes))).toEqual(new Set(['ok']));
    expect(sandbox.calls.total).toBe(2);
  });

  it('is given up after some tries, and no other with it', async () => {
    const sandbox = await openOrg(orgSeed(accounts(3)));
    sandbox.faults.add({ kind: 'refuse-rows', positions: [0], times: Infinity });
    const outcomes = await open(sandbox).write([score(1), score(2), score(3)]);
    expect(codes(outcomes)).toEqual(['record-locked', 'ok', 'ok']);
    expect(sandbox.calls.total).toBeLessThan(6);
  });
});

describe('a new task', () => {
  it('hangs on its account, or on the deal that it is about, whose account it then has', async () => {
    const deal = row('Opportunity', ids.opportunity(1), {
      Name: 'Renewal',
      AccountId: ids.account(2),
      StageName: 'Prospecting',
      CloseDate: '2026-06-30',
    });
    const sandbox = await openOrg(orgSeed([...accounts(2), deal]));
    const about = { Account: [ids.account(2)], Opportunity: [ids.opportunity(1)] };
    const outcomes = await open(sandbox).write([task('k1', 1), { ...task('k2', 2), links: about } as RawChange]);
    expect(codes(outcomes)).toEqual(['ok', 'ok']);
    expect(sandbox.org.all('Task').map(({ fields }) => [fields['WhatId'], fields['AccountId']])).toEqual([
      [ids.account(1), ids.account(1)],
      [ids.opportunity(1), ids.account(2)],
    ]);
  });

  it('is made once although the answer was lost and the call was repeated', async () => {
    const sandbox = await openOrg(orgSeed(accounts(2)));
    sandbox.faults.add({ kind: 'status', status: 503, afterWrite: true });
    const access = openDirectAccess(sandbox.url, { token: orgToken });
    await expect(salesforce.open(access).write([task('k1', 1)])).rejects.toMatchObject({ maybeDone: true });
    expect(access.calls).toEqual([{ bucket: 'general', purpose: 'create Task', repeatable: true }]);
    expect(codes(await open(sandbox).write([task('k1', 1)]))).toEqual(['ok']);
    expect(sandbox.org.count('Task')).toBe(1);
  });

  it('is made where the org lacks our key as well, and is then nobody’s to repeat', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)), { holdfastPackage: 'absent' });
    const access = openDirectAccess(sandbox.url, { token: orgToken });
    const change: RawChange = { ...task('k1', 1), fields: { Subject: 'Call', OwnerId: ids.user(2) } } as RawChange;
    expect(codes(await salesforce.open(access).write([change]))).toEqual(['ok']);
    expect(access.calls).toEqual([{ bucket: 'general', purpose: 'create Task', repeatable: false }]);
  });

  it('is made although the key field has vanished since the plan was made', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)), { holdfastPackage: 'unassigned' });
    expect(codes(await open(sandbox).write([task('k1', 1)]))).toEqual(['ok']);
    expect(sandbox.org.count('Task')).toBe(1);
  });

  it('without an owner tells who the org has given it to', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)));
    const session = open(sandbox);
    const change = task('k1', 1, { OwnerId: null });
    const cost = session.costOf([change]);
    const [outcome] = await session.write([change]);
    expect(outcome).toMatchObject({ ok: true, fields: { OwnerId: ids.user(1), Subject: 'Call k1' } });
    expect(sandbox.calls.total).toBe(cost);
  });

  it('for a colleague who has left is refused alone', async () => {
    const sandbox = await openOrg(orgSeed(accounts(2)));
    const outcomes = await open(sandbox).write([task('k1', 1, { OwnerId: ids.user(3) }), task('k2', 2)]);
    expect(codes(outcomes)).toEqual(['value-refused', 'ok']);
    expect(outcomes[0]).toMatchObject({ message: expect.stringContaining('INACTIVE_OWNER_OR_USER') });
  });

  it('of one account goes in one call with the others of that account', async () => {
    const sandbox = await openOrg(orgSeed(accounts(2)));
    const changes = Array.from({ length: 300 }, (_, at) => task(`k${String(at).padStart(3, '0')}`, (at % 2) + 1));
    const outcomes = await open(sandbox).write(changes);
    expect(outcomes.map((outcome) => outcome.ok && outcome.fields['Holdfast_Key__c'])).toEqual(
      changes.map((change) => change.kind === 'create' && change.fields['Holdfast_Key__c']),
    );
    const first = sandbox.org.all('Task').slice(0, 150);
    expect(new Set(first.map(({ fields }) => fields['AccountId'])).size).toBe(1);
  });
});

describe('a task that goes', () => {
  it('goes to the bin, and one that a person has deleted before counts as gone', async () => {
    const sandbox = await openOrg(orgSeed([row('Task', ids.task(1), { Subject: 'One' })]));
    const archive = (number: number): RawChange => ({ kind: 'archive', object: 'Task', id: ids.task(number) });
    expect(codes(await open(sandbox).write([archive(1), archive(2)]))).toEqual(['ok', 'record-gone']);
    expect(sandbox.org.deleted('Task').map(({ id }) => id)).toEqual([ids.task(1)]);
  });
});

describe('very many values', () => {
  const many = 2_400;
  const changes = accounts(many).map((_, at) => score(at + 1));

  it('go as one bulk job, which costs fewer calls than collections', async () => {
    const sandbox = await openOrg(orgSeed(accounts(many)), { bulkPolls: 0 });
    const session = open(sandbox);
    await session.describe('Account');
    sandbox.calls.reset();
    const cost = session.costOf(changes);
    const outcomes = await session.write(changes);
    expect(new Set(codes(outcomes))).toEqual(new Set(['ok']));
    expect(sandbox.calls.total).toBe(cost);
    expect(cost).toBeLessThan(many / 200);
    expect(sandbox.org.get(ids.account(many))?.fields['Holdfast_Health_Score__c']).toBe(71.5);
  });

  it('are refused one by one in a job as well: the rest is written, what is null is emptied', async () => {
    const sandbox = await openOrg(orgSeed(accounts(many)));
    sandbox.org.edit(ids.account(1), { Holdfast_Health_Score__c: 12 });
    sandbox.org.remove(ids.account(2));
    const outcomes = await open(sandbox).write([
      score(1, null),
      changes[1] as RawChange,
      score(3, '5000'),
      ...changes.slice(3),
    ]);
    expect(codes(outcomes.slice(0, 4))).toEqual(['ok', 'record-gone', 'value-refused', 'ok']);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(many - 2);
    expect(sandbox.org.get(ids.account(1))?.fields).not.toHaveProperty('Holdfast_Health_Score__c');
  });
});
