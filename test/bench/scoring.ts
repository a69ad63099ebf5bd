import { assess, isCustomer } from '../../src/core/assess.ts';
import type { AccountId } from '../../src/core/model/ids.ts';
import type { AccountSnapshot } from '../../src/core/model/snapshot.ts';
import { defineLine } from '../../src/flow/definitions.ts';
import { openBook, openCases } from '../../src/flow/judge.ts';
import type { DefinedLine } from '../../src/flow/line.ts';
import { withLine } from '../../src/jobs/run.ts';
import type { Bench } from './bench.ts';
import { startCrmProcess } from './crm-process.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';

const A_BATCH = 200;
/** A second of them: a book of 100,000 accounts is scored by code that runs as fast as it gets. */
const PASSES = 30;

/**
 * How many accounts are scored in a second: by the core alone on snapshots that lie ready, and with everything that a daily
 * run does for it (read from the embedded store, map, put together, score).
 */
export const scoring: Bench = {
  name: 'scoring',
  run: async ({ isQuick }) => {
    const crm = await startCrmProcess({ accounts: isQuick ? 300 : 1_500, isLimited: false, latencyMs: [0, 0] });
    try {
      return await inDataFolder(async (dataDir) => {
        const bench = await openBenchApp(crm.url, { dataDir, unlimited: true });
        try {
          // The first sync leaves each account the history that a later day's score goes on from.
          await bench.sync();
          const request = { signal: new AbortController().signal, progress: () => undefined };
          return await withLine(bench.app, bench.installation.id, request, async (opened) => {
            const line = await defineLine(opened);
            const accounts = await accountsOf(line);
            const openBeganAt = performance.now();
            const snapshots = await snapshotsOf(line, accounts);
            const openMs = performance.now() - openBeganAt;
            const scoreMs = Math.min(...Array.from({ length: PASSES }, () => timeScores(line, snapshots)));
            const records = snapshots.reduce((sum, snapshot) => sum + recordsIn(snapshot), 0);
            return [
              {
                what: `score ${snapshots.length.toLocaleString('en-US')} accounts in the core`,
                figure: (snapshots.length / scoreMs) * 1_000,
                unit: 'accounts/s',
                goal: { atLeast: 20_000 },
                beside: `${(records / snapshots.length).toFixed(0)} records each; best of ${PASSES} passes`,
              },
              {
                what: 'the same with reading and mapping their records',
                figure: (snapshots.length / (openMs + scoreMs)) * 1_000,
                unit: 'accounts/s',
                goal: null,
                beside: '',
              },
            ];
          });
        } finally {
          await bench.close();
        }
      });
    } finally {
      await crm.close();
    }
  },
};

async function accountsOf(line: DefinedLine): Promise<readonly AccountId[]> {
  const accounts: AccountId[] = [];
  for (;;) {
    const page = await line.store.assessments.page(accounts.at(-1) ?? null, A_BATCH);
    accounts.push(...page.map(({ assessment }) => assessment.accountId));
    if (page.length < A_BATCH) return accounts;
  }
}

async function snapshotsOf(line: DefinedLine, accounts: readonly AccountId[]): Promise<readonly AccountSnapshot[]> {
  const book = await openBook(line);
  const snapshots: AccountSnapshot[] = [];
  for (let from = 0; from < accounts.length; from += A_BATCH) {
    for (const { snapshot } of await openCases(line, book, accounts.slice(from, from + A_BATCH))) {
      if (snapshot !== null && isCustomer(snapshot.account, snapshot.deals)) snapshots.push(snapshot);
    }
  }
  return snapshots;
}

/** Milliseconds for one pass. */
function timeScores(line: DefinedLine, snapshots: readonly AccountSnapshot[]): number {
  const beganAt = performance.now();
  for (const snapshot of snapshots) assess(snapshot, line.configuration);
  return performance.now() - beganAt;
}

function recordsIn({ contacts, deals, tickets, activities }: AccountSnapshot): number {
  return [contacts, deals, tickets, activities].reduce((sum, list) => sum + (list?.length ?? 0), 1);
}
