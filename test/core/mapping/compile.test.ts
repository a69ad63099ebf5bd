import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { compiled, field, portal } from './builders.ts';

describe('what is read of a portal', () => {
  it('is owners first, then accounts and what belongs to them', () => {
    expect(compiled().objectsToPull.map(({ object }) => object)).toEqual([
      'owners',
      'companies',
      'contacts',
      'deals',
      'tickets',
      'emails',
      'calls',
      'meetings',
      'notes',
      'tasks',
    ]);
  });

  it('is only what is mapped, and our own fields to compare with', () => {
    const deals = compiled().objectsToPull.find(({ object }) => object === 'deals');
    expect(deals?.fields).toEqual(
      expect.arrayContaining(['dealstage', 'pipeline', 'deal_currency_code', 'holdfast_term_id']),
    );
    expect(deals?.fields).not.toContain('description');
    expect(deals?.links).toEqual(['companies', 'contacts']);
    expect(deals?.written.has('holdfast_term_id')).toBe(true);
    expect(deals?.written.has('holdfast_csm_call')).toBe(false);
  });

  it('is only what exists, once that is known', () => {
    const fields = [
      field('dealname'),
      field('dealstage', 'enumeration'),
      field('pipeline', 'enumeration'),
      field('shoe_size'),
    ];
    const deals = compiled({ deals: { fields, pipelines: [] } }).objectsToPull.find(({ object }) => object === 'deals');
    expect(deals?.fields).toEqual(['dealname', 'dealstage', 'pipeline']);
  });

  it('leaves out objects that may not be read', () => {
    const { objectsToPull, objectsToDescribe } = compiled({ tickets: { fields: null, pipelines: [] } });
    expect(objectsToPull.map(({ object }) => object)).not.toContain('tickets');
    expect(objectsToDescribe).toContain('tickets');
    expect(objectsToDescribe).not.toContain('owners');
  });

  it('never holds the text of tasks and e-mails', () => {
    const names = compiled().objectsToPull.flatMap(({ fields }) => fields);
    expect(names.filter((name) => name.endsWith('_body') || name.endsWith('_text'))).toEqual([]);
  });
});

it('a time zone that does not exist is refused with the way out', () => {
  expect(() => compileMapping(hubspotMapping(), portal({}, 'Europe/Atlantis'))).toThrow(
    "'Europe/Atlantis', which does not exist",
  );
});
