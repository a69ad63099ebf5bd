import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { readOwners } from '../../src/flow/judge.ts';
import { changePlays, parseRoleChange } from '../../src/install/plays.ts';
import { dateValue, type CustomerCompany } from '../support/customer-portal.ts';
import { openLineOffice, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Mid-market; on 2 March what was due up to 60 days before is past, R6 to R8 are ahead. */
const acme: CustomerCompany = {
  id: '1',
  name: 'Acme',
  renewalOn: '2026-04-10',
  arr: 50_000,
  ownerId: '11',
  csmId: '13',
};

/** Its first two tasks are due on 12 March. */
const bolt: CustomerCompany = { ...acme, name: 'Bolt', renewalOn: '2026-07-10' };

describe('the tasks of a renewal', () => {
  it('go to the CSM, or past whoever has left to the next in line, and say so', async () => {
    const customer = await office.connect([
      acme,
      { ...acme, id: '2', name: 'Bolt', csmId: '12' },
      { id: '3', name: 'Crux', renewalOn: '2026-04-10' },
    ]);
    const { portal, sync, begin } = customer;
    await sync();
    await nameOwner(customer, 'fallback=14');
    await begin();
    expect(ownersOf(portal, '1')).toEqual(['13']);
    expect(ownersOf(portal, '2')).toEqual(['11']);
    expect(ownersOf(portal, '3')).toEqual(['14']);
    const [task] = tasksIn(portal, '2');
    const body = portal.get('tasks', task?.id ?? '')?.properties['hs_task_body'];
    expect(body).toContain('Assigned to the account&#39;s owner');
    expect(body).toContain('(Bo Example) is no longer active');
  });

  it('have no owner where nobody is there, rather than a wrong one', async () => {
    const { portal, begin } = await office.connect([{ id: '3', name: 'Crux', renewalOn: '2026-04-10', ownerId: '12' }]);
    await begin();
    expect(tasksIn(portal, '3').map(({ ownerId }) => ownerId)).toEqual([null, null, null]);
  });

  it('that nobody would get come seven a day, however often it is synced, and the admin is told until somebody is named', async () => {
    const orphans = Array.from({ length: 9 }, (_, index) => ({
      id: String(index + 1),
      name: `Company ${index + 1}`,
      renewalOn: '2026-06-10',
    }));
    const customer = await office.connect(orphans);
    const { portal, store, clock, sync, begin } = customer;
    const told = async () =>
      (await store.problems.list(10)).flatMap(({ code, message }) => (code === 'nobody-assigned' ? [message] : []));
    await begin();
    await sync('daily');
    await sync('daily');
    expect(tasksIn(portal)).toHaveLength(7);
    expect(await told()).toEqual([
      expect.stringMatching(/^Tasks without an owner: 7 open, and \d+ that wait until there are fewer\./),
    ]);

    await nameOwner(customer, 'fallback=14');
    clock.advance(15 * 60_000);
    await sync();
    expect(new Set(tasksIn(portal).map(({ ownerId }) => ownerId))).toEqual(new Set(['14']));
    expect(await told()).toEqual([]);
  });

  it('go to nobody by a name that is not one of an active user of the CRM', async () => {
    const { store, begin, installation } = await office.connect([acme]);
    const owners = async () => readOwners(store, await office.app.compiledMappingOf(installation));
    const none = await owners();
    expect(() => parseRoleChange('fallback=14', none)).toThrow("'14' is not a user of the CRM.");
    await begin();
    const all = await owners();
    expect(parseRoleChange('finance= DAN@us.example ', all)).toEqual({ role: 'finance', ownerId: '14' });
    expect(parseRoleChange('fallback=', all)).toEqual({ role: 'fallback', ownerId: '' });
    expect(() => parseRoleChange('finance=bo@us.example', all)).toThrow('Bo Example is no longer active in the CRM.');
    expect(() => parseRoleChange('finance=Nemo', all)).toThrow("'Nemo' is not a user of the CRM.");
    expect(() => parseRoleChange('ceo=14', all)).toThrow("'ceo=14' does not name somebody for a role.");
  });

  it('are due at nine in the morning there, on a working day: in winter, in summer, before a weekend', async () => {
    const { portal, begin, nextDay } = await office.connect([{ ...acme, renewalOn: '2026-04-12' }]);
    await begin();
    await nextDay(14);
    expect(Object.fromEntries(tasksIn(portal).map(({ step, dueAt }) => [step, dueAt]))).toEqual({
      'late-start': '2026-03-02T08:00:00Z',
      // 13 March is a Friday.
      R6: '2026-03-13T08:00:00Z',
      // 29 March, the first day of summer time, is a Sunday, and so is 12 April.
      R7: '2026-03-27T08:00:00Z',
      R8: '2026-04-10T07:00:00Z',
    });
  });

  it('begin with one task that tells what is past, never with a heap of overdue ones', async () => {
    const { portal, begin } = await office.connect([acme]);
    await begin();
    const tasks = tasksIn(portal);
    expect(tasks.map(({ step }) => step)).toEqual(['late-start', 'R6', 'R7']);
    expect(tasks.every(({ dueAt }) => dueAt >= '2026-03-02')).toBe(true);
    const body = portal.get('tasks', tasks[0]?.id ?? '')?.properties['hs_task_body'] ?? '';
    for (const step of ['R0', 'R1', 'R2', 'R3', 'R4', 'R5']) expect(body).toContain(`- ${step} `);
    expect(body).not.toContain('- R6 ');
  });

  it('come when their time has come, and only for customers', async () => {
    const { portal, begin, nextDay } = await office.connect([
      acme,
      { ...acme, id: '2', name: 'Dune', status: 'Former customer' },
      { ...acme, id: '3', name: 'Eave', status: 'Prospect' },
    ]);
    await begin();
    expect(tasksIn(portal).map(({ companies }) => companies)).toEqual([['1'], ['1'], ['1']]);
    await nextDay(8);
    expect(stepsOf(portal)).not.toContain('R8');
    await nextDay(1);
    expect(stepsOf(portal)).toContain('R8');
  });

  it('are held back where an owner has enough to do, the most worth first, and come on later days', async () => {
    const companies = Array.from({ length: 4 }, (_, index) => ({
      id: String(index + 1),
      name: `Company ${index + 1}`,
      renewalOn: '2026-04-20',
      arr: 20_000 + 10_000 * index,
      segment: 'Mid-Market' as const,
      csmId: '13',
    }));
    const { portal, begin, plan, nextDay } = await office.connect(companies);
    const { writes, heldBack } = await begin();
    // Seven tasks, and one that lists what waits.
    expect({ opened: writes.tasksOpened, heldBack }).toEqual({ opened: 7 + 1, heldBack: 5 });
    // Three tasks each: all of the dearest two, one of the third.
    const counts = companies.map(({ id }) => stepsIn(portal, id).length);
    expect(counts).toEqual([0, 1, 3, 3]);
    expect((await plan()).heldBack).toHaveLength(5);
    const next = await nextDay();
    expect(next).toMatchObject({ heldBack: 0, writes: { tasksOpened: 5 } });
    expect(companies.map(({ id }) => stepsIn(portal, id).length)).toEqual([3, 3, 3, 3]);
  });

  it('that a rule of the admin refuses do not take the place of others, and are tried again the next day', async () => {
    const companies = Array.from({ length: 4 }, (_, index) => ({
      id: String(index + 1),
      name: index < 3 ? `Dear ${index + 1}` : 'Modest',
      renewalOn: '2026-06-10',
      arr: 90_000 - 10_000 * index,
      segment: 'Mid-Market' as const,
      csmId: '13',
    }));
    const { portal, clock, begin, sync } = await office.connect(companies, {
      adminRule: (object, properties) =>
        object === 'tasks' && properties['hs_task_subject']?.startsWith('Dear') === true
          ? { property: 'hs_task_subject', message: 'Not for those.' }
          : null,
    });
    const refused = [(await begin()).writes.refused];
    // Those that had waited behind the first seven are tried once, too.
    for (let runs = 0; runs < 2; runs += 1) refused.push((await sync('full')).writes.refused);
    expect(refused).toEqual([7, 2, 0]);
    expect(new Set(stepsIn(portal).flatMap((task) => task.companies))).toEqual(new Set(['4']));
    clock.advance(24 * 3_600_000);
    expect((await sync('full')).writes.refused).toBe(7);
  });
});

describe('when the renewal changes', () => {
  it('a date that moves by two weeks moves its open tasks and makes no new ones', async () => {
    const { portal, begin, sync } = await office.connect([bolt]);
    await begin();
    const before = tasksIn(portal);
    portal.edit('companies', '1', { renewal_date: '2026-07-24' });
    expect((await sync()).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 2, tasksClosed: 0 });
    const after = tasksIn(portal);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(dueDays(before)).toEqual({ R0: '2026-03-12', R1: '2026-03-12' });
    expect(dueDays(after)).toEqual({ R0: '2026-03-26', R1: '2026-03-26' });
    expect((await sync()).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 0 });
    portal.edit('companies', '1', { renewal_date: '2026-07-10' });
    await sync();
    expect(dueDays(tasksIn(portal))).toEqual(dueDays(before));
  });

  it('a step that a later date brings back within reach gets a task of its own, beside the one for what was missed', async () => {
    const { portal, begin, sync } = await office.connect([acme]);
    await begin();
    portal.edit('companies', '1', { renewal_date: '2026-04-24' });
    expect((await sync()).writes).toMatchObject({ tasksOpened: 1, tasksMoved: 2, tasksClosed: 0 });
    expect(dueDays(tasksIn(portal))).toEqual({
      'late-start': '2026-03-02',
      R5: '2026-03-10',
      R6: '2026-03-25',
      R7: '2026-04-10',
    });
  });

  it('a new CSM takes over the open tasks, that for what was missed among them', async () => {
    const { portal, begin, sync } = await office.connect([acme]);
    await begin();
    const before = tasksIn(portal);
    portal.edit('companies', '1', { csm_owner: '14' });
    expect((await sync()).writes.tasksMoved).toBe(3);
    expect(tasksIn(portal)).toEqual(before.map((task) => ({ ...task, ownerId: '14' })));
    expect((await sync()).writes.tasksMoved).toBe(0);
  });

  it('a CSM who leaves hands the open tasks to whoever comes next', async () => {
    const { portal, begin, nextDay } = await office.connect([acme]);
    await begin();
    portal.setOwnerArchived('13', true);
    await nextDay();
    expect(ownersOf(portal, '1')).toEqual(['11']);
  });

  it('a renewal that is won closes what is open, and opens nothing before the next one is near', async () => {
    const { portal, begin, sync, nextDay } = await office.connect([acme]);
    await begin();
    const deal = {
      dealname: 'Acme renewal',
      pipeline: 'renewals',
      dealstage: 'renewal-won',
      closedate: '2026-03-02T10:00:00.000Z',
    };
    portal.create('deals', deal, { companies: ['1'] });
    expect((await sync()).writes).toMatchObject({ tasksClosed: 3, tasksOpened: 0 });
    expect(statusesOf(portal)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect((await nextDay(40)).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 0, tasksClosed: 0 });
  });

  it('a date that is set a year ahead closes what is open', async () => {
    const { portal, begin, sync } = await office.connect([acme]);
    await begin();
    portal.edit('companies', '1', { renewal_date: '2027-04-10' });
    expect((await sync()).writes).toMatchObject({ tasksClosed: 3, tasksOpened: 0 });
    expect(statusesOf(portal)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  });

  it('customers who leave, are deleted or are merged into another have no open task of ours any more', async () => {
    const prospect = { id: '4', name: 'Eave', status: 'Prospect' } as const;
    const { portal, begin, nextDay } = await office.connect([
      acme,
      { ...acme, id: '2', csmId: '11' },
      { ...acme, id: '3', csmId: '14' },
      prospect,
    ]);
    await begin();
    const ids = tasksIn(portal).map(({ id }) => id);
    expect(ids).toHaveLength(9);
    portal.edit('companies', '1', { customer_status: 'Former customer' });
    portal.archive('companies', '2');
    portal.merge('companies', '4', '3');
    await nextDay();
    const statuses = ids.map((id) => portal.get('tasks', id)?.properties['hs_task_status']);
    expect(statuses).toEqual(ids.map(() => 'COMPLETED'));
    expect((await nextDay()).writes).toMatchObject({ tasksClosed: 0, tasksOpened: 0 });
  });
});

describe('a task that a human touched', () => {
  const edits: readonly (readonly [company: string, act: string, edit: Readonly<Record<string, string>>])[] = [
    ['1', 'reworded', { hs_task_subject: 'Call Kim about the renewal' }],
    ['2', 'given to somebody else', { hubspot_owner_id: '14' }],
    ['3', 'put off', { hs_timestamp: '2026-03-20T15:00:00.000Z' }],
    ['4', 'begun', { hs_task_status: 'IN_PROGRESS' }],
    ['5', 'completed', { hs_task_status: 'COMPLETED' }],
    ['6', 'made urgent', { hs_task_priority: 'HIGH' }],
  ];

  it(`stays as it is, whatever happens to the renewal: ${edits.map(([, act]) => act).join(', ')}`, async () => {
    const { portal, begin, sync, nextDay } = await office.connect(edits.map(([id]) => ({ ...bolt, id })));
    await begin();
    await nextDay();
    const touched = edits.map(([company]) => taskOf(portal, company, 'R1'));
    for (const [index, [, , edit]] of edits.entries()) portal.edit('tasks', touched[index] ?? '', edit);
    await sync();
    const theirs = touched.map((id) => portal.get('tasks', id));

    for (const [id] of edits) portal.edit('companies', id, { renewal_date: '2026-07-24', csm_owner: '11' });
    expect((await sync()).writes.tasksMoved).toBe(edits.length);
    for (const [id] of edits) portal.edit('companies', id, { renewal_date: '2027-07-24' });
    expect((await nextDay()).writes.tasksClosed).toBe(edits.length);

    expect(touched.map((id) => portal.get('tasks', id))).toEqual(theirs);
    expect(stepsIn(portal)).toHaveLength(2 * edits.length);
  });

  it('in the same minute as the renewal moved is theirs all the same', async () => {
    const { portal, begin, sync } = await office.connect([acme]);
    await begin();
    const task = taskOf(portal, '1', 'R6');
    portal.edit('tasks', task, { hubspot_owner_id: '14' });
    portal.edit('companies', '1', { renewal_date: '2026-04-24' });
    await sync();
    expect(portal.get('tasks', task)?.properties).toMatchObject({
      hubspot_owner_id: '14',
      hs_timestamp: '2026-03-11T08:00:00Z',
    });
  });

  it('and deleted is never made again: not at once, not after a full run, not after months', async () => {
    const { portal, begin, sync, nextDay, plan } = await office.connect([acme]);
    await begin();
    for (const { id } of tasksIn(portal)) portal.archive('tasks', id);
    portal.edit('companies', '1', { renewal_date: '2026-04-13' });
    const runs = [await sync(), await sync('daily'), await sync('full')];
    expect(runs.map(({ writes }) => writes.tasksOpened)).toEqual([0, 0, 0]);
    for (let half = 1; half <= 8; half += 1) await nextDay(15);
    await sync('full');
    const later = tasksIn(portal).map(({ step }) => step);
    expect(later.filter((step) => ['late-start', 'R6', 'R7'].includes(step))).toEqual([]);
    expect((await plan()).steps.filter(({ kind }) => kind === 'open-task')).toEqual([]);
  });
});

describe('over the months', () => {
  it('each step of each renewal is opened once, before it is due, and settled when the customer renews', async () => {
    const { portal, begin, nextDay, clock, sync } = await office.connect([
      { ...bolt, segment: 'Mid-Market' },
      { ...bolt, id: '2', name: 'Small', renewalOn: '2026-06-01', segment: 'SMB', arr: 4_000 },
    ]);
    await begin();
    const openedOn = new Map<string, string>();
    while (clock.now() < Date.parse('2026-08-20')) {
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      for (const { id } of tasksIn(portal)) if (!openedOn.has(id)) openedOn.set(id, today);
      if (today >= '2026-06-20') portal.edit('companies', '2', { renewal_date: dateValue('2027-06-01') });
      await nextDay(5);
    }
    const steps = (company: string) => tasksIn(portal, company).map(({ step }) => step);
    expect(steps('1').sort()).toEqual(['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R9']);
    expect(steps('2').sort()).toEqual(['R1', 'R6', 'R7', 'R8', 'R9', 'R9']);
    const late = tasksIn(portal).filter(({ id, dueAt }) => (openedOn.get(id) ?? '') > dueAt.slice(0, 10));
    expect(late).toEqual([]);
    expect(tasksIn(portal, '2').every(({ status }) => status === 'COMPLETED')).toBe(true);
    expect((await sync('full')).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 0, tasksClosed: 0 });
  });
});

type Portal = Customer['portal'];

/** As `holdfast plays --owner` does. */
async function nameOwner({ store, installation }: Customer, named: string): Promise<void> {
  const owners = await readOwners(store, await office.app.compiledMappingOf(installation));
  const roles = [parseRoleChange(named, owners)];
  await changePlays(store, office.app.clock, defaultConfiguration.plays, { modes: [], roles, actor: 'admin' });
}

function ownersOf(portal: Portal, company: string): readonly (string | null)[] {
  return [...new Set(tasksIn(portal, company).map(({ ownerId }) => ownerId))];
}

function stepsOf(portal: Portal): readonly string[] {
  return tasksIn(portal).map(({ step }) => step);
}

function statusesOf(portal: Portal): readonly string[] {
  return tasksIn(portal).map(({ status }) => status);
}

function taskOf(portal: Portal, company: string, step: string): string {
  const task = tasksIn(portal, company).find((one) => one.step === step);
  if (task === undefined) throw new Error(`there is no task ${step}`);
  return task.id;
}

function dueDays(tasks: ReturnType<typeof tasksIn>): Record<string, string> {
  return Object.fromEntries(tasks.map(({ step, dueAt }) => [step, dueAt.slice(0, 10)]));
}

/** Tasks of the cadence; the daily list of what waits is beside them. */
function stepsIn(portal: Portal, company?: string): ReturnType<typeof tasksIn> {
  return tasksIn(portal, company).filter(({ subject }) => !subject.includes('waiting for you (list of'));
}
