import { PgBoss } from 'pg-boss';
import { toInstallationId, type InstallationId } from '../core/model/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';

/** One line of work per installation: at most one job waits and one is active for each key. */
const NAME = 'line';
const DEAD = 'line-dead';

/** A job whose process died is taken over after this long; 10 is the least pg-boss allows. */
const HEARTBEAT_S = 10;

/** How many installations one process works on at once. Work is mostly waiting for CRMs. */
const AT_ONCE = 4;

/** Changes come in bursts: a run for each would look at the same accounts again and again. */
const SOON_MS = 10_000;

/** What pg-boss needs of the product's database. */
export interface QueueDatabase {
  readonly isEmbedded: boolean;
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
}

export interface QueueParts {
  readonly database: QueueDatabase;
  readonly log: Log;
  /** `false` in processes that only ask for work. */
  readonly supervises: boolean;
}

/** Opens the queue on the product's own database; its tables live in the schema `pgboss`. */
export async function openQueue(parts: QueueParts): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => parts.database.executeSql(text, values) },
    backend: parts.database.isEmbedded ? 'pglite' : 'postgres',
    schedule: false,
    supervise: parts.supervises,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  });
  boss.on('error', (error) => parts.log.error({ error: error.message }, 'the job queue met an error'));
  await boss.start();
  await boss.createQueue(DEAD);
  await boss.createQueue(NAME, {
    policy: 'stately',
    heartbeatSeconds: HEARTBEAT_S,
    expireInSeconds: 3_600,
    // What failed is decided by recovery.ts and asked for again by the schedule; a retry here is for dead processes.
    retryLimit: 2,
    retryDelay: 1,
    deadLetter: DEAD,
  });
  const stopping = new AbortController();

  const request = async (installation: InstallationId): Promise<void> => {
    await boss.send(NAME, { installation }, { singletonKey: installation });
  };

  const soon = new Map<InstallationId, { askedAt: number; timer: NodeJS.Timeout | null }>();
  const requestNow = (installation: InstallationId): void => {
    soon.set(installation, { askedAt: performance.now(), timer: null });
    request(installation).catch((error: unknown) => {
      // The schedule's next tick asks again.
      parts.log.error({ error: String(error), installation }, 'a run could not be asked for');
    });
  };
  const requestSoon = (installation: InstallationId): void => {
    if (stopping.signal.aborted) return;
    const asked = soon.get(installation);
    const restMs = asked === undefined ? 0 : asked.askedAt + SOON_MS - performance.now();
    if (asked === undefined || restMs <= 0) requestNow(installation);
    else asked.timer ??= setTimeout(() => requestNow(installation), restMs);
  };

  return {
    request,
    requestSoon,
    work: async (handle) => {
      await boss.work<{ installation: string }>(
        NAME,
        { localConcurrency: AT_ONCE, pollingIntervalSeconds: 1, batchSize: 1 },
        async (jobs) => {
          for (const job of jobs) {
            const installation = toInstallationId(job.data.installation);
            const hasMore = await handle(installation, AbortSignal.any([job.signal, stopping.signal]));
            if (hasMore && !stopping.signal.aborted) await request(installation);
          }
        },
      );
    },
    depth: async () => {
      const stats = await boss.getQueueStats(NAME, { force: true });
      const newest = stats.at(-1);
      return { waiting: newest?.queuedCount ?? 0, active: newest?.activeCount ?? 0 };
    },
    stop: async () => {
      stopping.abort();
      for (const { timer } of soon.values()) if (timer !== null) clearTimeout(timer);
      await boss.stop({ graceful: true, timeout: 30_000, close: false });
    },
  };
}
