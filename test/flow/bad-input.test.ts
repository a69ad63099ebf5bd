import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeedRow } from '../../connectors/hubspot/sandbox/portal-seed.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { knownCompany } from '../support/known-company.ts';
import {
  MONDAY,
  openLineOffice,
  type Customer,
  type CustomerOptions,
  type LineOffice,
} from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const ACME = toAccountId('1');
const inDays = (days: number): string => new Date(MONDAY + days * 86_400_000).toISOString();

const assessmentOf = async ({ store }: Customer) => (await store.assessments.get([ACME])).get(ACME)?.assessment;
const problemsOf = async ({ store }: Customer, kind: string) =>
  (await store.problems.list(100)).filter((problem) => problem.kind === kind);

/** What is known of Acme, with some rows told otherwise and some more. */
function told(change: (row: SeedRow) => SeedRow, more: CustomerOptions['rest'] = {}): CustomerOptions['rest'] {
  const { rows = [], links = [] } = knownCompany('1');
  return { rows: [...rows.map(change), ...(more.rows ?? [])], links: [...links, ...(more.links ?? [])] };
}

describe('a value in the CRM that cannot be', () => {
  it('is named with the way out, takes nothing else along, and is read once it is corrected', async () => {
    const customer = await office.connect(
      [
        {
          id: '1',
          name: 'Acme',
          arr: -20,
          renewalOn: '2999-01-01',
          more: { notice_period_days: '-3', numberofemployees: '-7' },
        },
      ],
      { rest: knownCompany('1') },
    );
    await customer.sync('daily');
    expect((await problemsOf(customer, 'mapping')).map(({ crmId, message }) => `${crmId}: ${message}`).sort()).toEqual([
      "1: Annual recurring revenue: arr holds '-20', which is less than 0.",
      "1: Employees: numberofemployees holds '-7', which is less than 0.",
      "1: Notice period in days: notice_period_days holds '-3', which is less than 0.",
      "1: Renewal date: renewal_date holds '2999-01-01', which is too far away to be meant.",
    ]);
    const before = await assessmentOf(customer);
    expect(before?.health.score).not.toBeNull();
    expect(before?.place.revenue).toBeNull();

    customer.portal.edit('companies', '1', {
      arr: '20000',
      renewal_date: '2026-09-30',
      notice_period_days: '30',
      numberofemployees: '70',
    });
    await customer.nextDay();
    expect(await problemsOf(customer, 'mapping')).toEqual([]);
    expect(await assessmentOf(customer)).toMatchObject({
      place: { revenue: { minor: 2_000_000, currency: 'EUR' } },
      renewal: { next: { endOn: '2026-09-30', decisionOn: '2026-08-31' } },
    });
  });

  it('is no contact, answer or payment before its day has come', async () => {
    const meeting = row('meetings', '61', {
      hs_meeting_title: 'Plans for summer',
      hs_timestamp: inDays(60),
      hs_meeting_outcome: 'COMPLETED',
    });
    const customer = await office.connect([{ id: '1', name: 'Acme', arr: 20_000 }], {
      rest: told((one) => one, {
        rows: [meeting],
        links: [
          toCompany(['meetings', '61'], '1'),
          { fromObject: 'meetings', fromId: '61', toObject: 'contacts', toId: '211', isPrimary: false },
        ],
      }),
    });
    await customer.sync('daily');
    const { people, health } = (await assessmentOf(customer)) ?? {};
    expect(people?.lastTwoWayAt).toBe(inDays(-5));
    expect(health?.drivers.find(({ measure }) => measure === 'R1')?.value).toBe(5);
  });
});

describe('revenue in a currency without a rate', () => {
  it('is kept as it is and named, and counts with the rest once somebody sets the rate', async () => {
    const inYen = (one: SeedRow): SeedRow =>
      one.object === 'deals'
        ? {
            ...one,
            properties: {
              ...one.properties,
              hs_arr: '5000000',
              deal_currency_code: 'JPY',
              contract_end_date: '2026-09-30',
            },
          }
        : one;
    const customer = await office.connect([{ id: '1', name: 'Acme' }], { rest: told(inYen) });
    await customer.sync('daily');
    expect((await assessmentOf(customer))?.churn.arrAtRisk?.currency).toBe('JPY');
    expect(await problemsOf(customer, 'book')).toMatchObject([
      {
        code: 'currency-unknown',
        message: 'One account has revenue in JPY, for which no exchange rate is set.',
        remedy:
          'Set rates.perUnit.JPY in the configuration. Until then that revenue is left out of sums and ranks, and its figure alone tells how large a customer is.',
      },
    ]);

    const set = [{ path: 'rates.perUnit.JPY', value: 0.006 }];
    await draftConfiguration(customer.store, office.app.clock, {
      changes: null,
      set,
      unset: [],
      note: null,
      actor: 'ana',
    });
    await publishDraft(customer.store, office.app.clock, { actor: 'ana', isUnseenAllowed: true });
    await customer.nextDay();
    expect(await problemsOf(customer, 'book')).toEqual([]);
    expect((await assessmentOf(customer))?.churn.arrAtRisk?.currency).toBe('EUR');
  });

  it('that is no currency at all is named by its record', async () => {
    const inEuros = (one: SeedRow): SeedRow =>
      one.object === 'deals' ? { ...one, properties: { ...one.properties, deal_currency_code: 'EURO' } } : one;
    const customer = await office.connect([{ id: '1', name: 'Acme', arr: 20_000 }], { rest: told(inEuros) });
    await customer.sync('daily');
    expect(await problemsOf(customer, 'mapping')).toMatchObject([
      {
        object: 'deals',
        crmId: '311',
        message: "Amount: amount holds '50000', but its currency 'EURO' is not an ISO code.",
        remedy: 'Use the three-letter code there: EUR, USD.',
      },
    ]);
    expect((await assessmentOf(customer))?.health.score).not.toBeNull();
  });
});
