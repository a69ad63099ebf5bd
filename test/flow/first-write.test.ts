import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Portal } from '../../connectors/hubspot/sandbox/index.ts';
import { HoldfastError } from '../../src/errors.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { openLineOffice, ourValues, tasksIn, theirValues, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const companies: readonly CustomerCompany[] = [
  { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, ownerId: '11', csmId: '13' },
  { id: '2', name: 'Bolt', renewalOn: '2027-01-10', arr: 5_000, ownerId: '11' },
  { id: '3', name: 'Crux', status: 'Prospect' },
];

describe('the first write of a new customer', () => {
  it('waits: the first sync reads and scores, and leaves the portal as it was', async () => {
    const { portal, sandbox, sync, store } = await office.connect(companies);
    const before = photograph(portal);
    const result = await sync();
    expect(result).toMatchObject({ accountsScored: 2, awaitsApproval: true });
    expect(result.writes).toEqual({ ...result.writes, fields: 0, records: 0, tasksOpened: 0 });
    expect(photograph(portal)).toEqual(before);
    expect(sandbox.calls.recent.filter(isWrite)).toEqual([]);
    expect((await store.getInstallation()).approvedAt).toBeNull();
  });

  it('is shown in advance without a single call', async () => {
    const { sandbox, sync, plan } = await office.connect(companies);
    await sync();
    sandbox.calls.reset();
    const shown = await plan();
    expect(shown.steps.length).toBeGreaterThan(0);
    expect(sandbox.calls.total).toBe(0);
  });

  it('is exactly what the plan listed: fields, tasks and values, for as many calls as it said', async () => {
    const { portal, sandbox, sync, plan, approve } = await office.connect(companies);
    await sync();
    const shown = await plan();
    const theirs = companies.map(({ id }) => theirValues(portal, id));
    await approve(shown.digest);
    sandbox.calls.reset();
    const { writes } = await sync();

    const steps = (kind: string) => shown.steps.filter((step) => step.kind === kind);
    const made = ['companies', 'deals', 'tasks'].flatMap((object) =>
      portal
        .customProperties(object)
        .filter((name) => name.startsWith('holdfast_'))
        .map((name) => `${object}.${name}`),
    );
    expect(made.sort()).toEqual(
      steps('provision-field')
        .map(({ key }) => key)
        .sort(),
    );

    for (const { id } of companies) {
      const planned = steps('set-fields').find((step) => step.id === id)?.after ?? {};
      expect(asPeopleSee(ourValues(portal, id))).toEqual(asPeopleSee(planned));
    }
    expect(companies.map(({ id }) => theirValues(portal, id))).toEqual(theirs);

    const tasks = tasksIn(portal).map(({ subject, dueAt, ownerId }) => ({
      subject,
      dueAt: Date.parse(dueAt),
      ownerId,
    }));
    const planned = steps('open-task').map(({ after }) => ({
      subject: after['hs_task_subject'],
      dueAt: Date.parse(after['hs_timestamp'] ?? ''),
      ownerId: after['hubspot_owner_id'],
    }));
    expect(tasks).toEqual(planned);

    expect(writes).toMatchObject({
      records: shown.tally.recordsToUpdate,
      fields: shown.tally.valuesToWrite,
      tasksOpened: shown.tally.tasksToOpen,
      refused: 0,
    });
    // Everything but reading what changed meanwhile, which is done by search.
    expect(sandbox.calls.perBucket.general).toBe(shown.calls);
  });

  it('says of each step what stood there before, what will stand there, and why', async () => {
    const { sync, plan } = await office.connect(companies);
    await sync();
    const { steps } = await plan();
    expect(steps.every(({ because }) => because.trim() !== '')).toBe(true);
    const acme = steps.find((step) => step.kind === 'set-fields' && step.id === '1');
    expect(acme?.before).toMatchObject({ holdfast_next_renewal_date: null });
    expect(acme?.after).toMatchObject({ holdfast_next_renewal_date: '2026-04-10' });
    expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
  });

  it('is not what was approved when something changed since the plan was looked at', async () => {
    const { portal, sync, plan, approve, store } = await office.connect(companies);
    await sync();
    const { digest } = await plan();
    portal.edit('companies', '1', { renewal_date: '2026-05-29' });
    await sync();
    const refusal = await approve(digest).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HoldfastError);
    expect(refusal).toMatchObject({ code: 'not-approved', remedy: expect.stringContaining('holdfast plan') });
    expect((await store.getInstallation()).approvedAt).toBeNull();
    const { writes } = await sync();
    expect(writes).toMatchObject({ fields: 0, tasksOpened: 0 });
  });

  it('may be approved by its mark although hours have passed, as long as nothing changed', async () => {
    const { clock, sync, plan, approve } = await office.connect(companies);
    await sync();
    const { digest } = await plan();
    clock.advance(5 * 3_600_000);
    await sync();
    await approve(digest);
    expect((await sync()).writes.tasksOpened).toBe(3);
  });
});

describe('after the first write', () => {
  it.each(['incremental', 'daily', 'full'] as const)(
    'a second and a third %s run of the same day write nothing and score nothing anew',
    async (kind) => {
      const { portal, begin, sync, plan, clock } = await office.connect(companies);
      await begin();
      const before = photograph(portal);
      for (let run = 0; run < 2; run += 1) {
        clock.advance(15 * 60_000);
        const { writes, accountsScored } = await sync(kind);
        expect(writes).toEqual({ ...writes, fields: 0, records: 0, tasksOpened: 0, tasksMoved: 0, tasksClosed: 0 });
        expect(accountsScored).toBe(0);
      }
      expect(photograph(portal)).toEqual(before);
      expect((await plan()).steps).toEqual([]);
    },
  );

  it('our own writes come back as changes of ours alone, also while the search index lags behind', async () => {
    const { portal, begin, sync, clock } = await office.connect(companies, { searchLagMs: 90_000 });
    await begin();
    const before = photograph(portal);
    for (const seconds of [10, 60, 60, 600]) {
      clock.advance(seconds * 1_000);
      const { accountsScored, writes } = await sync();
      expect({ accountsScored, ...writes }).toMatchObject({
        accountsScored: 0,
        fields: 0,
        tasksOpened: 0,
        tasksMoved: 0,
      });
    }
    expect(photograph(portal)).toEqual(before);
  });
});

/** All that people see, with who changed it last left out. */
function photograph(portal: Portal): unknown {
  return ['companies', 'deals', 'contacts', 'tickets', 'tasks'].map((object) => ({
    records: portal.all(object),
    fields: portal.customProperties(object),
    groups: portal.propertyGroups(object),
  }));
}

/** Moments and numbers in one spelling; what is empty is not shown. */
function asPeopleSee(values: Readonly<Record<string, string | null>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values)
      .filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '')
      .map(([name, value]) => [name, /_at$|_as_of$/.test(name) ? Date.parse(value) : value]),
  );
}

function isWrite({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method !== 'GET' && !/\/(search|batch\/read)/.test(path);
}
