import type { Bench, Figure } from './bench.ts';
import { measureFirstSync, type FirstSyncRun } from './first-sync.ts';

/** Rows of a page where Salesforce is not asked in bulk. */
const A_PAGE = 2_000;

/**
 * What memory and how many calls it takes to read the cases of a Salesforce org through Bulk API 2.0 into the store: few,
 * and ten times as many. Each customer has 40.
 */
export const bulk: Bench = {
  name: 'bulk',
  run: async ({ isQuick }) => {
    const sizes = isQuick ? [20_000, 60_000] : [20_000, 100_000, 200_000];
    const runs: (FirstSyncRun & { readonly calls: number; readonly cases: number })[] = [];
    for (const cases of sizes) runs.push({ cases, ...(await measureFirstSync('salesforce', { cases })) });
    const [least] = runs;
    return runs.flatMap((run): readonly Figure[] => [
      {
        what: `Salesforce in bulk: peak memory of the process, ${n(run.cases)} cases`,
        figure: run.peakRss / 1e6,
        unit: 'MB',
        goal: least === undefined || run === least ? null : { atMost: (1.25 * least.peakRss) / 1e6 },
        beside: [
          ...(least === undefined || run === least
            ? []
            : [`${(run.peakRss / least.peakRss).toFixed(2)} × that of ${n(least.cases)}`]),
          `${n(Math.round((run.records / run.pullMs) * 1_000))} records/s`,
        ].join('; '),
      },
      {
        what: `Salesforce in bulk: calls of the whole first sync, ${n(run.cases)} cases`,
        figure: run.calls,
        unit: 'calls',
        goal: null,
        beside: `the cases alone would be ${n(run.cases / A_PAGE)} by pages`,
      },
    ]);
  },
};

function n(count: number): string {
  return count.toLocaleString('en-US');
}
