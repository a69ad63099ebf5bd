import { startHubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { HubSpotSandbox, HubSpotSandboxOptions, Portal } from '../../connectors/hubspot/sandbox/index.ts';
import { createClock, type SettableClock } from '../../connectors/kit/sandbox/clock.ts';
import { Secret } from '../../connectors/contract/auth.ts';
import { openApp, type App } from '../../src/app.ts';
import { readConfig, type Config } from '../../src/config.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { approve } from '../../src/install/approve.ts';
import { runInstallation, type RunRequest } from '../../src/jobs/run.ts';
import type { Installation, RunKind, TenantStore } from '../../src/ports/store.ts';
import type { PlanPreview } from '../../src/queries/plan-preview.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { customerPortal, type CustomerCompany } from './customer-portal.ts';
import { makeReadyDataFolder } from './ready-data-folder.ts';
import { makeReadyDatabase } from './ready-database.ts';

/** A Monday noon in Berlin: the moment at which every customer of an office begins. */
export const MONDAY = Date.parse('2026-03-02T11:00:00Z');
const DAY_MS = 86_400_000;
const TOKEN = 'token-of-a-private-app';
export const OAUTH_APP = { clientId: 'holdfast', clientSecret: 'secret-of-the-app' };
/** Where HubSpot and browsers reach an office: a proxy in front of whatever server it starts. */
export const PUBLIC_URL = 'http://localhost:3000';
const REDIRECT_URI = `${PUBLIC_URL}/oauth/hubspot`;

/** Holdfast on a database of its own, which any number of customers connect to, one at a time. */
export interface LineOffice {
  readonly app: App;
  /** Null on the embedded database. */
  readonly databaseUrl: string | null;
  /** A new portal, connected. Its clock and Holdfast's are one, and stand at `MONDAY`. */
  connect(companies: readonly CustomerCompany[], options?: CustomerOptions): Promise<Customer>;
  close(): Promise<void>;
}

export interface CustomerOptions extends Partial<Omit<HubSpotSandboxOptions, 'now'>> {
  readonly now?: number;
  readonly rest?: Parameters<typeof customerPortal>[3];
  /** Connected by the admin's consent instead of a token that never ends. */
  readonly byConsent?: boolean;
}

export interface Customer {
  readonly sandbox: HubSpotSandbox;
  readonly portal: Portal;
  readonly installation: Installation;
  readonly store: TenantStore;
  readonly clock: SettableClock;
  /** The access token of customers that were not connected by consent. */
  readonly token: string;
  readonly sync: (kind?: RunKind, request?: Partial<RunRequest>) => Promise<SyncResult>;
  readonly plan: () => Promise<PlanPreview>;
  /** The admin allows what the plan shows now; throws when it is no longer the one with this mark. */
  readonly approve: (mark?: string) => Promise<void>;
  /** First sync, approval, and the sync that writes. */
  readonly begin: () => Promise<SyncResult>;
  /** Connects the portal once more, as it was connected first. */
  readonly reconnect: () => Promise<Installation>;
  /** A day later, the daily run. */
  readonly nextDay: (days?: number) => Promise<SyncResult>;
}

export async function openLineOffice(on: 'server' | 'embedded' = 'server'): Promise<LineOffice> {
  const database = on === 'server' ? await makeReadyDatabase() : null;
  const folder = on === 'embedded' ? await makeReadyDataFolder() : null;
  const clock = createClock(MONDAY);
  const hubspot = {
    apiUrl: '',
    appUrl: 'https://app.hubspot.com',
    app: { ...OAUTH_APP, clientSecret: new Secret(OAUTH_APP.clientSecret) },
    accessToken: null,
  };
  const config: Config = {
    ...readConfig({}),
    databaseUrl: database && new Secret(database.url),
    dataDir: folder?.path ?? '/unused',
    publicUrl: PUBLIC_URL,
    port: 0,
    hubspot,
    salesforce: { loginUrl: 'https://login.salesforce.com', app: null, signer: null, token: null },
  };
  const app = await openApp({
    config,
    keys: new Secret(makeKey()),
    logLevel: 'silent',
    clock: { now: () => new Date(clock.now()).toISOString() },
    unlimited: true,
  });
  const sandboxes: HubSpotSandbox[] = [];
  let portalId = 4_000;

  const connect = async (companies: readonly CustomerCompany[], options: CustomerOptions = {}): Promise<Customer> => {
    const { now = MONDAY, rest, byConsent = false, ...sandboxOptions } = options;
    clock.set(now);
    portalId += 1;
    const sandbox = await startHubSpotSandbox({
      seed: customerPortal(portalId, now, companies, rest),
      limits: null,
      staticTokens: [TOKEN],
      oauth: { ...OAUTH_APP, redirectUris: [REDIRECT_URI] },
      ...sandboxOptions,
      now: clock.now,
    });
    sandboxes.push(sandbox);
    const signal = new AbortController().signal;
    const reconnect = async (): Promise<Installation> => {
      hubspot.apiUrl = sandbox.url;
      if (!byConsent) return app.connectWithToken('hubspot', new Secret(TOKEN), signal);
      const code = await sandbox.app.consent({ clientId: OAUTH_APP.clientId, redirectUri: REDIRECT_URI });
      return app.connectWithCode('hubspot', { ...hubspot.app, redirectUri: REDIRECT_URI }, code, signal);
    };
    const installation = await reconnect();
    const store = app.store.of(installation.id);
    const sync = (kind: RunKind = 'incremental', request: Partial<RunRequest> = {}): Promise<SyncResult> =>
      runInstallation(app, installation.id, {
        kind,
        trigger: 'person',
        signal,
        acceptDeletions: false,
        progress: () => undefined,
        ...request,
      });
    const plan = async (): Promise<PlanPreview> => app.previewPlan(await store.getInstallation());
    const allow = async (mark?: string): Promise<void> => {
      const { digest } = await plan();
      await approve(store, app.clock, { digest, expected: mark ?? null, actor: 'admin' });
    };
    return {
      sandbox,
      portal: sandbox.portal,
      installation,
      store,
      clock,
      token: TOKEN,
      sync,
      plan,
      approve: allow,
      reconnect,
      begin: async () => {
        await sync();
        await allow();
        return sync();
      },
      nextDay: async (days = 1) => {
        clock.advance(days * DAY_MS);
        return sync('daily');
      },
    };
  };

  return {
    app,
    databaseUrl: database?.url ?? null,
    connect,
    close: async () => {
      for (const sandbox of sandboxes) await sandbox.close();
      await app.close();
      await database?.remove();
      await folder?.remove();
    },
  };
}

export interface ShownTask {
  readonly id: string;
  readonly subject: string;
  /** The step of the cadence: `R4`, `late-start`. */
  readonly step: string;
  readonly dueAt: string;
  readonly ownerId: string | null;
  readonly status: string;
  readonly companies: readonly string[];
}

/** The portal's tasks that are not deleted, as people see them; the oldest first. */
export function tasksIn(portal: Portal, companyId?: string): readonly ShownTask[] {
  return portal
    .all('tasks')
    .map(({ id, properties }): ShownTask => {
      const subject = properties['hs_task_subject'] ?? '';
      return {
        id,
        subject,
        step: /\((R\d(?:#\d)?|A[12]|AV(?:#\d)?)\)$/.exec(subject)?.[1] ?? 'late-start',
        dueAt: properties['hs_timestamp'] ?? '',
        ownerId: properties['hubspot_owner_id'] ?? null,
        status: properties['hs_task_status'] ?? '',
        companies: portal.links('tasks', id, 'companies'),
      };
    })
    .filter(({ companies }) => companyId === undefined || companies.includes(companyId));
}

/** What Holdfast shows on a company. */
export function ourValues(portal: Portal, companyId: string): Readonly<Record<string, string>> {
  const properties = portal.get('companies', companyId)?.properties ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith('holdfast_')));
}

/** Everything on a company that is not ours. */
export function theirValues(portal: Portal, companyId: string): Readonly<Record<string, string>> {
  const properties = portal.get('companies', companyId)?.properties ?? {};
  return Object.fromEntries(
    Object.entries(properties).filter(
      // HubSpot itself moves the date of the last change.
      ([name]) => !name.startsWith('holdfast_') && !/lastmodified|updated/i.test(name),
    ),
  );
}
