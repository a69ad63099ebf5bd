import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountInWords } from '../../src/cli/account-in-words.ts';
import { expansionInWords } from '../../src/cli/expansion-in-words.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { getAccount } from '../../src/queries/accounts.ts';
import { readExpansionStatus } from '../../src/queries/expansion-status.ts';
import { recompute } from '../../src/queries/recompute.ts';
import { accountPage } from '../../src/server/pages/account-page.ts';
import { customerPortal } from '../support/customer-portal.ts';
import { MONDAY, openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const FULL = Array.from({ length: 32 }, (_, index) => `${index + 1}`);
const ROOMY = Array.from({ length: 32 }, (_, index) => `${index + 101}`);
const dealOf = (company: string): string => `9${company}`;

let customers = 0;
/** Half of the accounts have no seat left and talk about more; the others have plenty. */
async function begin(): Promise<Customer> {
  customers += 1;
  const company = (id: string, used: number) => ({
    id,
    name: `Customer ${id}`,
    arr: 10_000,
    renewalOn: '2027-01-31',
    more: { seats_paid: '100', seats_used: String(used) },
  });
  const portal = customerPortal(
    90_000 + customers,
    MONDAY,
    [...FULL.map((id) => company(id, 100)), ...ROOMY.map((id) => company(id, 20))],
    {
      rows: FULL.map((id) =>
        row('deals', dealOf(id), {
          dealname: 'More seats',
          pipeline: 'default',
          dealstage: 'open',
          dealtype: 'existingbusiness',
          closedate: '2026-04-10T00:00:00Z',
        }),
      ),
      links: FULL.map((id) => toCompany(['deals', dealOf(id)], id, true)),
    },
  );
  const [number] = portal.properties['companies']?.filter(({ name }) => name === 'arr') ?? [];
  if (number === undefined) throw new Error('the portal has a number to copy');
  const seats = ['seats_paid', 'seats_used'].map((name) => ({ ...number, name, label: name }));
  const properties = { ...portal.properties, companies: [...(portal.properties['companies'] ?? []), ...seats] };
  const customer = await office.connect([], { seed: { ...portal, properties } });
  await customer.begin();
  return customer;
}

const win = ({ portal }: Customer, companies: readonly string[]): void => {
  for (const id of companies) {
    portal.edit('deals', dealOf(id), { dealstage: 'closedwon', closedate: '2026-03-20T10:00:00Z' });
  }
};
const statusOf = ({ store }: Customer) => readExpansionStatus(store, defaultConfiguration.expansion);
const expansionOf = async ({ store }: Customer, id: string) =>
  (await store.assessments.get([toAccountId(id)])).get(toAccountId(id))?.assessment.expansion;
/** What the command and the page say of an account. */
const toldOf = async ({ store }: Customer, name: string): Promise<readonly string[]> => {
  const detail = await getAccount(store, name, () => '');
  return [accountInWords(detail, []), accountPage({ at: (path) => path, session: null }, 'accounts', detail, [])];
};

describe('the chance of an expansion at a customer', () => {
  it('is learned once thirty expansions have followed a score by 90 days, told in percent, and computed again exactly', async () => {
    const customer = await begin();
    expect(await statusOf(customer)).toMatchObject({ status: 'provisional', lastOn: '2026-03-02', accounts: 0 });
    win(customer, FULL.slice(0, 30));
    await customer.nextDay(30);
    // What has followed is known once all of the 90 days are over.
    expect(await statusOf(customer)).toMatchObject({
      status: 'provisional',
      lastOn: '2026-04-01',
      expansions: { have: 0 },
    });
    expect(await expansionOf(customer, '1')).toMatchObject({ score: 30, status: 'provisional' });

    await customer.nextDay(65);
    const status = await statusOf(customer);
    expect(status).toMatchObject({
      status: 'calibrated',
      lastOn: '2026-06-05',
      expansions: { have: 30, need: 30, isMet: true },
      accounts: 64,
    });
    expect(expansionInWords(status)).toMatch(
      /^Chances of expansion within 90 days are learned from 30 won expansions and 64 scores .*: \d+% at 10 points/,
    );
    const full = await expansionOf(customer, '1');
    const roomy = await expansionOf(customer, '101');
    expect(full).toMatchObject({
      status: 'calibrated',
      chance: { days: 90 },
      won: [{ dealId: '91', wonOn: '2026-03-20' }],
    });
    expect(full?.chance?.probability).toBeGreaterThan(0.2);
    expect(roomy?.chance?.probability).toBeLessThan(0.08);
    for (const told of await toldOf(customer, 'Customer 1')) {
      expect(told).toMatch(/expansion.*; \d+% likely to expand within 90 days/i);
    }
    for (const id of ['1', '101']) {
      expect(await recompute(customer.store, toAccountId(id), null)).toMatchObject({
        isSame: true,
        compared: 'everything',
      });
    }

    // A deal that turns out not to be won after all is not learned from any more.
    customer.portal.edit('deals', dealOf('1'), { dealstage: 'open' });
    await customer.sync();
    await customer.nextDay(30);
    expect(await statusOf(customer)).toMatchObject({ status: 'provisional', expansions: { have: 29, isMet: false } });
  });

  it('is provisional with one expansion less: it moves what an expansion is worth, and no percentage is told', async () => {
    const customer = await begin();
    win(customer, FULL.slice(0, 29));
    await customer.nextDay(30);
    const before = await expansionOf(customer, '32');
    await customer.nextDay(65);
    const status = await statusOf(customer);
    expect(status).toMatchObject({ status: 'provisional', expansions: { have: 29 } });
    expect(expansionInWords(status)).toBe(
      'Chances of expansion are provisional: 29 of 30 won expansions seen by 2026-06-05. Scores rank, and no percentage is told.',
    );
    const after = await expansionOf(customer, '32');
    expect(after?.chance).toBeUndefined();
    expect(after?.score).toBe(before?.score);
    expect(after?.expectedValue?.minor).toBeGreaterThan(before?.expectedValue?.minor ?? Infinity);
    for (const told of await toldOf(customer, 'Customer 32')) {
      expect(told).toMatch(/expansion.*; EUR [\d.,]+ expected \(provisional\)/i);
      expect(told).not.toContain('likely to expand');
    }
  });
});
