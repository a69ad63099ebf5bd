import { describe, expect, it } from 'vitest';
import type { FieldDescription } from '../../../connectors/contract/connector.ts';
import { checkMapping, placesInUse } from '../../../src/core/mapping/check.ts';
import { mapRecord } from '../../../src/core/mapping/inbound.ts';
import { parseOverride, withOverride } from '../../../src/core/mapping/override.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { compiled, field, stored } from './builders.ts';

const COMPANY = [field('name'), field('renewal_date', 'date'), field('contract_end_date', 'date')];

function findings(fields: readonly FieldDescription[] | null, override: unknown = {}, inUse: readonly string[] = []) {
  const mapping = withOverride(hubspotMapping(), parseOverride(override));
  const definitions = new Map([['companies', { fields, pipelines: [] }]]);
  return checkMapping(mapping, definitions, { fieldWord: 'property', inUse: new Set(inUse) });
}

describe('a mapping held against the real portal', () => {
  it('is fine although most names of its lists do not exist there', () => {
    expect(findings(COMPANY)).toEqual([]);
  });

  it('names the options that a property of ours has lost', () => {
    const band = (options: readonly string[]) => [...COMPANY, field('holdfast_health_band', 'enumeration', options)];
    expect(findings(band(['green', 'yellow', 'red', 'grey']))).toEqual([]);
    expect(findings(band(['green', 'red', 'grey']))).toMatchObject([
      {
        level: 'warning',
        code: 'option-missing',
        property: 'holdfast_health_band',
        remedy: "Add 'yellow' to its options in the CRM.",
      },
    ]);
  });

  it('tells an admin which property was probably meant', () => {
    const [found, ...more] = findings(COMPANY, { account: { renewalOn: { from: ['renewal_dat'] } } });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ level: 'error', code: 'place-missing', field: 'renewalOn', property: 'renewal_dat' });
    expect(found?.message).toBe(
      "There is no property 'renewal_dat' on companies; 'Renewal date' cannot be read from it. Did you mean 'renewal_date'?",
    );
  });

  it('does not ask for a currency that the portal does not keep, unless the admin named it', () => {
    const mapping = withOverride(hubspotMapping(), parseOverride({ deal: { amount: { from: ['amount'] } } }));
    const fields = [field('dealstage', 'enumeration'), field('amount', 'number')];
    const check = (checked: typeof mapping) =>
      checkMapping(checked, new Map([['deals', { fields, pipelines: [] }]]), {
        fieldWord: 'property',
        inUse: new Set(),
      });
    expect(check(mapping)).toEqual([]);
    const named = withOverride(hubspotMapping(), parseOverride({ deal: { amount: { currency: ['curency'] } } }));
    expect(check(named)).toMatchObject([{ level: 'error', code: 'place-missing', property: 'curency' }]);
  });

  it('misses a name, which every company has', () => {
    expect(findings([field('renewal_date', 'date')])).toMatchObject([
      { level: 'error', field: 'name', code: 'place-missing' },
    ]);
  });

  it('tells when a property that was in use is gone, and what is read now', () => {
    const mapping = hubspotMapping();
    const before = new Map([['companies', { fields: COMPANY, pipelines: [] }]]);
    const inUse = placesInUse(mapping, before);
    expect(inUse).toContain('companies.renewal_date');
    const [found] = findings([field('name'), field('contract_end_date', 'date')], {}, inUse);
    expect(found).toMatchObject({ level: 'warning', code: 'place-gone', property: 'renewal_date' });
    expect(found?.message).toContain("'Renewal date' is read from 'contract_end_date' from now on");
    const [last] = findings([field('name')], {}, ['companies.renewal_date']);
    expect(last?.message).toContain("'Renewal date' is empty from now on");
  });

  it.each([
    ['a date on a text property is read value by value', field('x'), 'renewalOn', []],
    ['a date on a number property is an error', field('x', 'number'), 'renewalOn', ['type-unfit']],
    [
      'a number on a list of words is an error',
      field('x', 'enumeration', ['few', 'many']),
      'employees',
      ['type-unfit'],
    ],
    ['a number on a list of numbers is read', field('x', 'enumeration', ['10', '50']), 'employees', []],
    ['yes or no on a list of yes and no is read', field('x', 'enumeration', ['Yes', 'No']), 'autoRenew', []],
    [
      'yes or no on a list of colours is an error',
      field('x', 'enumeration', ['red', 'blue']),
      'autoRenew',
      ['type-unfit'],
    ],
    ['an owner on a date is an error', field('x', 'date'), 'csmId', ['type-unfit']],
  ])('%s', (_, description, name, codes) => {
    const found = findings([...COMPANY, description], { account: { [name]: { from: ['x'] } } });
    expect(found.map(({ code, level }) => `${level}: ${code}`)).toEqual(codes.map((code) => `error: ${code}`));
  });

  it('names the options that would leave records without a segment', () => {
    const segment = field('customer_segment', 'enumeration', ['Enterprise', 'SMB', 'Public sector']);
    const [found, ...more] = findings([...COMPANY, segment]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ level: 'warning', code: 'option-unmapped' });
    expect(found?.message).toContain("'Public sector'");
  });

  it('says that companies may not be read', () => {
    expect(findings(null)).toMatchObject([{ level: 'error', code: 'object-unreadable', object: 'companies' }]);
  });

  it('says nothing of objects that have not been described yet', () => {
    expect(checkMapping(hubspotMapping(), new Map(), { fieldWord: 'property', inUse: new Set() })).toEqual([]);
  });
});

describe('a place of the usual lists that holds something else here', () => {
  it('is passed over, told, and the next one is read', () => {
    const fields = [field('name'), field('renewal_date', 'boolean'), field('contract_end_date', 'date')];
    expect(findings(fields)).toMatchObject([{ level: 'warning', code: 'type-unfit', property: 'renewal_date' }]);
    const mapping = compiled({ companies: { fields, pipelines: [] } });
    const { record } = mapRecord('account', mapping, stored({ renewal_date: 'true', contract_end_date: '2027-01-31' }));
    expect(record.renewalOn).toBe('2027-01-31');
  });
});

describe('a property that disappears', () => {
  it('empties its own field and no other', () => {
    const fields = [field('name'), field('arr', 'number')];
    const mapping = compiled({ companies: { fields, pipelines: [] } });
    const { record, problems } = mapRecord('account', mapping, stored({ name: 'Acme', arr: '1200' }));
    expect(record).toMatchObject({ name: 'Acme', renewalOn: null, arr: { minor: 120_000, currency: 'EUR' } });
    expect(problems).toEqual([]);
    expect(mapping.objectsToPull.find(({ object }) => object === 'companies')?.fields).toEqual(['arr', 'name']);
  });
});
