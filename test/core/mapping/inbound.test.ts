import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITIES, ENTITY_NAMES, type EntityName, type FieldType } from '../../../src/core/mapping/entities.ts';
import { mapRecord } from '../../../src/core/mapping/inbound.ts';
import { placesOf } from '../../../src/core/mapping/mapping.ts';
import { parseCalendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { compiled, DEAL_PIPELINES, field, stored } from './builders.ts';

const DEALS = { deals: { fields: null, pipelines: DEAL_PIPELINES } };

describe('a HubSpot company', () => {
  it('becomes an account, and says where each value was found', () => {
    const { record, found, problems } = mapRecord(
      'account',
      compiled(),
      stored(
        {
          name: ' Acme GmbH ',
          domain: 'acme.example',
          customer_status: 'Customer',
          lifecyclestage: 'other',
          customer_segment: 'Mid-Market',
          arr: '48000.00',
          contract_end_date: '2027-01-31',
          auto_renew: 'true',
          notice_period_days: '30',
          hubspot_owner_id: '77',
          csm_owner: '78',
          hs_parent_company_id: '719869649082',
        },
        { shown: { holdfast_csm_pulse: '4', holdfast_override_band: 'red', holdfast_override_until: '1798675200000' } },
      ),
    );
    expect(problems).toEqual([]);
    expect(record).toMatchObject({
      id: '7198',
      name: 'Acme GmbH',
      type: 'customer',
      segment: 'mid',
      arr: { minor: 4_800_000, currency: 'EUR' },
      renewalOn: '2027-01-31',
      autoRenew: true,
      noticeDays: 30,
      ownerId: '77',
      csmId: '78',
      parentId: '719869649082',
      csmPulse: 4,
      override: { band: 'red', untilOn: '2026-12-31', by: null, reason: null },
      createdAt: '2024-01-05T09:00:00.000Z',
    });
    expect(found).toMatchObject({
      renewalOn: 'contract_end_date',
      csmPulse: 'holdfast_csm_pulse',
      type: 'customer_status',
    });
  });

  it.each([
    [{ customer_status: 'Former customer', lifecyclestage: 'customer' }, 'churned'],
    [{ lifecyclestage: 'evangelist' }, 'customer'],
    [{ type: 'RESELLER', lifecyclestage: 'customer' }, 'partner'],
    [{ type: 'PROSPECT', lifecyclestage: 'customer' }, 'customer'],
    [{}, null],
  ])('%j is %s', (inputs, type) => {
    expect(mapRecord('account', compiled(), stored(inputs)).record.type).toBe(type);
  });

  it('with a stage of life that the admin made is understood by its label', () => {
    const lifecyclestage = field('lifecyclestage', 'enumeration', [{ value: '190021', label: 'Former Customer' }]);
    const mapping = compiled({ companies: { fields: [lifecyclestage], pipelines: [] } });
    expect(mapRecord('account', mapping, stored({ lifecyclestage: '190021' })).record.type).toBe('churned');
  });

  it('with a value that cannot be read has no value there and one clear problem', () => {
    const { record, problems } = mapRecord('account', compiled(), stored({ name: 'Acme', renewal_date: '31.01.2027' }));
    expect(record).toMatchObject({ name: 'Acme', renewalOn: null });
    expect(problems).toEqual([
      {
        entity: 'account',
        object: 'companies',
        id: '7198',
        field: 'renewalOn',
        property: 'renewal_date',
        value: '31.01.2027',
        message: "Renewal date: renewal_date holds '31.01.2027', which is not a date.",
        remedy: 'Store it in a date field, or as YYYY-MM-DD: 2026-03-01.',
      },
    ]);
  });
});

describe('a HubSpot deal', () => {
  const map = (inputs: Readonly<Record<string, string>>) => mapRecord('deal', compiled(DEALS), stored(inputs));

  it('keeps its stage as the CRM names it, beside what it means', () => {
    const { record } = map({ pipeline: 'default', dealstage: 'closedwon', amount: '1000', deal_currency_code: 'JPY' });
    expect(record.stage).toEqual({ outcome: 'won', raw: 'closedwon', label: 'Closed Won', probability: 1 });
    expect(record.amount).toEqual({ minor: 1000, currency: 'JPY' });
  });

  it('in a pipeline called renewals is a renewal, whatever its type says', () => {
    expect(map({ pipeline: '7193', dealtype: 'existingbusiness' }).record.kind).toBe('renewal');
    expect(map({ pipeline: 'default', dealtype: 'existingbusiness' }).record.kind).toBe('upsell');
    expect(map({ pipeline: 'default', dealtype: 'newbusiness' }).record.kind).toBe('new');
    expect(map({ pipeline: 'default', dealtype: 'Partner referral' }).record.kind).toBe('other');
  });

  it('in a stage that was deleted has none, and says so', () => {
    const { record, problems } = map({ pipeline: 'default', dealstage: '404' });
    expect(record.stage).toBeNull();
    expect(problems.map(({ message }) => message)).toEqual([
      "Stage: dealstage holds '404', which is no stage of any pipeline.",
    ]);
  });

  it('without line items does not count as worth nothing', () => {
    expect(map({ hs_arr: '0' }).record.arr).toBeNull();
    expect(map({ hs_arr: '1200' }).record.arr).toEqual({ minor: 120_000, currency: 'EUR' });
  });

  it('brings its account and its contacts along', () => {
    const record = stored(
      {},
      { accountId: toAccountId('55'), raw: { links: { companies: ['55'], contacts: ['8', '9'] } } },
    );
    expect(mapRecord('deal', compiled(DEALS), record).record).toMatchObject({
      accountId: '55',
      contactIds: ['8', '9'],
    });
  });
});

describe('people and what they do', () => {
  it.each([
    ['Executive sponsor', ['exec_sponsor']],
    ['CHAMPION;DECISION_MAKER', ['champion', 'economic_buyer']],
    ['BLOCKER', []],
    ['', []],
  ])('a contact with the role %j', (role, roles) => {
    const { record, problems } = mapRecord('contact', compiled(), stored({ stakeholder_role: role }));
    expect(record.roles).toEqual(roles);
    expect(problems).toEqual([]);
  });

  it.each([
    [{ left_company: 'true' }, 'departed'],
    [{ left_company: 'false', hs_email_hard_bounce_reason_enum: 'UNKNOWN_USER' }, 'departed'],
    [{ hs_email_hard_bounce_reason_enum: 'MAILBOX_FULL' }, null],
    [{}, null],
  ])('a contact with %j is %s', (inputs, status) => {
    expect(mapRecord('contact', compiled(), stored(inputs)).record.status).toBe(status);
  });

  it.each([
    ['email', { hs_email_direction: 'INCOMING_EMAIL' }, { direction: 'inbound', kind: 'email' }],
    ['email', { hs_email_direction: 'FORWARDED_EMAIL' }, { direction: null }],
    ['call', { hs_call_direction: 'INBOUND', hs_call_status: 'NO_ANSWER' }, { direction: 'inbound', happened: false }],
    [
      'call',
      { hs_call_disposition: '73a0d17f-1163-4015-bdd5-ec830791da20', hs_call_status: 'COMPLETED' },
      { happened: false },
    ],
    ['call', { hs_call_disposition: 'a-custom-outcome', hs_call_status: 'COMPLETED' }, { happened: true }],
    ['meeting', { hs_meeting_outcome: 'COMPLETED' }, { happened: true, kind: 'meeting' }],
    ['meeting', { hs_meeting_outcome: 'NO_SHOW' }, { happened: false }],
    ['meeting', { hs_meeting_outcome: 'SCHEDULED' }, { happened: null }],
    ['note', { hs_timestamp: '1763971200123' }, { at: '2025-11-24T08:00:00.123Z', kind: 'note' }],
  ] as const)('%s with %j', (entity, inputs, expected) => {
    const { record, problems } = mapRecord(entity, compiled(), stored(inputs));
    expect(record).toMatchObject(expected);
    expect(problems).toEqual([]);
  });

  it('an archived owner is no longer active, and a queue without a first name has a name', () => {
    const map = (inputs: Readonly<Record<string, string | boolean>>) =>
      mapRecord('owner', compiled(), stored(inputs)).record;
    expect(map({ firstName: 'Ada', lastName: 'Lovelace', archived: true })).toMatchObject({
      name: 'Ada Lovelace',
      isActive: false,
    });
    expect(map({ lastName: 'Renewals', archived: false })).toMatchObject({ name: 'Renewals', isActive: true });
  });

  it('a task is done when it is completed, not when it waits', () => {
    const isDone = (status: string) => mapRecord('task', compiled(), stored({ hs_task_status: status })).record.isDone;
    expect(['COMPLETED', 'WAITING', 'NOT_STARTED'].map(isDone)).toEqual([true, false, false]);
  });
});

describe('days', () => {
  it('of a date property are the same in every time zone; of a datetime they are those people see', () => {
    const fields = [field('closedate', 'datetime'), field('contract_end_date', 'date')];
    const mapping = compiled({ deals: { fields, pipelines: [] } });
    const midnight = stored({ closedate: '2026-03-31T22:00:00Z', contract_end_date: '1774915200000' });
    expect(mapRecord('deal', mapping, midnight).record).toMatchObject({
      closeOn: '2026-04-01',
      termEndOn: '2026-03-31',
    });
  });

  it('on which the clocks change are told apart to the minute', () => {
    const mapping = compiled({ deals: { fields: [field('closedate', 'datetime')], pipelines: [] } });
    const dayOf = (closedate: string) => mapRecord('deal', mapping, stored({ closedate })).record.closeOn;
    expect([dayOf('2026-03-28T22:59:00Z'), dayOf('2026-03-28T23:00:00Z')]).toEqual(['2026-03-28', '2026-03-29']);
    expect([dayOf('2026-03-29T21:59:00Z'), dayOf('2026-03-29T22:00:00Z')]).toEqual(['2026-03-29', '2026-03-30']);
  });

  it.each([
    '2026-02-30',
    '20260301',
    '03/04/2026',
    '0202-03-01',
    '20226-03-01',
    '1772323200',
    '-',
    '2026-13-01T00:00:00Z',
  ])('%s is refused', (renewal_date) => {
    const { record, problems } = mapRecord('account', compiled(), stored({ renewal_date }));
    expect(record.renewalOn).toBeNull();
    expect(problems).toHaveLength(1);
  });
});

describe('whatever a CRM holds', () => {
  const source = hubspotMapping();
  const mapping = compiled(DEALS, source);
  const names = (entity: EntityName) => Object.values(source.entities[entity]?.fields ?? {}).flatMap(placesOf);

  /** What is not sound about the reading of a record; empty when all of it is. */
  function flawsOf(entity: EntityName, held: string | number | boolean | null): readonly string[] {
    const inputs = Object.fromEntries(names(entity).map((name) => [name, held]));
    const { record, problems } = mapRecord(entity, mapping, stored(inputs));
    const told = problems.filter(
      ({ value, message, remedy }) => value.length > 80 || /\p{Cc}/u.test(message) || remedy === '',
    );
    const values = Object.entries(ENTITIES[entity].fields).filter(([name, field]) => {
      const value: unknown = Reflect.get(record, name);
      return value !== null && value !== undefined && !isSound(field.type, value);
    });
    return [...told.map(({ message }) => message), ...values.map(([name]) => `${entity}.${name} of ${String(held)}`)];
  }

  function isSound(type: FieldType, value: unknown): boolean {
    if (typeof value === 'number') return Number.isFinite(value);
    if (typeof value !== 'string') return true;
    if (type === 'date') return parseCalendarDate(value) === value;
    if (type === 'datetime') return new Date(value).toISOString() === value;
    return value.isWellFormed() && !value.includes('\0');
  }

  const mapped = ENTITY_NAMES.filter((entity) => mapping.readers.has(entity));

  it('never makes mapping throw, and never lets half a value through', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '2026-01-31T24:00:00Z',
        '99999999999999',
        '-99999999999999',
        '1e308',
        '9'.repeat(40),
        'true',
        ';;',
        '\uD800',
        '\0',
      ),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.double().map(String),
    );
    const value = fc.oneof(text, fc.constant(null), fc.double(), fc.boolean());
    fc.assert(
      fc.property(fc.constantFrom(...mapped), value, (entity, held) => {
        expect(flawsOf(entity, held)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  const naughty = new URL('../../../../shared/data/naughty-strings/blns.json', import.meta.url);
  if (existsSync(naughty)) {
    it('not even a naughty string does', () => {
      const strings = JSON.parse(readFileSync(naughty, 'utf8')) as readonly string[];
      expect(strings.length).toBeGreaterThan(400);
      expect(strings.flatMap((held) => mapped.flatMap((entity) => flawsOf(entity, held)))).toEqual([]);
    });
  }

  it('a property called like a word of the language is an ordinary one', () => {
    expect(mapRecord('account', mapping, stored({ toString: 'x', name: 'Acme' })).record.name).toBe('Acme');
    expect(mapRecord('account', mapping, stored({})).found).toEqual({});
  });
});
