import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { CallCount } from '../ports/store.ts';

export interface CallTotals {
  /** HTTP calls made, whatever became of them. */
  readonly calls: number;
  /** Those that the CRM refused because they came too fast. */
  readonly rateLimited: number;
  /** Those that failed in any other way. */
  readonly failed: number;
}

/** Counts calls in memory and hands them on every few seconds, so that a killed process forgets little. */
export interface CallCounts {
  add(bucket: string, what: keyof CallTotals): void;
  /** Since opening, per bucket; a bucket that was not used is absent. */
  totals(): ReadonlyMap<string, CallTotals>;
  /** Hands on what is left. Throws what `save` throws. */
  close(): Promise<void>;
}

const SAVE_EVERY_MS = 5_000;

export interface CallCountsParts {
  /** Adds to what is stored. Counts that it fails to store are handed to it again. */
  readonly save: (counts: readonly CallCount[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export function openCallCounts({ save, clock, log }: CallCountsParts): CallCounts {
  const totals = new Map<string, CallTotals>();
  let pending = new Map<string, CallCount>();
  let saving: Promise<void> = Promise.resolve();

  const saveOnce = async (): Promise<void> => {
    if (pending.size === 0) return;
    const batch = pending;
    pending = new Map();
    try {
      await save([...batch.values()]);
    } catch (error) {
      for (const [key, count] of batch) pending.set(key, plus(count, pending.get(key)));
      throw error;
    }
  };
  const timer = setInterval(() => {
    saving = saving.then(saveOnce).catch((error: unknown) => {
      log.warn({ error }, 'API call counts could not be stored; they are kept and stored with the next ones');
    });
  }, SAVE_EVERY_MS);
  timer.unref();

  return {
    add: (bucket, what) => {
      const one = { calls: 0, rateLimited: 0, failed: 0, [what]: 1 };
      totals.set(bucket, plus(one, totals.get(bucket)));
      const hour = `${clock.now().slice(0, 13)}:00:00.000Z`;
      const key = `${hour} ${bucket}`;
      pending.set(key, plus({ bucket, hour, ...one }, pending.get(key)));
    },
    totals: () => new Map(totals),
    close: async () => {
      clearInterval(timer);
      await saving;
      await saveOnce();
    },
  };
}

function plus<T extends CallTotals>(one: T, other: CallTotals | undefined): T {
  if (other === undefined) return one;
  return {
    ...one,
    calls: one.calls + other.calls,
    rateLimited: one.rateLimited + other.rateLimited,
    failed: one.failed + other.failed,
  };
}
