import { createServer } from 'node:net';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { createClock, type SettableClock } from '../../connectors/kit/sandbox/clock.ts';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { PackageState } from '../../connectors/salesforce/sandbox/index.ts';
import { Secret } from '../../connectors/contract/auth.ts';
import { readConfig } from '../../src/config.ts';
import { openApp, type App } from '../../src/app.ts';
import { runInstallation } from '../../src/jobs/run.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { startServer } from '../../src/server/server.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { customerPortal } from './customer-portal.ts';
import { MONDAY } from './line-office.ts';
import { makeReadyDatabase } from './ready-database.ts';
import { accounts, orgSeed } from './sandbox-org.ts';
import { openVisitor, type Visitor } from './visitor.ts';

const APP = { clientId: 'holdfast', clientSecret: 'secret-of-the-app' };

/** Holdfast as a served app, with a HubSpot portal and a Salesforce org that it can be installed in. One clock for all. */
export interface InstallOffice {
  readonly app: App;
  /** Root of the pages. */
  readonly url: string;
  readonly hubspot: HubSpotSandbox;
  readonly salesforce: SalesforceSandbox;
  readonly clock: SettableClock;
  /** A browser with no cookies. */
  openVisitor(): Visitor;
  /** The tenant's rows of what was installed in the portal, or in the org. */
  tenant(crm: 'hubspot' | 'salesforce'): Promise<TenantStore>;
  /** Does what the worker does for all that asked for a run. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export interface InstallOfficeOptions {
  readonly portalId?: number;
  /** The scopes that the portal can grant; all unless told. */
  readonly grantedScopes?: readonly string[];
  readonly holdfastPackage?: PackageState;
  readonly isWithoutApps?: boolean;
  /** What browsers take for the address of the pages, where it is not the server's own. */
  readonly publicUrl?: string;
}

export async function openInstallOffice(options: InstallOfficeOptions = {}): Promise<InstallOffice> {
  const database = await makeReadyDatabase();
  const clock = createClock(MONDAY);
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const publicUrl = options.publicUrl ?? url;
  const redirect = (crm: string): readonly string[] => [`${publicUrl}/oauth/${crm}`];
  const hubspot = await startHubSpotSandbox({
    seed: customerPortal(options.portalId ?? 4_711, MONDAY, [
      { id: '1', name: 'Acme & Söhne', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' },
      { id: '2', name: 'Bolt <b>AG</b>', renewalOn: '2026-09-10', arr: 20_000, csmId: '14' },
    ]),
    now: clock.now,
    limits: null,
    oauth: { ...APP, redirectUris: redirect('hubspot'), scopes: requiredScopes },
    ...(options.grantedScopes === undefined ? {} : { grantedScopes: options.grantedScopes }),
  });
  const salesforce = await startSalesforceSandbox({
    seed: orgSeed(
      accounts(3, MONDAY - 86_400_000).map((one) => ({
        ...one,
        values: { ...one.values, Type: 'Customer - Direct', Renewal_Date__c: '2026-06-30' },
      })),
    ),
    now: clock.now,
    oauth: { ...APP, redirectUris: redirect('salesforce') },
    holdfastPackage: options.holdfastPackage ?? 'assigned',
  });
  const registered = options.isWithoutApps === true ? null : { ...APP, clientSecret: new Secret(APP.clientSecret) };
  const app = await openApp({
    config: {
      ...readConfig({}),
      databaseUrl: new Secret(database.url),
      publicUrl,
      port: 0,
      hubspot: { apiUrl: hubspot.url, appUrl: hubspot.url, app: registered, accessToken: null },
      salesforce: { loginUrl: salesforce.url, app: registered, signer: null, token: null },
    },
    keys: new Secret(makeKey()),
    logLevel: 'silent',
    clock: { now: () => new Date(clock.now()).toISOString() },
    unlimited: true,
  });
  const asked = new Set<TenantStore['id']>();
  const queue = {
    request: async (id: TenantStore['id']) => void asked.add(id),
    requestSoon: () => undefined,
    work: async () => undefined,
    depth: async () => ({ waiting: asked.size, active: 0 }),
    stop: async () => undefined,
  };
  const server = await startServer({ ...app.serverParts(), queue, port });

  return {
    app,
    url,
    hubspot,
    salesforce,
    clock,
    openVisitor: () => openVisitor(url),
    tenant: async (crm) => {
      const all = await app.store.installations.list();
      const found = all.find(({ connector }) => connector === crm);
      if (found === undefined) throw new Error(`nothing is installed in ${crm}`);
      return app.store.of(found.id);
    },
    work: async () => {
      for (const id of asked) {
        asked.delete(id);
        await runInstallation(app, id, {
          kind: 'incremental',
          trigger: 'schedule',
          signal: new AbortController().signal,
          acceptDeletions: false,
          progress: () => undefined,
        });
      }
    },
    close: async () => {
      await server.stop();
      await app.close();
      await hubspot.close();
      await salesforce.close();
      await database.remove();
    },
  };
}

/** The redirect addresses of the apps name the port before the server listens. */
async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the probe listens on no port'));
      });
    });
  });
}
