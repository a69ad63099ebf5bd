import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineField, text } from '../../../connectors/salesforce/sandbox/field-definition.ts';
import type { SalesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import type { SeedRow } from '../../../connectors/salesforce/sandbox/org-seed.ts';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgSeed, row } from '../../support/sandbox-org.ts';

/** Answers of real orgs, where they have been fetched: not everybody who runs the tests has them. */
const vectors = new URL('../../../../shared/vectors/salesforce/', import.meta.url);

const recordSchema = z.record(z.string(), z.unknown());
const describeSchema = z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })) });

/** The shape of an answer: which keys are where and what kind of value they hold. Lists count by their first entry. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

/** What makes two definitions of a field the same to somebody who reads and writes it. */
const FIELD_FACTS = [
  'type',
  'length',
  'precision',
  'scale',
  'digits',
  'soapType',
  'createable',
  'updateable',
  'nillable',
  'calculated',
  'custom',
  'filterable',
  'sortable',
  'unique',
  'externalId',
  'restrictedPicklist',
  'relationshipName',
  'compoundFieldName',
] as const;

const described = ['Account', 'Contact', 'Opportunity', 'Case', 'Event', 'OpportunityContactRole'];

async function describeIn(sandbox: SalesforceSandbox, object: string) {
  const { body } = await callsTo(sandbox).call('GET', `/sobjects/${object}/describe`);
  return describeSchema.parse(body);
}

describe('the sandbox describes', () => {
  it.each(described)('%s with one answer for every fact of a field', async (object) => {
    const { fields } = await describeIn(await openOrg(orgSeed([])), object);
    for (const field of fields) expect(Object.keys(field)).toEqual(Object.keys(fields[0] ?? {}));
    expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['Id', 'SystemModstamp', 'IsDeleted']));
  });
});

if (existsSync(vectors)) {
  const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, vectors), 'utf8'));

  describe('the sandbox answers a describe as recorded orgs do:', () => {
    it.each(described)('%s', async (object) => {
      // The other recording of Account is older, and shorter in its lists.
      const name = object === 'Account' ? 'Account_PersonAccount' : object;
      const theirs = describeSchema.parse(read(`cumulusci-describes/GET_sobjects_${name}_describe.json`));
      const features = { multiCurrency: false, personAccounts: true };
      const ours = await describeIn(await openOrg(orgSeed([], { features })), object);
      expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(theirs)));
      expect(Object.keys(ours.fields[0] ?? {})).toEqual(expect.arrayContaining(Object.keys(theirs.fields[0] ?? {})));
      const known = new Map(theirs.fields.map((field) => [field.name, field]));
      const shared = ours.fields.filter(({ name }) => known.has(name));
      expect(shared.length).toBeGreaterThan(10);
      const facts = (field: Readonly<Record<string, unknown>> | undefined) =>
        Object.fromEntries(FIELD_FACTS.map((fact) => [fact, field?.[fact]]));
      for (const field of shared) expect(facts(field), field.name).toEqual(facts(known.get(field.name)));
    });
  });

  describe('the sandbox answers the recorded calls of an integration:', () => {
    const callSchema = z.object({
      kind: z.string(),
      method: z.string(),
      path: z.string(),
      query: z.record(z.string(), z.string()).optional(),
      reqBody: z.unknown().optional(),
      status: z.number(),
      resHeaders: z.record(z.string(), z.string()),
      resBody: z.unknown(),
    });
    const recorded = readFileSync(new URL('grouparoo-recorded.jsonl', vectors), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => callSchema.parse(JSON.parse(line)))
      // Campaigns, leads and topics are nothing that the sandbox holds.
      .filter((call) => !/Campaign|Lead|Topic/.test(JSON.stringify([call.path, call.reqBody ?? null])));

    const seedFor = (call: z.infer<typeof callSchema>): readonly SeedRow[] => {
      if (call.status === 404) return [];
      const named = [
        ...JSON.stringify([call.path, call.query ?? null, call.reqBody ?? null]).matchAll(/00[13]4S\w{13}/g),
      ];
      return [...new Set(named.map(([id]) => id))].map((id) =>
        id.startsWith('001') ? row('Account', id, { Name: 'x' }) : row('Contact', id, { LastName: 'x' }),
      );
    };

    it.each(recorded.map((call, index) => [index, call.method, call.path, call.kind, call] as const))(
      '%i %s %s (%s)',
      async (_index, method, path, _kind, call) => {
        const sandbox = await openOrg(orgSeed(seedFor(call)));
        sandbox.org.addField('Account', defineField('email_field__c', 'email_field', 'email', { length: 80 }));
        sandbox.org.addField('Account', text('External_ID__c', 'External ID', 80));
        const query = Object.entries(call.query ?? {}).map(([name, value]) => `${name}=${value}`);
        const place = path.replace('/v42.0/', '/v66.0/') + (query.length === 0 ? '' : `?${query.join('&')}`);
        const answer = await callsTo(sandbox).call(method, place, call.reqBody ?? undefined);
        expect(answer.status, answer.text).toBe(call.status);
        expect(answer.headers.get('content-type')).toBe(call.resHeaders['content-type']);
        expect(answer.headers.has('sforce-limit-info')).toBe('sforce-limit-info' in call.resHeaders);
        if (path.endsWith('/describe')) {
          expect(Object.keys(describeSchema.parse(answer.body))).toEqual(
            expect.arrayContaining(Object.keys(describeSchema.parse(call.resBody))),
          );
        } else if (method === 'GET' && call.status === 200 && path.includes('/sobjects/')) {
          const [ours, theirs] = [recordSchema.parse(answer.body), recordSchema.parse(call.resBody)];
          const standard = Object.keys(theirs).filter((name) => !name.endsWith('__c'));
          expect(shapeOf(ours['attributes'])).toEqual(shapeOf(theirs['attributes']));
          expect(standard).toEqual(expect.arrayContaining(['Id', 'IsDeleted', 'MasterRecordId', 'SystemModstamp']));
          for (const name of standard.filter((one) => one in ours && theirs[one] !== null && ours[one] !== null)) {
            expect(typeof ours[name], name).toBe(typeof theirs[name]);
          }
        } else if (call.kind === 'ok') expect(shapeOf(answer.body)).toEqual(shapeOf(call.resBody));
        else expect(answer.body).toEqual(call.resBody);
      },
    );
  });

  describe('the sandbox answers as a client library has recorded:', () => {
    const fixture = (name: string): unknown => read(`restforce/spec/fixtures/${name}.json`);
    const seed = orgSeed([
      ...accounts(3),
      row('Contact', ids.contact(1), { LastName: 'x', AccountId: ids.account(1) }),
    ]);

    it.each([
      [
        'a bad field in a write',
        'POST',
        '/sobjects/Account',
        { foo: 1 },
        400,
        'sobject/write_error_response',
        'Bar',
        'Account',
      ],
      [
        'an unknown object',
        'GET',
        '/sobjects/Bar/describe',
        undefined,
        404,
        'sobject/sobject_describe_error_response',
        '',
        '',
      ],
      [
        'no id where one should be',
        'GET',
        '/sobjects/Account/23foo',
        undefined,
        404,
        'sobject/sobject_find_error_response',
        '',
        '',
      ],
      ['no id in a delete', 'DELETE', '/sobjects/Account/rid', undefined, 404, 'sobject/delete_error_response', '', ''],
      [
        'a key field that is none',
        'PATCH',
        '/sobjects/Account/Namez/foo',
        {},
        404,
        'sobject/upsert_error_response',
        '',
        '',
      ],
    ] as const)('%s', async (_, method, path, body, status, name, theirWord, ourWord) => {
      const answer = await callsTo(await openOrg(seed)).call(method, path, body);
      const expected = JSON.parse(JSON.stringify(fixture(name)).replace(theirWord || ' none ', ourWord)) as unknown;
      expect([answer.status, answer.body]).toEqual([status, expected]);
    });

    it.each([
      ['nothing found', "SELECT Id FROM Account WHERE Name = 'nobody'", 'sobject/query_empty_response'],
      [
        'groups',
        'SELECT ParentId, COUNT(Id) FROM Account GROUP BY ParentId',
        'sobject/query_aggregate_success_response',
      ],
    ])('%s', async (_, soql, name) => {
      const answer = await callsTo(await openOrg(seed)).query(soql);
      expect(Object.keys(answer)).toEqual(Object.keys(recordSchema.parse(fixture(name))));
      expect(answer.records.map((record) => record['attributes'])).toEqual(
        answer.records.map(() => ({ type: 'AggregateResult' })),
      );
    });

    it('pages', async () => {
      const { call, query } = callsTo(await openOrg(seed, { pageRows: 2 }));
      const first = await query('SELECT Name FROM Account');
      const last = await call('GET', first.nextRecordsUrl ?? '');
      expect(Object.keys(first)).toEqual(
        Object.keys(recordSchema.parse(fixture('sobject/query_paginated_first_page_response'))),
      );
      expect(Object.keys(recordSchema.parse(last.body))).toEqual(
        Object.keys(recordSchema.parse(fixture('sobject/query_paginated_last_page_response'))),
      );
    });

    it('parents and children in a row', async () => {
      const { query } = callsTo(await openOrg(seed));
      const theirs = z.object({ records: z.array(recordSchema) }).parse(fixture('sobject/query_success_response'));
      const [contact] = (await query('SELECT Account.Name FROM Contact')).records;
      const [account] = (await query('SELECT Id, (SELECT Name FROM Contacts) FROM Account')).records;
      const { attributes, Name } = recordSchema.parse(contact?.['Account']);
      const parent = recordSchema.parse(theirs.records[0]?.['ParentWhizbang__r']);
      expect(shapeOf({ attributes, Name })).toEqual(
        shapeOf({ attributes: parent['attributes'], Name: parent['Name'] }),
      );
      expect(shapeOf(account?.['Contacts'])).toEqual(shapeOf(theirs.records[0]?.['Whizbangs__r']));
    });

    it('a session that is over, and a refresh token that is', async () => {
      const app = { clientId: 'c', clientSecret: 's', redirectUris: ['https://app.example'] };
      const sandbox = await openOrg(seed, { oauth: app });
      const stale = sandbox.app.install();
      sandbox.app.uninstall();
      const session = await callsTo(sandbox, stale.accessToken).call('GET', '/limits');
      const refresh = await fetch(`${sandbox.url}/services/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: 'c',
          client_secret: 's',
          refresh_token: stale.refreshToken ?? '',
        }),
      });
      expect([session.status, session.body]).toEqual([401, fixture('expired_session_response')]);
      expect([refresh.status, await refresh.json()]).toEqual([400, fixture('refresh_error_response')]);
    });

    it('tokens', async () => {
      const app = { clientId: 'c', clientSecret: 's', redirectUris: ['https://app.example'] };
      const sandbox = await openOrg(seed, { oauth: app });
      const { refreshToken } = sandbox.app.install();
      const fields = {
        grant_type: 'refresh_token',
        client_id: 'c',
        client_secret: 's',
        refresh_token: refreshToken ?? '',
      };
      const answer = await fetch(`${sandbox.url}/services/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams(fields),
      });
      const ours = recordSchema.parse(await answer.json());
      const theirs = recordSchema.parse(fixture('refresh_success_response'));
      expect(shapeOf(ours)).toMatchObject(recordSchema.parse(shapeOf(theirs)));
    });

    it('the versions', async () => {
      const { body } = await callsTo(await openOrg(seed)).call('GET', '/services/data');
      expect(shapeOf(body)).toEqual(shapeOf(fixture('services_data_success_response')));
    });
  });
}
