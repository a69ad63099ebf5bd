import { fork } from 'node:child_process';
import { z } from 'zod';
import { startCrmProcess, type CrmOrder } from './crm-process.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';
import { talkTo } from './talk.ts';

/** On a large machine JavaScript would put off tidying up, and look as if it grew. */
const HEAP = '--max-old-space-size=256';

/** Pages after which memory is looked at: until then some is left of what compiling the database took. */
const SETTLED_AFTER: Readonly<Record<'hubspot' | 'salesforce', number>> = { hubspot: 30, salesforce: 6 };

const firstSyncRun = z.object({
  records: z.number(),
  pullMs: z.number(),
  cpuMs: z.number(),
  /** The most while records were read, scored and stored. */
  peakRss: z.number(),
  /** The most ever, which is while the database is opened. */
  openRss: z.number(),
  endRss: z.number(),
  heapUsed: z.number(),
});
/** What `first-sync-main.ts` answers with. Memory in bytes, times in milliseconds. */
export type FirstSyncRun = z.infer<typeof firstSyncRun>;

/** The first sync of a simulated CRM in a process of its own, and the calls that it took. */
export async function measureFirstSync(
  connector: 'hubspot' | 'salesforce',
  order: CrmOrder,
): Promise<FirstSyncRun & { readonly calls: number }> {
  const crm = await startCrmProcess(order);
  try {
    return await inDataFolder(async (dataDir) => {
      // The database is made once for ever, beforehand, so that the run's own memory can be told from that.
      await (await openBenchApp(crm.url, { connector, dataDir, unlimited: true })).close();
      const before = await crm.readCounts();
      const args = [crm.url, dataDir, connector, String(SETTLED_AFTER[connector])];
      const child = talkTo(
        fork(new URL('first-sync-main.ts', import.meta.url), args, { execArgv: ['--expose-gc', HEAP] }),
      );
      const run = firstSyncRun.parse(await child.hear());
      await child.dismiss();
      const after = await crm.readCounts();
      return { ...run, calls: after.general - before.general };
    });
  } finally {
    await crm.close();
  }
}
