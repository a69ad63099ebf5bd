import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startWorker } from '../../src/jobs/worker.ts';
import { openLineOffice, tasksIn, type Customer, type LineOffice } from '../support/line-office.ts';

const acme = { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' };

describe.each(['embedded', 'server'] as const)('the worker (database: %s)', (on) => {
  let office: LineOffice;
  beforeAll(async () => {
    office = await openLineOffice(on);
  });
  beforeEach(async () => {
    // Customers of earlier tests are nobody's business any more.
    for (const { id } of await office.app.store.installations.list()) await office.app.store.of(id).forget();
  });
  afterAll(() => office.close());

  it('does by itself what is due, and nothing twice although two of them are there', async () => {
    const customer = await office.connect([acme], { latencyMs: 5 });
    const queues = [
      await office.app.openQueue({ supervises: true }),
      await office.app.openQueue({ supervises: false }),
    ];
    const workers = await Promise.all(queues.map((queue) => startWorker(office.app, queue)));
    try {
      await vi.waitFor(async () => expect((await runsOf(customer))[0]).toMatchObject({ stage: 'done' }), PATIENCE);
      await Promise.all(queues.map((queue) => queue.request(customer.installation.id)));
      await vi.waitFor(async () => expect(await queues[0]?.depth()).toEqual({ waiting: 0, active: 0 }), PATIENCE);
      expect(await runsOf(customer)).toMatchObject([{ kind: 'full', trigger: 'schedule', error: null }]);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
  });

  it('stops at the next stored page, and another goes on under the same run without losing or repeating anything', async () => {
    const companies = Array.from({ length: 250 }, (_, index) => ({
      ...acme,
      id: String(index + 1),
      name: `Company ${index}`,
    }));
    const customer = await office.connect(companies, { latencyMs: 20 });
    const first = await startWorker(office.app, await office.app.openQueue({ supervises: true }));
    await vi.waitFor(
      async () => expect(await customer.store.checkpoints.get('companies:all')).not.toBeNull(),
      PATIENCE,
    );
    await first.stop();
    const [cut] = await runsOf(customer);
    expect(cut).toMatchObject({ finishedAt: null, error: null });

    customer.sandbox.calls.reset();
    const second = await startWorker(office.app, await office.app.openQueue({ supervises: true }));
    try {
      await vi.waitFor(async () => expect((await runsOf(customer))[0]?.stage).toBe('done'), PATIENCE);
    } finally {
      await second.stop();
    }
    expect(await runsOf(customer)).toMatchObject([{ id: cut?.id }]);
    expect((await customer.store.records.count()).get('companies')).toEqual({ alive: 250, deleted: 0 });
    expect(customer.sandbox.calls.perPurpose['list companies'] ?? 0).toBeLessThan(3);
    expect(tasksIn(customer.portal)).toEqual([]);
  });

  it('goes on with the other customers when one fails', async () => {
    const failing = await office.connect([acme]);
    failing.sandbox.faults.add({ kind: 'status', status: 400, times: Infinity });
    const well = await office.connect([acme]);
    const worker = await startWorker(office.app, await office.app.openQueue({ supervises: true }));
    try {
      await vi.waitFor(async () => {
        expect((await runsOf(well))[0]?.stage).toBe('done');
        expect((await runsOf(failing))[0]?.error).toMatchObject({ code: 'request-refused' });
      }, PATIENCE);
    } finally {
      await worker.stop();
    }
  });
});

const PATIENCE = { timeout: 30_000, interval: 50 };

function runsOf(customer: Customer) {
  return customer.store.runs.recent(10);
}
