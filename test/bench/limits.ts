import { setTimeout as sleep } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import { Secret } from '../../connectors/contract/auth.ts';
import type { Access } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { HoldfastError } from '../../src/errors.ts';
import { openDoor } from '../../src/limits/door.ts';
import { openLog } from '../../src/log.ts';
import type { Bench, Figure } from './bench.ts';
import { BENCH_TOKEN, startCrmProcess, type CrmProcess } from './crm-process.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';

/** HubSpot's limit for a public app, which the simulated one keeps in real time. */
const ALLOWED = 110;
const WINDOW_MS = 10_000;
const LATENCY_MS = [20, 80] as const;
/** Chains of pages that are read side by side where the limiter is measured by itself: far more than the limit needs. */
const STREAMS = 50;
const UPDATES = 2_000;

/**
 * What part of the calls that HubSpot allows a long read uses, and how many it has refused: by a whole sync, by its limiter
 * alone, and by a reservoir as the `bottleneck` package offers it. In real time, against a rolling window.
 */
export const limits: Bench = {
  name: 'limits',
  run: async ({ isQuick }) => {
    const windows = isQuick ? 2 : 5;
    const crm = await startCrmProcess({ accounts: isQuick ? 3_000 : 7_000, isLimited: true, latencyMs: LATENCY_MS });
    try {
      const updateS = await timeUpdates(crm);
      await sleep(WINDOW_MS);
      const ofSync = await observeSync(crm, windows);
      await sleep(WINDOW_MS);
      const ofDoor = await observe(crm, windows, (signal) => withDoor(crm, (access) => readForEver(access, signal)));
      await sleep(WINDOW_MS);
      const ofReservoir = await observe(crm, windows, (signal) => readForEver(openReservoir(crm.url), signal));
      return [
        ...toFigures('sync', ofSync, true),
        ...toFigures('limiter alone', ofDoor, true),
        ...toFigures('bottleneck reservoir, to compare', ofReservoir, false),
        {
          what: `update ${UPDATES.toLocaleString('en-US')} companies × 5 properties`,
          figure: updateS,
          unit: 's',
          goal: { atMost: 5 },
          beside: '20 calls',
        },
      ];
    } finally {
      await crm.close();
    }
  },
};

interface Observed {
  readonly seconds: number;
  /** Calls that the CRM took. */
  readonly taken: number;
  readonly refused: number;
}

function toFigures(title: string, { seconds, taken, refused }: Observed, hasGoal: boolean): readonly Figure[] {
  const allowed = (ALLOWED * seconds * 1_000) / WINDOW_MS;
  return [
    {
      what: `${title}: allowed calls used in a long read`,
      figure: (taken / allowed) * 100,
      unit: '%',
      goal: hasGoal ? { atLeast: 90 } : null,
      beside: `${taken} of ${Math.round(allowed)} in ${Math.round(seconds)} s`,
    },
    {
      what: `${title}: refused as too fast (429)`,
      figure: refused,
      unit: 'calls',
      goal: hasGoal ? { atMost: 0 } : null,
      beside: refused === 0 ? '' : `${Math.round((refused / (taken + refused)) * 100)}% of all calls`,
    },
  ];
}

/** Counts what arrives at the CRM in so many whole windows of `work`, which must go on until it is stopped. */
async function observe(
  crm: CrmProcess,
  windows: number,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<Observed> {
  const stop = new AbortController();
  const before = await crm.readCounts();
  const beganAt = performance.now();
  const working = work(stop.signal);
  const seconds = (): number => (performance.now() - beganAt) / 1_000;
  // Slightly less, so that a burst at the beginning of one window more does not count.
  await Promise.race([sleep(windows * WINDOW_MS - 200), working]);
  const lasted = seconds();
  const after = await crm.readCounts();
  stop.abort();
  await working;
  if (lasted < (windows * WINDOW_MS - 300) / 1_000) throw new Error('There was too little to read for this bench.');
  const refused = after.rateLimited - before.rateLimited;
  return { seconds: lasted, taken: after.general - before.general - refused, refused };
}

/** The first sync of a large portal, stopped in the middle. */
function observeSync(crm: CrmProcess, windows: number): Promise<Observed> {
  return inDataFolder(async (dataDir) => {
    const bench = await openBenchApp(crm.url, { dataDir, unlimited: false });
    try {
      return await observe(crm, windows, async (signal) => {
        try {
          await bench.sync({ signal });
        } catch (error) {
          if (!(error instanceof HoldfastError) || error.code !== 'stopped') throw error;
        }
      });
    } finally {
      await bench.close();
    }
  });
}

/** Reads companies page after page, again and again. */
async function readForEver(access: Access, signal: AbortSignal): Promise<void> {
  const session = hubspot.open(access);
  const stream = async (): Promise<void> => {
    for (;;) {
      const request = {
        object: 'companies',
        fields: ['name'],
        links: [],
        scope: { kind: 'all' },
        cursor: null,
      } as const;
      for await (const page of session.pull(request)) if (signal.aborted || page.cursor === null) break;
      if (signal.aborted) return;
    }
  };
  await Promise.all(Array.from({ length: STREAMS }, stream));
}

async function withDoor<T>(crm: CrmProcess, work: (access: Access) => Promise<T>): Promise<T> {
  const token = new Secret(BENCH_TOKEN);
  const door = await openDoor({
    baseUrl: crm.url,
    limits: hubspot.limits,
    tokens: { get: async () => token, renew: async () => token },
    calls: null,
    timeZone: 'utc',
    clock: { now: () => new Date().toISOString() },
    log: openLog('silent'),
    signal: new AbortController().signal,
  });
  try {
    return await work(door);
  } finally {
    await door.close();
  }
}

/** As the package's documentation shows it: so many calls, refilled every window; what is refused is tried again. */
function openReservoir(baseUrl: string): Access {
  const queue = new Bottleneck({
    reservoir: ALLOWED,
    reservoirRefreshAmount: ALLOWED,
    reservoirRefreshInterval: WINDOW_MS,
  });
  queue.on('failed', (error: unknown) =>
    error instanceof ConnectorError && error.code === 'rate-limited' ? (error.retryAfterMs ?? 1_000) : null,
  );
  const turn = { token: new Secret(BENCH_TOKEN), signal: new AbortController().signal, report: () => undefined };
  return {
    baseUrl,
    call: (_, attempt) => queue.schedule(() => attempt(turn)),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/** Seconds that the updates take in a window of which nothing is used yet. */
async function timeUpdates(crm: CrmProcess): Promise<number> {
  const ids = await withDoor(crm, async (access) => {
    const request = { object: 'companies', fields: [], links: [], scope: { kind: 'all' }, cursor: null } as const;
    const found: string[] = [];
    for await (const page of hubspot.open(access).pull(request)) {
      found.push(...page.records.map(({ id }) => id));
      if (found.length >= UPDATES) break;
    }
    return found.slice(0, UPDATES);
  });
  await sleep(WINDOW_MS);
  return withDoor(crm, async (access) => {
    const fields = { description: 'fine', city: 'Kiel', country: 'DE', days_overdue: '1', notice_period_days: '30' };
    const beganAt = performance.now();
    const outcomes = await hubspot
      .open(access)
      .write(ids.map((id) => ({ kind: 'update', object: 'companies', id, fields })));
    const took = (performance.now() - beganAt) / 1_000;
    const taken = outcomes.filter(({ ok }) => ok).length;
    if (taken !== UPDATES) throw new Error(`Only ${taken} of ${UPDATES} updates were taken.`);
    return took;
  });
}
