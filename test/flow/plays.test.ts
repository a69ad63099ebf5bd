import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Portal } from '../../connectors/hubspot/sandbox/index.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import { playsInWords } from '../../src/cli/plays-in-words.ts';
import type { PlayMode } from '../../src/core/plays/play.ts';
import type { PlayRun } from '../../src/core/plays/play-run.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { HoldfastError } from '../../src/errors.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { changePlays, snoozePlay } from '../../src/install/plays.ts';
import { getAccount } from '../../src/queries/accounts.ts';
import { readPlays } from '../../src/queries/plays.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { MONDAY, openLineOffice, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const { plays } = defaultConfiguration;
const acme: CustomerCompany = {
  id: '1',
  name: 'Acme',
  renewalOn: '2027-01-10',
  arr: 50_000,
  ownerId: '11',
  csmId: '13',
};
const urgent = (id: string) =>
  row(
    'tickets',
    id,
    { subject: 'Export fails', hs_pipeline: '0', hs_pipeline_stage: '1', hs_ticket_priority: 'URGENT' },
    MONDAY - 86_400_000,
  );

/** Acme with two urgent tickets. */
const connectAcme = (): Promise<Customer> =>
  office.connect([acme], {
    rest: {
      rows: [urgent('7'), urgent('8')],
      links: [toCompany(['tickets', '7'], '1', true), toCompany(['tickets', '8'], '1', true)],
    },
  });

const set = (customer: Customer, play: string, mode: PlayMode) =>
  changePlays(customer.store, office.app.clock, plays, { modes: [{ play, mode }], roles: [], actor: 'admin' });
const playTasks = (portal: Portal) =>
  tasksIn(portal)
    .filter(({ subject }) => subject.includes('(play '))
    .map(({ subject, status }) => `${subject}: ${status}`);
const firings = async ({ store }: Customer) =>
  (await readPlays(store, defaultConfiguration, new Map(), office.app.clock.now(), 50)).firings
    .filter(({ isActing }) => isActing)
    .map(({ play, state, outcome }) => `${play} ${state} ${outcome ?? ''}`);
const unheeded = async ({ store }: Customer) =>
  (await store.problems.list(100))
    .filter(({ kind }) => kind === 'snooze')
    .map(({ code, crmId, message }) => ({ code, crmId, message }));
const silenced = async ({ store }: Customer) =>
  (await readPlays(store, defaultConfiguration, new Map(), office.app.clock.now(), 0)).snoozes.map(
    ({ play, untilOn }) => `${play} until ${untilOn}`,
  );
const inWords = async ({ store }: Customer) =>
  playsInWords(await readPlays(store, defaultConfiguration, new Map(), office.app.clock.now(), 0));

/** One of play 04 that acted and is over. */
const firing = (account: string): PlayRun => ({
  accountId: toAccountId(account),
  accountName: null,
  play: '04',
  occurrence: 1,
  state: 'closed',
  kind: 'risk',
  reason: 'adoption',
  about: null,
  role: null,
  termId: null,
  because: 'Health is red.',
  notes: [],
  firesSinceOn: null,
  overSinceOn: null,
  openedOn: calendarDate('2026-01-02'),
  actedOn: calendarDate('2026-01-02'),
  closedOn: calendarDate('2026-02-02'),
  outcome: 'resolved',
  closedBecause: null,
  wasWorked: false,
  atClose: null,
  restsUntilOn: null,
});
const SYNC = 'Acme: Agree with support on who answers what (play 09)';

describe('the plays of a new installation', () => {
  it('suggest: what they would open stands in the plan and beside the score, and nothing of it is written', async () => {
    const customer = await connectAcme();
    await customer.sync();
    expect((await customer.plan()).suggestions).toMatchObject([{ play: '09', account: '1', subject: SYNC }]);
    await customer.approve();
    await customer.sync();
    await customer.nextDay();
    expect(playTasks(customer.portal)).toEqual([]);
    const plan = await customer.plan();
    expect(plan.describe(3)).toContain('  play 09: 1');
    expect(plan.steps).toEqual([]);
    const account = await getAccount(customer.store, 'Acme', () => '');
    expect(account.firings).toContainEqual(
      expect.objectContaining({
        play: '09',
        isActing: false,
        because: '2 urgent tickets are open, the oldest for 1 day now.',
      }),
    );
  });

  it('that act are part of the plan that the admin approves', async () => {
    const customer = await connectAcme();
    await customer.sync();
    await set(customer, '09', 'act');
    const plan = await customer.plan();
    expect(plan.steps.filter(({ kind }) => kind === 'open-task').map(({ after }) => after['hs_task_subject'])).toEqual([
      SYNC,
    ]);
    expect(playTasks(customer.portal)).toEqual([]);
    await customer.approve(plan.digest);
    await customer.sync();
    expect(playTasks(customer.portal)).toEqual([`${SYNC}: NOT_STARTED`]);
  });
});

describe('a play that acts', () => {
  const begun = async (): Promise<Customer> => {
    const customer = await connectAcme();
    await customer.sync();
    await set(customer, '09', 'act');
    await customer.approve();
    await customer.sync();
    return customer;
  };

  it('writes once, however often the line runs', async () => {
    const customer = await begun();
    for (const kind of ['incremental', 'daily', 'full'] as const) {
      customer.clock.advance(15 * 60_000);
      expect((await customer.sync(kind)).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 0, tasksClosed: 0 });
    }
    expect((await customer.plan()).steps).toEqual([]);
    expect(playTasks(customer.portal)).toHaveLength(1);
  });

  it('goes on to its next task when the first is completed, and closes what is open when the tickets are', async () => {
    const customer = await begun();
    const [first] = tasksIn(customer.portal).filter(({ subject }) => subject === SYNC);
    customer.portal.edit('tasks', first?.id ?? '', { hs_task_status: 'COMPLETED' });
    await customer.nextDay();
    expect(playTasks(customer.portal)).toEqual([
      `${SYNC}: COMPLETED`,
      'Acme: Give the customer a date (play 09): NOT_STARTED',
    ]);
    for (const id of ['7', '8']) customer.portal.edit('tickets', id, { hs_pipeline_stage: '4' });
    await customer.nextDay();
    expect(playTasks(customer.portal)[1]).toBe('Acme: Give the customer a date (play 09): COMPLETED');
    expect(await firings(customer)).toEqual(['09 closed recovered']);
    expect(await inWords(customer)).toMatch(/^play +ended +how\n09 +1 +1 recovered$/m);
  });

  it('tells what its tasks change once enough of its firings have ended, with and without them', async () => {
    const customer = await connectAcme();
    await changePlays(customer.store, office.app.clock, plays, {
      modes: [],
      roles: [],
      heldOut: ['04'],
      actor: 'admin',
    });
    expect(await inWords(customer)).toMatch(/^04 +0 ended +0 ended +too few$/m);
    const ended = (id: number, arm: 'treat' | 'holdout', isGone: boolean): PlayRun => ({
      ...firing(String(id)),
      arm,
      outcome: isGone ? 'recovered' : 'expired',
    });
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    await customer.store.plays.put(numbers.map((number) => ended(number, 'treat', number % 4 !== 0)));
    await customer.store.plays.put(numbers.map((number) => ended(100 + number, 'holdout', number % 2 === 0)));
    const words = await inWords(customer);
    expect(words).toMatch(/^04 +80 +50 recovered, 30 expired$/m);
    expect(words).toMatch(/^04 +75% of 40 \(65% to 83%\) +50% of 40 \(40% to 60%\) +\+25 points \(\+11 to \+38\)$/m);
    expect(words).toMatch('with intervals of 80%');
  });

  it('that a person ended does not come back on the company that theirs was merged into', async () => {
    const customer = await office.connect([acme, { ...acme, id: '2', name: 'Acme Two' }], {
      rest: {
        rows: [urgent('7'), urgent('8')],
        links: [toCompany(['tickets', '7'], '1', true), toCompany(['tickets', '8'], '1', true)],
      },
    });
    const { portal, store, sync, begin, nextDay } = customer;
    await sync();
    await set(customer, '09', 'act');
    await begin();
    const [task] = tasksIn(portal, '1').filter(({ subject }) => subject === SYNC);
    portal.archive('tasks', task?.id ?? '');
    await nextDay();
    portal.merge('companies', '2', '1');
    await nextDay();
    await nextDay();
    expect(playTasks(portal)).toEqual([]);
    expect(await firings(customer)).toEqual(['09 closed dismissed']);
    const handedOn = await store.plays.byAccounts([toAccountId('2')]);
    expect(handedOn.filter(({ state }) => state === 'closed')).toMatchObject([{ play: '09', outcome: 'dismissed' }]);
  });

  it('tells on its open task what comes up meanwhile, once', async () => {
    const customer = await connectAcme();
    const csat = { name: 'csat', label: 'CSAT', groupName: 'ticketinformation', options: [] };
    customer.portal.defineProperty('tickets', { ...csat, type: 'number', fieldType: 'number' });
    await set(customer, '12', 'act');
    await customer.begin();
    const rate = (id: string, csat: string) => customer.portal.edit('tickets', id, { csat, hs_pipeline_stage: '4' });
    rate('7', '1');
    await customer.nextDay();
    rate('8', '2');
    expect((await customer.nextDay()).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 1 });
    const [task] = tasksIn(customer.portal).filter(({ subject }) => subject.includes('(play 12)'));
    const body = customer.portal.get('tasks', task?.id ?? '')?.properties['hs_task_body'];
    expect(body).toMatch(/rated .* 1 of 5 on 2 March\. Call them/);
    expect(body).toMatch(/Since 4 March 2026: The customer rated .* 2 of 5 on 3 March\./);
    expect((await customer.sync('daily')).writes).toMatchObject({ tasksOpened: 0, tasksMoved: 0 });
  });

  it('is over when a person deletes its task, and does not come back', async () => {
    const customer = await begun();
    const [first] = tasksIn(customer.portal).filter(({ subject }) => subject === SYNC);
    customer.portal.archive('tasks', first?.id ?? '');
    await customer.nextDay();
    await customer.nextDay(40);
    expect(playTasks(customer.portal)).toEqual([]);
    expect(await firings(customer)).toEqual(['09 closed dismissed']);
  });

  it('keeps silent while it is snoozed, from the next run on', async () => {
    const customer = await begun();
    const { assessment } = await getAccount(customer.store, 'Acme', () => '');
    const request = { assessment, play: '09', until: '2026-03-06', because: 'Fixed.', actor: 'ana', snoozeFields: [] };
    await snoozePlay(customer.store, office.app.clock, plays, request);
    await customer.sync();
    expect(playTasks(customer.portal)).toEqual([`${SYNC}: COMPLETED`]);
    await customer.nextDay(3);
    expect(playTasks(customer.portal)).toHaveLength(1);
    await customer.nextDay(1);
    expect(playTasks(customer.portal)).toEqual([`${SYNC}: COMPLETED`, `${SYNC}: NOT_STARTED`]);
  });

  it('ends with the customer', async () => {
    const customer = await begun();
    customer.portal.archive('companies', '1');
    await customer.nextDay();
    expect(playTasks(customer.portal)).toEqual([`${SYNC}: COMPLETED`]);
    expect(await firings(customer)).toEqual(['09 closed left']);
  });
});

describe('a snooze needs', () => {
  it('a day ahead, a reason, and a play that there is', async () => {
    const customer = await connectAcme();
    await customer.sync();
    const { assessment } = await getAccount(customer.store, 'Acme', () => '');
    const snoozeFields = ['tasks.until', 'tasks.reason'];
    const good = { assessment, play: '09', until: '2026-03-20', because: 'Soon.', actor: 'ana', snoozeFields };
    const refusal = (change: Partial<typeof good>) =>
      snoozePlay(customer.store, office.app.clock, plays, { ...good, ...change }).catch((error: unknown) =>
        error instanceof HoldfastError ? `${error.message} ${error.remedy}` : String(error),
      );
    expect(await refusal({ until: '2026-03-02' })).toMatch(/'2026-03-02' is not a day ahead/);
    expect(await refusal({ until: 'soon' })).toMatch(/'soon' is not a day ahead/);
    expect(await refusal({ because: ' ' })).toMatch(/needs a reason/);
    expect(await refusal({ play: '99' })).toMatch(/no play '99'/);
    expect(await refusal({ play: '05' })).toMatch(
      /put off on its tasks.*Where tasks lack these fields, bring them first: holdfast fields --add tasks.until --add tasks.reason$/,
    );
  });
});

describe('what the load of an owner holds back', () => {
  it('is told in one list a day, which takes the place of the older one', async () => {
    const companies = Array.from({ length: 10 }, (_, index): CustomerCompany => {
      const id = String(index + 1);
      return { id, name: `Company ${id}`, renewalOn: '2026-07-10', arr: 20_000 + index, ownerId: '11', csmId: '13' };
    });
    const customer = await office.connect(companies);
    const { heldBack } = await customer.begin();
    expect(heldBack).toBeGreaterThan(0);
    const lists = () => tasksIn(customer.portal).filter(({ subject }) => subject.includes('waiting for you'));
    const owners = new Set(tasksIn(customer.portal).map(({ ownerId }) => ownerId));
    expect(new Set(lists().map(({ ownerId }) => ownerId)).size).toBe(lists().length);
    expect(lists().length).toBeLessThanOrEqual(owners.size);
    const first = lists().map(({ id }) => id);
    await customer.sync('daily');
    expect(lists().map(({ id }) => id)).toEqual(first);

    await customer.nextDay();
    const open = lists().filter(({ status }) => status === 'NOT_STARTED');
    expect(open.every(({ id }) => !first.includes(id))).toBe(true);
    expect(open.length).toBeLessThanOrEqual(owners.size);
    expect((await customer.plan()).steps).toEqual([]);
  });
});

describe('what a person enters on a task of ours', () => {
  const snoozed = async (entered: Readonly<Record<string, string>>) => {
    const customer = await connectAcme();
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await set(customer, '09', 'act');
    await customer.begin();
    const [task] = customer.portal.all('tasks').filter(({ properties }) => properties['holdfast_play'] === '09');
    if (task === undefined) throw new Error('there is no task of play 09');
    customer.portal.edit('tasks', task.id, entered);
    await customer.nextDay();
    return { customer, taskId: task.id, task: () => customer.portal.get('tasks', task.id)?.properties ?? {} };
  };

  it('silences the play until the day that they gave, for the reason that they gave, and says how the task ended', async () => {
    const entered = { holdfast_snooze_until: '2026-04-01', holdfast_snooze_reason: 'Support meets them on Thursday' };
    const { customer, task } = await snoozed(entered);
    expect(await customer.store.plays.snoozes(calendarDate('2026-03-03'))).toMatchObject([
      { accountId: '1', play: '09', untilOn: '2026-04-01', because: 'Support meets them on Thursday' },
    ]);
    expect(task()).toMatchObject({ ...entered, hs_task_status: 'COMPLETED', holdfast_outcome: 'snoozed' });
    const { writes } = await customer.nextDay();
    expect(writes).toMatchObject({ tasksOpened: 0, refused: 0 });
  });

  it('is answered by how the task ended, for as long as an admin says', async () => {
    const entered = { holdfast_snooze_until: '2026-04-01', holdfast_snooze_reason: 'Support meets them on Thursday' };
    const { customer, taskId, task } = await snoozed(entered);
    const clear = async () => {
      customer.portal.edit('tasks', taskId, { holdfast_outcome: '' });
      await customer.nextDay();
      return task()['holdfast_outcome'];
    };
    expect(await clear()).toBe('snoozed');
    const set = [{ path: 'writing.outcomeDays', value: 1 }];
    const { store } = customer;
    const { clock } = office.app;
    await draftConfiguration(store, clock, { changes: null, set, unset: [], note: null, actor: 'ana' });
    await publishDraft(store, clock, { actor: 'ana', isUnseenAllowed: true });
    expect(await clear()).toBeUndefined();
  });

  it('counts only with a reason, and the admin is told until there is one', async () => {
    const { customer, task, taskId } = await snoozed({ holdfast_snooze_until: '2026-04-01' });
    expect(await customer.store.plays.snoozes(calendarDate('2026-03-03'))).toEqual([]);
    expect(task()).toMatchObject({ hs_task_status: 'NOT_STARTED' });
    expect(await unheeded(customer)).toEqual([
      {
        code: 'no-reason',
        crmId: taskId,
        message: `'${SYNC}' is to wait until 1 April 2026, and nobody says why: it does not wait.`,
      },
    ]);
    customer.portal.edit('tasks', taskId, { holdfast_snooze_reason: 'Support meets them on Thursday' });
    await customer.nextDay();
    expect(await unheeded(customer)).toEqual([]);
    expect(await silenced(customer)).toEqual(['09 until 2026-04-01']);
  });

  it('puts off nothing when the decision is near: the admin is told, and nothing says that it waits', async () => {
    const customer = await office.connect([
      { id: '1', name: 'Acme', renewalOn: '2026-03-12', arr: 50_000, ownerId: '11', csmId: '13' },
    ]);
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    const tasks = () => tasksIn(customer.portal).map(({ step, dueAt }) => `${step} ${dueAt}`);
    const before = tasks();
    const [task] = tasksIn(customer.portal);
    const entered = { holdfast_snooze_until: '2026-03-09', holdfast_snooze_reason: 'CFO away' };
    customer.portal.edit('tasks', task?.id ?? '', entered);
    await customer.nextDay();
    expect(tasks()).toEqual(before);
    const message = `'${task?.subject}' is to wait until 9 March 2026: the decision is on 12 March 2026, and in the last 14 days before it nothing waits.`;
    expect(await unheeded(customer)).toEqual([{ code: 'decision-near', crmId: task?.id, message }]);
    expect(await silenced(customer)).toEqual([]);
    customer.portal.edit('tasks', task?.id ?? '', { holdfast_snooze_until: '' });
    await customer.nextDay();
    expect(await unheeded(customer)).toEqual([]);
  });

  it('is told to hold until two weeks before the decision, where more was asked for', async () => {
    const customer = await office.connect([
      { id: '1', name: 'Acme', renewalOn: '2026-05-15', arr: 20_000, ownerId: '11', csmId: '13' },
    ]);
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    const [task] = tasksIn(customer.portal);
    const entered = { holdfast_snooze_until: '2026-06-30', holdfast_snooze_reason: 'CFO away' };
    customer.portal.edit('tasks', task?.id ?? '', entered);
    await customer.nextDay();
    expect(await silenced(customer)).toEqual(['05 until 2026-05-01']);
    await customer.nextDay(60);
    expect(await silenced(customer)).toEqual([]);
    expect(await unheeded(customer)).toEqual([]);
  });

  it('on a step of a renewal puts off that renewal alone, until it is taken back', async () => {
    const customer = await office.connect([
      { id: '1', name: 'Acme', renewalOn: '2026-05-15', arr: 20_000, ownerId: '11', csmId: '13' },
      { id: '2', name: 'Bolt', renewalOn: '2026-05-15', arr: 20_000, ownerId: '11', csmId: '13' },
    ]);
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    const steps = (company: string) =>
      tasksIn(customer.portal, company)
        .filter(({ step }) => /^R\d/.test(step))
        .map(({ step, dueAt }) => `${step} ${dueAt.slice(0, 10)}`)
        .sort();
    expect(steps('1')).toEqual(['R4 2026-03-16', 'R5 2026-03-31']);
    const task = tasksIn(customer.portal, '1').find(({ step }) => step === 'R4')?.id ?? '';
    customer.portal.edit('tasks', task, {
      holdfast_snooze_until: '2026-04-20',
      holdfast_snooze_reason: 'They merge two offices',
    });
    await customer.nextDay();
    expect(steps('1')).toEqual(['R4 2026-04-20', 'R5 2026-04-20']);
    expect(customer.portal.get('tasks', task)?.properties['hs_task_body']).toContain('They merge two offices');
    expect(await customer.store.plays.snoozes(calendarDate('2026-03-03'))).toMatchObject([
      { accountId: '1', play: '05', untilOn: '2026-04-20' },
    ]);
    await customer.nextDay(20);
    expect(steps('1')).toEqual(['R4 2026-04-20', 'R5 2026-04-20']);
    expect(steps('2')).toEqual(['R4 2026-03-16', 'R5 2026-03-31', 'R6 2026-04-15']);
    expect((await customer.plan()).steps).toEqual([]);
    customer.portal.edit('tasks', task, { holdfast_snooze_until: '' });
    await customer.nextDay();
    expect(await customer.store.plays.snoozes(calendarDate('2026-03-24'))).toEqual([]);
    expect(steps('1')).toEqual(['R4 2026-03-24', 'R5 2026-03-31', 'R6 2026-04-15']);
  });
});
