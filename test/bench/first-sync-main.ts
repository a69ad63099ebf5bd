import { openBenchApp } from './open-bench-app.ts';
import type { FirstSyncRun } from './first-sync.ts';

/** The child of `measureFirstSync`: one first sync in a fresh process, so that its time and memory are its own. */
const [, , crmUrl = '', dataDir = '', connector = '', settledAfterPages = ''] = process.argv;
const SETTLED_AFTER_PAGES = Number(settledAfterPages);

const bench = await openBenchApp(crmUrl, { connector, dataDir, unlimited: true });
let pages = 0;
let beganAt = 0;
let endedAt = 0;
let cpuAtFirst = process.cpuUsage();
let cpu = cpuAtFirst;
let peakRss = 0;
const { pulled } = await bench.sync({
  progress: ({ stage }) => {
    pages += 1;
    if (pages > SETTLED_AFTER_PAGES) peakRss = Math.max(peakRss, process.memoryUsage.rss());
    if (stage !== 'pull') return;
    if (pages === 1) {
      beganAt = performance.now();
      cpuAtFirst = process.cpuUsage();
    }
    endedAt = performance.now();
    cpu = process.cpuUsage(cpuAtFirst);
  },
});
globalThis.gc?.();
const { rss, heapUsed } = process.memoryUsage();
process.send?.({
  records: Object.values(pulled).reduce((sum, count) => sum + count, 0),
  pullMs: endedAt - beganAt,
  cpuMs: (cpu.user + cpu.system) / 1_000,
  peakRss,
  openRss: process.resourceUsage().maxRSS * 1_024,
  endRss: rss,
  heapUsed,
} satisfies FirstSyncRun);
await bench.close();
