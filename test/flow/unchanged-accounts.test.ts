import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { READING } from '../../src/core/mapping/reading.ts';
import type { AccountId } from '../../src/core/model/ids.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import { money } from '../../src/core/model/money.ts';
import { keysOfWorkspace } from '../../src/core/usage/match.ts';
import { MONDAY, openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const COMPANIES = [
  { id: '1', name: 'Acme', arr: 50_000, renewalOn: '2026-06-30' },
  { id: '2', name: 'Bolt', arr: 20_000, renewalOn: '2026-09-30' },
] as const;
const [ACME, BOLT] = [toAccountId('1'), toAccountId('2')];

/**
 * What was read of each account when it was last scored, by account id; without the CRM's date of the last change, which
 * our own writing moves as well and nothing is judged by.
 */
const readOf = async ({ store }: Customer): Promise<ReadonlyMap<AccountId, unknown>> => {
  const ids = (await store.assessments.page(null, 1_000)).map(({ assessment }) => assessment.accountId);
  const kept = await store.inputs.facts(ids);
  const read = (id: AccountId): unknown =>
    JSON.parse(
      JSON.stringify(kept.get(id)?.().facts, (name, value: unknown) => (name === 'modifiedAt' ? null : value)),
    );
  return new Map(ids.map((id) => [id, read(id)]));
};

const importInvoice = ({ store, clock }: Customer, id: string): Promise<void> =>
  store.signals.importFacts(
    [
      {
        kind: 'invoice',
        workspaceId: 'group:acme',
        keys: keysOfWorkspace({ groupId: 'acme', crmId: ACME, domain: null, mailDomain: null }),
        fact: {
          id,
          amount: money(100, 'EUR'),
          issuedOn: null,
          dueOn: calendarDate('2026-03-01'),
          paidOn: null,
          failedAt: null,
        },
      },
    ],
    { at: new Date(clock.now()).toISOString(), every: null },
  );

const wholeBook = async (): Promise<Customer> => {
  const world = generateWorld({ seed: 4, now: new Date(MONDAY).toISOString(), accounts: 40 });
  const portal = toPortalSeed(world);
  const customer = await office.connect([], { seed: { ...portal, facts: { ...portal.facts, portalId: 90_001 } } });
  await customer.begin();
  return customer;
};

describe('an account that nothing touched', () => {
  it('is judged by what was read of it last, which is what its records say today', async () => {
    const customer = await wholeBook();
    await customer.nextDay();
    const kept = await readOf(customer);
    // As after an update of Holdfast that reads records in another way: every record is read again.
    await customer.store.settings.put('read-by', 'another way');
    await customer.nextDay();
    expect(await readOf(customer)).toEqual(kept);
    expect(kept.size).toBeGreaterThan(20);
  });

  it('is read again when a source tells of accounts for the first time', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync('daily');
    expect((await readOf(customer)).get(BOLT)).toMatchObject({ invoices: null });
    await importInvoice(customer, 'I-1');
    await customer.nextDay();
    expect((await readOf(customer)).get(ACME)).toMatchObject({ invoices: [{ id: 'I-1' }] });
    expect((await readOf(customer)).get(BOLT)).toMatchObject({ invoices: [] });
    await importInvoice(customer, 'I-2');
    await customer.sync();
    expect((await readOf(customer)).get(ACME)).toMatchObject({ invoices: [{ id: 'I-1' }, { id: 'I-2' }] });
  });

  it('keeps telling which of its values cannot be read', async () => {
    const customer = await office.connect([COMPANIES[0], { ...COMPANIES[1], renewalOn: 'next autumn' }]);
    await customer.sync('daily');
    const told = async (): Promise<readonly string[]> =>
      (await customer.store.problems.list(100)).filter(({ kind }) => kind === 'mapping').map(({ crmId }) => crmId);
    expect(await told()).toEqual(['2']);
    await customer.nextDay();
    await customer.nextDay();
    expect(await told()).toEqual(['2']);
  });
});

describe('the number of the reading', () => {
  /**
   * When this fails, somebody changed what is read of a record, or the book that it is read of. In the first case raise
   * `READING`, so that accounts that nothing touches are read again; then put the pair that was received in here.
   */
  it('goes up when the same records are read otherwise', async () => {
    const read = [...(await readOf(await wholeBook()))].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const digest = createHash('sha256').update(JSON.stringify(read)).digest('hex').slice(0, 16);
    expect([READING, digest]).toEqual([1, '48f565863f98973c']);
  });
});
