import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { previewInWords } from '../../src/cli/configuration-in-words.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { parseWhole, versionName } from '../../src/core/configuration/parse.ts';
import { addDays, calendarDate } from '../../src/core/model/calendar-date.ts';
import { money } from '../../src/core/model/money.ts';
import {
  discardDraft,
  draftConfiguration,
  getDraft,
  notePreview,
  publishDraft,
  rollBack,
  type DraftRequest,
} from '../../src/install/configuration.ts';
import { importFile } from '../../src/flow/intake/import-file.ts';
import type { Progress } from '../../src/flow/line.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import type { ConfigurationPreview } from '../../src/queries/configuration-preview.ts';
import { listVersions } from '../../src/queries/configuration.ts';
import { knownCompany } from '../support/known-company.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';
import { MONDAY, openLineOffice, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** A customer with forty accounts of all kinds. */
const connect = (seed: number): Promise<Customer> => {
  const world = generateWorld({ seed, now: new Date(MONDAY).toISOString(), accounts: 40 });
  const portal = toPortalSeed(world);
  return office.connect([], { seed: { ...portal, facts: { ...portal.facts, portalId: 90_000 + seed } } });
};

const draft = ({ store }: Customer, edit: Partial<DraftRequest>) =>
  draftConfiguration(store, office.app.clock, { changes: null, set: [], unset: [], note: null, actor: 'ana', ...edit });

const set = (path: string, value: unknown): Partial<DraftRequest> => ({ set: [{ path, value }] });

const preview = async ({ store, installation }: Customer, progress: Progress[] = []): Promise<ConfigurationPreview> => {
  const { number, whole } = await getDraft(store);
  const seen = await office.app.previewConfiguration(
    installation,
    { version: versionName(number), ...parseWhole(whole) },
    { signal: new AbortController().signal, progress: (one) => progress.push(one), top: 5 },
  );
  await notePreview(store, office.app.clock, seen);
  return seen;
};

const publish = ({ store }: Customer, isUnseenAllowed = false): Promise<number> =>
  publishDraft(store, office.app.clock, { actor: 'ana', isUnseenAllowed });

const assessments = async ({ store }: { readonly store: TenantStore }) =>
  (await store.assessments.page(null, 1_000)).map(({ assessment }) => assessment);

const modelVersions = async (customer: Customer): Promise<readonly string[]> => [
  ...new Set((await assessments(customer)).map(({ modelVersion }) => modelVersion)),
];

const bandsOf = async (customer: Customer): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await assessments(customer)).map(({ accountId, health }) => [accountId, health.band]));

/** Sixty days of use of the account `1`, with so many people on the day that is so many days ago. */
async function importUsage({ store, clock }: Customer, peopleOn: (daysAgo: number) => number): Promise<void> {
  const today = calendarDate(new Date(clock.now()).toISOString().slice(0, 10));
  const lines = Array.from({ length: 60 }, (_, daysAgo) => `1,${addDays(today, -daysAgo)},${peopleOn(daysAgo)},100`);
  const text = ['account,date,active_users,events', ...lines].join('\n');
  await importFile({
    store,
    kind: 'usage',
    text: Readable.from([text]),
    at: new Date(clock.now()).toISOString(),
    configuration: defaultConfiguration.usage,
    every: null,
    isDryRun: false,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

/** Makes more accounts red, asks for more before one is green, and lets the red rescue act before the score is validated. */
const STRICTER: Partial<DraftRequest> = {
  changes: {
    health: { bands: { green: 85, yellow: 65, worse: { days: 1 } } },
    plays: { modes: { '04': 'act' }, unproven: [] },
  },
  note: 'Stricter',
};

describe("an installation's own configuration", () => {
  it('changes nothing before it is published, and the whole book afterwards', async () => {
    const customer = await connect(1);
    await customer.begin();
    const before = await assessments(customer);
    expect(await modelVersions(customer)).toEqual(['HF-Health v1 / default 1']);

    expect(await draft(customer, STRICTER)).toMatchObject({ number: 1, state: 'draft', note: 'Stricter' });
    expect(await customer.sync()).toMatchObject({ accountsScored: 0 });
    await preview(customer);
    expect(await assessments(customer)).toEqual(before);

    expect(await publish(customer)).toBe(1);
    expect(await customer.sync()).toMatchObject({ accountsScored: before.length });
    expect(await modelVersions(customer)).toEqual(['HF-Health v1 / version 1']);
    expect(await customer.sync()).toMatchObject({ accountsScored: 0, writes: { fields: 0, tasksOpened: 0 } });
  });

  it('is previewed as it will come: the next run writes what was shown, and the plan says the same', async () => {
    const customer = await connect(2);
    await customer.begin();
    await draft(customer, STRICTER);
    const progress: Progress[] = [];
    const { writes, bandsAtNextRun } = await preview(customer, progress);
    const before = await bandsOf(customer);
    const [scoring] = progress;
    expect(scoring).toMatchObject({ stage: 'assess', done: Object.keys(before).length, total: scoring?.done });
    expect(progress.slice(1)).toMatchObject([
      { stage: 'plan', subject: 'accounts for tasks', done: 40 },
      { stage: 'plan', subject: 'accounts for values', done: 40 },
    ]);
    await publish(customer);

    const plan = await customer.plan();
    expect(plan.tally).toEqual({
      fieldsToProvision: writes.fieldsToProvision,
      recordsToUpdate: writes.recordsToUpdate,
      valuesToWrite: writes.valuesToWrite,
      tasksToOpen: writes.tasksToOpen,
      tasksToMove: writes.tasksToMove,
      tasksToClose: writes.tasksToClose,
      dealsToOpen: writes.dealsToOpen,
    });
    const tasks = tasksIn(customer.portal).length;
    expect((await customer.sync()).writes).toMatchObject({
      fields: writes.valuesToWrite,
      records: writes.recordsToUpdate,
      tasksOpened: writes.tasksToOpen,
      tasksMoved: writes.tasksToMove,
      tasksClosed: writes.tasksToClose,
    });
    expect(writes.valuesToWrite).toBeGreaterThan(0);
    expect(writes.tasksToOpen).toBeGreaterThan(0);
    expect(tasksIn(customer.portal)).toHaveLength(tasks + writes.tasksToOpen);
    const after = await bandsOf(customer);
    const moved = Object.keys(before).filter((id) => before[id] !== after[id]);
    expect(moved.length).toBeGreaterThan(0);
    expect(bandsAtNextRun.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(moved.length);
  });

  it('counts people on either side as that side says', async () => {
    const companies = [{ id: '1', name: 'Acme', renewalOn: '2026-11-01', arr: 50_000 }] as const;
    const customer = await office.connect(companies, { rest: knownCompany('1') });
    await customer.begin();
    // Forty people in January, and ten since: a fall over four weeks, and none over two.
    await importUsage(customer, (daysAgo) => (daysAgo < 30 ? 10 : 40));
    customer.clock.advance(60_000);
    await customer.sync();
    const reason = async () => (await assessments(customer))[0]?.health.reason;
    expect(await reason()).toContain('Active users fell 75% in 28 days (40 → 10).');
    await draft(customer, set('usage.windows.activeDays', 14));
    const { scores } = await preview(customer);
    expect(scores).toMatchObject({ moving: 1, largestFall: 0 });
    expect(scores.largestRise).toBeGreaterThan(5);
    await publish(customer);
    await customer.sync();
    expect(await reason()).not.toContain('fell');
  });

  it('names the renewal deals that it would open, and those that it would open no longer', async () => {
    const customer = await office.connect([
      { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, ownerId: '11', csmId: '13' },
      { id: '2', name: 'Bolt', renewalOn: '2026-07-10', arr: 20_000, ownerId: '11', csmId: '13' },
      { id: '3', name: 'Crux', renewalOn: '2026-04-20', arr: 90_000, ownerId: '11', csmId: '13' },
    ]);
    await customer.begin();
    await draft(customer, set('renewals.openDeals', true));
    const asked = await preview(customer);
    expect(asked.writes.dealsToOpen).toBe(2);
    expect(asked.deals).toEqual({
      onlyThen: {
        count: 2,
        first: [
          { accountId: '3', name: 'Crux – Renewal 2026-04-20', amount: money(90_000, 'EUR'), closeOn: '2026-04-20' },
          { accountId: '1', name: 'Acme – Renewal 2026-04-10', amount: money(50_000, 'EUR'), closeOn: '2026-04-10' },
        ],
      },
      onlyNow: { count: 0, first: [] },
    });
    expect(previewInWords(asked)).toContain(
      [
        '2 renewal deals would be opened, which default 1 does not open:',
        '  Crux – Renewal 2026-04-20: closes on 20 April 2026, EUR 90,000',
        '  Acme – Renewal 2026-04-10: closes on 10 April 2026, EUR 50,000',
        '',
      ].join('\n'),
    );
    await publish(customer);
    expect((await customer.plan()).tally).toMatchObject({ dealsToOpen: 2 });

    await draft(customer, { changes: {} });
    const off = await preview(customer);
    expect(off.writes.dealsToOpen).toBe(0);
    expect(off.deals).toMatchObject({ onlyThen: { count: 0 }, onlyNow: { count: 2 } });
    expect(previewInWords(off)).toContain('2 renewal deals would no longer be opened, which version 1 opens:');
  });

  it('names deals by what they are worth at home, not by their figures', async () => {
    const inYen = row('deals', '31', {
      dealname: 'Dojo',
      pipeline: 'default',
      dealstage: 'closedwon',
      closedate: new Date(MONDAY - 300 * 86_400_000).toISOString(),
      dealtype: 'newbusiness',
      hs_arr: '6000000',
      deal_currency_code: 'JPY',
      contract_end_date: '2026-04-15',
    });
    const companies = [
      { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000 },
      { id: '4', name: 'Dojo' },
    ];
    const rest = { rows: [inYen], links: [toCompany(['deals', '31'], '4', true)] };
    const customer = await office.connect(companies, { rest });
    await customer.begin();
    const opened = async (edit: Partial<DraftRequest>) => {
      await draft(customer, edit);
      return (await preview(customer)).deals.onlyThen.first.map(({ amount }) => amount);
    };
    const [yen, euros] = [money(6_000_000, 'JPY'), money(50_000, 'EUR')];
    expect(await opened(set('renewals.openDeals', true))).toEqual([euros, yen]);
    expect(await opened(set('rates.perUnit.JPY', 0.006))).toEqual([euros, yen]);
    expect(await opened(set('rates.perUnit.JPY', 0.012))).toEqual([yen, euros]);
  });

  it('is previewed to its end: who crosses an edge once scores have settled, the largest first, and why', async () => {
    const customer = await connect(3);
    await customer.begin();
    await draft(customer, set('health.bands.green', 88));
    const { bands, who, accounts, scores } = await preview(customer);
    expect(accounts).toBe((await assessments(customer)).length);
    expect(bands).toContainEqual({ from: 'green', to: 'yellow', accounts: expect.any(Number) as number });
    expect(bands.every(({ from, to }) => from === 'green' && to === 'yellow')).toBe(true);
    expect(scores).toEqual({ moving: 0, median: 0, largestRise: 0, largestFall: 0 });
    expect(who.length).toBeGreaterThan(0);
    for (const { from, to, because } of who) {
      expect(from.score).toBeGreaterThanOrEqual(75);
      expect(to.score).toBeLessThan(88);
      expect(because).toEqual(['Green begins at 88 instead of 75.']);
    }
    const worth = who.map(({ arr }) => arr?.minor ?? -1);
    expect(worth).toEqual([...worth].sort((a, b) => b - a));
  });

  it('says which measure makes the difference', async () => {
    const customer = await connect(4);
    await customer.begin();
    await draft(customer, {
      changes: {
        health: {
          measures: {
            lastContact: {
              breakpoints: [
                [1, 100],
                [5, 50],
                [10, 0],
              ],
            },
          },
        },
      },
    });
    const { who, scores } = await preview(customer);
    expect(scores.largestFall).toBeLessThan(0);
    expect(scores.largestRise).toBe(0);
    expect(scores.moving).toBeGreaterThan(0);
    for (const { because } of who) expect(because.join(' ')).toMatch(/two-way contact.*: −[\d.]+ points; it scores/i);
  });

  it('is published only when somebody has seen what this draft does, or says that nobody has to', async () => {
    const customer = await connect(5);
    await customer.begin();
    await draft(customer, set('health.bands.green', 80));
    await expect(publish(customer)).rejects.toThrow('Nobody has looked at what this draft would change.');
    await preview(customer);
    await draft(customer, set('health.bands.green', 81));
    await expect(publish(customer)).rejects.toThrow('Nobody has looked');
    await preview(customer);
    customer.clock.advance(25 * 3_600_000);
    await expect(publish(customer)).rejects.toThrow('the book is another one now');
    expect(await publish(customer, true)).toBe(1);
    await expect(publish(customer, true)).rejects.toThrow('There is no draft');
  });

  it('goes back to an earlier version by a new one, and keeps what was', async () => {
    const customer = await connect(6);
    await customer.begin();
    const first = await assessments(customer);
    await draft(customer, { ...set('health.bands.green', 80), note: 'Fewer greens' });
    await publish(customer, true);
    await customer.sync();
    await draft(customer, set('health.prior', 50));
    await publish(customer, true);
    await customer.sync();

    const { store } = customer;
    expect(await rollBack(store, office.app.clock, { number: 1, actor: 'ana' })).toBe(3);
    await expect(rollBack(store, office.app.clock, { number: 3, actor: 'ana' })).rejects.toThrow('in force already');
    await expect(rollBack(store, office.app.clock, { number: 9, actor: 'ana' })).rejects.toThrow('no version 9');
    expect((await office.app.configurationOf(store)).health).toMatchObject({ bands: { green: 80 }, prior: 65 });

    expect(await rollBack(store, office.app.clock, { number: 0, actor: 'ana' })).toBe(4);
    expect(await office.app.configurationOf(store)).toEqual({ ...defaultConfiguration, version: 'version 4' });
    await customer.sync();
    const same = (await assessments(customer)).map(({ health }) => health);
    expect(same).toEqual(first.map(({ health }) => health));
    expect(
      (await listVersions(store)).map(({ number, state, changes, note }) => [number, state, changes, note]),
    ).toEqual([
      [4, 'published', [], 'Back to the defaults'],
      [3, 'retired', ['health.bands.green'], 'Back to version 1'],
      [2, 'retired', ['health.bands.green', 'health.prior'], ''],
      [1, 'retired', ['health.bands.green'], 'Fewer greens'],
    ]);
    expect((await store.audit.recent(3)).map(({ actor, action }) => [actor, action])).toEqual([
      ['ana', 'configuration-rolled-back'],
      ['ana', 'configuration-rolled-back'],
      ['ana', 'configuration-published'],
    ]);
  });

  it('stays as it is when what is asked for contradicts itself', async () => {
    const customer = await connect(7);
    await draft(customer, set('health.bands.green', 80));
    await expect(draft(customer, set('health.bands.yellow', 90))).rejects.toThrow('the bands are out of order');
    await expect(draft(customer, set('health.bands.gren', 90))).rejects.toThrow("Did you mean 'green'?");
    expect((await getDraft(customer.store)).changes).toEqual({ health: { bands: { green: 80 } } });
    await draft(customer, { unset: ['health.bands.green'] });
    expect((await getDraft(customer.store)).changes).toEqual({});
    await discardDraft(customer.store, office.app.clock, 'ana');
    await expect(discardDraft(customer.store, office.app.clock, 'ana')).rejects.toThrow('There is no draft');
  });

  it('is one of its own: a neighbour is scored as before', async () => {
    const [one, other] = [await connect(8), await connect(9)];
    await draft(one, set('health.bands.green', 80));
    await publish(one, true);
    expect((await office.app.configurationOf(one.store)).health.bands.green).toBe(80);
    expect(await office.app.configurationOf(other.store)).toBe(defaultConfiguration);
  });

  it('is taken up by a run that was cut short while it rescored', async () => {
    const customer = await connect(10);
    await customer.begin();
    await draft(customer, STRICTER);
    await publish(customer, true);
    const stop = new AbortController();
    const run = customer.sync('incremental', {
      signal: stop.signal,
      progress: ({ stage }) => {
        if (stage === 'assess') stop.abort();
      },
    });
    await expect(run).rejects.toThrow('stopped');
    await customer.sync();
    expect(await modelVersions(customer)).toEqual(['HF-Health v1 / version 1']);
    expect((await customer.plan()).steps).toEqual([]);
  });
});
