import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate, type CalendarDate } from '../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { findHistory, readHistory } from '../../src/queries/history.ts';
import { knownCompany } from '../support/known-company.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const ACME = toAccountId('1');
const COMPANIES = [
  { id: '1', name: 'Acme', arr: 50_000, renewalOn: '2026-06-30' },
  { id: '2', name: 'Bolt', arr: 20_000, renewalOn: '2026-09-30' },
] as const;

const historyOf = (customer: Customer, since: string | null) =>
  readHistory(customer.store, ACME, since, new Date(customer.clock.now()).toISOString());
const daysOf = async (customer: Customer, since: string): Promise<readonly CalendarDate[]> =>
  (await historyOf(customer, since)).days.map(({ on }) => on);

describe('the history of an account', () => {
  it('has a line for each day on which it was scored, with what was said that day', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync('daily');
    await customer.nextDay();
    await customer.nextDay(3);
    const { days } = await historyOf(customer, null);
    expect(days.map(({ on }) => on)).toEqual(['2026-03-02', '2026-03-03', '2026-03-06']);
    const stored = (await customer.store.assessments.get([ACME])).get(ACME)?.assessment;
    expect(days.at(-1)).toEqual({
      on: '2026-03-06',
      score: stored?.health.score,
      raw: stored?.health.raw,
      band: stored?.health.band,
      coverage: stored?.health.coverage,
      confidence: stored?.health.confidence,
      churnProbability90d: stored?.churn.probability90d,
      expansion: stored?.expansion.score,
      caps: [],
      modelVersion: 'HF-Health v1 / default 1',
    });
    expect(await daysOf(customer, '2026-03-04')).toEqual(['2026-03-06']);
  });

  it('is asked for by a name, and by its id also when the customer has left', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync('daily');
    const found = (named: string) =>
      findHistory(customer.store, named, null, new Date(customer.clock.now()).toISOString());
    expect(await found('acme')).toMatchObject({ account: '1', name: 'Acme', firstOn: '2026-03-02', days: [{}] });
    customer.portal.edit('companies', '1', { customer_status: 'Prospect' });
    await customer.nextDay();
    expect(await found('1')).toMatchObject({ account: '1', name: null, days: [{ on: '2026-03-02' }] });
    await expect(found('acme')).rejects.toMatchObject({ code: 'account-unknown' });
    await expect(found('77')).rejects.toMatchObject({ code: 'account-unknown' });
  });

  it('is asked for from a day that is not ahead', async () => {
    const customer = await office.connect(COMPANIES);
    await expect(historyOf(customer, '2026-03-03')).rejects.toMatchObject({ code: 'input-invalid' });
    await expect(historyOf(customer, 'March')).rejects.toMatchObject({ message: "'March' is not a day up to today." });
  });

  it('older than a year is the last scored day of each month', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync('daily');
    for (const days of [1, 25, 2, 2, 6]) await customer.nextDay(days);
    expect(await daysOf(customer, '2026-03-01')).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-28',
      '2026-03-30',
      '2026-04-01',
      '2026-04-07',
    ]);
    await customer.nextDay(360);
    // 3 April of the year before is a year ago: what comes before it is March and a few days of April.
    expect(await daysOf(customer, '2026-03-01')).toEqual(['2026-03-30', '2026-04-07', '2027-04-02']);
    await customer.nextDay();
    expect(await daysOf(customer, '2026-03-01')).toEqual(['2026-03-30', '2026-04-07', '2027-04-02', '2027-04-03']);
  });
});

describe('fourteen months of daily runs', () => {
  it('leave every day of the last year, and of each month before it the last day that was scored', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync('daily');
    const scored = ['2026-03-02'];
    while ((scored.at(-1) ?? '') < '2027-05-01') {
      await customer.nextDay(20);
      scored.push(new Date(customer.clock.now()).toISOString().slice(0, 10));
    }
    const yearAgo = `2026${scored.at(-1)?.slice(4)}`;
    const lastOfMonths = scored.filter((day, at) => day.slice(0, 7) !== scored[at + 1]?.slice(0, 7));
    const kept = scored.filter((day) => day >= yearAgo || lastOfMonths.includes(day));
    expect(await daysOf(customer, '2026-03-01')).toEqual(kept);
    expect(kept.filter((day) => day < yearAgo)).toEqual(['2026-03-22', '2026-04-11']);
    expect(kept.filter((day) => day >= yearAgo)).toHaveLength(19);
  });
});

describe('what is kept for learning', () => {
  it('is one look at each term ahead in each month, and it stays as it was', async () => {
    const customer = await office.connect(COMPANIES, { rest: knownCompany('1') });
    await customer.sync('daily');
    const [first] = await customer.store.history.features([ACME]);
    customer.portal.edit('companies', '1', { arr: '90000' });
    await customer.nextDay(3);
    expect(await customer.store.history.features([ACME])).toEqual([first]);
    expect(first).toMatchObject({ on: '2026-03-02', decisionOn: '2026-06-30', revenue: { minor: 5_000_000 } });
    await customer.nextDay(40);
    const kept = await customer.store.history.features([ACME]);
    expect(kept.map(({ on, revenue }) => [on, revenue?.minor])).toEqual([
      ['2026-03-02', 5_000_000],
      ['2026-04-14', 9_000_000],
    ]);
  });

  it('is one look in each month at a customer without a renewal date as well', async () => {
    const customer = await office.connect([{ id: '1', name: 'Acme', arr: 50_000, csmId: '13' }], {
      rest: knownCompany('1'),
    });
    await customer.sync('daily');
    await customer.nextDay(3);
    await customer.nextDay(40);
    const kept = await customer.store.history.features([ACME]);
    expect(kept.map(({ on, termId }) => [on, termId])).toEqual([
      ['2026-03-02', null],
      ['2026-04-14', null],
    ]);
  });

  it('is how a term went, and that it is open again when a customer comes back', async () => {
    const customer = await office.connect(COMPANIES, { rest: knownCompany('2') });
    await customer.sync('daily');
    customer.portal.edit('companies', '2', { customer_status: 'Former customer' });
    await customer.nextDay();
    const decided = await customer.store.history.decidedTerms(calendarDate('2026-12-31'), null, 10);
    const [known] = await customer.store.history.features([toAccountId('2')]);
    expect(decided).toEqual([{ accountId: '2', termId: known?.termId, decisionOn: known?.decisionOn, isLost: true }]);
    customer.portal.edit('companies', '2', { customer_status: 'Customer' });
    await customer.nextDay();
    expect(await customer.store.history.decidedTerms(calendarDate('2026-12-31'), null, 10)).toEqual([]);
  });
});
