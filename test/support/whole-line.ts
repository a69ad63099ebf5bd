import { Secret } from '../../connectors/contract/auth.ts';
import type { RawValue } from '../../connectors/contract/record.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { createClock } from '../../connectors/kit/sandbox/clock.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { openApp } from '../../src/app.ts';
import { readConfig, type Config } from '../../src/config.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { approve } from '../../src/install/approve.ts';
import { makeProof } from '../../src/install/proof.ts';
import { runInstallation } from '../../src/jobs/run.ts';
import type { RunKind, TenantStore } from '../../src/ports/store.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { makeReadyDatabase } from './ready-database.ts';
import type { AnyFault, CrmKind, SimulatedCrm } from './simulated-crm.ts';

const NOW = Date.UTC(2026, 2, 2, 15);
const DAY_MS = 86_400_000;
/** A call that takes longer is given up. */
const PER_CALL_MS = 2_000;
/** Runs that may fail before the work has to be done. */
const MOST_RUNS = 8;

/** Holdfast on a CRM of its own, installed by OAuth. Their one clock stands still unless it is moved. */
export interface WholeLine<Fault extends AnyFault = AnyFault> {
  readonly crm: SimulatedCrm<Fault>;
  readonly store: TenantStore;
  /** Runs until it is done, as the worker does. Throws what no further run can mend. */
  sync(kind: RunKind): Promise<SyncResult>;
  /** How many runs ended without being done. */
  failedRuns(): number;
  approve(): Promise<void>;
  /** A day in which people work in the CRM passes. */
  passDay(): void;
  close(): Promise<void>;
}

/** The CRM's account and its customers are always the same, so each line has a database of its own. */
export async function openWholeLine<Fault extends AnyFault>(kind: CrmKind<Fault>): Promise<WholeLine<Fault>> {
  const database = await makeReadyDatabase();
  const clock = createClock(NOW);
  const world = generateWorld({ seed: 7, now: new Date(NOW).toISOString(), accounts: 16 });
  const crm = await kind.open(world, { now: clock.now, number: 1, pageRows: 30 });
  const config: Config = {
    ...readConfig({}),
    databaseUrl: new Secret(database.url),
    dataDir: '/unused',
    port: 0,
    hubspot: { apiUrl: 'http://localhost', appUrl: 'http://localhost', app: null, accessToken: null },
    salesforce: { loginUrl: 'http://localhost', app: null, signer: null, token: null },
    ...crm.settings,
  };
  const app = await openApp({
    config,
    keys: new Secret(makeKey()),
    logLevel: 'silent',
    clock: { now: () => new Date(clock.now()).toISOString() },
    unlimited: true,
    perCallMs: PER_CALL_MS,
  });
  const { signal } = new AbortController();
  const proof = makeProof();
  const { id } = await app.connectWithCode(kind.connector.id, crm.app, await crm.consent(proof), signal, proof);
  const store = app.store.of(id);
  let failed = 0;

  return {
    crm,
    store,
    sync: async (run) => {
      for (;;) {
        try {
          return await runInstallation(app, id, {
            kind: run,
            trigger: 'schedule',
            signal,
            acceptDeletions: false,
            progress: () => undefined,
          });
        } catch (error) {
          failed += 1;
          const { status } = await store.getInstallation();
          if (!(error instanceof ConnectorError) || status !== 'active' || failed === MOST_RUNS) throw error;
        }
      }
    },
    failedRuns: () => failed,
    approve: async () => {
      const { digest } = await app.previewPlan(await store.getInstallation());
      await approve(store, app.clock, { digest, expected: null, actor: 'admin' });
    },
    passDay: () => {
      clock.advance(DAY_MS);
      crm.workADay();
    },
    close: async () => {
      await app.close();
      await crm.close();
      await database.remove();
    },
  };
}

/** All that Holdfast leaves behind in the CRM and in its own store, without ids and moments that differ between lines. */
export async function endStateOf({ crm, store }: WholeLine): Promise<Readonly<Record<string, unknown>>> {
  const left = crm.leftBehind();
  const keys = new Map(Object.entries(left.tasks).map(([key, { id }]) => [id, key]));
  const stored: Record<string, unknown> = {};
  for (const object of (await store.records.count()).keys()) {
    const records = await store.records.page(object, null, 100_000);
    stored[object] = Object.fromEntries(
      records.map(({ raw, inputs, shown, accountId, contactId }) => {
        const own = object === crm.taskObject ? keys.get(raw.id) : undefined;
        return [own ?? raw.id, { inputs, shown: asText(shown), links: raw.links, accountId, contactId }] as const;
      }),
    );
  }
  const ledger = await store.ledger.byState(STATES, null, 100_000);
  return {
    ...left,
    tasks: Object.fromEntries(Object.entries(left.tasks).map(([key, { values }]) => [key, values])),
    // What was written is compared as the CRM shows it; which id a task got is the CRM's.
    ledger: ledger.map((entry) => ({ ...entry, written: {}, crmId: entry.crmId !== null })),
    stored,
  };
}

/** We write numbers as text; the CRM shows them as numbers when it is read next. */
function asText(values: Readonly<Record<string, RawValue>>): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

const STATES = ['creating', 'open', 'done', 'closed', 'deleted', 'undone'] as const;
