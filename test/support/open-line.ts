import { randomUUID } from 'node:crypto';
import type { Access } from '../../connectors/contract/connector.ts';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import type { Line } from '../../src/flow/line.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store, TenantStore } from '../../src/ports/store.ts';
import { hubspotMapping } from '../mappings/hubspot-files.ts';

const mapping = hubspotMapping();

export const noLog: Log = { info: () => {}, warn: () => {}, error: () => {}, with: () => noLog };

/** The installation of the portal behind `access`, made when it is not there yet. */
export async function installOn(store: Store, access: Access, clock: Clock): Promise<TenantStore> {
  const facts = await hubspot.open(access).whoAmI();
  const { id } = await store.installations.register({
    connector: hubspot.id,
    crmAccountId: facts.accountId,
    baseUrl: access.baseUrl,
    facts,
    at: clock.now(),
  });
  return store.of(id);
}

/** A line of one run on `access`: what the app opens, without the door's waiting. */
export async function openLine(
  store: TenantStore,
  access: Access,
  clock: Clock,
  run: { readonly id?: string; readonly startedAt?: string; readonly signal?: AbortSignal } = {},
): Promise<Line> {
  return {
    installation: await store.getInstallation(),
    runId: run.id ?? randomUUID(),
    runStartedAt: run.startedAt ?? clock.now(),
    acceptDeletions: false,
    connector: hubspot,
    session: hubspot.open(access),
    store,
    connectorMapping: mapping,
    configuration: defaultConfiguration,
    accountUrl: (account) => `https://holdfast.example/accounts/here/${account}`,
    writeBack: { fields: 'core' },
    clock,
    log: noLog,
    signal: run.signal ?? new AbortController().signal,
    calls: () => ({ perBucket: {}, rateLimited: 0, daily: null }),
    progress: () => undefined,
  };
}
