import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgNow, orgSeed, row } from '../../support/sandbox-org.ts';

const rows = [
  row('Account', ids.account(1), { Name: 'Acme', Industry: 'Media', AnnualRevenue: 100, BillingCity: 'Bonn' }),
  row('Account', ids.account(2), { Name: "O'Brien & Sons", AnnualRevenue: 250.5, ParentId: ids.account(1) }),
  row('Account', ids.account(3), { Name: '100% Pure_Tea', Industry: 'Retail' }),
  row('Contact', ids.contact(1), {
    FirstName: 'Ada',
    LastName: 'Byron',
    AccountId: ids.account(1),
    Email: 'a@b.example',
  }),
  row('Contact', ids.contact(2), { LastName: 'Solo' }),
  row('Contact', ids.contact(3), { FirstName: 'Bo', LastName: 'Dahl', AccountId: ids.account(1) }),
  row('Task', ids.task(1), { Subject: 'Call', WhatId: ids.account(2), WhoId: ids.contact(1), OwnerId: ids.user(2) }),
];
const openSmallOrg = async () => callsTo(await openOrg(orgSeed(rows, { features: { contactRelations: true } })));

describe('a query', () => {
  it.each([
    ["Name = 'acme'", ['Acme']],
    ["Name = 'O\\'Brien & Sons'", ["O'Brien & Sons"]],
    ["Name LIKE 'a%'", ['Acme']],
    ["Name LIKE '100\\% pure\\_t%'", ['100% Pure_Tea']],
    ["Name LIKE '_cme'", ['Acme']],
    ["Industry != 'Media'", ["O'Brien & Sons", '100% Pure_Tea']],
    ['Industry = null', ["O'Brien & Sons"]],
    ["Industry IN ('media', 'Retail')", ['Acme', '100% Pure_Tea']],
    ["Industry NOT IN ('Media')", ["O'Brien & Sons", '100% Pure_Tea']],
    ['AnnualRevenue > 100', ["O'Brien & Sons"]],
    ['AnnualRevenue <= 250.5', ['Acme', "O'Brien & Sons"]],
    ["NOT (Name = 'Acme')", ["O'Brien & Sons", '100% Pure_Tea']],
    ["(Name = 'Acme' OR Industry = 'Retail') AND BillingCity = null", ['100% Pure_Tea']],
    ["Parent.Name = 'Acme'", ["O'Brien & Sons"]],
    [`Id IN ('${ids.account(3).slice(0, 15)}', '${ids.account(1)}')`, ['Acme', '100% Pure_Tea']],
    ["Id IN (SELECT AccountId FROM Contact WHERE LastName = 'Byron')", ['Acme']],
    ["Id NOT IN (SELECT AccountId FROM Contact WHERE LastName = 'Byron')", ["O'Brien & Sons", '100% Pure_Tea']],
    ['LastModifiedDate >= 2026-03-01T12:00:00Z AND LastModifiedDate < 2026-03-01T13:00:01+01:00', undefined],
  ])('finds records WHERE %s', async (where, names = ['Acme', "O'Brien & Sons", '100% Pure_Tea']) => {
    const { column } = await openSmallOrg();
    expect(await column(`SELECT Name FROM Account WHERE ${where} ORDER BY Id`, 'Name')).toEqual(names);
  });

  it('orders by several fields, empty ones first unless told', async () => {
    const { column } = await openSmallOrg();
    expect(await column('SELECT Name FROM Account ORDER BY AnnualRevenue, Name', 'Name')).toEqual([
      '100% Pure_Tea',
      'Acme',
      "O'Brien & Sons",
    ]);
    expect(await column('SELECT Name FROM Account ORDER BY AnnualRevenue DESC NULLS LAST', 'Name')).toEqual([
      "O'Brien & Sons",
      'Acme',
      '100% Pure_Tea',
    ]);
  });

  it('shows fields of what a record points to, whatever kind that is', async () => {
    const { query } = await openSmallOrg();
    const { records } = await query(
      'SELECT Id, What.Name, What.Type, Who.Name, Account.Parent.Name, Owner.Name FROM Task',
    );
    const url = (object: string, id: string) => ({
      type: object,
      url: `/services/data/v66.0/sobjects/${object}/${id}`,
    });
    expect(records).toEqual([
      {
        attributes: url('Task', ids.task(1)),
        Id: ids.task(1),
        What: { attributes: url('Account', ids.account(2)), Name: "O'Brien & Sons", Type: 'Account' },
        Who: { attributes: url('Contact', ids.contact(1)), Name: 'Ada Byron' },
        Account: {
          attributes: url('Account', ids.account(2)),
          Parent: { attributes: url('Account', ids.account(1)), Name: 'Acme' },
        },
        Owner: { attributes: url('User', ids.user(2)), Name: 'Ana Ruiz' },
      },
    ]);
  });

  it('shows null where a reference is empty', async () => {
    const { query } = await openSmallOrg();
    const { records } = await query("SELECT Name, Account.Name FROM Contact WHERE LastName = 'Solo'");
    expect(records[0]).toMatchObject({ Name: 'Solo', Account: null });
  });

  it('shows children with their parent, each parent with a limit of its own', async () => {
    const { query } = await openSmallOrg();
    const { records } = await query(
      'SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC LIMIT 1) FROM Account',
    );
    expect(records.map((record) => record['Contacts'])).toEqual([
      { totalSize: 1, done: true, records: [expect.objectContaining({ LastName: 'Dahl' })] },
      null,
      null,
    ]);
  });

  it('counts and sums, in groups too', async () => {
    const { query } = await openSmallOrg();
    expect(await query('SELECT COUNT() FROM Contact')).toEqual({ totalSize: 3, done: true, records: [] });
    const { records } = await query('SELECT AccountId, COUNT(Id), MAX(Name) newest FROM Contact GROUP BY AccountId');
    expect(records).toEqual([
      { attributes: { type: 'AggregateResult' }, AccountId: ids.account(1), expr0: 2, newest: 'Bo Dahl' },
      { attributes: { type: 'AggregateResult' }, AccountId: null, expr0: 1, newest: 'Solo' },
    ]);
  });

  it('keeps moments to the second and shows them in UTC', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)), { now: () => orgNow + 987 });
    sandbox.org.edit(ids.account(1), { Phone: '1' });
    const { column } = callsTo(sandbox);
    expect(await column('SELECT SystemModstamp FROM Account', 'SystemModstamp')).toEqual([
      '2026-03-02T12:00:00.000+0000',
    ]);
    expect(await column('SELECT Id FROM Account WHERE SystemModstamp > 2026-03-02T12:00:00Z', 'Id')).toEqual([]);
  });
});

describe('a query that Salesforce would refuse', () => {
  it.each([
    ['SELECT Foo__c FROM Account', 'INVALID_FIELD', "No such column 'Foo__c' on entity 'Account'"],
    ['SELECT Id FROM Foo__c', 'INVALID_TYPE', "sObject type 'Foo__c' is not supported"],
    ['SELECT Boss.Name FROM Account', 'INVALID_FIELD', "Didn't understand relationship 'Boss' in field path"],
    ['SELECT Id, Id FROM Account', 'MALFORMED_QUERY', 'duplicate field selected: Id'],
    ["SELECT Id FROM Account WHERE Name = 'x", 'MALFORMED_QUERY', 'unexpected'],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY', "token: 'OR'"],
    [
      "SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
      'INVALID_FIELD',
      'must be of type dateTime',
    ],
    ['SELECT Id FROM Account WHERE CreatedDate > 2026-01-01', 'INVALID_FIELD', 'must be of type dateTime'],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD', 'must be of type string and should be enclosed'],
    ["SELECT Id FROM Account WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: abc'],
    ["SELECT Id FROM Account WHERE Description = 'x'", 'INVALID_FIELD', 'can not be filtered in a query call'],
    ['SELECT Id FROM Account ORDER BY Description', 'INVALID_FIELD', 'can not be sorted in a query call'],
    ['SELECT Id FROM Account LIMIT 1 OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
  ])('%s', async (soql, errorCode, message) => {
    const { call } = await openSmallOrg();
    const { status, body } = await call('GET', `/query?q=${encodeURIComponent(soql)}`);
    expect([status, body]).toEqual([400, [{ errorCode, message: expect.stringContaining(message) }]]);
  });

  it('has an address that is too long', async () => {
    const { call } = await openSmallOrg();
    const soql = `SELECT Id FROM Account WHERE Name IN (${"'x',".repeat(6_000)}'x')`;
    const { status } = await call('GET', `/query?q=${encodeURIComponent(soql)}`);
    expect(status).toBe(414);
  });

  it('names a field that permissions hide, in the same words as one that is not there', async () => {
    const sandbox = await openOrg(orgSeed(rows));
    sandbox.org.hideField('Account', 'AnnualRevenue');
    const { call } = callsTo(sandbox);
    const { body } = await call('GET', `/query?q=${encodeURIComponent('SELECT AnnualRevenue FROM Account')}`);
    expect(body).toEqual([
      {
        errorCode: 'INVALID_FIELD',
        message: expect.stringContaining("No such column 'AnnualRevenue' on entity 'Account'"),
      },
    ]);
  });
});

describe('pages of a query', () => {
  it('hold 2,000 rows at most, fewer with long text, and as many as asked for from 200 on', async () => {
    const { call } = callsTo(await openOrg(orgSeed(accounts(2_100))));
    const rowsOf = async (soql: string, options = ''): Promise<number> => {
      const headers: Record<string, string> = options === '' ? {} : { 'Sforce-Query-Options': options };
      const { body } = await call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, headers);
      return (body as { records: unknown[] }).records.length;
    };
    expect(await rowsOf('SELECT Id FROM Account')).toBe(2_000);
    expect(await rowsOf('SELECT Id, Description FROM Account')).toBe(1_000);
    expect(await rowsOf('SELECT Id FROM Account', 'batchSize=300')).toBe(300);
    expect(await rowsOf('SELECT Id FROM Account', 'batchSize=5')).toBe(200);
  });

  it('follow one another by a locator that query takes, also after queryAll', async () => {
    const sandbox = await openOrg(orgSeed(accounts(7)), { pageRows: 3 });
    const { query, column } = callsTo(sandbox);
    const first = await query('SELECT Id FROM Account', 'queryAll');
    expect(first).toMatchObject({ totalSize: 7, done: false });
    expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/0r8\w+-3$/);
    expect(await column('SELECT Id FROM Account', 'Id', 'queryAll')).toEqual(
      Array.from({ length: 7 }, (_, index) => ids.account(index + 1)),
    );
  });

  it('give every row once, however they shrink', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 16 }), async (count, pageRows) => {
        const sandbox = await openOrg(orgSeed(accounts(count)), { pageRows, shrinkingPages: true });
        const found = await callsTo(sandbox).column('SELECT Id FROM Account', 'Id');
        expect(found).toEqual(Array.from({ length: count }, (_, index) => ids.account(index + 1)));
      }),
      { numRuns: 20 },
    );
  });

  it('are no snapshot: a record shows what it is when its page is read', async () => {
    const sandbox = await openOrg(orgSeed(accounts(2)), { pageRows: 1 });
    const { query, call } = callsTo(sandbox);
    const first = await query('SELECT Name FROM Account');
    sandbox.org.edit(ids.account(2), { Name: 'Renamed' });
    const second = await call('GET', first.nextRecordsUrl ?? '');
    expect(second.body).toMatchObject({ done: true, records: [{ Name: 'Renamed' }] });
  });

  it('end after two days', async () => {
    let now = orgNow;
    const sandbox = await openOrg(orgSeed(accounts(2)), { pageRows: 1, now: () => now });
    const { query, call } = callsTo(sandbox);
    const first = await query('SELECT Name FROM Account');
    now += 2 * 86_400_000;
    const { status, body } = await call('GET', first.nextRecordsUrl ?? '');
    expect([status, body]).toEqual([400, [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }]]);
  });
});
