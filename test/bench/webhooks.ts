import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../../src/ports/store.ts';
import { sendAtRate, serveHoldfast, toDelivery, type Delivery, type Served } from '../support/served-holdfast.ts';
import type { Bench, Figure } from './bench.ts';
import { startCrmProcess } from './crm-process.ts';
import { BENCH_KEY, inDataFolder, openBenchApp } from './open-bench-app.ts';

/** What HubSpot's certification expects an endpoint to take. */
const PER_SECOND = 150;
const EVENTS = 100;
const ACCOUNTS = 100;
const SETTLE_MS = 5_000;
const WARM_UP = 150;

/**
 * 150 deliveries of 100 events a second against a served process on the embedded store. First with the worker beside it,
 * which follows what comes: all events are of records that there are. Then with a kill in the middle, where every event is
 * of a record of its own, so that each can be looked for.
 */
export const webhooks: Bench = {
  name: 'webhooks',
  run: async ({ isQuick }) => {
    const count = isQuick ? 300 : 2_000;
    const crm = await startCrmProcess({ accounts: ACCOUNTS, isLimited: false, latencyMs: [5, 20] });
    try {
      return await inDataFolder(async (dataDir) => {
        const env = {
          HOLDFAST_DATA_DIR: dataDir,
          HUBSPOT_API_URL: crm.url,
          HOLDFAST_SECRET_KEY: BENCH_KEY,
          HOLDFAST_LOG_LEVEL: 'error',
        };
        const known = await prepare(crm.url, dataDir);
        return [...(await underLoad(known, env, count)), ...(await killedInTheMiddle(known, env, crm.url, count))];
      });
    } finally {
      await crm.close();
    }
  },
};

interface Known {
  readonly installation: Installation;
  readonly contacts: readonly string[];
}

/** Everything is read and scored once, so that the worker has only the notices to do. */
async function prepare(crmUrl: string, dataDir: string): Promise<Known> {
  const bench = await openBenchApp(crmUrl, { dataDir, unlimited: true });
  await bench.sync();
  const records = await bench.app.store.of(bench.installation.id).records.page('contacts', null, 10_000);
  await bench.close();
  return { installation: bench.installation, contacts: records.map(({ raw }) => raw.id) };
}

async function underLoad(
  { installation, contacts }: Known,
  env: Record<string, string>,
  count: number,
): Promise<Figure[]> {
  const deliveries = signed(installation, count, (at) => contacts[at % contacts.length] ?? '');
  const served = await serveHoldfast('all', env);
  // A process that has just begun copies its database and compiles itself: that comes once, and is not what is asked here.
  await sleep(SETTLE_MS);
  try {
    await sendAtRate(
      served,
      signed(installation, WARM_UP, (at) => contacts[at % contacts.length] ?? ''),
      PER_SECOND,
    );
    const answers = await sendAtRate(served, deliveries, PER_SECOND);
    const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    const bad = answers.filter(({ status }) => status === null || status >= 300).length;
    return [
      {
        what: `${count} deliveries of ${EVENTS} events, ${PER_SECOND} a second: answers other than 2xx`,
        figure: bad,
        unit: 'answers',
        goal: { atMost: 0 },
        beside: '',
      },
      {
        what: 'time to the answer, 99th percentile',
        figure: at(0.99),
        unit: 'ms',
        goal: { atMost: 100 },
        beside: `median ${at(0.5).toFixed(0)} ms, 90th ${at(0.9).toFixed(0)} ms, longest ${at(1).toFixed(0)} ms`,
      },
    ];
  } finally {
    await served.stop();
  }
}

async function killedInTheMiddle(
  { installation }: Known,
  env: Record<string, string>,
  crmUrl: string,
  count: number,
): Promise<Figure[]> {
  const deliveries = signed(installation, count, (at) => String(5_000_000 + at));
  const taken = new Set<Delivery>();
  const first = await serveHoldfast('web', env);
  const killed: Promise<void>[] = [];
  await sendAtRate(first, deliveries, PER_SECOND, ({ status }, delivery) => {
    if (status !== null && status < 300) taken.add(delivery);
    if (taken.size >= count / 2 && killed.length === 0) killed.push(first.kill());
  });
  await Promise.all(killed);
  const before = taken.size;
  // Started again on what it has left behind, and asked for the rest, as HubSpot would.
  const second: Served = await serveHoldfast('web', env);
  const rest = deliveries.filter((delivery) => !taken.has(delivery));
  await sendAtRate(second, resigned(installation, rest), PER_SECOND);
  await second.stop();
  const bench = await openBenchApp(crmUrl, { dataDir: env['HOLDFAST_DATA_DIR'] ?? '', unlimited: true });
  const stored = new Set((await bench.app.store.of(installation.id).notices.page(null, 1_000_000)).map(({ id }) => id));
  await bench.close();
  const lost = deliveries.flatMap(({ ids }) => ids).filter((id) => !stored.has(id)).length;
  return [
    {
      what: `events lost when the process is killed after half of ${count} deliveries`,
      figure: lost,
      unit: 'events',
      goal: { atMost: 0 },
      beside: `${before} deliveries were answered before, ${rest.length} sent again after the restart`,
    },
  ];
}

function signed({ crmAccountId }: Installation, count: number, idAt: (at: number) => string): readonly Delivery[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) =>
    toDelivery(
      crmAccountId,
      'contacts',
      Array.from({ length: EVENTS }, (__, at) => idAt(index * EVENTS + at)),
      now,
    ),
  );
}

function resigned({ crmAccountId }: Installation, deliveries: readonly Delivery[]): readonly Delivery[] {
  return deliveries.map(({ ids }) => toDelivery(crmAccountId, 'contacts', ids, Date.now()));
}
