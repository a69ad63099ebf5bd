import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAccountId } from '../../src/core/model/ids.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const company = (id: string, name: string, parent?: string): CustomerCompany => ({
  id,
  name,
  arr: 20_000,
  ownerId: '11',
  ...(parent !== undefined && { more: { hs_parent_company_id: parent } }),
});

const standingOf = async ({ store }: Customer, id: string) =>
  (await store.assessments.get([toAccountId(id)])).get(toAccountId(id))?.assessment.standing;

describe('the book of accounts, after a daily run', () => {
  it('knows a company with those below it, and keeps that through the day', async () => {
    const customer = await office.connect([
      company('1', 'Globex'),
      company('2', 'Globex France', '1'),
      company('3', 'Solo'),
    ]);
    await customer.sync('daily');
    expect(await standingOf(customer, '1')).toMatchObject({
      rollUp: { method: 'arr_weighted', accounts: 0, band: 'grey' },
    });
    expect(await standingOf(customer, '2')).toBeNull();

    customer.portal.edit('companies', '1', { arr: '30000' });
    await customer.sync();
    expect(await standingOf(customer, '1')).toMatchObject({ rollUp: { method: 'arr_weighted' } });
  });

  it('names companies that are each other’s parents, until somebody corrects that', async () => {
    const customer = await office.connect([
      company('1', 'Ourobo', '2'),
      company('2', 'Ros', '1'),
      company('3', 'Solo'),
    ]);
    const circles = async () =>
      (await customer.store.problems.list(10)).filter(({ code }) => code === 'hierarchy-circle');
    await customer.sync('daily');
    expect(await circles()).toMatchObject([{ message: "'Ourobo', 'Ros' are each other's parents.", crmId: '1' }]);

    customer.portal.edit('companies', '2', { hs_parent_company_id: '' });
    await customer.nextDay();
    expect(await circles()).toEqual([]);
    expect(await standingOf(customer, '2')).toMatchObject({ rollUp: { accounts: 0 } });
  });
});
