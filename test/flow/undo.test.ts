import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineLine } from '../../src/flow/definitions.ts';
import type { DefinedLine } from '../../src/flow/line.ts';
import { planUndo, undo } from '../../src/flow/undo.ts';
import { withLine } from '../../src/jobs/run.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import {
  openLineOffice,
  ourValues,
  tasksIn,
  theirValues,
  type Customer,
  type LineOffice,
} from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const companies: readonly CustomerCompany[] = [
  { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' },
  { id: '2', name: 'Bolt', renewalOn: '2026-04-10', arr: 20_000, csmId: '14' },
];

describe('taking Holdfast away again', () => {
  it('is shown in advance without a call', async () => {
    const customer = await office.connect(companies);
    await customer.begin();
    customer.portal.edit('tasks', tasksIn(customer.portal)[0]?.id ?? '', { hs_task_status: 'COMPLETED' });
    await customer.sync();
    customer.sandbox.calls.reset();
    const shown = await onLine(customer, planUndo);
    expect(customer.sandbox.calls.total).toBe(0);
    expect(shown).toMatchObject({ tasks: 5, touchedTasks: 1 });
    const there = ['companies', 'deals', 'tasks'].flatMap((object) =>
      customer.portal.customProperties(object).map((name) => `${object}.${name}`),
    );
    expect([...shown.fields].sort()).toEqual(there.filter((name) => name.includes('.holdfast_')).sort());
  });

  it('leaves the portal as it was before, but for what people made theirs', async () => {
    const customer = await office.connect(companies);
    const { portal } = customer;
    const before = companies.map(({ id }) => theirValues(portal, id));
    const properties = portal.customProperties('companies');
    await customer.begin();
    const [done] = tasksIn(portal);
    portal.edit('tasks', done?.id ?? '', { hs_task_status: 'COMPLETED' });
    const undone = await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }));
    expect(undone).toMatchObject({ tasks: 5, keptTasks: 1, refused: [] });
    expect(portal.customProperties('companies')).toEqual(properties);
    for (const object of ['companies', 'deals', 'tasks'])
      expect(portal.propertyGroups(object)).not.toContain('holdfast');
    expect(companies.map(({ id }) => ourValues(portal, id))).toEqual([{}, {}]);
    expect(companies.map(({ id }) => theirValues(portal, id))).toEqual(before);
    expect(tasksIn(portal).map(({ id }) => id)).toEqual([done?.id]);
  });

  it('knows a task that a human edited a minute ago for theirs, before any sync has seen it', async () => {
    const customer = await office.connect(companies);
    await customer.begin();
    const task = tasksIn(customer.portal, '1')[0]?.id ?? '';
    customer.portal.edit('tasks', task, { hs_task_subject: 'Call Kim' });
    expect(await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }))).toMatchObject({ keptTasks: 1 });
    expect(customer.portal.get('tasks', task)).toMatchObject({ archived: false });
    expect(await onLine(customer, (line) => undo(line, { alsoTouchedTasks: true }))).toMatchObject({ tasks: 1 });
    expect(tasksIn(customer.portal)).toEqual([]);
  });

  it('stops writing until the admin approves again, and may be done twice', async () => {
    const customer = await office.connect(companies);
    const { portal, sync, nextDay, store } = customer;
    await customer.begin();
    await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }));
    expect(await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }))).toMatchObject({
      fields: 0,
      tasks: 0,
      refused: [],
    });
    const runs = [await sync(), await nextDay(), await sync('full')];
    expect(runs.map(({ writes, awaitsApproval }) => [writes.fields, writes.tasksOpened, awaitsApproval])).toEqual([
      [0, 0, true],
      [0, 0, true],
      [0, 0, true],
    ]);
    expect(portal.propertyGroups('companies')).not.toContain('holdfast');
    expect((await store.audit.recent(5)).map(({ action }) => action)).toContain('undone');
  });

  it('can itself be undone: after an approval all is back, the tasks too, but not what people had deleted', async () => {
    const customer = await office.connect(companies);
    const { portal, sync, plan, approve } = customer;
    await customer.begin();
    const values = companies.map(({ id }) => ourValues(portal, id));
    const [deleted, ...others] = tasksIn(portal);
    portal.archive('tasks', deleted?.id ?? '');
    await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }));
    await sync();
    const shown = await plan();
    expect(shown.tally).toMatchObject({ recordsToUpdate: 2, tasksToOpen: others.length });
    await approve(shown.digest);
    expect((await sync()).writes).toMatchObject({ records: 2, tasksOpened: others.length, refused: 0 });
    expect(companies.map(({ id }) => ourValues(portal, id))).toEqual(values);
    expect(
      tasksIn(portal)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(others.map(({ subject }) => subject).sort());
    expect((await sync()).writes).toMatchObject({ records: 0, tasksOpened: 0 });
  });

  it('names what the portal does not let go, and takes away the rest', async () => {
    const customer = await office.connect(companies);
    await customer.begin();
    customer.sandbox.faults.add({
      kind: 'status',
      status: 403,
      match: { purpose: 'batch archive properties companies' },
      times: Infinity,
    });
    const undone = await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }));
    expect(undone.tasks).toBe(6);
    expect(undone.refused.length).toBeGreaterThan(5);
    expect(undone.refused.every(({ what, remedy }) => what.startsWith('companies.holdfast_') && remedy !== '')).toBe(
      true,
    );
    expect(customer.portal.propertyGroups('deals')).not.toContain('holdfast');
  });
});

async function onLine<T>(customer: Customer, work: (line: DefinedLine) => Promise<T>): Promise<T> {
  const request = { signal: new AbortController().signal, progress: () => undefined };
  return withLine(office.app, customer.installation.id, request, async (line) => work(await defineLine(line)));
}
