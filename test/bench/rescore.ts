import { fork } from 'node:child_process';
import { z } from 'zod';
import { openDatabase } from '../../src/store/database.ts';
import type { AccountId } from '../../src/core/model/ids.ts';
import type { Bench, Figure } from './bench.ts';
import { startCrmProcess } from './crm-process.ts';
import { multiplyBook, tellSignals } from './large-book.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';
import { talkTo } from './talk.ts';

/** Companies of the generated world among which there are a thousand customers. */
const COMPANIES = 1_350;

/** As `npm start` sets them: on a large machine JavaScript would put off tidying up, and look as if it grew. */
const HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=100'];

/** What `rescore-main.ts` answers with. Memory in bytes, times in milliseconds. */
export const rescoreRun = z.object({
  accounts: z.number(),
  rescoreMs: z.number(),
  cpuMs: z.number(),
  /** The most while accounts were scored and stored. */
  peakRss: z.number(),
  /** The most until the database was open. */
  openRss: z.number(),
  endRss: z.number(),
});
export type RescoreRun = z.infer<typeof rescoreRun>;

/**
 * What a day costs on the embedded store: every account is read with its records, usage, invoices and surveys, scored, put
 * beside the others and stored, with the day's line of its history.
 */
export const rescore: Bench = {
  name: 'rescore',
  run: async ({ isQuick }) => {
    const figures: Figure[] = [];
    for (const times of isQuick ? [1, 5] : [1, 10, 100]) figures.push(...(await measure(times)));
    return figures;
  },
};

async function measure(times: number): Promise<readonly Figure[]> {
  const crm = await startCrmProcess({ accounts: COMPANIES, isLimited: false, latencyMs: [0, 0] });
  try {
    return await inDataFolder(async (dataDir) => {
      const now = Date.now();
      const bench = await openBenchApp(crm.url, { dataDir, unlimited: true });
      await bench.sync();
      const store = bench.app.store.of(bench.installation.id);
      const accounts: AccountId[] = [];
      for (;;) {
        const page = await store.assessments.page(accounts.at(-1) ?? null, 500);
        accounts.push(...page.map(({ assessment }) => assessment.accountId));
        if (page.length < 500) break;
      }
      await tellSignals(store, accounts, now);
      await bench.close();
      await multiplyBook(dataDir, times);
      const child = talkTo(
        fork(new URL('rescore-main.ts', import.meta.url), [crm.url, dataDir, new Date(now).toISOString()], {
          execArgv: ['--expose-gc', ...HEAP],
        }),
      );
      const run = rescoreRun.parse(await child.hear());
      await child.dismiss();
      return figuresOf(run, await historyBytes(dataDir));
    });
  } finally {
    await crm.close();
  }
}

function figuresOf(run: RescoreRun, bytesADay: number): readonly Figure[] {
  const size = `${thousands(run.accounts)} accounts`;
  const isLarge = run.accounts >= 90_000;
  return [
    {
      what: `rescore of a day on the embedded store, ${size}`,
      figure: run.rescoreMs / 1_000,
      unit: 's',
      goal: isLarge ? { atMost: 120 } : null,
      beside: `${thousands((run.accounts / run.rescoreMs) * 1_000)} accounts/s, ${thousands((run.accounts / run.cpuMs) * 1_000)} per second of processor time`,
    },
    {
      what: `peak memory of the process, ${size}`,
      figure: run.peakRss / 1e6,
      unit: 'MB',
      goal: isLarge ? { atMost: 600 } : null,
      beside: `${megabytes(run.endRss)} MB at the end; ${megabytes(run.openRss)} MB for a moment while the database is opened`,
    },
    {
      what: `history of an account and day, ${size}`,
      figure: bytesADay,
      unit: 'bytes',
      goal: null,
      beside: 'with its index',
    },
  ];
}

async function historyBytes(dataDir: string): Promise<number> {
  const database = await openDatabase({ databaseUrl: null, dataDir });
  try {
    const { rows } = await database.executeSql(
      `select pg_total_relation_size('holdfast.health_day')::float8 / count(*) as bytes from holdfast.health_day`,
    );
    return z.object({ bytes: z.number() }).parse(rows[0]).bytes;
  } finally {
    await database.close();
  }
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
