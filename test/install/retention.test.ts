import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askForRun } from '../../src/install/asked-run.ts';
import { purgeLost } from '../../src/install/retention.ts';
import { defaultSchedule, findDueRun } from '../../src/jobs/schedule.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const companies = [{ id: '1', name: 'Acme', renewalOn: '2026-04-10', csmId: '13' }];

async function lose(customer: Customer): Promise<void> {
  customer.sandbox.app.uninstall();
  await expect(customer.sync()).rejects.toMatchObject({ code: 'access-revoked' });
}

describe('the data of an account that was uninstalled in the CRM', () => {
  it('is kept for the retention time from the day on which that was noticed, and then deleted', async () => {
    const customer = await office.connect(companies, { byConsent: true });
    await customer.sync();
    await lose(customer);
    customer.clock.advance(30 * 86_400_000 - 1);
    expect(await purgeLost(office.app, 30)).toBe(0);
    customer.clock.advance(1);
    expect(await purgeLost(office.app, 30)).toBe(1);
    await expect(customer.store.getInstallation()).rejects.toMatchObject({ code: 'installation-unknown' });
  });

  it('is there again when the account comes back in time, and then stays', async () => {
    const customer = await office.connect(companies, { byConsent: true });
    await customer.sync();
    await lose(customer);
    customer.clock.advance(20 * 86_400_000);
    await customer.reconnect();
    customer.clock.advance(60 * 86_400_000);
    expect(await purgeLost(office.app, 30)).toBe(0);
    expect((await customer.store.records.count()).get('companies')?.alive).toBe(1);
  });
});

describe('a run that a person asked for', () => {
  it('is due at once, although the last one was a minute ago, and once only', async () => {
    const customer = await office.connect(companies);
    const due = async () =>
      findDueRun(customer.store, await customer.store.getInstallation(), office.app.clock.now(), defaultSchedule);
    await customer.sync();
    customer.clock.advance(60_000);
    expect(await due()).toBeNull();
    await askForRun(customer.store, office.app.clock.now());
    customer.clock.advance(1_000);
    expect(await due()).toBe('incremental');
    await customer.sync();
    expect(await due()).toBeNull();
  });
});
