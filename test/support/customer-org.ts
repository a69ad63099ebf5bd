import { onTestFinished } from 'vitest';
import { Secret } from '../../connectors/contract/auth.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import {
  startSalesforceSandbox,
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
} from '../../connectors/salesforce/sandbox/index.ts';
import { toOrgSeed } from '../../connectors/salesforce/sandbox/seed.ts';
import { openApp, type App } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { approve } from '../../src/install/approve.ts';
import { runInstallation } from '../../src/jobs/run.ts';
import type { Installation, RunKind, TenantStore } from '../../src/ports/store.ts';
import type { PlanPreview } from '../../src/queries/plan-preview.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { makeReadyDatabase } from './ready-database.ts';

const BEGINNING = Date.parse('2026-11-20T17:00:00.000Z');
const TOKEN = 'token-of-the-sandbox-org';

/** A Salesforce org with Holdfast connected to it, for as long as the test lives. */
export interface CustomerOrg {
  readonly app: App;
  readonly installation: Installation;
  readonly store: TenantStore;
  readonly sandbox: SalesforceSandbox;
  /** Lets time pass, for Holdfast and for the org. */
  wait(ms: number): void;
  sync(kind?: RunKind): Promise<SyncResult>;
  plan(): Promise<PlanPreview>;
  /** Approves the plan as it is now. */
  approve(): Promise<void>;
  /** Values of a field on the org's accounts, under the name that the org knows it by. */
  shown(field: string): readonly unknown[];
}

export const orgSignal = new AbortController().signal;

/** An org of 20 customers of the generated world unless told; its time begins on 20 November 2026. */
export async function connectOrg(
  options: Partial<SalesforceSandboxOptions> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<CustomerOrg> {
  let now = BEGINNING;
  const sandbox = await startSalesforceSandbox({
    seed: options.seed ?? toOrgSeed(generateWorld({ seed: 11, now: new Date(now).toISOString(), accounts: 20 })),
    staticTokens: [TOKEN],
    now: () => now,
    ...options,
  });
  const database = await makeReadyDatabase();
  const app = await openApp({
    config: readConfig({ DATABASE_URL: database.url, SALESFORCE_LOGIN_URL: sandbox.url, ...env }),
    keys: new Secret(makeKey()),
    logLevel: 'silent',
    clock: { now: () => new Date(now).toISOString() },
    unlimited: true,
  });
  onTestFinished(async () => {
    await app.close();
    await database.remove();
    await sandbox.close();
  });
  const installation = await app.connectWithToken('salesforce', new Secret(TOKEN), orgSignal, sandbox.url);
  const store = app.store.of(installation.id);
  const plan = (): Promise<PlanPreview> => app.previewPlan(installation);
  return {
    app,
    installation,
    store,
    sandbox,
    wait: (ms) => {
      now += ms;
    },
    sync: (kind = 'incremental') =>
      runInstallation(app, installation.id, {
        kind,
        trigger: 'person',
        signal: orgSignal,
        acceptDeletions: false,
        progress: () => undefined,
      }),
    plan,
    approve: async () => {
      const { digest } = await plan();
      await approve(store, app.clock, { digest, expected: null, actor: 'admin' });
    },
    shown: (field) => sandbox.org.all('Account').flatMap(({ fields }) => fields[field] ?? []),
  };
}
