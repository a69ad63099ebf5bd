import { Router } from 'express';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

const DAY_MS = 86_400_000;

/** `/metrics` in Prometheus' text form. Counts over all customers, by connector; nothing that names one. */
export function metricsRoutes(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: Queue | null;
  /** What other routes count is shown beside what is counted here. */
  readonly registry: Registry;
}): Router {
  const { registry } = parts;
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const installations = gauge('holdfast_installations', 'Connected CRM accounts', ['connector', 'status']);
  const calls = gauge('holdfast_crm_calls_24h', 'HTTP calls to CRMs in the last 24 hours', [
    'connector',
    'bucket',
    'outcome',
  ]);
  const accounts = gauge('holdfast_accounts', 'Scored accounts', ['connector', 'band']);
  const problems = gauge('holdfast_problems', 'Open entries of the error inbox', ['connector']);
  const late = gauge('holdfast_oldest_run_seconds', 'Age of the least recently finished line', ['connector']);
  const noticed = gauge('holdfast_noticed_records', 'Records that a CRM has told a change of and that wait', [
    'connector',
  ]);
  const oldest = gauge('holdfast_oldest_notice_seconds', 'How long the oldest of them has waited', ['connector']);
  const jobs = gauge('holdfast_jobs', 'Jobs in the queue', ['state']);

  const router = Router();
  router.get('/metrics', async (_request, response) => {
    for (const one of [installations, calls, accounts, problems, late, noticed, oldest, jobs]) one.reset();
    const now = Date.parse(parts.clock.now());
    for (const { id, connector, status } of await parts.store.installations.list()) {
      const store = parts.store.of(id);
      installations.inc({ connector, status });
      for (const count of await store.calls.since(new Date(now - DAY_MS).toISOString())) {
        calls.inc({ connector, bucket: count.bucket, outcome: 'made' }, count.calls);
        calls.inc({ connector, bucket: count.bucket, outcome: 'rate_limited' }, count.rateLimited);
        calls.inc({ connector, bucket: count.bucket, outcome: 'failed' }, count.failed);
      }
      for (const [band, number] of Object.entries((await store.assessments.summary()).bands)) {
        accounts.inc({ connector, band }, number);
      }
      problems.inc({ connector }, (await store.problems.list(1_000)).length);
      const { count, oldestAt } = await store.notices.summary();
      noticed.inc({ connector }, count);
      if (oldestAt !== null) await raise(oldest, connector, (now - Date.parse(oldestAt)) / 1_000);
      const [run] = await store.runs.recent(1);
      if (run !== undefined) {
        await raise(late, connector, (now - Date.parse(run.finishedAt ?? run.startedAt)) / 1_000);
      }
    }
    const depth = await parts.queue?.depth();
    if (depth !== undefined) {
      jobs.set({ state: 'waiting' }, depth.waiting);
      jobs.set({ state: 'active' }, depth.active);
    }
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

/** Of several customers the largest figure is shown. */
async function raise(gauge: Gauge, connector: string, figure: number): Promise<void> {
  const before = (await gauge.get()).values.find((value) => value.labels['connector'] === connector)?.value ?? 0;
  gauge.set({ connector }, Math.max(before, figure));
}
