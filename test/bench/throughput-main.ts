import { openBenchApp } from './open-bench-app.ts';
import type { ThroughputRun } from './throughput.ts';

/** One first sync without the limiter, in a fresh process, so that its memory is its own. The CRM's address is given. */
const bench = await openBenchApp(process.argv[2] ?? '', { unlimited: true });

let pullBeganAt = 0;
let pullEndedAt = 0;
let rssAfterPull = 0;
const began = performance.now();
const result = await bench.sync({
  progress: ({ stage }) => {
    if (stage === 'pull' && pullBeganAt === 0) pullBeganAt = performance.now();
    if (stage === 'pull') pullEndedAt = performance.now();
    if (stage === 'assess' && rssAfterPull === 0) rssAfterPull = process.memoryUsage.rss();
  },
});
const ended = performance.now();
const records = Object.values(result.pulled).reduce((sum, count) => sum + count, 0);
console.log(JSON.stringify({pull: (pullEndedAt-pullBeganAt)/1000, all: (ended-began)/1000, records, scored: result.accountsScored, rate: records/(pullEndedAt-pullBeganAt)*1000, rssAfterPull: rssAfterPull/1e6, maxRss: process.resourceUsage().maxRSS/1e3, mem: process.memoryUsage()}));
await bench.close();
