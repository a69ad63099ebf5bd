import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, numberOf, parseId, toId } from '../../../connectors/salesforce/sandbox/ids.ts';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgNow, orgSeed, row } from '../../support/sandbox-org.ts';

const DAY_MS = 86_400_000;

describe('an id', () => {
  it.each([
    ['0014S000007NxmlQAC', '0014S000007Nxml'],
    ['00Q4S000002sSacUAE', '00Q4S000002sSac'],
    ['0034S000005YJXWQA4', '0034S000005YJXW'],
    ['7014S00000097HcQAI', '7014S00000097Hc'],
  ])('of a real org carries the same checksum: %s', (long, short) => {
    expect(short + checksumOf(short)).toBe(long);
    expect(parseId(short)).toBe(long);
  });

  it('counts up in the order of its characters, and never loses its number', () => {
    const number = fc.integer({ min: 0, max: 10_000_000_000 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(numberOf(toId('001', a))).toBe(a);
        expect(Math.sign(toId('001', a) < toId('001', b) ? -1 : Number(a !== b))).toBe(Math.sign(a - b));
        expect(parseId(toId('001', a).slice(0, 15))).toBe(toId('001', a));
      }),
    );
  });

  it('with a wrong checksum is none', () => {
    expect(parseId('0014S000007NxmlQAA')).toBeNull();
    expect(parseId('0014S000007Nxm')).toBeNull();
  });
});

describe('what people do in the org', () => {
  const family = [
    ...accounts(2),
    row('Contact', ids.contact(1), { LastName: 'One', AccountId: ids.account(1) }),
    row('Opportunity', ids.opportunity(1), {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2026-05-01',
      AccountId: ids.account(1),
    }),
    row('Task', ids.task(1), { Subject: 'Call', WhatId: ids.account(1), WhoId: ids.contact(1) }),
  ];
  const openFamily = async () => {
    let now = orgNow;
    const seed = orgSeed(family, { features: { contactRelations: true } });
    const sandbox = await openOrg(seed, { now: () => now });
    const wait = (ms: number): void => {
      now += ms;
    };
    return { sandbox, wait, ...callsTo(sandbox) };
  };

  it('a deleted account takes what hangs on it along; queryAll shows it all, for 15 days', async () => {
    const { sandbox, column, query, wait } = await openFamily();
    sandbox.org.remove(ids.account(1));
    expect(await column('SELECT Id FROM Account', 'Id')).toEqual([ids.account(2)]);
    expect(await column('SELECT Id FROM Account WHERE IsDeleted = true', 'Id', 'queryAll')).toEqual([ids.account(1)]);
    for (const object of ['Contact', 'Opportunity', 'Task']) {
      expect((await query(`SELECT COUNT() FROM ${object}`)).totalSize, object).toBe(0);
      expect((await query(`SELECT COUNT() FROM ${object}`, 'queryAll')).totalSize, object).toBe(1);
    }
    wait(15 * DAY_MS + 1);
    expect(await column('SELECT Id FROM Account', 'Id', 'queryAll')).toEqual([ids.account(2)]);
    expect(sandbox.org.get(ids.account(1))).toBeNull();
  });

  it('a restored account comes back with its children and a new stamp', async () => {
    const { sandbox, wait } = await openFamily();
    sandbox.org.remove(ids.account(1));
    wait(DAY_MS);
    sandbox.org.restore(ids.account(1));
    expect(sandbox.org.count('Contact')).toBe(1);
    expect(sandbox.org.get(ids.account(1))?.fields['SystemModstamp']).toBe('2026-03-03T12:00:00.000+0000');
  });

  it('a purged record leaves no trace', async () => {
    const { sandbox, column } = await openFamily();
    sandbox.org.purge(ids.account(2));
    expect(await column('SELECT Id FROM Account', 'Id', 'queryAll')).toEqual([ids.account(1)]);
  });

  it('a merge moves the children and leaves the loser in the bin, naming the winner', async () => {
    const { sandbox, query, wait } = await openFamily();
    wait(DAY_MS);
    sandbox.org.merge(ids.account(2), ids.account(1));
    const { records } = await query('SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true', 'queryAll');
    expect(records).toEqual([{ attributes: expect.anything(), Id: ids.account(1), MasterRecordId: ids.account(2) }]);
    for (const id of [ids.contact(1), ids.opportunity(1), ids.task(1)]) {
      expect(sandbox.org.get(id)?.fields, id).toMatchObject({
        AccountId: ids.account(2),
        SystemModstamp: '2026-03-03T12:00:00.000+0000',
      });
    }
    expect(sandbox.org.get(ids.account(2))?.fields['SystemModstamp']).toBe('2026-03-03T12:00:00.000+0000');
    expect(sandbox.org.all('AccountContactRelation').map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ AccountId: ids.account(2), ContactId: ids.contact(1), IsDirect: true }),
    ]);
  });

  it('only records of one kind can be merged, and only where Salesforce merges them', async () => {
    const { sandbox } = await openFamily();
    expect(() => sandbox.org.merge(ids.account(1), ids.contact(1))).toThrow('cannot be merged');
    expect(() => sandbox.org.merge(ids.account(1), ids.account(1))).toThrow('cannot be merged with itself');
  });

  it('a contact that changes its account keeps one direct relation', async () => {
    const { sandbox } = await openFamily();
    sandbox.org.edit(ids.contact(1), { AccountId: ids.account(2) });
    expect(sandbox.org.all('AccountContactRelation').map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ AccountId: ids.account(2), IsDirect: true }),
    ]);
  });

  it('a user who leaves can no longer be given anything', async () => {
    const { sandbox, call } = await openFamily();
    sandbox.org.setUserActive(ids.user(2), false);
    const { body } = await call('PATCH', `/sobjects/Account/${ids.account(1)}`, { OwnerId: ids.user(2) });
    expect(body).toEqual([expect.objectContaining({ errorCode: 'INACTIVE_OWNER_OR_USER' })]);
  });

  it('activities of more than a year ago are archived: only queryAll shows them', async () => {
    const old = { Subject: 'Long ago', Status: 'Completed', ActivityDate: '2025-02-01' };
    const sandbox = await openOrg(
      orgSeed([
        row('Task', ids.task(1), old),
        row('Task', ids.task(2), { ...old, Status: 'Not Started' }),
        row('Task', ids.task(3), { ...old, ActivityDate: '2026-02-01' }),
      ]),
    );
    const { column } = callsTo(sandbox);
    expect(await column('SELECT Id FROM Task', 'Id')).toEqual([ids.task(2), ids.task(3)]);
    expect(await column('SELECT Id FROM Task WHERE IsArchived = true', 'Id', 'queryAll')).toEqual([ids.task(1)]);
  });

  it('an act that cannot be done says why', async () => {
    const { sandbox } = await openFamily();
    expect(() => sandbox.org.edit(ids.account(9), {})).toThrow(`${ids.account(9)} is not in the org`);
    expect(() => sandbox.org.edit(ids.account(1), { Foo__c: 1 })).toThrow('Account has no field Foo__c');
    expect(() => sandbox.org.restore(ids.account(1))).toThrow('is not in the bin');
    expect(() => sandbox.org.create('Lead', {})).toThrow('the org has no object Lead');
  });
});
