import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { acknowledgeChurnModel, trainChurn } from '../../src/flow/train-churn.ts';
import { withLine } from '../../src/jobs/run.ts';
import { readChurnStatus } from '../../src/queries/churn-status.ts';
import { knownCompany } from '../support/known-company.ts';
import { openLineOffice, ourValues, type Customer, type LineOffice } from '../support/line-office.ts';
import { rememberRenewals, type PastRenewals } from '../support/past-renewals.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const TODAY = calendarDate('2026-03-02');
const ACME = { id: '1', name: 'Acme', arr: 50_000, renewalOn: '2026-05-20', segment: 'Mid-Market' } as const;

/** Every value is written to the CRM, not only the core set. */
async function connect(): Promise<Customer> {
  const customer = await office.connect([ACME], { rest: knownCompany('1') });
  await customer.store.settings.put('write-back', { fields: 'extended' });
  return customer;
}

const remember = ({ store }: Customer, kinds: readonly PastRenewals[]) => rememberRenewals(store, TODAY, kinds);

/** Health tells losses well, and not too well. */
const TELLING: readonly PastRenewals[] = [
  { terms: 90, lost: 5, health: 85 },
  { terms: 40, lost: 14, health: 60 },
  { terms: 20, lost: 14, health: 35 },
];
const TELLS_ALL: readonly PastRenewals[] = [
  { terms: 100, lost: 0, health: 90 },
  { terms: 30, lost: 30, health: 20 },
];

const statusOf = ({ store }: Customer) => readChurnStatus(store, defaultConfiguration.churn);
const churnOf = async ({ store }: Customer) =>
  (await store.assessments.get([toAccountId('1')])).get(toAccountId('1'))?.assessment.churn;
const train = (customer: Customer) =>
  withLine(
    office.app,
    customer.installation.id,
    { signal: new AbortController().signal, progress: () => undefined },
    trainChurn,
  );

describe('the base rate of a segment', () => {
  it('counts the terms of customers who left, before Holdfast came and since', async () => {
    const customer = await office.connect([
      { id: '1', name: 'Acme', arr: 50_000, renewalOn: '2026-05-20' },
      { id: '2', name: 'Bolt', arr: 20_000, renewalOn: '2026-09-30' },
      { id: '3', name: 'Left long ago', arr: 30_000, renewalOn: '2025-06-30', status: 'Former customer' },
      { id: '4', name: 'Never bought', status: 'Prospect' },
    ]);
    await customer.sync('daily');
    const midOf = async () => (await statusOf(customer)).baseRates.mid;
    // Accounts without a segment are in the one of their revenue.
    expect(await midOf()).toEqual({ rate: (50 * 0.15 + 1) / 51, terms: 1, churns: 1 });
    customer.portal.edit('companies', '2', { customer_status: 'Former customer' });
    await customer.nextDay();
    await customer.nextDay();
    expect(await midOf()).toEqual({ rate: (50 * 0.15 + 2) / 52, terms: 2, churns: 2 });
  });
});

describe('the churn model of a customer', () => {
  it('goes by the rules while too few renewals are known, and says how many it takes', async () => {
    const customer = await connect();
    await remember(customer, [{ terms: 60, lost: 12, health: 60 }]);
    await customer.begin();
    expect(await statusOf(customer)).toMatchObject({
      tier: 0,
      status: 'cold_start',
      model: null,
      training: {
        lastOn: '2026-03-02',
        nextOn: '2026-04-01',
        terms: { have: 60, need: 100, isMet: false },
        churns: { have: 12, need: 20, isMet: false },
        rate: { observed: 0.2 },
      },
      whyNot: [
        'It takes 100 decided terms that were known 90 days before; there are 60.',
        'It takes 20 losses among them; there are 12.',
      ],
    });
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_churn_model_status: 'cold_start' });
  });

  it('learns from its own renewals, once a month: scores, their intervals and the CRM say so', async () => {
    const customer = await connect();
    await customer.begin();
    const byRules = await churnOf(customer);
    await remember(customer, TELLING);
    await customer.nextDay();
    expect((await statusOf(customer)).tier).toBe(0);

    await customer.nextDay(30);
    const status = await statusOf(customer);
    expect(status).toMatchObject({
      tier: 1,
      status: 'calibrating',
      model: {
        trainedOn: '2026-04-02',
        terms: 150,
        churns: 33,
        features: ['health', 'sharp_decline', 'champion_departed'],
      },
      waiting: null,
      whyNot: [],
    });
    expect(status.intervalShare).toBeCloseTo(0.95, 3);
    expect(status.model?.quality.auc).toBeGreaterThan(0.7);
    expect(status.model?.quality.aucInterval?.low).toBeLessThan(status.model?.quality.auc ?? 0);
    const learned = await churnOf(customer);
    expect(learned?.status).toBe('calibrating');
    expect(learned?.probability90d).not.toBe(byRules?.probability90d);
    expect(learned?.interval90d?.low).toBeLessThan(learned?.probability90d ?? 0);
    expect(learned?.interval90d?.high).toBeGreaterThan(learned?.probability90d ?? 1);
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_churn_model_status: 'calibrating' });
  });

  it('is the same model when it is trained again on the same renewals', async () => {
    const customer = await connect();
    await customer.sync();
    await remember(customer, TELLING);
    await train(customer);
    const { model } = await statusOf(customer);
    await train(customer);
    expect((await statusOf(customer)).model).toEqual(model);
    expect(model).not.toBeNull();
  });

  it('that tells losses too well to be true is not used before a person has looked at it', async () => {
    const customer = await connect();
    await remember(customer, TELLS_ALL);
    await customer.sync('daily');
    expect(await statusOf(customer)).toMatchObject({
      tier: 0,
      model: null,
      waiting: { terms: 130, churns: 30 },
      whyNot: [expect.stringContaining('too well to be true (AUC 1.00, above 0.9)')],
    });
    expect((await churnOf(customer))?.status).toBe('cold_start');

    await acknowledgeChurnModel(customer.store, office.app.clock, 'admin');
    expect(await statusOf(customer)).toMatchObject({ tier: 1, model: { churns: 30 }, waiting: null });
    expect((await customer.store.audit.recent(1))[0]).toMatchObject({ action: 'acknowledge-churn-model' });
    await customer.nextDay();
    expect((await churnOf(customer))?.status).toBe('calibrating');
    await expect(acknowledgeChurnModel(customer.store, office.app.clock, 'admin')).rejects.toMatchObject({
      message: 'No churn model waits for an acknowledgement.',
    });
  });

  it('that does no better than the rate of loss is set aside, and named degraded', async () => {
    const customer = await connect();
    await remember(customer, [
      { terms: 120, lost: 30, health: 95 },
      { terms: 120, lost: 30, health: 20 },
    ]);
    await customer.sync('daily');
    expect(await statusOf(customer)).toMatchObject({
      tier: 0,
      status: 'degraded',
      whyNot: ['What was learned does no better than the rate of loss alone.'],
    });
    expect((await churnOf(customer))?.status).toBe('degraded');
  });
});
