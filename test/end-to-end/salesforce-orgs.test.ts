import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrmOffice, type CrmCustomer, type CrmOffice } from '../support/crm-office.ts';
import { salesforceWith } from '../support/simulated-salesforce.ts';

let office: CrmOffice;
beforeAll(async () => {
  office = await openCrmOffice();
});
afterAll(() => office.close());

const valuesIn = ({ crm }: CrmCustomer): readonly string[] =>
  crm.ids(crm.objects.account).flatMap((id) => Object.keys(crm.ourValues(id)));

describe('an org without the Holdfast package', () => {
  it('gets no task twice when the answer to new tasks is lost', async () => {
    const customer = await office.connect(salesforceWith({ holdfastPackage: 'absent' }));
    await customer.sync();
    const planned = (await customer.plan()).steps.filter((step) => step.kind === 'open-task');
    await customer.approve();
    customer.crm.loseAnswerToNewTasks();
    await expect(customer.sync()).rejects.toMatchObject({ code: 'unavailable' });
    await customer.sync();
    expect(customer.crm.taskIds()).toHaveLength(planned.length);
    expect(await customer.sync()).toMatchObject({ writes: { tasksOpened: 0, tasksMoved: 0, tasksClosed: 0 } });
  });
});

describe('an org whose permission set is not assigned', () => {
  it('is told so, and gets what may be written', async () => {
    const customer = await office.connect(salesforceWith({ holdfastPackage: 'unassigned' }));
    const { writes } = await customer.begin();
    expect(writes.tasksOpened).toBeGreaterThan(5);
    expect(valuesIn(customer)).toEqual([]);
    const problems = (await customer.store.problems.list(100)).filter(({ kind }) => kind === 'provision');
    expect(problems.length).toBeGreaterThan(10);
    expect(problems.every(({ remedy }) => remedy.includes('permission set Holdfast_Integration'))).toBe(true);
  });
});

describe('an org that keeps its terms as contracts', () => {
  it('has its renewals from them, and each says so', async () => {
    const customer = await office.connect(salesforceWith({ termsIn: 'contracts' }));
    await customer.sync();
    const stored = await customer.store.assessments.page(null, 1_000);
    const sources = stored.flatMap(({ assessment }) => assessment.renewal.next?.source ?? []);
    expect(sources.length).toBeGreaterThan(10);
    const signedBefore = sources.filter((source) => !source.startsWith('contract'));
    // A renewal that is signed goes on from there until its own contract is on record.
    expect(signedBefore).toEqual(["won deal 'Lindqvist Robotics – Renewal, signed early'"]);
  });
});
