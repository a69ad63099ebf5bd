import { describe, expect, it } from 'vitest';
import { openPortal, portalNow, portalSeed, row, toCompany } from '../../support/sandbox-portal.ts';

const companies = '/crm/objects/2026-09/companies';
const numbered = (count: number, object = 'companies'): ReturnType<typeof row>[] =>
  Array.from({ length: count }, (_, index) => row(object, String(100 + index), { name: `Company ${index}` }));

describe('the list of records', () => {
  it('gives every record once, by id, in pages of at most 100', async () => {
    const { get } = await openPortal({ seed: portalSeed(numbered(250).toReversed()) });
    const first = await get(`${companies}?limit=100&properties=name`);
    const second = await get(`${companies}?limit=100&after=${first.body.paging?.next.after}`);
    const third = await get(`${companies}?limit=100&after=${second.body.paging?.next.after}`);
    const ids = [first, second, third].flatMap(({ body }) => body.results.map(({ id }) => id));
    expect(ids).toEqual(numbered(250).map(({ id }) => id));
    expect(third.body.paging).toBeUndefined();
  });

  it('refuses a page of more than 100', async () => {
    const { get } = await openPortal();
    expect((await get(`${companies}?limit=101`)).status).toBe(400);
  });

  it('loses nothing when a record between two pages is archived meanwhile', async () => {
    const { get, sandbox } = await openPortal({ seed: portalSeed(numbered(4)) });
    const { body } = await get(`${companies}?limit=2`);
    sandbox.portal.archive('companies', '102');
    const rest = await get(`${companies}?limit=2&after=${body.paging?.next.after}`);
    expect(rest.body.results.map(({ id }) => id)).toEqual(['103']);
  });

  it('shows empty properties that were asked for as null and leaves unknown ones out', async () => {
    const { get } = await openPortal({
      seed: portalSeed([row('companies', '1', { name: 'Ada', domain: 'ada.example' })]),
    });
    const { body } = await get(`${companies}?properties=name,industry,no_such_property`);
    expect(body.results[0]?.properties).toEqual({
      name: 'Ada',
      industry: null,
      hs_object_id: '1',
      createdate: '2026-03-01T12:00:00Z',
      hs_lastmodifieddate: '2026-03-01T12:00:00Z',
    });
  });

  it('tells the modified date of contacts under their own name and never fills the common one', async () => {
    const { get } = await openPortal({ seed: portalSeed([row('contacts', '1', { email: 'a@b.example' })]) });
    const { body } = await get('/crm/objects/2026-09/contacts?properties=hs_lastmodifieddate');
    expect(body.results[0]?.properties).toMatchObject({
      hs_lastmodifieddate: null,
      lastmodifieddate: '2026-03-01T12:00:00Z',
    });
  });

  it('shows archived records of companies only when asked, and cannot list archived calls at all', async () => {
    const { get, sandbox } = await openPortal({ seed: portalSeed(numbered(2)) });
    sandbox.portal.archive('companies', '100');
    expect((await get(companies)).body.results.map(({ id }) => id)).toEqual(['101']);
    const archived = await get(`${companies}?archived=true`);
    expect(archived.body.results).toMatchObject([{ id: '100', archived: true }]);
    expect((await get('/crm/objects/2026-09/calls?archived=true')).status).toBe(400);
  });

  it('names the primary company of a deal and the other one, in both rows that HubSpot gives the primary', async () => {
    const { get } = await openPortal({
      seed: portalSeed(
        [...numbered(2), row('deals', '7', { dealname: 'Renewal' })],
        [toCompany(['deals', '7'], '101', true), toCompany(['deals', '7'], '100')],
      ),
    });
    const { body } = await get(
      '/crm/objects/2026-09/deals?associations=companies,contacts&properties=hs_primary_associated_company',
    );
    expect(body.results[0]?.associations).toEqual({
      companies: {
        results: [
          { id: '100', type: 'deal_to_company_unlabeled' },
          { id: '101', type: 'deal_to_company' },
          { id: '101', type: 'deal_to_company_unlabeled' },
        ],
      },
    });
    expect(body.results[0]?.properties['hs_primary_associated_company']).toBe('101');
  });

  it('shows at most 100 linked records with a record and says that there are more', async () => {
    const contacts = Array.from({ length: 130 }, (_, index) => row('contacts', String(5000 + index)));
    const { get } = await openPortal({
      seed: portalSeed(
        [...numbered(1), ...contacts],
        contacts.map(({ id }) => toCompany(['contacts', id], '100')),
      ),
    });
    const { body } = await get(`${companies}?associations=contacts`);
    const inline = body.results[0]?.associations?.['contacts'];
    expect(inline?.results).toHaveLength(100);
    expect(inline?.paging?.next.after).toBe('5100');
  });

  it('takes type ids for names, other dates of the API, and refuses what it does not know', async () => {
    const { get } = await openPortal({ seed: portalSeed(numbered(1)) });
    expect((await get('/crm/objects/2026-03/0-2')).body.results).toHaveLength(1);
    expect((await get('/crm/objects/2026-09/widgets')).status).toBe(400);
    expect((await get('/crm/v3/objects/companies')).status).toBe(404);
    expect((await get(`${companies}?lmit=10`)).status).toBe(400);
  });

  it('refuses a URL that is longer than 16 kB', async () => {
    const { get } = await openPortal();
    expect((await get(`${companies}?properties=${'a_long_property_name,'.repeat(900)}`)).status).toBe(414);
  });
});

describe('writing many records in one call', () => {
  const update = `${companies}/batch/update`;

  it('stores the values, gives them back as stored and moves the modified date', async () => {
    const { post, sandbox } = await openPortal({ seed: portalSeed(numbered(1)) });
    const { status, body } = await post(update, {
      inputs: [{ id: '100', properties: { renewal_date: String(Date.UTC(2026, 5, 30)), products: ';plus', name: '' } }],
    });
    expect(status).toBe(200);
    expect(body.results[0]?.properties).toMatchObject({ renewal_date: '2026-06-30', products: 'plus', name: null });
    expect(sandbox.portal.get('companies', '100')).toMatchObject({
      properties: { renewal_date: '2026-06-30', products: 'plus' },
      updatedAt: '2026-03-02T12:00:00Z',
    });
  });

  it('adds to a choice of several when the value begins with a semicolon', async () => {
    const seed = portalSeed([row('companies', '1', { products: 'core' })]);
    const { post, sandbox } = await openPortal({ seed });
    await post(update, { inputs: [{ id: '1', properties: { products: ';plus' } }] });
    expect(sandbox.portal.get('companies', '1')?.properties['products']).toBe('core;plus');
  });

  it.each([
    ['an unknown property', { no_such_property: 'x' }, 'PROPERTY_DOESNT_EXIST'],
    ['an option that does not exist', { industry: 'Software' }, 'INVALID_OPTION'],
    ['one wrong choice among several', { products: 'core;basic' }, 'INVALID_OPTION'],
    ['a number with thousands separators', { annualrevenue: '1,200' }, 'INVALID_NUMBER'],
    ['a number with a space after it', { annualrevenue: '1200 ' }, 'INVALID_NUMBER'],
    ['a date that is not midnight UTC', { renewal_date: '2026-06-30T22:00:00Z' }, 'INVALID_DATE'],
    ['a day that does not exist', { renewal_date: '2026-02-30' }, 'INVALID_LONG'],
    ['a date in words', { renewal_date: 'next June' }, 'INVALID_LONG'],
    ['a property that HubSpot works out', { num_associated_deals: '3' }, 'READ_ONLY_VALUE'],
    ['an owner who has left', { hubspot_owner_id: '12' }, 'INVALID_OWNER_ID'],
  ])('refuses the whole batch for %s in one record, without saying which record', async (_, properties, code) => {
    const { post, sandbox } = await openPortal({ seed: portalSeed(numbered(2)) });
    const { status, body, text } = await post(update, {
      inputs: [
        { id: '100', properties: { name: 'New name' } },
        { id: '101', properties },
      ],
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'error', category: 'VALIDATION_ERROR', errors: [{ code }] });
    expect(body.message).toMatch(/^Property values were not valid: \[\{"isValid":false,/);
    expect(text).not.toContain('"101"');
    expect(sandbox.portal.get('companies', '100')?.properties['name']).toBe('Company 0');
  });

  it.each([
    ['numbers', 5],
    ['booleans', true],
    ['null', null],
  ])('refuses values that are %s: everything is text', async (_, value) => {
    const { post } = await openPortal({ seed: portalSeed(numbered(1)) });
    expect((await post(update, { inputs: [{ id: '100', properties: { annualrevenue: value } }] })).status).toBe(400);
  });

  it('refuses more than 100 records, and the same record twice', async () => {
    const { post } = await openPortal({ seed: portalSeed(numbered(101)) });
    const inputs = numbered(101).map(({ id }) => ({ id, properties: { name: 'x' } }));
    expect((await post(update, { inputs })).status).toBe(400);
    expect((await post(update, { inputs: [inputs[0], inputs[0]] })).status).toBe(400);
    expect((await post(update, { inputs: inputs.slice(1) })).status).toBe(200);
  });

  it.each([
    ['multi-status', 207],
    ['errors-in-200', 200],
  ] as const)(
    'writes the others when a record is gone, and names the gone ones (%s)',
    async (missingInBatch, status) => {
      const { post, sandbox } = await openPortal({ seed: portalSeed(numbered(2)), missingInBatch });
      sandbox.portal.archive('companies', '101');
      const answer = await post(update, {
        inputs: ['100', '101', '999'].map((id) => ({ id, properties: { name: 'Written' } })),
      });
      expect(answer.status).toBe(status);
      expect(answer.body.results.map(({ id }) => id)).toEqual(['100']);
      expect(answer.body.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['101', '999'] } }]);
    },
  );

  it('can refuse the whole batch for a record that is gone', async () => {
    const { post, sandbox } = await openPortal({ seed: portalSeed(numbered(1)), missingInBatch: 'whole-400' });
    const inputs = ['100', '999'].map((id) => ({ id, properties: { name: 'Written' } }));
    expect((await post(update, { inputs })).status).toBe(400);
    expect(sandbox.portal.get('companies', '100')?.properties['name']).toBe('Company 0');
  });

  it("enforces an admin's own rule on every write through the API", async () => {
    const { post } = await openPortal({
      seed: portalSeed(numbered(2)),
      adminRule: (_, properties) =>
        properties['name'] === 'Company 1' && properties['domain'] === undefined
          ? { property: 'domain', message: 'Domain is required.' }
          : null,
    });
    const inputs = ['100', '101'].map((id) => ({ id, properties: { annualrevenue: '5' } }));
    const { status, body } = await post(update, { inputs });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { code: 'MISSING_CONDITIONAL_REQUIRED_PROPERTY', context: { propertyName: ['domain'] } },
    ]);
  });

  it('can answer with success and have written nothing', async () => {
    const { post, sandbox } = await openPortal({ seed: portalSeed(numbered(1)) });
    sandbox.faults.add({ kind: 'wrote-nothing', match: { purpose: 'batch update' } });
    const { status, body } = await post(update, { inputs: [{ id: '100', properties: { name: 'x' } }] });
    expect([status, body.results]).toEqual([200, []]);
    expect(sandbox.portal.get('companies', '100')?.properties['name']).toBe('Company 0');
  });

  it('archives many at once and does not mind those that are gone', async () => {
    const { post, sandbox } = await openPortal({ seed: portalSeed(numbered(3)) });
    const inputs = [{ id: '100' }, { id: '999' }, { id: '102' }];
    expect((await post(`${companies}/batch/archive`, { inputs })).status).toBe(204);
    expect(sandbox.portal.all('companies').map(({ id }) => id)).toEqual(['101']);
  });

  it('reads many at once, leaving out the missing ones and saying so', async () => {
    const { post } = await openPortal({ seed: portalSeed(numbered(1)) });
    const { status, body } = await post(`${companies}/batch/read`, {
      inputs: [{ id: '100' }, { id: '999' }],
      properties: ['name'],
      propertiesWithHistory: [],
    });
    expect(status).toBe(207);
    expect(body.results.map(({ id }) => id)).toEqual(['100']);
    expect(body.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['999'] } }]);
  });
});

describe('making tasks', () => {
  const tasks = '/crm/objects/2026-09/tasks';
  const task = (extra: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
    hs_timestamp: '2026-03-05T09:00:00Z',
    hs_task_subject: 'Call Ada',
    hs_task_status: 'NOT_STARTED',
    hubspot_owner_id: '11',
    ...extra,
  });
  const link = (id: string, associationTypeId: number): object => ({
    to: { id },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
  });

  it('links the new task to its company and deal in the same call', async () => {
    const { post, sandbox } = await openPortal({ seed: portalSeed([...numbered(1), row('deals', '7')]) });
    const { status, body } = await post(tasks, {
      properties: task(),
      associations: [link('100', 192), link('7', 216)],
    });
    expect(status).toBe(201);
    expect(sandbox.portal.links('tasks', body.id, 'companies')).toEqual(['100']);
    expect(sandbox.portal.links('deals', '7', 'tasks')).toEqual([body.id]);
  });

  it.each([
    ['without a due date', { properties: { hs_task_subject: 'Call Ada' } }],
    ['with a status that does not exist', { properties: task({ hs_task_status: 'DONE' }) }],
    ['linked to nothing that exists', { properties: task(), associations: [link('100', 192)] }],
    ['with a link type that is not of tasks', { properties: task(), associations: [link('100', 279)] }],
  ])('refuses a task %s', async (_, input) => {
    const { post, sandbox } = await openPortal();
    expect((await post(tasks, input)).status).toBe(400);
    expect(sandbox.portal.count('tasks')).toBe(0);
  });

  it('makes the sound ones of a batch when each input carries a trace id', async () => {
    const { post, sandbox } = await openPortal();
    const { status, body } = await post(`${tasks}/batch/create`, {
      inputs: [
        { properties: task(), objectWriteTraceId: 'first' },
        { properties: task({ hs_task_status: 'DONE' }), objectWriteTraceId: 'second' },
      ],
    });
    expect(status).toBe(207);
    expect(body.results).toMatchObject([{ objectWriteTraceId: 'first' }]);
    expect(body.errors).toMatchObject([{ context: { objectWriteTraceId: ['second'] } }]);
    expect(sandbox.portal.count('tasks')).toBe(1);
  });

  it('makes none of a batch when one is wrong and there are no trace ids', async () => {
    const { post, sandbox } = await openPortal();
    const inputs = [{ properties: task() }, { properties: { hs_task_subject: 'No due date' } }];
    expect((await post(`${tasks}/batch/create`, { inputs })).status).toBe(400);
    expect(sandbox.portal.count('tasks')).toBe(0);
  });

  it('notes when a task was completed', async () => {
    const { send, sandbox } = await openPortal({ seed: portalSeed([row('tasks', '5', task())]) });
    await send('PATCH', `${tasks}/5`, { properties: { hs_task_status: 'COMPLETED' } });
    expect(sandbox.portal.get('tasks', '5')?.properties).toMatchObject({
      hs_task_completion_date: '2026-03-02T12:00:00Z',
      hs_task_is_completed: 'true',
    });
  });
});

describe('merges', () => {
  it('keep the primary company, which answers to both ids from then on', async () => {
    const { get, send, post, sandbox } = await openPortal({
      seed: portalSeed([...numbered(2), row('contacts', '7')], [toCompany(['contacts', '7'], '101', true)]),
    });
    sandbox.portal.merge('companies', '100', '101');
    const byOldId = await get(`${companies}/101?properties=hs_merged_object_ids,name`);
    expect(byOldId.body).toMatchObject({ id: '100', properties: { hs_merged_object_ids: '101', name: 'Company 0' } });
    expect(sandbox.portal.links('companies', '100', 'contacts')).toEqual(['7']);
    expect(sandbox.portal.primaryCompany('contacts', '7')).toBe('100');
    expect((await get(`${companies}?archived=true`)).body.results).toEqual([]);

    expect((await send('PATCH', `${companies}/101`, { properties: { name: 'Both' } })).body.id).toBe('100');
    const batch = await post(`${companies}/batch/update`, { inputs: [{ id: '101', properties: { name: 'x' } }] });
    expect([batch.status, batch.body.results]).toEqual([207, []]);
  });

  it('make a new deal out of two, and both old ones are gone', async () => {
    const { post, get, sandbox } = await openPortal({
      seed: portalSeed(
        [...numbered(1), row('deals', '7', { dealname: 'Seven' }), row('deals', '8', { amount: '5' })],
        [toCompany(['deals', '7'], '100', true)],
      ),
    });
    const { body } = await post('/crm/objects/2026-09/deals/merge', { primaryObjectId: '7', objectIdToMerge: '8' });
    expect(['7', '8']).not.toContain(body.id);
    expect(sandbox.portal.all('deals')).toMatchObject([
      { id: body.id, properties: { dealname: 'Seven', amount: '5' } },
    ]);
    expect((await get('/crm/objects/2026-09/deals/8')).body.id).toBe(body.id);
    expect(sandbox.portal.links('deals', body.id, 'companies')).toEqual(['100']);
    expect(sandbox.portal.links('deals', '7', 'companies')).toEqual([]);
  });
});

describe('links', () => {
  const read = '/crm/associations/2026-09/companies/deals/batch/read';

  it('are read for many records at once, each with pages of its own', async () => {
    const deals = ['7', '8', '9'].map((id) => row('deals', id));
    const { post } = await openPortal({
      seed: portalSeed(
        [...numbered(2), ...deals],
        deals.map(({ id }) => toCompany(['deals', id], '100', id === '8')),
      ),
      associationPageSize: 2,
    });
    const { status, body } = await post(read, { inputs: [{ id: '100' }, { id: '101' }] });
    expect(status).toBe(207);
    expect(body.errors).toMatchObject([{ context: { fromObjectId: ['101'] } }]);
    expect(body.results).toMatchObject([
      {
        from: { id: '100' },
        to: [
          { toObjectId: '7', associationTypes: [{ typeId: 342 }] },
          { toObjectId: '8', associationTypes: [{ typeId: 6 }, { typeId: 342 }] },
        ],
        paging: { next: { after: '9' } },
      },
    ]);
    const rest = await post(read, { inputs: [{ id: '100', after: '9' }] });
    expect(rest.body.results.map(({ to }) => to.map(({ toObjectId }) => toObjectId))).toEqual([['9']]);
  });

  it('take at most 1,000 records in one read', async () => {
    const { post } = await openPortal();
    const inputs = Array.from({ length: 1_001 }, (_, index) => ({ id: String(index) }));
    expect((await post(read, { inputs })).status).toBe(400);
    expect((await post(read, { inputs: inputs.slice(1) })).status).toBe(207);
  });

  it('change without moving the modified date, whoever changes them', async () => {
    const { send, sandbox } = await openPortal({ seed: portalSeed([...numbered(1), row('deals', '7')]) });
    const before = sandbox.portal.get('deals', '7')?.updatedAt;
    expect((await send('PUT', '/crm/objects/2026-09/deals/7/associations/companies/100/5')).status).toBe(200);
    expect(sandbox.portal.primaryCompany('deals', '7')).toBe('100');
    sandbox.portal.unlink('companies', '100', 'deals', '7');
    expect(sandbox.portal.primaryCompany('deals', '7')).toBeNull();
    expect(sandbox.portal.get('deals', '7')?.updatedAt).toBe(before);
  });

  it('of an archived record are hidden until it is restored', async () => {
    const { sandbox } = await openPortal({
      seed: portalSeed([...numbered(1), row('deals', '7')], [toCompany(['deals', '7'], '100')]),
    });
    sandbox.portal.archive('deals', '7');
    expect(sandbox.portal.links('companies', '100', 'deals')).toEqual([]);
    sandbox.portal.restore('deals', '7');
    expect(sandbox.portal.links('companies', '100', 'deals')).toEqual(['7']);
  });
});

describe('unique values', () => {
  it('refuse a second contact with the same address, naming the first', async () => {
    const { post } = await openPortal({ seed: portalSeed([row('contacts', '7', { email: 'ada@b.example' })]) });
    const { status, body } = await post('/crm/objects/2026-09/contacts', { properties: { email: 'Ada@b.example' } });
    expect(status).toBe(409);
    expect(body.message).toContain('Existing ID: 7');
  });

  it('find the record of an upsert', async () => {
    const { post, sandbox } = await openPortal({
      seed: portalSeed([row('contacts', '7', { email: 'ada@b.example' })]),
    });
    const { body } = await post('/crm/objects/2026-09/contacts/batch/upsert', {
      inputs: ['ada@b.example', 'bo@b.example'].map((id) => ({ id, idProperty: 'email', properties: { city: 'Ulm' } })),
    });
    expect(body.results).toMatchObject([{ id: '7', new: false }, { new: true }]);
    expect(sandbox.portal.all('contacts').map(({ properties }) => properties['city'])).toEqual(['Ulm', 'Ulm']);
  });
});

describe('what people do in the portal', () => {
  it('is true at once and dated now', async () => {
    const { sandbox } = await openPortal({ seed: portalSeed(numbered(1)) });
    const id = sandbox.portal.create('deals', { dealname: 'Upsell', dealstage: 'closedwon' }, { companies: ['100'] });
    expect(sandbox.portal.get('deals', id)).toMatchObject({
      updatedAt: new Date(portalNow).toISOString().replace('.000', ''),
      properties: { hs_is_closed_won: 'true', hs_primary_associated_company: '100' },
    });
    expect(sandbox.portal.get('companies', '100')?.properties['num_associated_deals']).toBe('1');
  });

  it('has to make sense', async () => {
    const { sandbox } = await openPortal({ seed: portalSeed(numbered(1)) });
    expect(() => sandbox.portal.edit('companies', '100', { renewal_dat: '2026-01-01' })).toThrow('renewal_dat');
    expect(() => sandbox.portal.edit('companies', '999', { name: 'x' })).toThrow('companies 999 is not in the portal');
  });
});
