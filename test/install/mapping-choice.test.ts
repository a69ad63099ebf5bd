import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOverride } from '../../src/core/mapping/override.ts';
import { HoldfastError } from '../../src/errors.ts';
import { chooseMapping } from '../../src/flow/choose-mapping.ts';
import { withLine } from '../../src/jobs/run.ts';
import { examine } from '../../src/queries/doctor.ts';
import { openLineOffice, ourValues, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Keeps its renewal dates where nobody would look for them, beside a field of the usual name. */
const withOwnField = async (): Promise<Customer> => {
  const customer = await office.connect([
    { id: '1', name: 'Acme', renewalOn: '2026-04-10', csmId: '13' },
    { id: '2', name: 'Bolt', renewalOn: '2026-04-10', csmId: '14' },
  ]);
  customer.portal.defineProperty('companies', {
    name: 'kuendigungstermin',
    label: 'Kündigungstermin',
    groupName: 'contract',
    type: 'date',
    fieldType: 'date',
    options: [],
  });
  customer.portal.edit('companies', '1', { kuendigungstermin: '2026-06-30' });
  return customer;
};

describe("an installation's own mapping", () => {
  it('decides from the next sync on where a field is read, for records that never changed too', async () => {
    const customer = await withOwnField();
    await customer.begin();
    expect(ourValues(customer.portal, '1')['holdfast_next_renewal_date']).toBe('2026-04-10');
    await choose(customer, { account: { renewalOn: { from: ['kuendigungstermin', 'renewal_date'] } } });
    const { writes } = await customer.sync();
    expect(ourValues(customer.portal, '1')['holdfast_next_renewal_date']).toBe('2026-06-30');
    expect(ourValues(customer.portal, '2')['holdfast_next_renewal_date']).toBe('2026-04-10');
    expect(writes).toMatchObject({ records: 1, tasksClosed: 3 });
    expect(tasksIn(customer.portal, '2').every(({ status }) => status === 'NOT_STARTED')).toBe(true);
    await choose(customer, {});
    await customer.sync();
    expect(ourValues(customer.portal, '1')['holdfast_next_renewal_date']).toBe('2026-04-10');
  });

  it('finds a property that the admin made a minute ago', async () => {
    const customer = await office.connect([{ id: '1', name: 'Acme' }]);
    await customer.begin();
    customer.portal.defineProperty('companies', {
      name: 'ends_on',
      label: 'Ends on',
      groupName: 'contract',
      type: 'date',
      fieldType: 'date',
      options: [],
    });
    customer.portal.edit('companies', '1', { ends_on: '2026-06-30' });
    customer.clock.advance(60_000);
    await choose(customer, { account: { renewalOn: { from: ['ends_on'] } } });
    await customer.sync();
    expect(ourValues(customer.portal, '1')['holdfast_next_renewal_date']).toBe('2026-06-30');
  });

  it('is one of its own: a neighbour reads as before', async () => {
    const one = await withOwnField();
    await one.sync();
    await choose(one, { account: { renewalOn: { from: ['kuendigungstermin'] } } });
    const other = await withOwnField();
    await other.begin();
    expect(ourValues(other.portal, '1')['holdfast_next_renewal_date']).toBe('2026-04-10');
  });

  it.each([
    [
      'names a property that is not there',
      { account: { renewalOn: { from: ['renewal_dat'] } } },
      "There is no property 'renewal_dat' on companies; 'Renewal date' cannot be read from it. Did you mean 'renewal_date'?",
    ],
    [
      'names a property of a type that cannot hold it',
      { account: { renewalOn: { from: ['arr'] } } },
      "The property 'arr' is of type number; 'Renewal date' is a date and cannot be read from it.",
    ],
    ['has a key that does not exist', { account: { renewalOn: { form: ['renewal_date'] } } }, "Did you mean 'from'?"],
    ['speaks of a field that does not exist', { account: { renewalOm: { from: ['x'] } } }, "Did you mean 'renewalOn'?"],
    ['is of the wrong type', { account: { renewalOn: { from: 'renewal_date' } } }, 'account.renewalOn.from'],
    ['is not an object at all', ['renewal_date'], 'override'],
  ])('that %s is refused in one clear message, and nothing changes', async (_, override, words) => {
    const customer = await withOwnField();
    await customer.begin();
    const problems = await customer.store.problems.list(100);
    const refusal = await choose(customer, override).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HoldfastError);
    expect(refusal).toMatchObject({ code: 'mapping-invalid', message: expect.stringContaining(words) });
    expect(refusal).toHaveProperty('remedy', expect.stringMatching(/\w+ .*\./));
    expect(await customer.store.settings.get('mapping')).toBeNull();
    expect(await customer.store.problems.list(100)).toEqual(problems);
    expect(await customer.sync()).toMatchObject({ accountsScored: 0, writes: { records: 0 } });
  });

  it('that was stored by hand and is broken stops the installation with the reason, and a person starts it again', async () => {
    const customer = await withOwnField();
    await customer.begin();
    await customer.store.settings.put('mapping', { account: { renewalOn: { form: ['x'] } } });
    const failure = await customer.sync('incremental', { trigger: 'schedule' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'mapping-invalid' });
    expect(await customer.store.getInstallation()).toMatchObject({
      status: 'paused',
      statusReason: expect.stringContaining("Did you mean 'from'?"),
    });
    await expect(customer.sync('incremental', { trigger: 'schedule' })).rejects.toMatchObject({
      code: 'installation-paused',
    });
    await choose(customer, {});
    await customer.sync();
    expect(await customer.store.getInstallation()).toMatchObject({ status: 'active', statusReason: null });
  });
});

describe('a mapped property that disappears from the portal', () => {
  it('takes its own field along and no other, is told with what is read instead, and heals when it comes back', async () => {
    const customer = await office.connect([
      { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' },
    ]);
    const { portal, store, nextDay } = customer;
    await customer.begin();
    portal.removeProperty('companies', 'arr');
    const { accountsScored, writes } = await nextDay();
    expect({ accountsScored, ...writes }).toMatchObject({
      accountsScored: 1,
      refused: 0,
      tasksOpened: 0,
      tasksClosed: 0,
    });
    const shown = ourValues(portal, '1');
    expect(shown).toMatchObject({ holdfast_next_renewal_date: '2026-04-10' });
    const report = await examine(
      office.app.store,
      [await store.getInstallation()],
      office.app.clock.now(),
      office.app.scopesOf,
    );
    expect(report.isWell).toBe(false);
    expect(report.installations[0]?.problems).toMatchObject([
      {
        object: 'companies',
        field: 'arr',
        message: "The property 'arr' on companies is gone; 'Annual recurring revenue' is empty from now on.",
        remedy: expect.stringContaining('Restore the property'),
      },
    ]);

    portal.defineProperty('companies', {
      name: 'arr',
      label: 'ARR',
      groupName: 'contract',
      type: 'number',
      fieldType: 'number',
      options: [],
    });
    await nextDay();
    const after = await examine(
      office.app.store,
      [await store.getInstallation()],
      office.app.clock.now(),
      office.app.scopesOf,
    );
    expect(after).toMatchObject({ isWell: true });
  });
});

async function choose(customer: Customer, override: unknown): Promise<void> {
  const mapping = parseOverride(override);
  const request = { signal: new AbortController().signal, progress: () => undefined, mapping };
  await withLine(office.app, customer.installation.id, request, (line) => chooseMapping(line, mapping));
}
