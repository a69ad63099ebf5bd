import { fork } from 'node:child_process';
import { z } from 'zod';
import type { Bench, Figure } from './bench.ts';
import { startCrmProcess } from './crm-process.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';
import { talkTo } from './talk.ts';

/** Records that come with a company of the generated world, the company included. */
const RECORDS_AN_ACCOUNT = 14.1;

/** On a large machine JavaScript would put off tidying up, and look as if it grew. */
const HEAP = '--max-old-space-size=256';

/** What `throughput-main.ts` answers with. Memory in bytes, times in milliseconds. */
export const throughputRun = z.object({
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
export type ThroughputRun = z.infer<typeof throughputRun>;

/**
 * How fast the first sync fills the embedded store when no limit holds it up, and what memory that takes: in a small portal
 * and in one ten times as large. Read are all objects that the mapping names, with their links.
 */
export const throughput: Bench = {
  name: 'throughput',
  run: async ({ isQuick }) => {
    const [few, many] = isQuick ? [5_000, 20_000] : [10_000, 100_000];
    const small = await measure(few);
    const large = await measure(many);
    return [
      rate(small),
      rate(large),
      memory(small),
      memory(large),
      {
        what: `peak memory, ${thousands(large.records)} records beside ${thousands(small.records)}`,
        figure: large.peakRss / small.peakRss,
        unit: '×',
        goal: { atMost: 1.25 },
        beside: `opening the database: ${megabytes(large.openRss)} MB`,
      },
    ];
  },
};

function rate(run: ThroughputRun): Figure {
  return {
    what: `first read into the embedded store, ${thousands(run.records)} records`,
    figure: (run.records / run.pullMs) * 1_000,
    unit: 'records/s',
    goal: { atLeast: 2_000 },
    beside: `${thousands((run.records / run.cpuMs) * 1_000)} per second of processor time`,
  };
}

function memory(run: ThroughputRun): Figure {
  return {
    what: `peak memory of the process, ${thousands(run.records)} records`,
    figure: run.peakRss / 1e6,
    unit: 'MB',
    goal: null,
    beside: `${megabytes(run.endRss)} MB at the end, of which JavaScript uses ${megabytes(run.heapUsed)} MB`,
  };
}

async function measure(records: number): Promise<ThroughputRun> {
  const crm = await startCrmProcess({
    accounts: Math.round(records / RECORDS_AN_ACCOUNT),
    isLimited: false,
    latencyMs: [0, 0],
  });
  try {
    return await inDataFolder(async (dataDir) => {
      // The database is made once for ever, beforehand, so that the run's own memory can be told from that.
      await (await openBenchApp(crm.url, { dataDir, unlimited: true })).close();
      const child = talkTo(
        fork(new URL('throughput-main.ts', import.meta.url), [crm.url, dataDir], { execArgv: ['--expose-gc', HEAP] }),
      );
      const run = throughputRun.parse(await child.hear());
      await child.dismiss();
      return run;
    });
  } finally {
    await crm.close();
  }
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
