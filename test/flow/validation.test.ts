import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { changePlays } from '../../src/install/plays.ts';
import { readChurnStatus } from '../../src/queries/churn-status.ts';
import { readPlays } from '../../src/queries/plays.ts';
import { knownCompany } from '../support/known-company.ts';
import { MONDAY, openLineOffice, ourValues, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';
import { rememberRenewals, type PastRenewals } from '../support/past-renewals.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const TODAY = calendarDate('2026-03-02');
const ACME = { id: '1', name: 'Acme', arr: 50_000, segment: 'Mid-Market', csmId: '13' } as const;
const before = (days: number): number => MONDAY - days * 86_400_000;

/** Acme is red: nobody there has answered for five months, and three urgent tickets are open. Everything is written. */
async function connect(renewalOn: string): Promise<Customer> {
  const { rows = [], links = [] } = knownCompany('1');
  const silent = rows.map((one) =>
    one.object === 'emails'
      ? { ...one, properties: { ...one.properties, hs_timestamp: new Date(before(160)).toISOString() } }
      : one,
  );
  const urgent = ['7', '8', '9', '10'].map((id) =>
    row(
      'tickets',
      id,
      { subject: 'Export fails', hs_pipeline: '0', hs_pipeline_stage: '1', hs_ticket_priority: 'URGENT' },
      before(20),
    ),
  );
  const customer = await office.connect([{ ...ACME, renewalOn }], {
    rest: {
      rows: [...silent, ...urgent],
      links: [...links, ...urgent.map(({ id }) => toCompany(['tickets', id], '1', true))],
    },
  });
  await customer.store.settings.put('write-back', { fields: 'extended' });
  return customer;
}

/** 200 renewals of the year before, 20 of them lost: most of those had been red. */
const TOLD: readonly PastRenewals[] = [
  { terms: 40, lost: 14, health: 35, band: 'red', told: 0.35 },
  { terms: 40, lost: 4, health: 60, band: 'yellow', told: 0.1 },
  { terms: 120, lost: 2, health: 85, band: 'green', told: 0.02 },
];
const [told, ...others] = TOLD;
const ONE_LOSS_FEWER: readonly PastRenewals[] = told === undefined ? [] : [{ ...told, lost: 13 }, ...others];

const remember = ({ store }: Customer, kinds: readonly PastRenewals[]) => rememberRenewals(store, TODAY, kinds);
const validationOf = async ({ store }: Customer) =>
  (await readChurnStatus(store, defaultConfiguration.churn)).validation;
/** Other plays about the same matter suggest: a red rescue that waits would give way to one that acts. */
const letAct = ({ store }: Customer, play: string) =>
  changePlays(store, office.app.clock, defaultConfiguration.plays, {
    modes: [
      { play, mode: 'act' },
      { play: '06', mode: 'suggest' },
      { play: '08', mode: 'suggest' },
    ],
    roles: [],
    actor: 'admin',
  });
const rescueIn = async ({ store }: Customer) =>
  (await readPlays(store, defaultConfiguration, new Map(), office.app.clock.now(), 50)).plays.find(
    ({ play }) => play === '04',
  );
const rescueTasks = ({ portal }: Customer) =>
  tasksIn(portal)
    .filter(({ subject }) => subject.includes('(play 04)'))
    .map(({ subject, status }) => `${subject}: ${status}`);
const FIRST_TASK = 'Acme: Find the root cause: the account is at risk (play 04): NOT_STARTED';

/** Connected, with these renewals behind it, and every play set to act before the first run. */
async function begin(kinds: readonly PastRenewals[], acting = 'all'): Promise<Customer> {
  const customer = await connect('2026-06-20');
  await remember(customer, kinds);
  await letAct(customer, acting);
  await customer.begin();
  return customer;
}

describe('a score that stood the customer’s own renewals', () => {
  it('is validated: the red rescue opens its task, and the CRM is told', async () => {
    const customer = await begin(TOLD);
    expect(await validationOf(customer)).toMatchObject({
      verdict: 'validated',
      lastOn: '2026-03-02',
      nextOn: '2026-04-01',
      modelVersion: 'HF-Health v1 / default 1',
      terms: { decided: 200, judged: 200, lost: 20 },
      lacking: [],
    });
    expect(rescueTasks(customer)).toEqual([FIRST_TASK]);
    expect(await rescueIn(customer)).toMatchObject({ mode: 'act', waitsForValidation: false });
    await customer.nextDay();
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_churn_model_status: 'validated' });
    expect(rescueTasks(customer)).toEqual([FIRST_TASK]);
  });

  it('is not with one loss fewer: the red rescue suggests, and it is said what is lacking', async () => {
    const customer = await begin(ONE_LOSS_FEWER);
    expect(await validationOf(customer)).toMatchObject({
      verdict: 'unvalidated',
      lacking: ['19 of 20 losses seen'],
    });
    await customer.nextDay();
    expect(rescueTasks(customer)).toEqual([]);
    expect(await rescueIn(customer)).toMatchObject({ mode: 'suggest', waitsForValidation: true, fired: 1 });
    expect(ourValues(customer.portal, '1')).toMatchObject({ holdfast_churn_model_status: 'cold_start' });
  });

  it('is not needed for a red rescue that the admin has named', async () => {
    const customer = await begin(ONE_LOSS_FEWER, '04');
    expect((await validationOf(customer)).verdict).toBe('unvalidated');
    expect(rescueTasks(customer)).toEqual([FIRST_TASK]);
  });
});

describe('the score is checked', () => {
  it('once a month: what has been waiting acts with the run that finds it validated', async () => {
    const customer = await begin([]);
    await remember(customer, TOLD);
    await customer.nextDay(20);
    expect(await validationOf(customer)).toMatchObject({ verdict: 'unvalidated', lastOn: '2026-03-02' });
    expect(rescueTasks(customer)).toEqual([]);
    await customer.nextDay(10);
    expect(await validationOf(customer)).toMatchObject({ verdict: 'validated', lastOn: '2026-04-01' });
    expect(rescueTasks(customer)).toEqual([FIRST_TASK]);
    expect(await customer.store.audit.recent(1)).toMatchObject([{ action: 'score-validated', actor: 'Holdfast' }]);
  });

  it('when another configuration has scored the book; a task that was opened stays', async () => {
    const customer = await begin(TOLD);
    const [actor, path] = ['admin', 'validation.leastLosses'];
    const { store } = customer;
    await draftConfiguration(store, office.app.clock, {
      changes: null,
      set: [{ path, value: 21 }],
      unset: [],
      note: null,
      actor,
    });
    await publishDraft(store, office.app.clock, { actor, isUnseenAllowed: true });
    await customer.sync();
    expect(await validationOf(customer)).toMatchObject({
      verdict: 'unvalidated',
      modelVersion: 'HF-Health v1 / version 1',
      terms: { lost: 20, byEarlierVersions: 200 },
      lacking: ['20 of 21 losses seen'],
    });
    expect(await store.audit.recent(1)).toMatchObject([
      { action: 'score-unvalidated', details: { lacking: ['20 of 21 losses seen'] } },
    ]);
    await customer.nextDay();
    expect(rescueTasks(customer)).toEqual([FIRST_TASK]);
    expect(await rescueIn(customer)).toMatchObject({ mode: 'suggest', open: 1 });
  });

  it('by the next run where the process had ended before it was', async () => {
    const customer = await begin(TOLD);
    await customer.store.settings.drop('validation');
    await customer.sync();
    expect((await validationOf(customer)).verdict).toBe('validated');
  });
});

it('a customer who leaves counts as it was judged a quarter before', async () => {
  const customer = await connect('2026-06-20');
  await customer.begin();
  await customer.nextDay(31);
  customer.portal.edit('companies', '1', { customer_status: 'Former customer' });
  await customer.nextDay(60);
  expect((await validationOf(customer)).terms).toMatchObject({ decided: 0, judged: 0, lost: 0 });
  await customer.nextDay(30);
  const { terms, gates } = await validationOf(customer);
  expect(terms).toMatchObject({ decided: 1, judged: 1, lost: 1 });
  expect(gates).toMatchObject([
    { id: 'losses', state: 'failed', figure: 1, words: '1 of 20 losses seen' },
    { id: 'red_losses', state: 'unknown', figure: 1 },
    { id: 'losses_below_green', state: 'unknown', figure: 1 },
    { id: 'green_accounts', state: 'unknown', figure: null },
    { id: 'brier_skill', state: 'unknown', figure: null },
  ]);
});
