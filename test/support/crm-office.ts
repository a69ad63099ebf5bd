import { createClock, type SettableClock } from '../../connectors/kit/sandbox/clock.ts';
import { generateWorld, type World } from '../../connectors/kit/sandbox/world.ts';
import { Secret } from '../../connectors/contract/auth.ts';
import type { FieldSpec } from '../../connectors/contract/connector.ts';
import { openApp, type App } from '../../src/app.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { defineLine } from '../../src/flow/definitions.ts';
import type { DefinedLine } from '../../src/flow/line.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { undo, type Undone } from '../../src/flow/undo.ts';
import { approve } from '../../src/install/approve.ts';
import { makeProof } from '../../src/install/proof.ts';
import { runInstallation, withLine } from '../../src/jobs/run.ts';
import type { Installation, RunKind, TenantStore } from '../../src/ports/store.ts';
import type { PlanPreview } from '../../src/queries/plan-preview.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { makeReadyDatabase } from './ready-database.ts';
import type { CrmKind, SimulatedCrm, SimulatedCrmOptions } from './simulated-crm.ts';

/** A Monday morning in New York, where the customers of all these accounts are. */
const MONDAY = Date.UTC(2026, 2, 2, 15);
const DAY_MS = 86_400_000;
const ACCOUNTS = 24;

/** Holdfast on a database of its own, for customers of any CRM, one at a time. */
export interface CrmOffice {
  readonly app: App;
  /** A new account of the CRM with the same customers every time, connected. */
  connect(kind: CrmKind, options?: ConnectOptions): Promise<CrmCustomer>;
  close(): Promise<void>;
}

export interface ConnectOptions extends Partial<Pick<SimulatedCrmOptions, 'pageRows' | 'refusedKey'>> {
  /** Whom the CRM holds; the same few customers unless told. */
  readonly world?: World;
  /** By the admin's consent, or by a token that never ends; by consent unless told. */
  readonly by?: 'consent' | 'token';
}

export interface CrmCustomer {
  readonly crm: SimulatedCrm;
  /** Whom the CRM holds; `crm.idOf` gives the ids that they have there. */
  readonly world: World;
  readonly installation: Installation;
  readonly store: TenantStore;
  readonly clock: SettableClock;
  readonly sync: (kind?: RunKind) => Promise<SyncResult>;
  readonly plan: () => Promise<PlanPreview>;
  readonly approve: () => Promise<void>;
  /** First sync, approval, and the sync that writes. */
  readonly begin: () => Promise<SyncResult>;
  readonly nextDay: () => Promise<SyncResult>;
  readonly undo: () => Promise<Undone>;
  /** Every field that Holdfast may want in this CRM. */
  readonly ownFields: () => Promise<readonly FieldSpec[]>;
}

/** So many customers as they are when an office begins. */
export function worldOf(accounts: number): World {
  return generateWorld({ seed: 7, now: new Date(MONDAY).toISOString(), accounts });
}

export async function openCrmOffice(): Promise<CrmOffice> {
  const database = await makeReadyDatabase();
  const clock = createClock(MONDAY);
  const config: { -readonly [K in keyof Config]: Config[K] } = {
    ...readConfig({}),
    databaseUrl: new Secret(database.url),
    port: 0,
    hubspot: { apiUrl: 'http://localhost', appUrl: 'http://localhost', app: null, accessToken: null },
    salesforce: { loginUrl: 'http://localhost', app: null, signer: null, token: null },
  };
  const app = await openApp({
    config,
    keys: new Secret(makeKey()),
    logLevel: 'silent',
    clock: { now: () => new Date(clock.now()).toISOString() },
    unlimited: true,
  });
  const opened: SimulatedCrm[] = [];
  const { signal } = new AbortController();

  const connect = async (kind: CrmKind, options: ConnectOptions = {}): Promise<CrmCustomer> => {
    clock.set(MONDAY);
    const { by = 'consent', world = worldOf(ACCOUNTS), ...rest } = options;
    const crm = await kind.open(world, { ...rest, now: clock.now, number: opened.length });
    opened.push(crm);
    Object.assign(config, crm.settings);
    const { id } = kind.connector;
    const proof = makeProof();
    const installation =
      by === 'token'
        ? await app.connectWithToken(id, new Secret(crm.token), signal, crm.url)
        : await app.connectWithCode(id, crm.app, await crm.consent(proof), signal, proof);
    const store = app.store.of(installation.id);
    const sync = (run: RunKind = 'incremental'): Promise<SyncResult> =>
      runInstallation(app, installation.id, {
        kind: run,
        trigger: 'person',
        signal,
        acceptDeletions: false,
        progress: () => undefined,
      });
    const plan = async (): Promise<PlanPreview> => app.previewPlan(await store.getInstallation());
    const allow = async (): Promise<void> => {
      await approve(store, app.clock, { digest: (await plan()).digest, expected: null, actor: 'admin' });
    };
    const onLine = <T>(work: (line: DefinedLine) => Promise<T>): Promise<T> =>
      withLine(app, installation.id, { signal, progress: () => undefined }, async (line) =>
        work(await defineLine(line)),
      );
    return {
      crm,
      world,
      installation,
      store,
      clock,
      sync,
      plan,
      approve: allow,
      begin: async () => {
        await sync();
        await allow();
        return sync();
      },
      nextDay: () => {
        clock.advance(DAY_MS);
        return sync('daily');
      },
      undo: () => onLine(async (line) => undo(line, { alsoTouchedTasks: false })),
      ownFields: () => onLine(async ({ mapping }) => mapping.fieldSpecs('extended')),
    };
  };

  return {
    app,
    connect,
    close: async () => {
      for (const crm of opened) await crm.close();
      await app.close();
      await database.remove();
    },
  };
}
