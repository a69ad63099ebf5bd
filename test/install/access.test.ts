import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { examine } from '../../src/queries/doctor.ts';
import { hubspotMapping } from '../mappings/hubspot-files.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { openLineOffice, ourValues, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const acme: CustomerCompany = { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' };
const every = [...requiredScopes, 'tickets'];

describe('an account that takes our access away', () => {
  it('is called no more, says why, and finds everything again when it is connected anew', async () => {
    const customer = await office.connect([acme], { byConsent: true });
    await customer.begin();
    const before = { tasks: tasksIn(customer.portal), values: ourValues(customer.portal, '1') };
    customer.sandbox.app.uninstall();
    await expect(customer.sync()).rejects.toMatchObject({
      code: 'access-revoked',
      remedy: expect.stringMatching(/[Cc]onnect/),
    });
    expect(await customer.store.getInstallation()).toMatchObject({ status: 'lost' });

    customer.sandbox.calls.reset();
    await expect(customer.sync()).rejects.toMatchObject({ code: 'installation-paused' });
    expect(customer.sandbox.calls.total).toBe(0);
    expect((await doctor(customer)).isWell).toBe(false);

    const again = await customer.reconnect();
    expect(again).toMatchObject({ id: customer.installation.id, status: 'active', statusReason: null });
    expect(again.approvedAt).not.toBeNull();
    customer.portal.edit('companies', '1', { name: 'Acme Holding' });
    expect(await customer.sync()).toMatchObject({ awaitsApproval: false, writes: { tasksOpened: 0 } });
    expect(tasksIn(customer.portal)).toEqual(before.tasks);
    expect(ourValues(customer.portal, '1')).toEqual(before.values);
  });

  it('whose token merely ended in the middle of the work notices nothing', async () => {
    const customer = await office.connect([acme], { byConsent: true });
    customer.sandbox.faults.add({ kind: 'expire-token', match: { purpose: 'list deals' } });
    await customer.begin();
    customer.clock.advance(31 * 60_000);
    await customer.sync();
    expect(await customer.store.getInstallation()).toMatchObject({ status: 'active' });
    expect(tasksIn(customer.portal)).toHaveLength(3);
  });

  it('with a token that was never good is not connected at all', async () => {
    const customer = await office.connect([acme]);
    customer.sandbox.faults.add({ kind: 'status', status: 401, times: Infinity });
    const known = (await office.app.store.installations.list()).length;
    await expect(customer.reconnect()).rejects.toMatchObject({
      code: 'access-revoked',
      message: expect.stringContaining('does not accept the access token'),
      remedy: expect.stringContaining('Copy the token again'),
    });
    expect(await office.app.store.installations.list()).toHaveLength(known);
  });
});

describe('an account that grants less than asked for', () => {
  it('without tickets is scored without support, and told so', async () => {
    const customer = await office.connect([acme], { grantedScopes: requiredScopes });
    const { writes } = await customer.begin();
    expect(writes).toMatchObject({ records: 1, tasksOpened: 3, refused: 0 });
    expect((await doctor(customer)).problems).toMatchObject([
      {
        object: 'tickets',
        message: expect.stringContaining('may not be read'),
        remedy: expect.stringContaining('tickets'),
      },
    ]);
  });

  it('gets its tasks and is told once per record when companies may not be written', async () => {
    const customer = await office.connect([acme], { grantedScopes: without('crm.objects.companies.write') });
    const { writes } = await customer.begin();
    expect(writes).toMatchObject({ records: 0, tasksOpened: 3, refused: 1 });
    expect((await doctor(customer)).problems).toMatchObject([
      { kind: 'write', code: 'permission-missing', object: 'companies', crmId: '1' },
    ]);
    expect((await customer.sync('daily')).writes).toMatchObject({ records: 0, refused: 0, tasksOpened: 0 });
    expect(ourValues(customer.portal, '1')).toEqual({});
  });

  it('is told which scope is missing when properties may not be made; its tasks are made all the same', async () => {
    const customer = await office.connect([acme], { grantedScopes: without('crm.schemas.companies.write') });
    const { writes } = await customer.begin();
    expect(writes).toMatchObject({ fields: 0, records: 0, tasksOpened: 3 });
    expect(customer.portal.propertyGroups('companies')).not.toContain('holdfast');
    const { lacking } = await doctor(customer);
    expect(lacking.length).toBeGreaterThan(0);
    expect(lacking.every(({ object }) => object === 'companies')).toBe(true);
    expect(lacking[0]?.remedy).toContain('crm.schemas.companies.write');
    customer.sandbox.calls.reset();
    await customer.sync();
    expect(Object.keys(customer.sandbox.calls.perPurpose).filter((purpose) => purpose.includes('propert'))).toEqual([]);
  });

  it('without the companies themselves does nothing, and says what is needed', async () => {
    const customer = await office.connect([acme], { grantedScopes: without('crm.objects.companies.read') });
    await customer.sync().catch((error: unknown) => expect(error).toMatchObject({ code: 'permission-missing' }));
    const { problems, isWell } = await doctor(customer);
    expect(isWell).toBe(false);
    expect(problems.find(({ object }) => object === 'companies')?.remedy).toMatch(/right|scope/);
  });
});

describe('a portal without room for our properties', () => {
  it('gets none of them by halves, is told what to do, and gets all once there is room', async () => {
    const needed = hubspotMapping().writeBack.account.filter(({ isCore }) => isCore).length;
    const customer = await office.connect([acme], { customPropertyRoom: 6 + needed - 1 });
    const { portal } = customer;
    const own = portal.customProperties('companies');
    expect(own).toHaveLength(6);
    const { writes } = await customer.begin();
    expect(writes).toMatchObject({ records: 0, tasksOpened: 3 });
    expect(portal.customProperties('companies')).toEqual(own);
    const { lacking } = await doctor(customer);
    expect(lacking[0]?.message).toContain(
      `room for ${needed - 1} more custom properties of companies, and ${needed} are needed`,
    );
    expect(lacking[0]?.remedy).toContain('Archive properties of companies');

    portal.removeProperty('companies', 'notice_period_days');
    expect((await customer.nextDay()).writes).toMatchObject({ records: 1, refused: 0 });
    expect(ourValues(portal, '1')).toMatchObject({ holdfast_next_renewal_date: '2026-04-10' });
    expect((await doctor(customer)).lacking).toEqual([]);
  });
});

async function doctor(customer: Customer) {
  const report = await examine(
    office.app.store,
    [await customer.store.getInstallation()],
    office.app.clock.now(),
    office.app.scopesOf,
  );
  const [examined] = report.installations;
  return { isWell: report.isWell, problems: examined?.problems ?? [], lacking: examined?.lacking ?? [] };
}

function without(scope: string): readonly string[] {
  return every.filter((one) => one !== scope);
}
