import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldSpec } from '../../../connectors/contract/connector.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';

const HUBSPOT = 'https://hubspot.test';
const COMPANIES = '/crm/properties/2026-09/companies';

const spec = (name: string, more: Partial<FieldSpec> = {}): FieldSpec => ({
  object: 'companies',
  name,
  label: `Label of ${name}`,
  description: 'Written by Holdfast.',
  type: 'number',
  options: [],
  unique: false,
  filledByPeople: false,
  ...more,
});

const score = spec('holdfast_health_score');
const band = spec('holdfast_health_band', {
  type: 'enumeration',
  options: [
    { value: 'green', label: 'Green' },
    { value: 'red', label: 'Red' },
  ],
});

/** A portal whose companies have these properties of ours and no others. */
function portal(existing: readonly FieldSpec[], groups: readonly string[] = []) {
  const properties = existing.map(({ name }) => ({ name, type: 'string', groupName: 'holdfast' }));
  nock(HUBSPOT).persist().get(COMPANIES).query(true).reply(200, { results: properties });
  nock(HUBSPOT)
    .persist()
    .get(`${COMPANIES}/groups`)
    .reply(200, { results: groups.map((name) => ({ name })) });
}

function room(left: number): void {
  nock(HUBSPOT)
    .get('/crm/limits/2026-09/custom-properties')
    .reply(200, { byObjectType: [{ objectTypeId: '0-2', limit: 1_000, usage: 1_000 - left, percentage: 5.5 }] });
}

const open = () => {
  const access = openDirectAccess(HUBSPOT);
  return { session: hubspot.open(access), purposes: () => access.calls.map((call) => call.purpose) };
};

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('making our properties', () => {
  it('says which are missing without changing anything', async () => {
    portal([score]);
    const { session, purposes } = open();
    expect(await session.missing([score, band])).toMatchObject([{ object: 'companies', name: band.name }]);
    expect(purposes()).toEqual(['list properties of companies']);
  });

  it('makes the group "Holdfast" and in it only what is missing, off the forms', async () => {
    portal([score]);
    room(500);
    const group = nock(HUBSPOT)
      .post(`${COMPANIES}/groups`, { name: 'holdfast', label: 'Holdfast', displayOrder: -1 })
      .reply(201, {});
    let sent: unknown;
    nock(HUBSPOT)
      .post(`${COMPANIES}/batch/create`, (body: unknown) => {
        sent = body;
        return true;
      })
      .reply(201, { results: [{ name: band.name }] });
    const { session, purposes } = open();
    expect(await session.provision([score, band])).toEqual({
      done: ['companies.holdfast_health_band'],
      existing: ['companies.holdfast_health_score'],
      refused: [],
    });
    expect(group.isDone()).toBe(true);
    expect(purposes()).toHaveLength(session.costOfProvision([score, band]));
    expect(sent).toEqual({
      inputs: [
        {
          name: 'holdfast_health_band',
          label: 'Label of holdfast_health_band',
          description: 'Written by Holdfast.',
          groupName: 'holdfast',
          type: 'enumeration',
          fieldType: 'select',
          formField: false,
          options: [
            { value: 'green', label: 'Green', displayOrder: 0, hidden: false },
            { value: 'red', label: 'Red', displayOrder: 1, hidden: false },
          ],
        },
      ],
    });
  });

  it('makes nothing when nothing is missing', async () => {
    portal([score, band], ['holdfast']);
    const { session, purposes } = open();
    expect(await session.provision([score, band])).toMatchObject({ done: [], refused: [] });
    expect(purposes()).toEqual(['list properties of companies']);
  });

  it('makes none at all in an account without room for all, and says what to do', async () => {
    portal([], ['holdfast']);
    room(1);
    const { session, purposes } = open();
    const report = await session.provision([score, band]);
    expect(report.done).toEqual([]);
    expect(report.refused.map((refusal) => refusal.name)).toEqual([score.name, band.name]);
    expect(report.refused[0]?.message).toContain('room for 1 more');
    expect(report.refused[0]?.remedy).toContain('Archive properties of companies');
    expect(purposes()).not.toContain('make properties of companies');
  });

  it('reports what HubSpot refuses, takes what exists by now as existing, and makes the rest', async () => {
    const odd = spec('holdfast_odd');
    portal([], ['holdfast']);
    room(500);
    nock(HUBSPOT)
      .post(`${COMPANIES}/batch/create`)
      .reply(207, {
        results: [{ name: score.name }],
        errors: [
          {
            category: 'OBJECT_ALREADY_EXISTS',
            subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
            message: 'A property named holdfast_health_band already exists.',
          },
          { category: 'VALIDATION_ERROR', message: 'Label is reserved', context: { name: ['holdfast_odd'] } },
        ],
      });
    const report = await open().session.provision([score, band, odd]);
    expect(report.done).toEqual(['companies.holdfast_health_score']);
    expect(report.existing).toEqual(['companies.holdfast_health_band']);
    expect(report.refused).toMatchObject([{ object: 'companies', name: 'holdfast_odd', message: 'Label is reserved' }]);
  });

  it('names the scope that is missing, and goes on with the other objects', async () => {
    portal([], ['holdfast']);
    room(500);
    nock(HUBSPOT)
      .post(`${COMPANIES}/batch/create`)
      .reply(201, { results: [{ name: score.name }] });
    nock(HUBSPOT).get('/crm/properties/2026-09/deals').query(true).reply(403, { category: 'MISSING_SCOPES' });
    const report = await open().session.provision([spec('holdfast_key', { object: 'deals' }), score]);
    expect(report.done).toEqual(['companies.holdfast_health_score']);
    expect(report.refused).toMatchObject([{ object: 'deals', name: 'holdfast_key' }]);
    expect(report.refused[0]?.remedy).toContain('crm.objects.deals.read');
  });

  it.each([
    ['text', { type: 'string', fieldType: 'text' }],
    ['long-text', { type: 'string', fieldType: 'textarea' }],
    ['url', { type: 'string', fieldType: 'text' }],
    ['currency', { type: 'number', fieldType: 'number', numberDisplayHint: 'currency', showCurrencySymbol: true }],
    ['percent', { type: 'number', fieldType: 'number', numberDisplayHint: 'percentage' }],
    ['date', { type: 'date', fieldType: 'date' }],
    ['datetime', { type: 'datetime', fieldType: 'date' }],
    ['boolean', { type: 'bool', fieldType: 'booleancheckbox' }],
    ['multi-enumeration', { type: 'enumeration', fieldType: 'checkbox' }],
  ] as const)('words a %s as HubSpot does', async (type, shape) => {
    portal([], ['holdfast']);
    room(500);
    let input: unknown;
    nock(HUBSPOT)
      .post(`${COMPANIES}/batch/create`, (body: { readonly inputs: readonly unknown[] }) => {
        input = body.inputs[0];
        return true;
      })
      .reply(201, { results: [{ name: 'holdfast_x' }] });
    await open().session.provision([spec('holdfast_x', { type, unique: type === 'text' })]);
    expect(input).toMatchObject(shape);
    expect(input).toHaveProperty('formField', false);
    if (type === 'text') expect(input).toHaveProperty('hasUniqueValue', true);
    if (type === 'boolean') expect(input).toHaveProperty('options.length', 2);
  });
});

describe('taking our properties away', () => {
  it('archives those that exist, and then the group', async () => {
    portal([score], ['companyinformation', 'holdfast']);
    nock(HUBSPOT)
      .post(`${COMPANIES}/batch/archive`, { inputs: [{ name: score.name }] })
      .reply(204);
    const group = nock(HUBSPOT).delete(`${COMPANIES}/groups/holdfast`).reply(204);
    const report = await open().session.unprovision([score, band]);
    expect(report.done).toEqual(['companies.holdfast_health_score']);
    expect(group.isDone()).toBe(true);
  });

  it('keeps the group while somebody else has a property in it', async () => {
    portal([score, spec('added_by_an_admin')], ['holdfast']);
    nock(HUBSPOT).post(`${COMPANIES}/batch/archive`).reply(204);
    const { session, purposes } = open();
    await session.unprovision([score]);
    expect(purposes()).not.toContain('drop the property group of companies');
  });

  it('says what to do about one that a workflow uses, and archives the others', async () => {
    portal([score, band], ['holdfast']);
    nock(HUBSPOT)
      .post(`${COMPANIES}/batch/archive`)
      .times(9)
      .reply(async (request: Request) => {
        const isUsed = (await request.text()).includes(score.name);
        return isUsed
          ? ([
              400,
              { category: 'VALIDATION_ERROR', subCategory: 'CANNOT_DELETE_PROPERTY_IN_USE', message: 'In use' },
            ] as const)
          : ([204] as const);
      });
    const report = await open().session.unprovision([score, band]);
    expect(report.done).toEqual(['companies.holdfast_health_band']);
    expect(report.refused).toMatchObject([{ name: score.name, remedy: expect.stringContaining('workflows') }]);
  });
});

describe('describing an account', () => {
  it('gives each property with its type, its options in order, and whether it can be written', async () => {
    nock(HUBSPOT)
      .get(COMPANIES)
      .query(true)
      .reply(200, {
        results: [
          { name: 'renewal_date', label: 'Renewal date', type: 'date', fieldType: 'date' },
          { name: 'arr', label: 'ARR', type: 'number', fieldType: 'number', calculated: true },
          { name: 'hs_object_id', label: 'Id', type: 'number', modificationMetadata: { readOnlyValue: true } },
          { name: 'phone', label: 'Phone', type: 'phone_number', fieldType: 'phonenumber' },
          {
            name: 'products',
            label: 'Products',
            type: 'enumeration',
            fieldType: 'checkbox',
            options: [
              { value: 'b', label: 'Second', displayOrder: 2 },
              { value: 'a', label: 'First', displayOrder: 1 },
            ],
          },
        ],
      });
    const fields = await open().session.describe('companies');
    expect(fields.map((field) => [field.name, field.type, field.readOnly])).toEqual([
      ['renewal_date', 'date', false],
      ['arr', 'number', true],
      ['hs_object_id', 'number', true],
      ['phone', 'text', false],
      ['products', 'multi-enumeration', false],
    ]);
    expect(fields.at(-1)?.options.map((option) => option.label)).toEqual(['First', 'Second']);
  });

  it('gives the pipelines with what each stage means, and none for objects that have none', async () => {
    const stage = (id: string, metadata: object): object => ({ id, label: id.toUpperCase(), metadata });
    nock(HUBSPOT)
      .get('/crm/pipelines/2026-09/deals')
      .reply(200, {
        results: [
          {
            id: 'renewals',
            label: 'Renewals',
            stages: [
              stage('open', { isClosed: 'false', probability: '0.4' }),
              stage('won', { isClosed: 'true', probability: '1.0' }),
              stage('lost', { isClosed: 'true', probability: '0.0' }),
            ],
          },
        ],
      });
    nock(HUBSPOT)
      .get('/crm/pipelines/2026-09/tickets')
      .reply(200, {
        results: [
          {
            id: '0',
            label: 'Support',
            stages: [stage('1', { ticketState: 'OPEN' }), stage('4', { ticketState: 'CLOSED' })],
          },
        ],
      });
    const { session, purposes } = open();
    const outcomes = async (object: string) =>
      (await session.pipelines(object)).flatMap((pipeline) => pipeline.stages.map((each) => each.outcome));
    expect(await outcomes('deals')).toEqual(['open', 'won', 'lost']);
    expect(await outcomes('tickets')).toEqual(['open', 'won']);
    expect(await outcomes('companies')).toEqual([]);
    expect(purposes()).toHaveLength(2);
  });
});
