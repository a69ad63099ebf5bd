import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** A simulated HubSpot in a process of its own, so that it shares neither the event loop nor the memory of what is measured. */
export interface CrmProcess {
  readonly url: string;
  /** Live records per object. */
  readonly records: Readonly<Record<string, number>>;
  readCounts(): Promise<CrmCounts>;
  close(): Promise<void>;
}

export interface CrmOrder {
  /** Companies of the generated world; about 13 further records come with each. */
  readonly accounts: number;
  /** The limits of a public app, or none. */
  readonly isLimited: boolean;
  readonly latencyMs: readonly [least: number, most: number] | null;
}

export type CrmCounts = z.infer<typeof crmCounts>;

/** Good in every portal that a bench starts. */
export const BENCH_TOKEN = 'token-of-the-bench';

/** Calls that arrived so far. `general` includes those that were refused as too fast. */
export const crmCounts = z.object({ total: z.number(), general: z.number(), search: z.number(), rateLimited: z.number() });

const ready = z.object({ url: z.string(), records: z.record(z.string(), z.number()) });

export async function startCrmProcess(order: CrmOrder): Promise<CrmProcess> {
  const child = fork(new URL('crm-process-main.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv: ['--max-old-space-size=8192'],
  });
  const answer = async (): Promise<unknown> => {
    const gone = new AbortController();
    const left = once(child, 'exit', { signal: gone.signal }).then(
      () => Promise.reject(new Error('The simulated HubSpot has ended before its time')),
      () => undefined,
    );
    const [message]: unknown[] = await Promise.race([once(child, 'message', { signal: gone.signal }), left.then(() => [])]);
    gone.abort();
    return message;
  };
  const { url, records } = ready.parse(await answer());
  return {
    url,
    records,
    readCounts: async () => {
      child.send('counts');
      return crmCounts.parse(await answer());
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
