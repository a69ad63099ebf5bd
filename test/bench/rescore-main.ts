import { assessTouched } from '../../src/flow/assess.ts';
import { defineLine } from '../../src/flow/definitions.ts';
import { withLine } from '../../src/jobs/run.ts';
import { openBenchApp } from './open-bench-app.ts';
import type { RescoreRun } from './rescore.ts';

/** The child of `rescore`: a book is scored on one day and on the next, in a process whose time and memory are its own. */
const [, , crmUrl = '', dataDir = '', began = ''] = process.argv;
const DAY_MS = 86_400_000;

let now = Date.parse(began);
const clock = { now: () => new Date(now).toISOString() };
const bench = await openBenchApp(crmUrl, { dataDir, unlimited: true, clock });
const openRss = process.resourceUsage().maxRSS * 1_024;

const runDay = (sample: () => void): Promise<number> => {
  const request = { signal: new AbortController().signal, progress: sample };
  return withLine(bench.app, bench.installation.id, request, async (line) => {
    const { scored } = await assessTouched(await defineLine(line), true);
    return scored;
  });
};
// The first day makes what the second goes on from.
await runDay(() => undefined);
now += DAY_MS;
globalThis.gc?.();
let peakRss = process.memoryUsage.rss();
const beganAt = performance.now();
const cpuAtFirst = process.cpuUsage();
const accounts = await runDay(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())));
const rescoreMs = performance.now() - beganAt;
const cpu = process.cpuUsage(cpuAtFirst);
globalThis.gc?.();
process.send?.({
  accounts,
  rescoreMs,
  cpuMs: (cpu.user + cpu.system) / 1_000,
  peakRss,
  openRss,
  endRss: process.memoryUsage.rss(),
} satisfies RescoreRun);
await bench.close();
