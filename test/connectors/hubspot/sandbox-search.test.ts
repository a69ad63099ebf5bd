import { describe, expect, it } from 'vitest';
import { createClock } from '../../../connectors/kit/sandbox/clock.ts';
import { openPortal, portalNow, portalSeed, row, toCompany } from '../../support/sandbox-portal.ts';
import type { OpenPortal, Spoken } from '../../support/sandbox-portal.ts';

interface Search {
  readonly object?: string;
  readonly filters?: readonly object[];
  readonly [key: string]: unknown;
}

/** A whole search body: HubSpot wants all five keys. */
function search({ post }: OpenPortal, { object = 'companies', filters, ...changes }: Search = {}): Promise<Spoken> {
  return post(`/crm/objects/2026-09/${object}/search`, {
    filterGroups: filters === undefined ? [] : [{ filters }],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    properties: ['name'],
    limit: 100,
    after: '0',
    ...changes,
  });
}

const ids = ({ body }: Spoken): readonly string[] => body.results.map(({ id }) => id);
const modified = (operator: string, value: string | number): object => ({
  propertyName: 'hs_lastmodifieddate',
  operator,
  value: String(value),
});

describe('search', () => {
  it('finds what was changed in a window given in epoch milliseconds, and counts it', async () => {
    const portal = await openPortal({
      seed: portalSeed([1, 2, 3].map((hour) => row('companies', String(hour), {}, portalNow - hour * 3_600_000))),
    });
    const filters = [modified('GTE', portalNow - 7_200_000), modified('LTE', portalNow)];
    const found = await search(portal, { filters });
    expect([ids(found), found.body.total]).toEqual([['1', '2'], 2]);
  });

  it.each([
    ['an ISO date where milliseconds are wanted', { filters: [modified('GTE', '2026-03-01T00:00:00Z')] }],
    ['a filter on an unknown property', { filters: [{ propertyName: 'no_such', operator: 'EQ', value: 'x' }] }],
    ['an unknown operator', { filters: [modified('SINCE', 0)] }],
    ['an operator without its value', { filters: [{ propertyName: 'name', operator: 'EQ' }] }],
    ['a page of more than 200', { limit: 201 }],
    ['a cursor that is no whole number', { after: 'next' }],
    ['a cursor that is a number', { after: 0 }],
    ['two sorts', { sorts: ['name', 'domain'] }],
    ['a body without properties', { properties: undefined }],
    ['more than 10,000 results', { after: '9950' }],
    ['more than 5 groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: [modified('GT', 0)] })) }],
    ['more than 6 filters in a group', { filters: Array.from({ length: 7 }, () => modified('GT', 0)) }],
    [
      'more than 18 filters in all',
      {
        filterGroups: Array.from({ length: 4 }, () => ({
          filters: Array.from({ length: 5 }, () => modified('GT', 0)),
        })),
      },
    ],
    ['a body of more than 3,000 characters', { properties: Array.from({ length: 200 }, (_, n) => `a_property_${n}`) }],
  ])('refuses %s', async (_, changes) => {
    const portal = await openPortal();
    expect((await search(portal, changes)).status).toBe(400);
  });

  it.each([
    ['number', ['7198', '7199', '719869649082']],
    ['text', ['7198', '719869649082', '7199']],
  ] as const)('sorts and compares ids by %s', async (idOrder, expected) => {
    const portal = await openPortal({
      seed: portalSeed(['7199', '719869649082', '7198'].map((id) => row('companies', id))),
      idOrder,
    });
    expect(ids(await search(portal))).toEqual(expected);
    const later = await search(portal, {
      filters: [{ propertyName: 'hs_object_id', operator: 'GT', value: expected[0] }],
    });
    expect(ids(later)).toEqual(expected.slice(1));
  });

  it('pages by offset', async () => {
    const portal = await openPortal({ seed: portalSeed(['1', '2', '3'].map((id) => row('companies', id))) });
    const first = await search(portal, { limit: 2 });
    expect([ids(first), first.body.total, first.body.paging]).toEqual([['1', '2'], 3, { next: { after: '2' } }]);
    const last = await search(portal, { limit: 2, after: '2' });
    expect([ids(last), last.body.paging]).toEqual([['3'], undefined]);
  });

  it('can give short and empty pages although more is to come, and gives all in the end', async () => {
    const wanted = Array.from({ length: 9 }, (_, index) => String(index + 1));
    const portal = await openPortal({
      seed: portalSeed(wanted.map((id) => row('companies', id))),
      shortSearchPages: true,
    });
    const pages: (readonly string[])[] = [];
    let after: string | undefined = '0';
    while (after !== undefined) {
      const page = await search(portal, { limit: 4, after });
      pages.push(ids(page));
      after = page.body.paging?.next.after;
    }
    expect(pages.flat()).toEqual(wanted);
    expect(pages.map((page) => page.length)).toContain(0);
  });

  it('learns of a change only when the index has caught up, and shows the old values until then', async () => {
    const clock = createClock(portalNow);
    const portal = await openPortal({
      seed: portalSeed([row('companies', '1', { name: 'Old name' }), row('companies', '2')]),
      now: clock.now,
      searchLagMs: (_, id) => (id === '1' ? 60_000 : 5_000),
    });
    portal.sandbox.portal.edit('companies', '1', { name: 'New name' });
    portal.sandbox.portal.archive('companies', '2');
    portal.sandbox.portal.create('companies', { name: 'Brand new' });
    const names = async (): Promise<unknown> =>
      (await search(portal)).body.results.map(({ properties }) => properties['name']);
    expect(await names()).toEqual(['Old name', null]);
    clock.advance(5_000);
    expect(await names()).toEqual(['Old name', 'Brand new']);
    clock.advance(55_000);
    expect(await names()).toEqual(['New name', 'Brand new']);
  });

  it('never finds contacts by the modified date that only other objects have', async () => {
    const portal = await openPortal({ seed: portalSeed([row('contacts', '1')]) });
    expect((await search(portal, { object: 'contacts', filters: [modified('GTE', 0)] })).body.total).toBe(0);
    const filters = [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: '0' }];
    expect((await search(portal, { object: 'contacts', filters })).body.total).toBe(1);
  });

  it('wants the values of IN in lower case, and forgives EQ', async () => {
    const portal = await openPortal({ seed: portalSeed([row('companies', '1', { name: 'Ada' })]) });
    const by = async (operator: string, extra: object): Promise<readonly string[]> =>
      ids(await search(portal, { filters: [{ propertyName: 'name', operator, ...extra }] }));
    expect(await by('EQ', { value: 'ADA' })).toEqual(['1']);
    expect(await by('IN', { values: ['Ada'] })).toEqual([]);
    expect(await by('IN', { values: ['ada'] })).toEqual(['1']);
  });

  it.each([
    [{ propertyName: 'annualrevenue', operator: 'BETWEEN', value: '9', highValue: '100' }, ['2']],
    [{ propertyName: 'annualrevenue', operator: 'LT', value: '10' }, ['1']],
    [{ propertyName: 'annualrevenue', operator: 'NOT_HAS_PROPERTY' }, ['3']],
    [{ propertyName: 'annualrevenue', operator: 'NOT_IN', values: ['5'] }, ['2']],
    [{ propertyName: 'name', operator: 'CONTAINS_TOKEN', value: 'lovel*' }, ['1']],
    [{ propertyName: 'associations.contact', operator: 'EQ', value: '7' }, ['3']],
    [{ propertyName: 'renewal_date', operator: 'GTE', value: String(Date.UTC(2026, 5, 30)) }, ['2']],
  ])('filters by %j', async (filter, expected) => {
    const portal = await openPortal({
      seed: portalSeed(
        [
          row('companies', '1', { name: 'Ada Lovelace Ltd', annualrevenue: '5' }),
          row('companies', '2', { annualrevenue: '70', renewal_date: '2026-06-30' }),
          row('companies', '3'),
          row('contacts', '7'),
        ],
        [toCompany(['contacts', '7'], '3')],
      ),
    });
    expect(ids(await search(portal, { filters: [filter] }))).toEqual(expected);
  });

  it('takes groups as alternatives, and sorts by any property, records without it last', async () => {
    const portal = await openPortal({
      seed: portalSeed([
        row('companies', '1', { annualrevenue: '9' }),
        row('companies', '2', { name: 'Bo' }),
        row('companies', '3', { annualrevenue: '80' }),
        row('companies', '4'),
      ]),
    });
    const found = await search(portal, {
      filterGroups: ['annualrevenue', 'name'].map((propertyName) => ({
        filters: [{ propertyName, operator: 'HAS_PROPERTY' }],
      })),
      sorts: [{ propertyName: 'annualrevenue', direction: 'ASCENDING' }],
    });
    expect(ids(found)).toEqual(['1', '3', '2']);
  });
});
