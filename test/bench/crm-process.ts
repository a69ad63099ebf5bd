import { fork } from 'node:child_process';
import { z } from 'zod';
import { talkTo } from './talk.ts';

/** A simulated CRM in a process of its own: what is measured shares neither event loop nor memory with it. */
export interface CrmProcess {
  readonly url: string;
  /** Records that are alive, per object. */
  readonly records: Readonly<Record<string, number>>;
  readCounts(): Promise<CrmCounts>;
  close(): Promise<void>;
}

export type CrmOrder = PortalOrder | OrgOrder;

/** A HubSpot portal. */
export interface PortalOrder {
  /** Companies of the generated world; about 13 further records come with each. */
  readonly accounts: number;
  /** The limits of a public app, or none at all. */
  readonly isLimited: boolean;
  /** How long each answer takes, by chance from the first to the second. */
  readonly latencyMs: readonly [least: number, most: number];
}

/** A Salesforce org of customers with their cases. */
export interface OrgOrder {
  /** Forty for each customer. */
  readonly cases: number;
}

export type CrmCounts = z.infer<typeof counts>;

/** Good in every portal that a bench starts. */
export const BENCH_TOKEN = 'token-of-the-bench';

/**
 * Calls that arrived so far under the general limit, or that the org counted, and those of them that were refused as too
 * fast or too many.
 */
const counts = z.object({ general: z.number(), rateLimited: z.number() });

const ready = z.object({ url: z.string(), records: z.record(z.string(), z.number()) });

export async function startCrmProcess(order: CrmOrder): Promise<CrmProcess> {
  const child = talkTo(
    fork(
      new URL('cases' in order ? 'org-process-main.ts' : 'crm-process-main.ts', import.meta.url),
      [JSON.stringify(order)],
      {
        execArgv: ['--max-old-space-size=8192'],
      },
    ),
  );
  const { url, records } = ready.parse(await child.hear());
  return {
    url,
    records,
    readCounts: async () => {
      const heard = child.hear();
      child.say('counts');
      return counts.parse(await heard);
    },
    close: () => child.dismiss(),
  };
}
