import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import type { PullPage, PullRequest } from '../../../connectors/contract/connector.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';

const HUBSPOT = 'https://hubspot.test';
const LIST = '/crm/objects/2026-09/deals';
const SEARCH = '/crm/objects/2026-09/companies/search';
const AT = '2026-03-01T10:00:00.000Z';

afterEach(() => nock.cleanAll());

const all = (request: Partial<PullRequest>): PullRequest => ({
  object: 'deals',
  fields: ['dealname'],
  links: [],
  scope: { kind: 'all' },
  cursor: null,
  ...request,
});

const changed = (request: Partial<PullRequest>): PullRequest => ({
  ...all({ object: 'companies', fields: ['name'] }),
  scope: { kind: 'changed', since: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' },
  ...request,
});

async function pull(request: PullRequest, access = openDirectAccess(HUBSPOT)): Promise<readonly PullPage[]> {
  return Array.fromAsync(hubspot.open(access).pull(request));
}

const wire = (id: string, properties: Record<string, string | null> = {}, extra: object = {}): object => ({
  id,
  properties,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: AT,
  archived: false,
  ...extra,
});

const linked = (...links: readonly (readonly [string, string])[]): object => ({
  results: links.map(([id, type]) => ({ id, type })),
});

describe('a full pull', () => {
  it('gives the fields that were asked for: empty ones as null, unknown ones not at all, and nothing else', async () => {
    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['properties'] === 'dealname,amount,renewal_dat,hs_merged_object_ids')
      .reply(200, {
        results: [wire('1', { dealname: '', amount: '1200', hs_merged_object_ids: '8;9', hs_object_id: '1' })],
      });
    expect(await pull(all({ fields: ['dealname', 'amount', 'renewal_dat'] }))).toEqual([
      {
        records: [
          {
            object: 'deals',
            id: '1',
            fields: { dealname: null, amount: '1200' },
            links: {},
            createdAt: '2026-01-01T00:00:00.000Z',
            modifiedAt: AT,
            deleted: false,
            mergedIds: ['8', '9'],
          },
        ],
        cursor: null,
        total: null,
      },
    ]);
  });

  it('goes on after the cursor of any stored page, and ends when HubSpot names no next one', async () => {
    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['after'] === undefined)
      .reply(200, { results: [wire('1')], paging: { next: { after: '2' } } });
    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['after'] === '2')
      .reply(200, { results: [wire('2')] });
    const pages = await pull(all({}));
    expect(pages.map((page) => [page.records.map((record) => record.id), page.cursor])).toEqual([
      [['1'], '2'],
      [['2'], null],
    ]);

    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['after'] === '2')
      .reply(200, { results: [wire('2')] });
    expect(await pull(all({ cursor: '2' }))).toHaveLength(1);
  });

  it('stops with an error when the list does not advance', async () => {
    nock(HUBSPOT)
      .get(LIST)
      .query(true)
      .times(2)
      .reply(200, { results: [wire('1')], paging: { next: { after: '2' } } });
    await expect(pull(all({}))).rejects.toMatchObject({ code: 'response-unexpected' });
  });

  it('puts the primary company first: by the property, else by the only link of the primary type', async () => {
    const associations = { companies: linked(['30', 'deal_to_company_unlabeled'], ['4', 'deal_to_company_unlabeled']) };
    const labelled = {
      companies: linked(
        ['5', 'deal_to_company_unlabeled'],
        ['6', 'deal_to_company'],
        ['6', 'deal_to_company_unlabeled'],
        ['10', 'deal_to_company_unlabeled'],
      ),
    };
    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['associations'] === 'companies')
      .reply(200, {
        results: [
          wire('1', { hs_primary_associated_company: '30' }, { associations }),
          wire('2', {}, { associations: labelled }),
          wire('3', { hs_primary_associated_company: null }, { associations }),
          wire('4', { hs_primary_associated_company: '9' }, {}),
        ],
      });
    const [page] = await pull(all({ links: ['companies'] }));
    expect(page?.records.map((record) => record.links['companies'])).toEqual([
      ['30', '4'],
      ['6', '5', '10'],
      ['4', '30'],
      [],
    ]);
    expect(page?.records[0]?.fields).toEqual({});
  });

  it('asks for the primary company of those few records of which neither says it', async () => {
    nock(HUBSPOT)
      .get(LIST)
      .query(true)
      .reply(200, {
        results: [
          wire('1', {}, { associations: { companies: linked(['7', 'deal_to_company'], ['8', 'deal_to_company']) } }),
          wire('2', {}, { associations: { companies: linked(['7', 'deal_to_company']) } }),
        ],
      });
    nock(HUBSPOT)
      .post('/crm/associations/2026-09/deals/companies/batch/read', { inputs: [{ id: '1' }] })
      .reply(200, {
        results: [
          {
            from: { id: '1' },
            to: [
              { toObjectId: 7, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 341, label: null }] },
              { toObjectId: 8, associationTypes: [{ typeId: 341 }, { typeId: 5, label: 'Primary' }] },
            ],
          },
        ],
      });
    const [page] = await pull(all({ links: ['companies'] }));
    expect(page?.records.map((record) => record.links['companies'])).toEqual([['8', '7'], ['7']]);
  });

  it('reads the properties apart when their names would make the address too long', async () => {
    const fields = Array.from({ length: 400 }, (_, index) => `a_rather_long_property_name_${index}`);
    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['properties'] === 'hs_object_id')
      .reply(200, {
        results: [wire('1', {}, { associations: { contacts: linked(['9', 'deal_to_contact']) } }), wire('2')],
      });
    nock(HUBSPOT)
      .post(
        `${LIST}/batch/read`,
        (body: { inputs: unknown }) => JSON.stringify(body.inputs) === '[{"id":"1"},{"id":"2"}]',
      )
      .query({ archived: 'false' })
      .reply(207, { results: [wire('1', { [fields[399] ?? '']: 'x' })], errors: [{ category: 'OBJECT_NOT_FOUND' }] });
    const [page] = await pull(all({ fields, links: ['contacts'] }));
    expect(page?.records).toMatchObject([
      { id: '1', fields: { a_rather_long_property_name_399: 'x' }, links: { contacts: ['9'] } },
    ]);
  });

  it('lists archived records where HubSpot does, and says of notes and owners that there are none to list', async () => {
    nock(HUBSPOT)
      .get(LIST)
      .query((query) => query['archived'] === 'true' && query['associations'] === undefined)
      .reply(200, { results: [wire('1', {}, { archived: true })] });
    const archived = { links: ['companies'], scope: { kind: 'archived' } as const };
    expect((await pull(all(archived)))[0]?.records).toMatchObject([{ id: '1', deleted: true, links: {} }]);
    const empty = [{ records: [], cursor: null, total: 0 }];
    expect(await pull(all({ ...archived, object: 'notes' }))).toEqual(empty);
    expect(await pull(all({ ...archived, object: 'owners' }))).toEqual(empty);
  });

  it('says which scope is missing when the object may not be read', async () => {
    nock(HUBSPOT).get('/crm/objects/2026-09/tickets').query(true).reply(403, { category: 'MISSING_SCOPES' });
    await expect(pull(all({ object: 'tickets' }))).rejects.toMatchObject({
      code: 'permission-missing',
      scope: 'tickets',
    });
  });
});

describe('owners', () => {
  it('come as records, the former ones too: marked as archived, since records still name them, but not as deleted', async () => {
    const owner = (id: string, more: object): object => ({ id, email: `${id}@acme.example`, updatedAt: AT, ...more });
    nock(HUBSPOT)
      .get('/crm/owners/2026-09')
      .query({ limit: '100', archived: 'false' })
      .reply(200, { results: [owner('1', { userId: 11, type: 'PERSON' })], paging: { next: { after: 'p2' } } });
    nock(HUBSPOT)
      .get('/crm/owners/2026-09')
      .query({ limit: '100', archived: 'false', after: 'p2' })
      .reply(200, { results: [owner('2', { type: 'QUEUE', teams: [{ name: 'East' }, { name: 'West' }] })] });
    nock(HUBSPOT)
      .get('/crm/owners/2026-09')
      .query({ limit: '100', archived: 'true' })
      .reply(200, { results: [owner('3', { userId: null, userIdIncludingInactive: 33, archived: true })] });
    const fields = ['email', 'archived', 'teams', 'userId'];
    const pages = await pull(all({ object: 'owners', fields }));
    expect(pages.map((page) => page.cursor)).toEqual(['active:p2', 'archived:', null]);
    expect(pages.flatMap((page) => page.records).map((record) => [record.id, record.fields, record.deleted])).toEqual([
      ['1', { email: '1@acme.example', archived: false, teams: null, userId: 11 }, false],
      ['2', { email: '2@acme.example', archived: false, teams: 'East;West', userId: null }, false],
      ['3', { email: '3@acme.example', archived: true, teams: null, userId: null }, false],
    ]);
  });
});

interface SearchBody {
  readonly filterGroups: readonly {
    readonly filters: readonly { readonly propertyName: string; readonly value: string }[];
  }[];
  readonly properties: readonly string[];
  readonly after: string;
}

/** Answers searches one after the other, and keeps their bodies. */
function searches(...answers: readonly object[]): readonly SearchBody[] {
  const bodies: SearchBody[] = [];
  for (const answer of answers) {
    nock(HUBSPOT)
      .post(SEARCH, (body: SearchBody) => bodies.push(body) > 0)
      .reply(200, answer);
  }
  return bodies;
}

const afterId = (body: SearchBody | undefined): string | undefined =>
  body?.filterGroups[0]?.filters.find((filter) => filter.propertyName === 'hs_object_id')?.value;

describe('a pull of what changed', () => {
  it('searches the window in epoch milliseconds, by id, with all five members that HubSpot wants', async () => {
    const bodies = searches({ total: 0, results: [] });
    const access = openDirectAccess(HUBSPOT);
    await pull(changed({}), access);
    expect(bodies).toEqual([
      {
        filterGroups: [
          {
            filters: [
              { propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: '1772323200000' },
              { propertyName: 'hs_lastmodifieddate', operator: 'LTE', value: '1772409600000' },
            ],
          },
        ],
        sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
        properties: ['name', 'hs_merged_object_ids'],
        limit: 200,
        after: '0',
      },
    ]);
    expect(access.calls).toEqual([{ bucket: 'search', purpose: 'search changed companies', repeatable: true }]);
  });

  it("looks for contacts by 'lastmodifieddate', because HubSpot leaves the other one empty on them", async () => {
    const body = nock(HUBSPOT)
      .post('/crm/objects/2026-09/contacts/search', /"lastmodifieddate"/)
      .reply(200, { total: 0, results: [] });
    await pull(changed({ object: 'contacts' }));
    expect(body.isDone()).toBe(true);
  });

  it('goes on after the last id as HubSpot wrote it, be it ordered as text or as a number', async () => {
    const bodies = searches(
      { total: 3, results: [wire('7198'), wire('719869649082')], paging: { next: { after: '2' } } },
      { total: 1, results: [wire('7199')] },
    );
    const pages = await pull(changed({}));
    expect(pages.map((page) => page.cursor)).toEqual(['719869649082', null]);
    expect(afterId(bodies[1])).toBe('719869649082');
    expect(pages[0]?.total).toBe(3);
  });

  it('resumes after a stored cursor without asking for what came before', async () => {
    const bodies = searches({ total: 0, results: [] });
    await pull(changed({ cursor: '7198' }));
    expect(afterId(bodies[0])).toBe('7198');
  });

  it('goes over an empty page as long as HubSpot says that there are more', async () => {
    const bodies = searches(
      { total: 1, results: [], paging: { next: { after: '200' } } },
      { total: 1, results: [wire('1')] },
    );
    const pages = await pull(changed({}));
    expect(pages.flatMap((page) => page.records.map((record) => record.id))).toEqual(['1']);
    expect(bodies[1]?.after).toBe('200');
  });

  it('stops with an error when HubSpot says for ever that there are more and brings nothing', async () => {
    nock(HUBSPOT)
      .post(SEARCH)
      .times(50)
      .reply(200, { total: 9, results: [wire('1')], paging: { next: { after: '1' } } });
    const access = openDirectAccess(HUBSPOT);
    await expect(pull(changed({}), access)).rejects.toMatchObject({ code: 'response-unexpected' });
    expect(access.calls.length).toBeLessThan(20);
  });

  it('reads the properties apart when their names would make the search longer than 3,000 characters', async () => {
    const fields = Array.from({ length: 100 }, (_, index) => `a_rather_long_property_name_${index}`);
    const bodies = searches({ total: 1, results: [wire('1')] });
    nock(HUBSPOT)
      .post('/crm/objects/2026-09/companies/batch/read')
      .query({ archived: 'false' })
      .reply(200, { results: [wire('1', { a_rather_long_property_name_7: 'x' })] });
    const pages = await pull(changed({ fields }));
    expect(pages[0]?.records[0]?.fields).toEqual({ a_rather_long_property_name_7: 'x' });
    expect(bodies[0]?.properties).toEqual(['hs_object_id']);
  });
});

describe('links', () => {
  const READ = '/crm/associations/2026-09/companies/contacts/batch/read';

  it('are read past the first page of each record, and a record without any has none', async () => {
    nock(HUBSPOT)
      .post(READ, { inputs: [{ id: '1' }, { id: '2' }, { id: '3' }] })
      .reply(207, {
        results: [
          { from: { id: '1' }, to: [{ toObjectId: '12' }, { toObjectId: '9' }], paging: { next: { after: 'x' } } },
          { from: { id: '3' }, to: [{ toObjectId: '5' }] },
        ],
        errors: [
          {
            category: 'OBJECT_NOT_FOUND',
            subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
            message: 'No contact is associated with company 2.',
            context: { fromObjectId: ['2'] },
          },
        ],
      });
    nock(HUBSPOT)
      .post(READ, { inputs: [{ id: '1', after: 'x' }] })
      .reply(200, { results: [{ from: { id: '1' }, to: [{ toObjectId: '100' }] }] });
    const links = await hubspot.open(openDirectAccess(HUBSPOT)).links('companies', 'contacts', ['1', '2', '3']);
    expect([...links]).toEqual([
      ['1', ['9', '12', '100']],
      ['2', []],
      ['3', ['5']],
    ]);
  });

  it('that could not be read are not taken for none', async () => {
    nock(HUBSPOT)
      .post(READ)
      .reply(207, { results: [], errors: [{ category: 'INTERNAL_ERROR', message: 'try later' }] });
    const read = hubspot.open(openDirectAccess(HUBSPOT)).links('companies', 'contacts', ['1']);
    await expect(read).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('whose pages do not advance end with an error', async () => {
    nock(HUBSPOT)
      .post(READ)
      .times(9)
      .reply(200, { results: [{ from: { id: '1' }, to: [{ toObjectId: '2' }], paging: { next: { after: 'x' } } }] });
    const read = hubspot.open(openDirectAccess(HUBSPOT)).links('companies', 'contacts', ['1']);
    await expect(read).rejects.toMatchObject({ code: 'response-unexpected' });
  });
});

describe('reading records by id', () => {
  it('gives those that still exist, by the hundred, a merged one under the id that survived', async () => {
    const asked: number[] = [];
    nock(HUBSPOT)
      .post('/crm/objects/2026-09/companies/batch/read')
      .query({ archived: 'false' })
      .times(2)
      .reply(207, async (request: Request) => {
        const { inputs } = (await request.json()) as { inputs: readonly { id: string }[] };
        asked.push(inputs.length);
        const alive = inputs.filter(({ id }) => id !== '7');
        return {
          results: alive.map(({ id }) =>
            id === '5' ? wire('500', { name: 'Acme', hs_merged_object_ids: '5' }) : wire(id),
          ),
          errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['7'] } }],
        };
      });
    const ids = Array.from({ length: 150 }, (_, index) => String(index + 1));
    const records = await hubspot.open(openDirectAccess(HUBSPOT)).read('companies', ids, ['name']);
    expect(asked).toEqual([100, 50]);
    expect(records).toHaveLength(149);
    expect(records.find((record) => record.id === '500')).toMatchObject({ fields: { name: 'Acme' }, mergedIds: ['5'] });
  });
});
