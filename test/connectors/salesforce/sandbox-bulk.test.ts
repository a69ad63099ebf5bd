import { describe, expect, it } from 'vitest';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgSeed, row } from '../../support/sandbox-org.ts';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly errorMessage?: string;
  readonly numberRecordsProcessed?: number;
  readonly numberRecordsFailed?: number;
}

const openBulk = async (rows = accounts(5), options = {}) => {
  const sandbox = await openOrg(orgSeed(rows), options);
  const { call } = callsTo(sandbox);
  const post = async (path: string, body: object) => {
    const answer = await call('POST', path, body);
    return { ...answer, job: answer.body as Job };
  };
  const stateOf = async (path: string, id: string) => (await call('GET', `${path}/${id}`)).body as Job;
  return { sandbox, call, post, stateOf };
};

describe('a bulk query', () => {
  it('is worked on for a while, then gives CSV a page at a time, each with a header of its own', async () => {
    const { post, call, stateOf } = await openBulk(accounts(5), { bulkPageRows: 2, bulkPolls: 2 });
    const { job } = await post('/jobs/query', { operation: 'query', query: 'SELECT Id, Name FROM Account' });
    expect(job).toMatchObject({ state: 'UploadComplete', object: 'Account', operation: 'query', apiVersion: 66 });
    const states = [];
    for (let poll = 0; poll < 3; poll += 1) states.push((await stateOf('/jobs/query', job.id)).state);
    expect(states).toEqual(['InProgress', 'InProgress', 'JobComplete']);

    const pages: string[] = [];
    let locator: string | null = '';
    while (locator !== null && locator !== 'null') {
      const suffix = locator === '' ? '' : `&locator=${locator}`;
      const page = await call('GET', `/jobs/query/${job.id}/results?maxRecords=100${suffix}`);
      pages.push(page.text);
      locator = page.headers.get('sforce-locator');
    }
    expect(pages).toEqual([
      `"Id","Name"\n"${ids.account(1)}","Customer 1"\n"${ids.account(2)}","Customer 2"\n`,
      `"Id","Name"\n"${ids.account(3)}","Customer 3"\n"${ids.account(4)}","Customer 4"\n`,
      `"Id","Name"\n"${ids.account(5)}","Customer 5"\n`,
    ]);
  });

  it('writes every value as text: nothing as an empty cell, quotes doubled, moments with a Z', async () => {
    const values = { Name: 'A "b", c\nd', AnnualRevenue: 5, Industry: 'Media' };
    const { post, call, stateOf } = await openBulk([row('Account', ids.account(1), values)], { bulkPolls: 0 });
    const { job } = await post('/jobs/query', {
      operation: 'query',
      query: 'SELECT Name, AnnualRevenue, NumberOfEmployees, IsDeleted, CreatedDate, Owner.Name FROM Account',
    });
    await stateOf('/jobs/query', job.id);
    const { text } = await call('GET', `/jobs/query/${job.id}/results`);
    expect(text).toBe(
      '"Name","AnnualRevenue","NumberOfEmployees","IsDeleted","CreatedDate","Owner.Name"\n' +
        '"A ""b"", c\nd","5.0","","false","2026-03-01T12:00:00.000Z","Ana Ruiz"\n',
    );
  });

  it.each([
    ['a count', 'SELECT COUNT() FROM Account', 'API_ERROR', 'Aggregate'],
    ['an address', 'SELECT BillingAddress FROM Account', 'API_ERROR', 'Selecting compound data not supported'],
    ['children', 'SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'API_ERROR', 'Nested queries'],
    ['a small object of the setup', 'SELECT Id FROM TaskStatus', 'INVALIDENTITY', 'not supported by the Bulk API'],
    ['a field that is not there', 'SELECT Foo__c FROM Account', 'API_ERROR', 'INVALID_FIELD'],
  ])('is refused for %s', async (_, query, errorCode, message) => {
    const { post } = await openBulk();
    const { status, body } = await post('/jobs/query', { operation: 'query', query });
    expect([status, body]).toEqual([400, [{ errorCode, message: expect.stringContaining(message) }]]);
  });

  it('sees the bin when it is queryAll, and can be given up', async () => {
    const { post, call, sandbox, stateOf } = await openBulk(accounts(2), { bulkPolls: 0 });
    sandbox.org.remove(ids.account(1));
    const { job } = await post('/jobs/query', { operation: 'queryAll', query: 'SELECT Id FROM Account' });
    expect(await stateOf('/jobs/query', job.id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2 });
    const other = await post('/jobs/query', { operation: 'query', query: 'SELECT Id FROM Account' });
    const early = await call('GET', `/jobs/query/${other.job.id}/results`);
    expect(early.status).toBe(400);
    await call('PATCH', `/jobs/query/${other.job.id}`, { state: 'Aborted' });
    expect((await stateOf('/jobs/query', other.job.id)).state).toBe('Aborted');
    expect((await call('DELETE', `/jobs/query/${job.id}`)).status).toBe(204);
    expect((await call('GET', `/jobs/query/${job.id}`)).status).toBe(404);
  });

  it('is not to be had in an edition without the Bulk API', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1), { features: { bulkApi: false } }));
    const query = { operation: 'query', query: 'SELECT Id FROM Account' };
    const { status, body } = await callsTo(sandbox).call('POST', '/jobs/query', query);
    expect([status, body]).toEqual([403, [expect.objectContaining({ errorCode: 'FEATURENOTENABLED' })]]);
  });
});

describe('a bulk write', () => {
  const ingest = async (body: object, csv: string) => {
    const bulk = await openBulk(accounts(3), { bulkPolls: 0 });
    const { job } = await bulk.post('/jobs/ingest', body);
    const base = `/jobs/ingest/${job.id}`;
    const uploaded = await bulk.call('PUT', `${base}/batches`, csv, { 'content-type': 'text/csv' });
    await bulk.call('PATCH', base, { state: 'UploadComplete' });
    const state = await bulk.stateOf('/jobs/ingest', job.id);
    const read = async (kind: string) => (await bulk.call('GET', `${base}/${kind}`)).text;
    return { ...bulk, uploaded, state, read };
  };

  it('tells of each row what became of it; an empty cell changes nothing and #N/A empties', async () => {
    const { uploaded, state, read, sandbox } = await ingest(
      { object: 'Account', operation: 'update', contentType: 'CSV', lineEnding: 'LF' },
      `Id,Phone,Name\n${ids.account(1)},"1, 2",\n${ids.account(2)},#N/A,#N/A\n${ids.account(9)},3,x\n`,
    );
    expect([uploaded.status, state]).toMatchObject([
      201,
      { state: 'JobComplete', numberRecordsProcessed: 3, numberRecordsFailed: 2 },
    ]);
    expect(await read('successfulResults')).toBe(
      `"sf__Id","sf__Created","Id","Phone","Name"\n"${ids.account(1)}","false","${ids.account(1)}","1, 2",""\n`,
    );
    expect(await read('failedResults')).toBe(
      '"sf__Id","sf__Error","Id","Phone","Name"\n' +
        `"","REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name--","${ids.account(2)}","#N/A","#N/A"\n` +
        `"","INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--","${ids.account(9)}","3","x"\n`,
    );
    expect(await read('unprocessedrecords')).toBe('"Id","Phone","Name"\n');
    expect(sandbox.org.get(ids.account(1))?.fields).toMatchObject({ Phone: '1, 2', Name: 'Customer 1' });
  });

  it('makes or changes by an external id', async () => {
    const { read, sandbox } = await ingest(
      { object: 'Task', operation: 'upsert', externalIdFieldName: 'Holdfast_Key__c' },
      'Holdfast_Key__c,Subject\nk1,One\nk2,Two\n',
    );
    expect(sandbox.org.all('Task').map(({ fields }) => fields['Holdfast_Key__c'])).toEqual(['k1', 'k2']);
    expect(await read('successfulResults')).toContain('"true","k1","One"');
  });

  it('with a column that the object lacks fails as a whole and leaves every row undone', async () => {
    const { state, read } = await ingest({ object: 'Account', operation: 'insert' }, 'Name,Foo__c\nx,1\n');
    expect(state).toMatchObject({ state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : Foo__c' });
    expect(await read('unprocessedrecords')).toBe('"Name","Foo__c"\n"x","1"\n');
  });
});
