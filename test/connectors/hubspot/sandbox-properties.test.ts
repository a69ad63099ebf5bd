import { describe, expect, it } from 'vitest';
import { openPortal, portalSeed, row } from '../../support/sandbox-portal.ts';

const properties = '/crm/properties/2026-09/companies';

const score = {
  name: 'holdfast_health_score',
  label: 'Health score',
  groupName: 'holdfast',
  type: 'number',
  fieldType: 'number',
};

describe('property definitions', () => {
  it("hold HubSpot's own properties, with the portal's stages and currencies as options", async () => {
    const { get } = await openPortal();
    const { body } = await get('/crm/properties/2026-09/deals');
    const byName = new Map(body.results.map((definition) => [definition.name, definition]));
    expect(byName.get('dealstage')).toMatchObject({ options: [{ value: 'open' }, { value: 'closedwon' }] });
    expect(byName.get('deal_currency_code')).toMatchObject({ options: [{ value: 'EUR' }, { value: 'USD' }] });
    expect(byName.get('hs_is_closed')).toMatchObject({ modificationMetadata: { readOnlyValue: true } });
    expect(byName.get('hubspot_owner_id')).toMatchObject({ referencedObjectType: 'OWNER', options: [] });
  });

  it('are made in a group that exists, once', async () => {
    const { post, sandbox } = await openPortal();
    expect((await post(properties, score)).status).toBe(400);
    expect((await post(`${properties}/groups`, { name: 'holdfast', label: 'Holdfast' })).status).toBe(201);
    expect((await post(`${properties}/groups`, { name: 'holdfast', label: 'Holdfast' })).status).toBe(409);
    expect((await post(properties, score)).status).toBe(201);
    const again = await post(properties, score);
    expect([again.status, again.body.category, again.body.subCategory]).toEqual([
      409,
      'OBJECT_ALREADY_EXISTS',
      'Properties.PROPERTY_WITH_NAME_EXISTS',
    ]);
    expect(sandbox.portal.customProperties('companies')).toContain('holdfast_health_score');
  });

  it('are made many at once, and what is refused is named beside what was done', async () => {
    const { post } = await openPortal();
    await post(`${properties}/groups`, { name: 'holdfast', label: 'Holdfast' });
    const inputs = [score, { ...score, name: 'name' }, { ...score, name: 'Bad Name' }];
    const { status, body } = await post(`${properties}/batch/create`, { inputs });
    expect(status).toBe(207);
    expect(body.results.map(({ name }) => name)).toEqual(['holdfast_health_score']);
    expect(body.errors.map(({ category, context }) => [category, context['name']])).toEqual([
      ['OBJECT_ALREADY_EXISTS', ['name']],
      ['VALIDATION_ERROR', ['Bad Name']],
    ]);
    expect((await post(`${properties}/batch/create`, { inputs: [{ ...score, name: 'holdfast_b' }] })).status).toBe(201);
  });

  it.each([
    ['a field type that does not fit', { fieldType: 'select' }],
    ['a type that does not exist', { type: 'percent' }],
    ['options without an order', { type: 'enumeration', fieldType: 'select', options: [{ label: 'A', value: 'a' }] }],
    ['a yes-or-no without its two options', { type: 'bool', fieldType: 'booleancheckbox' }],
  ])('are refused with %s', async (_, changes) => {
    const { post } = await openPortal();
    expect((await post(properties, { ...score, groupName: 'companyinformation', ...changes })).status).toBe(400);
  });

  it('are refused when the portal has no room left, which can be asked beforehand', async () => {
    const { get, post } = await openPortal({ customPropertyRoom: 3 });
    const { text } = await get('/crm/limits/2026-09/custom-properties');
    expect(text).toContain(
      '"objectTypeId":"0-2","pluralLabel":"companies","singularLabel":"company","limit":3,"usage":2',
    );
    const own = { ...score, groupName: 'companyinformation' };
    expect((await post(properties, own)).status).toBe(201);
    expect((await post(properties, { ...own, name: 'holdfast_b' })).status).toBe(400);
  });

  it('may be refused on tasks', async () => {
    const { post } = await openPortal({ acceptsTaskProperties: false });
    const input = { ...score, groupName: 'taskinformation' };
    expect((await post('/crm/properties/2026-09/tasks', input)).status).toBe(400);
  });

  it('lose every option that a change leaves out', async () => {
    const { send, post } = await openPortal({ seed: portalSeed([row('companies', '1')]) });
    const options = [{ label: 'Plus', value: 'plus', displayOrder: 0, hidden: false }];
    await send('PATCH', `${properties}/products`, { options });
    const inputs = [{ id: '1', properties: { products: 'core' } }];
    expect((await post('/crm/objects/2026-09/companies/batch/update', { inputs })).status).toBe(400);
  });

  it('take their values out of every answer when archived, and bring them back when made again', async () => {
    const { get, post, sandbox } = await openPortal({
      seed: portalSeed([row('companies', '1', { renewal_date: '2026-06-30' })]),
    });
    const value = async (): Promise<unknown> =>
      (await get('/crm/objects/2026-09/companies?properties=renewal_date')).body.results[0]?.properties['renewal_date'];
    expect(await value()).toBe('2026-06-30');
    const inputs = [{ name: 'renewal_date' }, { name: 'never_was' }];
    expect((await post(`${properties}/batch/archive`, { inputs })).status).toBe(204);
    expect(await value()).toBeUndefined();
    expect(sandbox.portal.get('companies', '1')?.properties).not.toHaveProperty('renewal_date');
    expect((await get(`${properties}/renewal_date`)).status).toBe(404);
    await post(properties, {
      name: 'renewal_date',
      label: 'Renewal date',
      groupName: 'contract',
      type: 'date',
      fieldType: 'date',
    });
    expect(await value()).toBe('2026-06-30');
  });

  it("can be archived and redefined only when they are not HubSpot's own", async () => {
    const { send } = await openPortal();
    expect((await send('DELETE', `${properties}/industry`)).status).toBe(400);
    expect((await send('PATCH', `${properties}/industry`, { label: 'Branch' })).status).toBe(400);
    expect((await send('DELETE', `${properties}/products`)).status).toBe(204);
  });

  it('hold on to their group until all of them are archived', async () => {
    const { send, post, sandbox } = await openPortal();
    expect((await send('DELETE', `${properties}/groups/contract`)).status).toBe(400);
    await post(`${properties}/batch/archive`, { inputs: [{ name: 'renewal_date' }, { name: 'products' }] });
    expect((await send('DELETE', `${properties}/groups/contract`)).status).toBe(204);
    expect(sandbox.portal.propertyGroups('companies')).toEqual(['companyinformation']);
  });
});

describe('the account', () => {
  it('tells its time zone, currencies and address', async () => {
    const { get } = await openPortal();
    expect((await get('/account-info/2026-09/details')).body).toMatchObject({
      portalId: 4711,
      timeZone: 'Europe/Berlin',
      utcOffset: '+01:00',
      companyCurrency: 'EUR',
      additionalCurrencies: ['USD'],
      accountType: 'STANDARD',
    });
  });

  it('lists its owners, those who left apart and without their user', async () => {
    const { get, sandbox } = await openPortal();
    expect((await get('/crm/owners/2026-09')).body.results).toMatchObject([
      { id: '11', userId: 1011, archived: false },
    ]);
    sandbox.portal.setOwnerArchived('11', true);
    const first = await get('/crm/owners/2026-09?archived=true&limit=1');
    expect(first.body.results).toMatchObject([{ id: '11', userId: null, userIdIncludingInactive: 1011 }]);
    const second = await get(`/crm/owners/2026-09?archived=true&limit=1&after=${first.body.paging?.next.after}`);
    expect(second.body.results).toMatchObject([{ id: '12' }]);
    expect((await get('/crm/owners/2026-09?limit=501')).status).toBe(400);
  });

  it('lists the pipelines of deals and tickets with what each stage means', async () => {
    const { get } = await openPortal();
    expect((await get('/crm/pipelines/2026-09/tickets')).body.results).toMatchObject([
      { id: '0', stages: [{ metadata: { ticketState: 'OPEN' } }, { metadata: { ticketState: 'CLOSED' } }] },
    ]);
  });
});
