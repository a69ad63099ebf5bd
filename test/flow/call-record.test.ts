import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { churnInWords } from '../../src/cli/churn-in-words.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { readChurnStatus } from '../../src/queries/churn-status.ts';
import { knownCompany } from '../support/known-company.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Acme, green enough for the score, with a call of the CSM on its renewal on 10 June. */
async function connect(csmCall: string): Promise<Customer> {
  const { rows = [], links = [] } = knownCompany('1');
  const renewal = {
    dealname: 'Acme renewal',
    pipeline: 'renewals',
    dealstage: 'renewal-open',
    closedate: '2026-06-10',
  };
  const customer = await office.connect([{ id: '1', name: 'Acme', renewalOn: '2026-06-10', arr: 50_000 }], {
    rest: { rows: [...rows, row('deals', '301', renewal)], links: [...links, toCompany(['deals', '301'], '1', true)] },
  });
  await customer.store.settings.put('write-back', { fields: 'extended' });
  await customer.begin();
  customer.portal.edit('deals', '301', { holdfast_csm_call: csmCall });
  return customer;
}

const statusOf = ({ store }: Customer) => readChurnStatus(store, defaultConfiguration.churn);

describe('the calls on a renewal', () => {
  it('are held against how it went, and told with the churn model', async () => {
    const customer = await connect('at_risk');
    expect(churnInWords(await statusOf(customer))).toContain(
      'No renewal was decided in the last 365 days whose calls of 30 days before are kept.',
    );
    // 5 April, 5 June, 5 July.
    await customer.nextDay(34);
    customer.portal.edit('deals', '301', { dealstage: 'renewal-won', closedate: '2026-06-05' });
    await customer.nextDay(61);
    await customer.nextDay(30);
    const status = await statusOf(customer);
    expect(status.calls).toEqual({
      leadDays: 30,
      overDays: 365,
      renewals: 1,
      system: { called: 1, right: 1 },
      people: { called: 1, right: 0 },
      opposed: { renewals: 1, systemRight: 1 },
      categories: { best_case: { renewals: 1, renewed: 1 } },
    });
    expect(churnInWords(status)).toContain(
      [
        'Calls on decided renewals (1 in the last 365 days, by the calls of 30 days before): the system was right on 1 of 1, people on 0 of 1. Where they differed, the system was right on 1, people on 0.',
        'suggested category  decided  renewed',
        'best case                 1        1',
      ].join('\n'),
    );
  });
});
