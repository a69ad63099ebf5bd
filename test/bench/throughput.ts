import type { Bench, Figure } from './bench.ts';
import { measureFirstSync, type FirstSyncRun } from './first-sync.ts';

/** Records that come with a company of the generated world, the company included. */
const RECORDS_AN_ACCOUNT = 14.1;

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

function rate(run: FirstSyncRun): Figure {
  return {
    what: `first read into the embedded store, ${thousands(run.records)} records`,
    figure: (run.records / run.pullMs) * 1_000,
    unit: 'records/s',
    goal: { atLeast: 2_000 },
    beside: `${thousands((run.records / run.cpuMs) * 1_000)} per second of processor time`,
  };
}

function memory(run: FirstSyncRun): Figure {
  return {
    what: `peak memory of the process, ${thousands(run.records)} records`,
    figure: run.peakRss / 1e6,
    unit: 'MB',
    goal: null,
    beside: `${megabytes(run.endRss)} MB at the end, of which JavaScript uses ${megabytes(run.heapUsed)} MB`,
  };
}

function measure(records: number): Promise<FirstSyncRun> {
  return measureFirstSync('hubspot', {
    accounts: Math.round(records / RECORDS_AN_ACCOUNT),
    isLimited: false,
    latencyMs: [0, 0],
  });
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
