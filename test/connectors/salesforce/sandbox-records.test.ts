import { describe, expect, it } from 'vitest';
import { picklist, text } from '../../../connectors/salesforce/sandbox/field-definition.ts';
import { toId } from '../../../connectors/salesforce/sandbox/ids.ts';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgNow, orgSeed, row } from '../../support/sandbox-org.ts';

const type = (object: string) => ({ attributes: { type: object } });
const collection = (...records: readonly object[]) => ({ allOrNone: false, records });
const saved = (id: unknown = expect.any(String)) => ({ id, success: true, errors: [] });
const refused = (statusCode: string, message: string, fields: readonly string[] = []) => ({
  success: false,
  errors: [{ statusCode, message, fields }],
});

const openCustomers = async () => {
  const sandbox = await openOrg(orgSeed(accounts(3)));
  return { sandbox, ...callsTo(sandbox) };
};

describe('a collection', () => {
  it('answers 200 with one result for each record, in their order, whatever became of them', async () => {
    const { call, sandbox } = await openCustomers();
    sandbox.org.remove(ids.account(3));
    const { status, body } = await call(
      'PATCH',
      '/composite/sobjects',
      collection(
        { ...type('Account'), id: ids.account(2), Phone: '1' },
        { ...type('Account'), id: ids.account(99), Phone: '2' },
        { ...type('Account'), id: ids.account(3), Phone: '3' },
        { ...type('Account'), id: ids.account(1).slice(0, 15), Name: null },
        { ...type('Account'), Phone: '4' },
      ),
    );
    expect(status).toBe(200);
    expect(body).toEqual([
      saved(ids.account(2)),
      refused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'),
      refused('ENTITY_IS_DELETED', 'entity is deleted'),
      refused('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name']),
      refused('MISSING_ARGUMENT', 'Id not specified in an update call'),
    ]);
    expect(sandbox.org.get(ids.account(2))?.fields['Phone']).toBe('1');
  });

  it('with allOrNone takes everything back when one record fails', async () => {
    const { call, sandbox } = await openCustomers();
    const records = [{ ...type('Account'), Name: 'New' }, type('Account')];
    const { body } = await call('POST', '/composite/sobjects', { allOrNone: true, records });
    expect(body).toEqual([
      refused(
        'ALL_OR_NONE_OPERATION_ROLLED_BACK',
        'Record rolled back because not all records were valid and the request was using AllOrNone header',
      ),
      refused('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name']),
    ]);
    expect(sandbox.org.count('Account')).toBe(3);
  });

  it('makes or changes by an external id, and says which', async () => {
    const { call, sandbox } = await openCustomers();
    const upsert = (...records: readonly object[]) =>
      call('PATCH', '/composite/sobjects/Task/Holdfast_Key__c', collection(...records));
    const first = await upsert({ ...type('Task'), Holdfast_Key__c: 'k1', Subject: 'One' });
    const again = await upsert(
      { ...type('Task'), Holdfast_Key__c: 'K1', Subject: 'Two' },
      { ...type('Task'), Holdfast_Key__c: 'k1', Subject: 'Three' },
      { ...type('Task'), Subject: 'None' },
    );
    const [made] = first.body as { id: string }[];
    expect(first.body).toEqual([{ ...saved(), created: true }]);
    expect(again.body).toEqual([
      { ...saved(made?.id), created: false },
      refused('DUPLICATE_VALUE', 'Duplicate external id specified: k1', ['Holdfast_Key__c']),
      refused('MISSING_ARGUMENT', 'Holdfast_Key__c not specified'),
    ]);
    expect(sandbox.org.all('Task').map(({ fields }) => fields['Subject'])).toEqual(['Two']);
  });

  it('deletes and reads by ids', async () => {
    const { call } = await openCustomers();
    const gone = await call('DELETE', `/composite/sobjects?ids=${ids.account(1)},${ids.account(9)}`);
    expect(gone.body).toEqual([
      saved(ids.account(1)),
      refused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'),
    ]);
    const read = await call('POST', '/composite/sobjects/Account', {
      ids: [ids.account(2), ids.account(1)],
      fields: ['Name'],
    });
    expect(read.body).toEqual([{ attributes: expect.anything(), Name: 'Customer 2', Id: ids.account(2) }, null]);
  });

  it.each([
    ['more than 200 records', Array.from({ length: 201 }, () => type('Account')), 'EXCEEDED_ID_LIMIT'],
    ['a record that does not name its object', [{ Name: 'x' }], 'JSON_PARSER_ERROR'],
    ['a field that is not there', [{ ...type('Account'), Foo__c: 1 }], 'INVALID_FIELD'],
    ['a word for a number', [{ ...type('Account'), NumberOfEmployees: 'many' }], 'JSON_PARSER_ERROR'],
    ['no day for a date', [{ ...type('Opportunity'), CloseDate: '2026-02-30' }], 'JSON_PARSER_ERROR'],
    [
      'objects in more than ten changes',
      Array.from({ length: 12 }, (_, at) => ({ ...type(at % 2 === 0 ? 'Account' : 'Contact') })),
      'LIMIT_EXCEEDED',
    ],
  ])('is refused as a whole with %s', async (_, records, errorCode) => {
    const { call } = await openCustomers();
    const { status, body } = await call('POST', '/composite/sobjects', collection(...records));
    expect([status, body]).toEqual([400, [expect.objectContaining({ errorCode })]]);
  });
});

describe('a record is refused', () => {
  const writeTo = async (object: string, values: object, options = {}, id?: string) => {
    const sandbox = await openOrg(
      orgSeed(accounts(1), {
        seed: { fields: { Account: [picklist('Tier__c', 'Tier', ['A', 'B'], { isRestricted: true })] } },
      }),
      options,
    );
    const record = { ...type(object), ...(id === undefined ? {} : { id }), ...values };
    const method = id === undefined ? 'POST' : 'PATCH';
    const { body } = await callsTo(sandbox).call(method, '/composite/sobjects', collection(record));
    return (body as readonly unknown[])[0];
  };

  it.each([
    [
      'for text that is too long',
      { Name: 'x'.repeat(256) },
      'STRING_TOO_LONG',
      `Account Name: data value too large: ${'x'.repeat(256)} (max length=255)`,
      ['Name'],
    ],
    [
      'for a value that its restricted list lacks',
      { Name: 'x', Tier__c: 'C' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Tier: bad value for restricted picklist field: C',
      ['Tier__c'],
    ],
    [
      'for a number without room',
      { Name: 'x', Holdfast_Health_Score__c: 1_000 },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Health score: value outside of valid range on numeric field: 1000',
      ['Holdfast_Health_Score__c'],
    ],
    [
      'for an owner who has left',
      { Name: 'x', OwnerId: ids.user(3) },
      'INACTIVE_OWNER_OR_USER',
      `operation performed with inactive user [${ids.user(3)}] as owner of account`,
      ['OwnerId'],
    ],
    [
      'for an id of another object',
      { Name: 'x', ParentId: ids.contact(1) },
      'MALFORMED_ID',
      `Parent Account ID: id value of incorrect type: ${ids.contact(1)}`,
      ['ParentId'],
    ],
    [
      'for an id of nothing',
      { Name: 'x', ParentId: ids.account(9) },
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
      ['ParentId'],
    ],
    [
      "for a field that is Salesforce's own",
      { Name: 'x', LastActivityDate: '2026-01-01' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: LastActivityDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      ['LastActivityDate'],
    ],
  ])('%s', async (_, values, statusCode, message, fields) => {
    expect(await writeTo('Account', values)).toEqual(refused(statusCode, message, fields));
  });

  it("by the org's own validation rules", async () => {
    const adminRule = ({ values }: { readonly values: Readonly<Record<string, unknown>> }) =>
      values['Phone'] === '0' ? { message: 'Give a real number', fields: ['Phone'] } : null;
    expect(await writeTo('Account', { Phone: '0' }, { adminRule }, ids.account(1))).toEqual(
      refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Give a real number', ['Phone']),
    );
  });

  it('for a key that another record holds', async () => {
    const { call } = await openCustomers();
    const make = () =>
      call('POST', '/composite/sobjects', collection({ ...type('Task'), Subject: 'x', Holdfast_Key__c: 'k' }));
    const [first] = (await make()).body as { id: string }[];
    expect((await make()).body).toEqual([
      refused(
        'DUPLICATE_VALUE',
        `duplicate value found: Holdfast_Key__c duplicates value on record with id: ${first?.id.slice(0, 15)}`,
        ['Holdfast_Key__c'],
      ),
    ]);
  });

  it('for fields of ours that nobody has been permitted, as if they were not there', async () => {
    const values = { Name: 'x', Holdfast_Health_Score__c: 1 };
    expect(await writeTo('Account', values, { holdfastPackage: 'unassigned' })).toEqual(
      expect.objectContaining({ errorCode: 'INVALID_FIELD' }),
    );
    expect(await writeTo('Account', values)).toEqual(saved());
  });
});

describe('a written value', () => {
  it('is trimmed and rounded, and an empty one is none', async () => {
    const { call, sandbox } = await openCustomers();
    await call('PATCH', `/sobjects/Account/${ids.account(1)}`, {
      Name: '  Spaced  ',
      Phone: '   ',
      Holdfast_Health_Score__c: '71.26',
      Holdfast_Last_Scored_At__c: '2026-03-01T10:00:00.750+02:00',
    });
    expect(sandbox.org.get(ids.account(1))?.fields).toMatchObject({
      Name: 'Spaced',
      Holdfast_Health_Score__c: 71.3,
      Holdfast_Last_Scored_At__c: '2026-03-01T08:00:00.000+0000',
    });
    expect(sandbox.org.get(ids.account(1))?.fields).not.toHaveProperty('Phone');
  });

  it('moves the stamp even when it is what was there, and names the integration user', async () => {
    let now = orgNow;
    const sandbox = await openOrg(orgSeed(accounts(1)), { now: () => now });
    now += 60_000;
    await callsTo(sandbox).call('PATCH', `/sobjects/Account/${ids.account(1)}`, { Name: 'Customer 1' });
    expect(sandbox.org.get(ids.account(1))?.fields).toMatchObject({
      SystemModstamp: '2026-03-02T12:01:00.000+0000',
      LastModifiedDate: '2026-03-02T12:01:00.000+0000',
      LastModifiedById: ids.user(1),
    });
  });
});

describe('single records', () => {
  it('are made with 201 and an address, changed and deleted with 204 and nothing else', async () => {
    const { call } = await openCustomers();
    const made = await call('POST', '/sobjects/Account', { Name: 'New' });
    const { id } = made.body as { id: string };
    expect([made.status, made.headers.get('location')]).toEqual([201, `/services/data/v66.0/sobjects/Account/${id}`]);
    const changed = await call('PATCH', `/sobjects/Account/${id}`, { Phone: '1' });
    const deleted = await call('DELETE', `/sobjects/Account/${id}`);
    expect([changed.status, changed.text, deleted.status, deleted.text]).toEqual([204, '', 204, '']);
    expect(deleted.headers.get('sforce-limit-info')).toBeNull();
    const again = await call('DELETE', `/sobjects/Account/${id}`);
    expect([again.status, again.body]).toEqual([
      404,
      [{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }],
    ]);
  });

  it('are found by an external id; several holders are named with 300', async () => {
    const { call, sandbox } = await openCustomers();
    sandbox.org.addField('Account', text('Erp__c', 'ERP', 20, { externalId: true }));
    sandbox.org.edit(ids.account(1), { Erp__c: 'a b/c' });
    const one = await call('GET', `/sobjects/Account/Erp__c/${encodeURIComponent('a b/c')}?fields=Name`);
    expect(one.body).toMatchObject({ Id: ids.account(1), Name: 'Customer 1' });
    sandbox.org.edit(ids.account(2), { Erp__c: 'A B/C' });
    const two = await call('PATCH', `/sobjects/Account/Erp__c/${encodeURIComponent('a b/c')}`, { Phone: '1' });
    expect([two.status, two.body]).toEqual([
      300,
      [1, 2].map((number) => `/services/data/v66.0/sobjects/Account/${ids.account(number)}`),
    ]);
  });
});

describe('a composite call', () => {
  it('counts once, and lets a part use what an earlier one answered', async () => {
    const { call, sandbox } = await openCustomers();
    const { body } = await call('POST', '/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: '/services/data/v66.0/sobjects/Account', referenceId: 'a', body: { Name: 'Parent' } },
        {
          method: 'POST',
          url: '/services/data/v66.0/sobjects/Contact',
          referenceId: 'c',
          body: { LastName: 'Child', AccountId: '@{a.id}' },
        },
      ],
    });
    expect(body).toMatchObject({
      compositeResponse: [
        { referenceId: 'a', httpStatusCode: 201 },
        { referenceId: 'c', httpStatusCode: 201 },
      ],
    });
    expect(sandbox.org.all('Contact')[0]?.fields['AccountId']).toBe(sandbox.org.all('Account').at(-1)?.id);
    expect(sandbox.calls.apiUsed).toBe(1);
  });

  it('with allOrNone keeps nothing when a part fails', async () => {
    const { call, sandbox } = await openCustomers();
    const { status, body } = await call('POST', '/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: '/services/data/v66.0/sobjects/Account', referenceId: 'a', body: { Name: 'x' } },
        { method: 'POST', url: '/services/data/v66.0/sobjects/Account', referenceId: 'b', body: {} },
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      compositeResponse: [
        { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
        { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
      ],
    });
    expect(sandbox.org.count('Account')).toBe(3);
  });

  it('of the batch kind describes many objects at once', async () => {
    const { call } = await openCustomers();
    const { body } = await call('POST', '/composite/batch', {
      batchRequests: ['Account', 'Nothing'].map((object) => ({
        method: 'GET',
        url: `v66.0/sobjects/${object}/describe`,
      })),
    });
    expect(body).toMatchObject({
      hasErrors: true,
      results: [
        { statusCode: 200, result: { name: 'Account' } },
        { statusCode: 404, result: [{ errorCode: 'NOT_FOUND' }] },
      ],
    });
  });
});

describe('writes at the same time', () => {
  it('to what belongs to one account lock each other out; to different accounts they do not', async () => {
    const sandbox = await openOrg(orgSeed(accounts(2)), { latencyMs: 50 });
    const { call } = callsTo(sandbox);
    const task = (account: number) =>
      call('POST', '/composite/sobjects', collection({ ...type('Task'), Subject: 'x', WhatId: ids.account(account) }));
    const answers = await Promise.all([task(1), task(1), task(2)]);
    const codes = answers.map(({ body }) => JSON.stringify(body).includes('UNABLE_TO_LOCK_ROW'));
    expect(codes.filter(Boolean)).toHaveLength(1);
    expect(codes[2]).toBe(false);
    expect(JSON.stringify((await task(1)).body)).not.toContain('UNABLE_TO_LOCK_ROW');
  });
});

describe('assignment rules', () => {
  it('choose the owner of accounts and cases unless a call switches them off', async () => {
    const queueUser = toId('005', 2);
    const sandbox = await openOrg(orgSeed(accounts(1)), { assignsTo: queueUser });
    const { call } = callsTo(sandbox);
    const ownerAfter = async (headers: Record<string, string>): Promise<unknown> => {
      sandbox.org.edit(ids.account(1), { OwnerId: ids.user(1) });
      await call('PATCH', `/sobjects/Account/${ids.account(1)}`, { Phone: '1' }, headers);
      return sandbox.org.get(ids.account(1))?.fields['OwnerId'];
    };
    expect(await ownerAfter({})).toBe(queueUser);
    expect(await ownerAfter({ 'Sforce-Auto-Assign': 'FALSE' })).toBe(ids.user(1));
  });
});

describe('what Salesforce fills in', () => {
  it('follows the stage of an opportunity', async () => {
    const { call, sandbox } = await openCustomers();
    const made = await call('POST', '/sobjects/Opportunity', {
      Name: 'Deal',
      StageName: 'Negotiation/Review',
      CloseDate: '2026-05-01',
      Amount: 1_000,
    });
    const { id } = made.body as { id: string };
    expect(sandbox.org.get(id)?.fields).toMatchObject({
      Probability: 90,
      ExpectedRevenue: 900,
      ForecastCategoryName: 'Best Case',
      IsClosed: false,
      FiscalQuarter: 2,
      OwnerId: ids.user(1),
    });
    await call('PATCH', `/sobjects/Opportunity/${id}`, { StageName: 'Closed Won' });
    expect(sandbox.org.get(id)?.fields).toMatchObject({ Probability: 100, IsClosed: true, IsWon: true });
  });

  it('gives a contract its end: start and term, less a day', async () => {
    const { call, sandbox } = await openCustomers();
    const make = (StartDate: string, ContractTerm: number) =>
      call('POST', '/sobjects/Contract', { AccountId: ids.account(1), StartDate, ContractTerm });
    await make('2026-03-01', 12);
    await make('2025-08-31', 6);
    expect(sandbox.org.all('Contract').map(({ fields }) => fields['EndDate'])).toEqual(['2027-02-28', '2026-02-27']);
    const typed = await call('POST', '/sobjects/Contract', { AccountId: ids.account(1), EndDate: '2027-01-01' });
    expect(typed.body).toEqual([expect.objectContaining({ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' })]);
  });

  it('tells when a task was done and which account it is about, and stamps that account', async () => {
    let now = orgNow;
    const seed = orgSeed([
      ...accounts(1),
      row('Opportunity', ids.opportunity(1), {
        Name: 'Deal',
        AccountId: ids.account(1),
        StageName: 'Prospecting',
        CloseDate: '2026-05-01',
      }),
    ]);
    const sandbox = await openOrg(seed, { now: () => now });
    const { call } = callsTo(sandbox);
    const made = await call('POST', '/sobjects/Task', {
      Subject: 'Call',
      WhatId: ids.opportunity(1),
      ActivityDate: '2026-03-02',
    });
    const { id } = made.body as { id: string };
    const before = sandbox.org.get(ids.account(1))?.fields;
    now += 3_600_000;
    await call('PATCH', `/sobjects/Task/${id}`, { Status: 'Completed' });
    expect(sandbox.org.get(id)?.fields).toMatchObject({
      AccountId: ids.account(1),
      IsClosed: true,
      CompletedDateTime: '2026-03-02T13:00:00.000+0000',
    });
    expect(sandbox.org.get(ids.account(1))?.fields).toMatchObject({
      LastActivityDate: '2026-03-02',
      LastModifiedDate: before?.['LastModifiedDate'],
      SystemModstamp: '2026-03-02T13:00:00.000+0000',
    });
  });
});
