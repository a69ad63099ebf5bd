import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { defaultUsageConfiguration } from '../../../src/core/usage/configuration.ts';
import type { ImportKind } from '../../../src/core/usage/import-columns.ts';
import { importFile, type ImportResult } from '../../../src/flow/intake/import-file.ts';
import { MONDAY, openLineOffice, type Customer, type LineOffice } from '../../support/line-office.ts';

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
  { store }: Customer,
  kind: ImportKind,
  lines: readonly string[],
  isDryRun = false,
): Promise<ImportResult> {
  async function* text(): AsyncGenerator<string> {
    yield lines.join('\r\n');
  }
  return importFile({
    store,
    kind,
    text: text(),
    at: new Date(MONDAY).toISOString(),
    configuration: defaultUsageConfiguration,
    isDryRun,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

const signalsOf = async ({ store }: Customer, account: string) => {
  const id = toAccountId(account);
  return (await store.signals.byAccounts([id], calendarDate('2026-03-02'))).get(id);
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
    expect(await importText(customer, 'invoices', INVOICES, true)).toMatchObject({ rows: 3, isDryRun: true });
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
