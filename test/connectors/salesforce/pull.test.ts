import { describe, expect, it } from 'vitest';
import type { CrmSession, PullPage, PullRequest } from '../../../connectors/contract/connector.ts';
import type { RawRecord } from '../../../connectors/contract/record.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { SalesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';
import { accounts, ids, openOrg, orgNow, orgSeed, orgToken, row } from '../../support/sandbox-org.ts';

const MINUTE_MS = 60_000;
const at = (ms: number): string => new Date(ms).toISOString();

const open = ({ url }: SalesforceSandbox): CrmSession => salesforce.open(openDirectAccess(url, { token: orgToken }));

const all = (request: Partial<PullRequest> = {}): PullRequest => ({
  object: 'Account',
  fields: ['Name'],
  links: [],
  scope: { kind: 'all' },
  cursor: null,
  ...request,
});

const changed = (request: Partial<PullRequest> = {}): PullRequest =>
  all({ scope: { kind: 'changed', since: at(orgNow - MINUTE_MS), until: at(orgNow + MINUTE_MS) }, ...request });

const pull = (session: CrmSession, request: PullRequest): Promise<readonly PullPage[]> =>
  Array.fromAsync(session.pull(request));

const recordsOf = (pages: readonly PullPage[]): readonly RawRecord[] => pages.flatMap(({ records }) => records);
const idsOf = (pages: readonly PullPage[]): readonly string[] => recordsOf(pages).map(({ id }) => id);

describe('a full pull', () => {
  it('gives the fields that were asked for: empty ones as null, those that the org lacks not at all', async () => {
    const sandbox = await openOrg(
      orgSeed([row('Account', ids.account(1), { Name: 'Acme', NumberOfEmployees: 40, Renewal_Date__c: '2027-03-31' })]),
    );
    const fields = ['Name', 'NumberOfEmployees', 'Renewal_Date__c', 'CSM_Notes__c', 'ARR__c', 'CreatedDate'];
    expect(await pull(open(sandbox), all({ fields }))).toEqual([
      {
        records: [
          {
            object: 'Account',
            id: ids.account(1),
            fields: {
              Name: 'Acme',
              NumberOfEmployees: 40,
              Renewal_Date__c: '2027-03-31',
              CSM_Notes__c: null,
              CreatedDate: '2026-03-01T12:00:00.000Z',
            },
            links: {},
            createdAt: '2026-03-01T12:00:00.000Z',
            modifiedAt: '2026-03-01T12:00:00.000Z',
            deleted: false,
            mergedIds: [],
          },
        ],
        cursor: null,
        total: 1,
      },
    ]);
  });

  it('goes on by its cursor after any page, in another process too', async () => {
    const sandbox = await openOrg(orgSeed(accounts(9)), { pageRows: 2 });
    const pages = await pull(open(sandbox), all());
    expect(pages.map(({ records }) => records.length)).toEqual([2, 2, 2, 2, 1]);
    for (const [place, { cursor }] of pages.slice(0, -1).entries()) {
      expect(idsOf(await pull(open(sandbox), all({ cursor })))).toEqual(idsOf(pages.slice(place + 1)));
    }
  });

  it('takes one call a page, whatever length Salesforce gives a page', async () => {
    const sandbox = await openOrg(orgSeed(accounts(40)), { pageRows: 16, shrinkingPages: true });
    const pages = await pull(open(sandbox), all());
    expect(idsOf(pages)).toHaveLength(40);
    expect(sandbox.calls.total).toBe(pages.length);
  });

  it('outlives the death of its locator', async () => {
    const sandbox = await openOrg(orgSeed(accounts(6)), { pageRows: 2 });
    const dead = { errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' };
    sandbox.faults.add({ kind: 'status', status: 400, ...dead, match: { purpose: 'query more', nth: 2 } });
    expect(idsOf(await pull(open(sandbox), all()))).toEqual(accounts(6).map(({ id }) => id));
  });

  it('leaves deleted records out, and users who only look like users', async () => {
    const sandbox = await openOrg(
      orgSeed(accounts(2), {
        seed: {
          users: [
            ...orgSeed([]).users,
            { ...orgSeed([]).users[0], id: ids.user(9), username: 'bot', userType: 'AutomatedProcess' } as never,
          ],
        },
      }),
    );
    sandbox.org.remove(ids.account(1));
    expect(idsOf(await pull(open(sandbox), all()))).toEqual([ids.account(2)]);
    const users = recordsOf(await pull(open(sandbox), all({ object: 'User', fields: ['Name', 'IsActive'] })));
    expect(users.map(({ fields }) => fields)).toEqual([
      { Name: 'Holdfast Integration', IsActive: true },
      { Name: 'Ana Ruiz', IsActive: true },
      { Name: 'Bo Lund', IsActive: false },
    ]);
  });

  it('does without a field whose permission was taken away meanwhile', async () => {
    const sandbox = await openOrg(orgSeed(accounts(3)), { pageRows: 2 });
    const session = open(sandbox);
    await session.describe('Account');
    sandbox.org.hideField('Account', 'CSM_Notes__c');
    const records = recordsOf(await pull(session, all({ fields: ['Name', 'CSM_Notes__c'] })));
    expect(records.map(({ fields }) => fields)).toEqual(accounts(3).map(({ values }) => ({ Name: values['Name'] })));
  });

  it('refuses a cursor that it has not handed out', async () => {
    const sandbox = await openOrg(orgSeed([]));
    await expect(pull(open(sandbox), all({ cursor: '4711' }))).rejects.toMatchObject({ code: 'request-refused' });
  });
});

describe('the changes of a time', () => {
  it('are those that Salesforce stamped in it, the oldest first', async () => {
    const sandbox = await openOrg(
      orgSeed([
        row('Account', ids.account(1), { Name: 'Before' }, orgNow - 2 * MINUTE_MS),
        row('Account', ids.account(2), { Name: 'Later' }, orgNow),
        row('Account', ids.account(3), { Name: 'First' }, orgNow - MINUTE_MS),
      ]),
    );
    const records = recordsOf(await pull(open(sandbox), changed()));
    expect(records.map(({ fields }) => fields['Name'])).toEqual(['First', 'Later']);
  });

  it('come whole although a mass update gave far more of them one instant than a page holds', async () => {
    const sandbox = await openOrg(orgSeed(accounts(11, orgNow)), { pageRows: 3 });
    const pages = await pull(open(sandbox), changed());
    expect(idsOf(pages)).toEqual(accounts(11).map(({ id }) => id));
    for (const [place, { cursor }] of pages.slice(0, -1).entries()) {
      expect(idsOf(await pull(open(sandbox), changed({ cursor })))).toEqual(idsOf(pages.slice(place + 1)));
    }
  });

  it('miss nothing when a record is changed again while they are read', async () => {
    let now = orgNow;
    const sandbox = await openOrg(orgSeed(accounts(6, orgNow)), { pageRows: 2, now: () => now });
    const seen = new Set<string>();
    let cursor: string | null = null;
    for await (const page of open(sandbox).pull(changed())) {
      for (const { id } of page.records) seen.add(id);
      if (cursor !== null) continue;
      cursor = page.cursor;
      now += 10 * MINUTE_MS;
      sandbox.org.edit(ids.account(4), { Name: 'Changed again' });
    }
    expect(seen.size).toBe(6);
    const rest = new Set(idsOf(await pull(open(sandbox), changed({ cursor }))));
    // It has left this time for a later one, where the next pull of changes finds it.
    expect([...rest]).toEqual([ids.account(3), ids.account(5), ids.account(6)]);
  });

  it('tell deletions, without a call more', async () => {
    const sandbox = await openOrg(orgSeed(accounts(3)));
    sandbox.org.remove(ids.account(2));
    const records = recordsOf(await pull(open(sandbox), changed()));
    expect(records.map(({ id, deleted }) => [id, deleted])).toEqual([[ids.account(2), true]]);
    expect(sandbox.calls.total).toBe(1);
  });

  it('tell merges: the one that was merged away is gone, and the survivor names it', async () => {
    const sandbox = await openOrg(orgSeed(accounts(3)));
    sandbox.org.merge(ids.account(1), ids.account(3));
    const records = recordsOf(await pull(open(sandbox), changed()));
    expect(records).toContainEqual(expect.objectContaining({ id: ids.account(3), deleted: true }));
    expect(records).toContainEqual(
      expect.objectContaining({ id: ids.account(1), deleted: false, mergedIds: [ids.account(3)] }),
    );
  });

  it('follow a merge of a merge to the record that is still there', async () => {
    const sandbox = await openOrg(orgSeed(accounts(3)));
    sandbox.org.merge(ids.account(2), ids.account(3));
    sandbox.org.merge(ids.account(1), ids.account(2));
    const survivors = recordsOf(await pull(open(sandbox), changed())).filter(({ mergedIds }) => mergedIds.length > 0);
    expect(survivors.map(({ id, mergedIds }) => [id, [...mergedIds].sort()])).toEqual([
      [ids.account(1), [ids.account(2), ids.account(3)]],
    ]);
  });

  it('tell what came back out of the bin', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)));
    sandbox.org.remove(ids.account(1));
    sandbox.org.restore(ids.account(1));
    const records = recordsOf(await pull(open(sandbox), changed()));
    expect(records.map(({ id, deleted }) => [id, deleted])).toEqual([[ids.account(1), false]]);
  });
});

describe('what lies in the bin', () => {
  it('is listed, merges too; users have no bin', async () => {
    const sandbox = await openOrg(orgSeed(accounts(4)), { pageRows: 1 });
    sandbox.org.remove(ids.account(1));
    sandbox.org.merge(ids.account(3), ids.account(4));
    const bin = all({ scope: { kind: 'archived' } });
    const gone = recordsOf(await pull(open(sandbox), bin)).filter(({ deleted }) => deleted);
    expect(gone.map(({ id }) => id)).toEqual([ids.account(1), ids.account(4)]);
    expect(await pull(open(sandbox), { ...bin, object: 'User' })).toEqual([{ records: [], cursor: null, total: 0 }]);
  });
});

describe('links', () => {
  it('of contacts are their account, then the others that they belong to', async () => {
    const sandbox = await openOrg(
      orgSeed(
        [
          ...accounts(3),
          row('Contact', ids.contact(1), { LastName: 'Doe', AccountId: ids.account(2) }),
          row('Contact', ids.contact(2), { LastName: 'Private' }),
          row('AccountContactRelation', '07k5e0000000001AAA', { AccountId: ids.account(3), ContactId: ids.contact(1) }),
          row('AccountContactRelation', '07k5e0000000002AAA', { AccountId: ids.account(1), ContactId: ids.contact(1) }),
        ],
        { features: { contactRelations: true } },
      ),
    );
    const records = recordsOf(await pull(open(sandbox), all({ object: 'Contact', links: ['Account'] })));
    expect(records.map(({ links }) => links)).toEqual([
      { Account: [ids.account(2), ids.account(1), ids.account(3)] },
      { Account: [] },
    ]);
    expect(sandbox.calls.total).toBe(1);
  });

  it('of contacts are their account alone where the org knows no others, which is found out once', async () => {
    const sandbox = await openOrg(
      orgSeed([...accounts(1), row('Contact', ids.contact(1), { LastName: 'Doe', AccountId: ids.account(1) })]),
    );
    const session = open(sandbox);
    const request = all({ object: 'Contact', links: ['Account'] });
    expect(recordsOf(await pull(session, request)).map(({ links }) => links)).toEqual([{ Account: [ids.account(1)] }]);
    const calls = sandbox.calls.total;
    await pull(session, request);
    expect(sandbox.calls.total).toBe(calls + 1);
  });

  it('of opportunities are their account and the people with a role in them, the primary one first', async () => {
    const role = (number: number, contact: number, isPrimary: boolean): ReturnType<typeof row> =>
      row('OpportunityContactRole', ids.role(number), {
        OpportunityId: ids.opportunity(1),
        ContactId: ids.contact(contact),
        IsPrimary: isPrimary,
      });
    const sandbox = await openOrg(
      orgSeed([
        ...accounts(1),
        row('Contact', ids.contact(1), { LastName: 'Doe', AccountId: ids.account(1) }),
        row('Contact', ids.contact(2), { LastName: 'Roe', AccountId: ids.account(1) }),
        row('Opportunity', ids.opportunity(1), {
          Name: 'Renewal',
          AccountId: ids.account(1),
          StageName: 'Prospecting',
          CloseDate: '2026-06-30',
        }),
        role(1, 1, false),
        role(2, 2, true),
      ]),
    );
    const session = open(sandbox);
    const request = all({ object: 'Opportunity', links: ['Account', 'Contact'] });
    const links = { Account: [ids.account(1)], Contact: [ids.contact(2), ids.contact(1)] };
    expect(recordsOf(await pull(session, request)).map((record) => record.links)).toEqual([links]);
    expect(await session.links('Opportunity', 'Contact', [ids.opportunity(1)])).toEqual(
      new Map([[ids.opportunity(1), links.Contact]]),
    );
  });

  it('that are fields of the record need no look of their own, those that stand in between do', async () => {
    const session = open(await openOrg(orgSeed([])));
    expect(session.linksAreFields?.('Contact', 'Account')).toBe(true);
    expect(session.linksAreFields?.('Opportunity', 'Account')).toBe(true);
    expect(session.linksAreFields?.('Opportunity', 'Contact')).toBe(false);
  });

  it('are looked up from the account to its tasks too, for a thousand accounts in a call', async () => {
    const sandbox = await openOrg(
      orgSeed([
        ...accounts(1_000),
        row('Task', ids.task(1), { Subject: 'One', WhatId: ids.account(7) }),
        row('Task', ids.task(2), { Subject: 'Two', WhatId: ids.account(7) }),
      ]),
    );
    const asked = accounts(1_000).map(({ id }) => id);
    const links = await open(sandbox).links('Account', 'Task', asked);
    expect([...links.keys()]).toEqual(asked);
    expect(links.get(ids.account(7))).toEqual([ids.task(1), ids.task(2)]);
    expect(links.get(ids.account(8))).toEqual([]);
    expect(sandbox.calls.total).toBe(1);
  });
});

describe('what only some orgs have', () => {
  it('is read like everything else: subscriptions of CPQ with their account and contract', async () => {
    const contract = '8005e0000000001AAA';
    const sandbox = await openOrg(
      orgSeed(
        [
          ...accounts(1),
          row('Contract', contract, { AccountId: ids.account(1), Status: 'Activated', StartDate: '2026-01-01' }),
          row('SBQQ__Subscription__c', 'a0F5e0000000001AAA', {
            SBQQ__Account__c: ids.account(1),
            SBQQ__Contract__c: contract,
            SBQQ__Quantity__c: -5,
          }),
        ],
        { features: { cpq: true } },
      ),
    );
    const request = all({
      object: 'SBQQ__Subscription__c',
      fields: ['SBQQ__Quantity__c'],
      links: ['Account', 'Contract'],
    });
    expect(recordsOf(await pull(open(sandbox), request)).map(({ fields, links }) => [fields, links])).toEqual([
      [{ SBQQ__Quantity__c: -5 }, { Account: [ids.account(1)], Contract: [contract] }],
    ]);
  });

  it('is told as a missing permission where it is not there', async () => {
    const session = open(await openOrg(orgSeed([])));
    await expect(pull(session, all({ object: 'SBQQ__Subscription__c', fields: [] }))).rejects.toMatchObject({
      code: 'permission-missing',
    });
  });
});

describe('the activities of an org, which are all tasks', () => {
  const seed = orgSeed([
    ...accounts(1),
    row('Contact', ids.contact(1), { LastName: 'Doe', AccountId: ids.account(1) }),
    row('Task', ids.task(1), { Subject: 'Prepare', WhatId: ids.account(1) }),
    row('Task', ids.task(2), { Subject: 'Call', WhoId: ids.contact(1), TaskSubtype: 'Call', Status: 'Completed' }),
    row('Task', ids.task(3), { Subject: 'Hello', WhatId: ids.account(1), TaskSubtype: 'Email', Status: 'Completed' }),
  ]);

  it('are read apart: to-dos, calls and e-mails', async () => {
    const session = open(await openOrg(seed));
    const links = ['Account', 'Contact'];
    const subjects = async (object: string): Promise<unknown> =>
      recordsOf(await pull(session, all({ object, fields: ['Subject'], links }))).map((record) => [
        record.fields['Subject'],
        record.links,
      ]);
    expect(await subjects('Task')).toEqual([['Prepare', { Account: [ids.account(1)], Contact: [] }]]);
    expect(await subjects('Task.Call')).toEqual([['Call', { Account: [ids.account(1)], Contact: [ids.contact(1)] }]]);
    expect(await subjects('Task.Email')).toEqual([['Hello', { Account: [ids.account(1)], Contact: [] }]]);
  });

  it('are not read at all where the user may not see what tells them apart', async () => {
    const sandbox = await openOrg(seed);
    sandbox.org.hideField('Task', 'TaskSubtype');
    await expect(pull(open(sandbox), all({ object: 'Task', fields: ['Subject'] }))).rejects.toMatchObject({
      code: 'permission-missing',
      field: 'TaskSubtype',
    });
  });
});

describe('records that are looked up', () => {
  it('are those that still exist, a thousand in a call, archived activities among them', async () => {
    const longAgo = orgNow - 500 * 86_400_000;
    const sandbox = await openOrg(
      orgSeed([
        ...accounts(1_000),
        row('Task', ids.task(1), { Subject: 'Old', Status: 'Completed', ActivityDate: '2024-10-01' }, longAgo),
        row('Task', ids.task(2), { Subject: 'Gone' }),
      ]),
    );
    sandbox.org.remove(ids.account(5));
    sandbox.org.remove(ids.task(2));
    const session = open(sandbox);
    const found = await session.read(
      'Account',
      accounts(1_000).map(({ id }) => id),
      ['Name'],
    );
    expect(found).toHaveLength(999);
    expect(sandbox.calls.total).toBe(1);
    const tasks = await session.read('Task', [ids.task(1), ids.task(2)], ['Subject']);
    expect(tasks.map(({ fields }) => fields)).toEqual([{ Subject: 'Old' }]);
  });
});
