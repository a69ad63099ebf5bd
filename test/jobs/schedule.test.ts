import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultSchedule, findDueRun } from '../../src/jobs/schedule.ts';
import type { Run, RunKind } from '../../src/ports/store.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
let customer: Customer;
beforeAll(async () => {
  office = await openLineOffice();
});
beforeEach(async () => {
  customer = await office.connect([]);
});
afterAll(() => office.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('what is due for a customer in Berlin', () => {
  it('is everything at first, then only changes, every fifteen minutes', async () => {
    expect(await due('2026-03-02T10:00:00Z')).toBe('full');
    await done('full', '2026-03-02T10:00:00Z');
    expect(await due('2026-03-02T10:14:59Z')).toBeNull();
    expect(await due('2026-03-02T10:15:00Z')).toBe('incremental');
    await done('incremental', '2026-03-02T10:15:00Z');
    expect(await due('2026-03-02T10:16:00Z')).toBeNull();
  });

  it('is the daily run once it is four in the morning there, in winter and in summer', async () => {
    await done('full', '2026-03-28T10:00:00Z');
    await done('incremental', '2026-03-29T01:50:00Z');
    // On 29 March the clocks go from two to three: four o'clock is 02:00 UTC from then on.
    expect(await due('2026-03-29T01:59:00Z')).toBeNull();
    expect(await due('2026-03-29T02:00:00Z')).toBe('daily');
    await done('daily', '2026-03-29T02:00:00Z');
    expect(await due('2026-03-29T02:10:00Z')).toBeNull();
    expect(await due('2026-03-29T12:00:00Z')).toBe('incremental');
  });

  it('is one full run a week, which is that day’s daily run as well', async () => {
    await done('full', '2026-03-02T10:00:00Z');
    await done('daily', '2026-03-09T03:05:00Z');
    expect(await due('2026-03-09T09:59:00Z')).toBe('incremental');
    expect(await due('2026-03-09T10:00:00Z')).toBe('full');
    await done('full', '2026-03-09T10:00:00Z');
    expect(await due('2026-03-09T10:10:00Z')).toBeNull();
  });

  it('loses nothing by a stop of days: afterwards the largest that was missed comes first, once', async () => {
    await done('full', '2026-03-02T10:00:00Z');
    expect(await due('2026-03-06T18:00:00Z')).toBe('daily');
    await done('daily', '2026-03-06T18:00:00Z');
    expect(await due('2026-03-06T18:15:00Z')).toBe('incremental');
    expect(await due('2026-03-20T18:00:00Z')).toBe('full');
  });

  it('is what was cut short before anything else', async () => {
    await done('full', '2026-03-02T10:00:00Z');
    await customer.store.runs.put({ ...run('full', '2026-03-03T10:00:00Z'), finishedAt: null, stage: 'pull' });
    expect(await due('2026-03-03T10:01:00Z')).toBe('full');
  });

  it.each(['paused', 'lost'] as const)('is nothing while the installation is %s', async (status) => {
    await customer.store.updateInstallation({ status, statusReason: 'for a reason' });
    expect(await due('2026-03-02T10:00:00Z')).toBeNull();
  });

  it('comes to one daily run a day and an incremental one every quarter of an hour, whatever minute the ticks come at', async () => {
    await done('full', '2026-03-02T10:00:00Z');
    const kinds: Record<string, number> = {};
    const dailyAt: string[] = [];
    for (let at = Date.parse('2026-03-02T10:07:00Z'); at < Date.parse('2026-03-03T10:00:00Z'); at += 5 * MINUTE) {
      const now = new Date(at).toISOString();
      const kind = await due(now);
      if (kind === null) continue;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      if (kind === 'daily') dailyAt.push(DateTime.fromISO(now, { zone: 'Europe/Berlin' }).toFormat('HH:mm'));
      await done(kind, now);
    }
    expect(dailyAt).toEqual(['04:02']);
    expect(kinds).toMatchObject({ daily: 1 });
    expect(kinds['incremental']).toBeGreaterThanOrEqual((24 * HOUR) / (15 * MINUTE) - 3);
  });
});

describe('a run that fails', () => {
  it('is tried again under its own id after a minute, then after two, and is forgotten when it succeeds', async () => {
    const refuse = () =>
      customer.sandbox.faults.add({ kind: 'status', status: 400, match: { purpose: 'list companies' } });
    const now = () => new Date(customer.clock.now()).toISOString();
    refuse();
    await expect(customer.sync('full')).rejects.toMatchObject({ code: 'request-refused' });
    const [failed] = await customer.store.runs.recent(1);
    expect(failed?.error).toMatchObject({ code: 'request-refused', remedy: expect.any(String) });
    expect(await due(now())).toBeNull();
    customer.clock.advance(MINUTE);
    expect(await due(now())).toBe('full');
    refuse();
    await expect(customer.sync('full')).rejects.toMatchObject({ code: 'request-refused' });
    customer.clock.advance(MINUTE);
    expect(await due(now())).toBeNull();
    customer.clock.advance(MINUTE);
    expect(await due(now())).toBe('full');
    await customer.sync('full');
    const [last] = await customer.store.runs.recent(1);
    expect(last).toMatchObject({ id: failed?.id, error: null, stage: 'done' });
    expect(await due(now())).toBeNull();
  });

  it('because another process works on the customer changes nothing and says to wait', async () => {
    await customer.sync();
    await customer.store.whileHeld('somebody else', async () => {
      await expect(customer.sync()).rejects.toMatchObject({
        code: 'installation-busy',
        message: `Another process is working on installation ${customer.installation.id}.`,
        remedy: expect.stringContaining('Wait'),
      });
    });
    expect(await customer.sync()).toMatchObject({ kind: 'incremental' });
  });

  it('because most of a portal is suddenly gone deletes nothing until a person says that this is so', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => String(index + 1));
    const large = await office.connect(ids.map((id) => ({ id, name: `Company ${id}` })));
    await large.sync();
    for (const id of ids.slice(0, 55)) large.portal.archive('companies', id);
    large.clock.advance(MINUTE);
    await expect(large.sync('full', { trigger: 'schedule' })).rejects.toMatchObject({
      code: 'reconciliation-doubtful',
      message: '55 of 60 companies are no longer to be found in HubSpot.',
      remedy: expect.stringContaining('--accept-deletions'),
    });
    expect((await large.store.records.count()).get('companies')).toMatchObject({ alive: 60 });
    expect(await large.store.getInstallation()).toMatchObject({ status: 'paused' });
    await large.sync('full', { acceptDeletions: true });
    expect((await large.store.records.count()).get('companies')).toMatchObject({ alive: 5, deleted: 55 });
    expect(await large.store.getInstallation()).toMatchObject({ status: 'active', statusReason: null });
  });
});

async function due(now: string): Promise<RunKind | null> {
  return findDueRun(customer.store, await customer.store.getInstallation(), instant(now), defaultSchedule);
}

function run(kind: RunKind, at: string): Run {
  return {
    id: randomUUID(),
    kind,
    trigger: 'schedule',
    stage: 'done',
    startedAt: instant(at),
    finishedAt: instant(at),
    error: null,
    result: {},
  };
}

async function done(kind: RunKind, at: string): Promise<void> {
  await customer.store.runs.put(run(kind, at));
}

function instant(text: string): string {
  return new Date(text).toISOString();
}
