import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { addDays, calendarDate } from '../../../src/core/model/calendar-date.ts';
import { defaultUsageConfiguration } from '../../../src/core/usage/configuration.ts';
import type { ImportKind } from '../../../src/core/usage/import-columns.ts';
import type { Rhythm } from '../../../src/core/usage/rhythm.ts';
import { importFile, type ImportResult } from '../../../src/flow/intake/import-file.ts';
import { openLineOffice, type Customer, type LineOffice } from '../../support/line-office.ts';
import { usageViewOn } from '../../support/usage-view.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(async () => {
  await office.close();
});

const COMPANIES = [
  { id: '501', name: 'Acme', status: 'Customer', arr: 24_000, more: { domain: 'acme.example' } },
  { id: '502', name: 'Globex', status: 'Customer', arr: 24_000, more: { domain: 'globex.example' } },
] as const;

async function importText(
  { store, clock }: Customer,
  kind: ImportKind,
  lines: readonly string[],
  { isDryRun = false, every = null }: { readonly isDryRun?: boolean; readonly every?: Rhythm | null } = {},
): Promise<ImportResult> {
  async function* text(): AsyncGenerator<string> {
    yield lines.join('\r\n');
  }
  return importFile({
    store,
    kind,
    text: text(),
    at: new Date(clock.now()).toISOString(),
    configuration: defaultUsageConfiguration,
    every,
    isDryRun,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

const signalsOf = async ({ store }: Customer, account: string) => {
  const id = toAccountId(account);
  return (await store.signals.byAccounts([id], usageViewOn('2026-03-02'))).get(id);
};

const INVOICES = [
  'account,domain,id,amount,currency,due,paid',
  '501,,INV-1,1200.00,EUR,2026-01-10,',
  ',globex.example,INV-2,300,JPY,2026-02-01,2026-02-03',
  '501,,INV-3,-5,EUR,2026-01-10,',
  '501,,INV-4,5,EURO,2026-01-10,',
  'unknown-77,,INV-5,5,EUR,2026-01-10,',
];

describe('a file that is imported', () => {
  it('stores what can be read of it, names the other lines, and keeps what no account is known for', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const result = await importText(customer, 'invoices', INVOICES);
    expect(result).toEqual({
      kind: 'invoices',
      isDryRun: false,
      rows: 3,
      errors: [
        { line: 4, message: "column 'amount' holds -5, which is negative" },
        { line: 5, message: "column 'currency' holds 'EURO', which is not in ISO 4217" },
      ],
    });
    expect((await signalsOf(customer, '501'))?.invoices).toMatchObject([
      { id: 'INV-1', accountId: '501', amount: { minor: 120_000, currency: 'EUR' }, paidOn: null },
    ]);
    expect((await signalsOf(customer, '502'))?.invoices).toMatchObject([{ id: 'INV-2', paidOn: '2026-02-03' }]);
    expect(await customer.store.signals.unmatched(10)).toMatchObject([{ workspaceId: 'group:unknown-77', facts: 1 }]);
  });

  it('stores nothing on a dry run', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    expect(await importText(customer, 'invoices', INVOICES, { isDryRun: true })).toMatchObject({
      rows: 3,
      isDryRun: true,
    });
    expect((await signalsOf(customer, '501'))?.invoices).toBeNull();
  });

  it('may be imported again after a correction: the last word counts, and nothing counts twice', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const heading = 'account,date,active_users,events';
    await importText(customer, 'usage', [heading, '501,2026-02-27,7,20', '501,2026-02-28,9,30']);
    await importText(customer, 'usage', [heading, '501,2026-02-27,7,20', '501,2026-02-28,8,25']);
    expect(
      (await signalsOf(customer, '501'))?.usage?.days.map(({ activeUsers, events }) => [activeUsers, events]),
    ).toEqual([
      [7, 20],
      [8, 25],
    ]);
  });

  it('keeps what two customers call alike as what each of them has', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const milestones = ['account,id,kind,title,done', '501,m-3,onboarding,First report,2026-02-01'];
    await importText(customer, 'milestones', [...milestones, '502,m-3,onboarding,First report,']);
    const bills = ['account,id,amount,currency,due', '501,1,10,EUR,2026-01-01', '502,1,20,EUR,2026-01-01'];
    await importText(customer, 'invoices', bills);
    await importText(customer, 'invoices', bills);
    expect(await signalsOf(customer, '501')).toMatchObject({
      milestones: [{ id: 'm-3', doneOn: '2026-02-01' }],
      invoices: [{ id: '1', amount: { minor: 1_000 } }],
    });
    expect(await signalsOf(customer, '502')).toMatchObject({
      milestones: [{ id: 'm-3', doneOn: null }],
      invoices: [{ id: '1', amount: { minor: 2_000 } }],
    });
  });

  it('tells of the same invoice although it names by its id a customer whom an earlier one named by its domain', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    await importText(customer, 'invoices', ['domain,id,amount,currency,due', 'acme.example,7,10,EUR,2026-01-01']);
    const paid = ['account,id,amount,currency,due,paid', '501,7,10,EUR,2026-01-01,2026-01-02'];
    await importText(customer, 'invoices', paid);
    expect((await signalsOf(customer, '501'))?.invoices).toMatchObject([{ id: '7', paidOn: '2026-01-02' }]);
  });

  it('finds its customer by a domain that only one of the lines names', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const days = ['account,domain,date,events', 'cust-9,acme.example,2026-02-28,10', 'cust-9,,2026-02-27,10'];
    await importText(customer, 'usage', days);
    const bills = ['account,domain,id,amount,currency,due', 'cust-8,acme.example,1,10,EUR,2026-01-01'];
    await importText(customer, 'invoices', [...bills, 'cust-8,,2,10,EUR,2026-01-01']);
    expect(await customer.store.signals.countUnmatched()).toBe(0);
    const signals = await signalsOf(customer, '501');
    expect([signals?.usage?.days.length, signals?.invoices?.length]).toEqual([2, 2]);
  });

  it('may be sorted either way, and tell of last month after this one: the newest limit holds', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const heading = 'account,date,metric:api,limit:api';
    const limits = async () => (await signalsOf(customer, '501'))?.usage?.limits;
    await importText(customer, 'usage', [heading, '501,2026-03-01,10,100', '501,2026-02-01,10,50']);
    expect(await limits()).toEqual([{ metric: 'api', limit: 100 }]);
    await importText(customer, 'usage', [heading, '501,2026-01-01,10,20']);
    expect(await limits()).toEqual([{ metric: 'api', limit: 100 }]);
    await importText(customer, 'usage', [heading, '501,2026-03-01,10,80']);
    expect(await limits()).toEqual([{ metric: 'api', limit: 80 }]);
  });

  it('of a survey without names keeps every answer, once', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const answers = ['account,kind,score,date', ...[9, 2, 10, 9].map((score) => `501,nps,${score},2026-03-01`)];
    expect(await importText(customer, 'surveys', answers)).toMatchObject({ rows: 4, errors: [] });
    await importText(customer, 'surveys', answers);
    const scores = (await signalsOf(customer, '501'))?.surveys?.map(({ score }) => score);
    expect(scores?.toSorted()).toEqual([10, 2, 9, 9]);
  });

  it('names the line that tells again of a day, and keeps what the first one told', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const days = ['account,date,feature:a,feature:b', '501,2026-02-27,10,', '501,2026-02-27,,7'];
    expect(await importText(customer, 'usage', days)).toMatchObject({ rows: 1, errors: [{ line: 3 }] });
    expect((await signalsOf(customer, '501'))?.usage?.days).toMatchObject([{ features: { a: 10 } }]);
  });

  it('names the line whose account has an id of endless length, and stores the others', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const long = randomBytes(6_000).toString('base64');
    const days = ['account,date,events', '501,2026-02-27,1', `${long},2026-02-27,1`];
    expect(await importText(customer, 'usage', days)).toMatchObject({ rows: 1, errors: [{ line: 3 }] });
    expect((await signalsOf(customer, '501'))?.usage?.days).toMatchObject([{ events: 1 }]);
  });

  it('changes the score at the next run', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.begin();
    await importText(customer, 'invoices', INVOICES);
    customer.clock.advance(60_000);
    expect((await customer.sync()).accountsScored).toBe(2);
    const stored = (await customer.store.assessments.get([toAccountId('501')])).get(toAccountId('501'));
    expect(JSON.stringify(stored?.assessment.health)).toMatch(/overdue/);
  });

  it('of surveys and milestones reaches the account too', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    await importText(customer, 'surveys', [
      'email,kind,score,date,comment',
      'ann@acme.example,nps,9,2026-02-20,"Great, really"',
    ]);
    await importText(customer, 'milestones', [
      'domain,kind,title,due,done',
      'acme.example,onboarding,First report,2026-02-01,',
    ]);
    const signals = await signalsOf(customer, '501');
    expect(signals?.surveys).toMatchObject([{ kind: 'nps', score: 9, comment: 'Great, really' }]);
    expect(signals?.milestones).toMatchObject([{ kind: 'onboarding', title: 'First report', doneOn: null }]);
    expect(signals?.usage).toBeNull();
  });

  it('without the columns that it needs is refused as a whole', async () => {
    const customer = await office.connect(COMPANIES);
    await expect(importText(customer, 'usage', ['account,events', '501,5'])).rejects.toMatchObject({
      code: 'input-invalid',
    });
    await expect(importText(customer, 'usage', [])).rejects.toMatchObject({ code: 'input-invalid' });
  });
});

describe('files that come now and then', () => {
  const driverOf = async ({ store }: Customer, measure: string) => {
    const stored = (await store.assessments.get([toAccountId('501')])).get(toAccountId('501'));
    return stored?.assessment.health.drivers.find((driver) => driver.measure === measure);
  };
  const paid = ['account,id,amount,currency,due,paid', '501,INV-1,1200,EUR,2026-02-10,2026-02-09'];

  it('are stale only when the next one did not come in time', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.begin();
    await importText(customer, 'invoices', paid, { every: 'month' });
    await customer.nextDay(32);
    expect(await driverOf(customer, 'C1')).toMatchObject({ state: 'ok', score: 100 });
    await customer.nextDay(2);
    const stale = await driverOf(customer, 'C1');
    expect(stale).toMatchObject({ state: 'stale' });
    // Three days over time: as much is lost as of a source that is read all day long.
    expect(stale?.score).toBeGreaterThan(95);
    await importText(customer, 'invoices', paid);
    await customer.nextDay(20);
    expect(await driverOf(customer, 'C1')).toMatchObject({ state: 'ok', score: 100 });
  });

  it('of usage leave the score as it is on the days between them, and a customer who stopped is seen in the next one', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.begin();
    const week = (from: number, users: (account: string) => number): readonly string[] =>
      Array.from({ length: 7 }, (_, day) => addDays(calendarDate('2026-01-05'), from * 7 + day)).flatMap((on) =>
        ['501', '502'].map((account) => `${account},${on},${users(account)},${users(account) * 3}`),
      );
    const heading = 'account,date,active_users,key_actions';
    // Eight weeks up to Sunday, 1 March, read on the Monday.
    const weeks = Array.from({ length: 8 }, (_, index) => week(index, () => 20)).flat();
    await importText(customer, 'usage', [heading, ...weeks], { every: 'week' });
    await customer.nextDay(1);
    const [change, last] = [await driverOf(customer, 'U2'), await driverOf(customer, 'U3')];
    expect(change).toMatchObject({ state: 'ok', value: 0 });
    await customer.nextDay(6);
    expect(await driverOf(customer, 'U2')).toMatchObject({ state: 'ok', value: 0, score: change?.score });
    expect(await driverOf(customer, 'U3')).toMatchObject({ state: 'ok', score: last?.score });
    const quiet = week(8, (account) => (account === '501' ? 0 : 20));
    await importText(customer, 'usage', [heading, ...quiet]);
    await customer.nextDay(1);
    expect(await driverOf(customer, 'U3')).toMatchObject({ state: 'ok', value: 7 });
    await customer.nextDay(12);
    expect(await driverOf(customer, 'U3')).toMatchObject({ state: 'stale', value: 7 });
  });
});
