import { Secret } from '../../connectors/contract/auth.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { startHubSpotSandbox, type HubSpotSandbox, type Portal } from '../../connectors/hubspot/sandbox/index.ts';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import { createClock } from '../../connectors/kit/sandbox/clock.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { openApp } from '../../src/app.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { approve } from '../../src/install/approve.ts';
import { runInstallation } from '../../src/jobs/run.ts';
import type { RunKind, TenantStore } from '../../src/ports/store.ts';
import { makeKey } from '../../src/store/sealed.ts';

const NOW = Date.UTC(2026, 2, 2, 15);
const DAY_MS = 86_400_000;
/** A call that takes longer is given up. */
const PER_CALL_MS = 2_000;
/** Runs that may fail before the work has to be done. */
const MOST_RUNS = 8;

const OAUTH_APP = {
  clientId: 'holdfast',
  clientSecret: new Secret('secret-of-the-app'),
  redirectUri: 'http://localhost:3000/oauth/hubspot',
};

/** Holdfast on a HubSpot of its own, installed by OAuth. Their one clock stands still unless it is moved. */
export interface WholeLine {
  readonly sandbox: HubSpotSandbox;
  readonly store: TenantStore;
  /** Runs until it is done, as the worker does. Throws what no further run can mend. */
  sync(kind: RunKind): Promise<SyncResult>;
  /** How many runs ended without being done. */
  failedRuns(): number;
  approve(): Promise<void>;
  /** A day in which people work in HubSpot passes. */
  passDay(): void;
  close(): Promise<void>;
}

/** The portal and its customers are always the same, so each line needs an empty database of its own. */
export async function openWholeLine(databaseUrl: string): Promise<WholeLine> {
  const clock = createClock(NOW);
  const world = generateWorld({ seed: 7, now: new Date(NOW).toISOString(), accounts: 16 });
  const sandbox = await startHubSpotSandbox({
    seed: toPortalSeed(world),
    now: clock.now,
    limits: null,
    mostPerPage: 30,
    oauth: {
      clientId: OAUTH_APP.clientId,
      clientSecret: OAUTH_APP.clientSecret.reveal(),
      redirectUris: [OAUTH_APP.redirectUri],
      scopes: requiredScopes,
    },
  });
  const app = await openApp({
    config: {
      databaseUrl: new Secret(databaseUrl),
      dataDir: '/unused',
      secretKey: null,
      publicUrl: 'http://localhost:3000',
      proxies: 0,
      retentionDays: 30,
      port: 0,
      logLevel: null,
      dailyAllowance: { share: null, floor: null },
      hubspot: { apiUrl: sandbox.url, appUrl: sandbox.url, app: OAUTH_APP, accessToken: null },
      salesforce: { loginUrl: 'https://login.salesforce.com', app: null, signer: null, token: null },
    },
    keys: new Secret(makeKey()),
    logLevel: 'silent',
    clock: { now: () => new Date(clock.now()).toISOString() },
    unlimited: true,
    perCallMs: PER_CALL_MS,
  });
  const { signal } = new AbortController();
  const code = await sandbox.app.consent({ ...OAUTH_APP, scopes: requiredScopes });
  const { id } = await app.connectWithCode('hubspot', OAUTH_APP, code, signal);
  const store = app.store.of(id);
  let failed = 0;

  return {
    sandbox,
    store,
    sync: async (kind) => {
      for (;;) {
        try {
          return await runInstallation(app, id, {
            kind,
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
      workADay(sandbox.portal);
    },
    close: async () => {
      await app.close();
      await sandbox.close();
    },
  };
}

/** Renewals move, are won and are lost; companies are merged, deleted and restored. The same in every portal. */
function workADay(portal: Portal): void {
  const companies = portal.all('companies');
  for (const [index, { id, properties }] of companies.entries()) {
    const renewal = properties['renewal_date'];
    if (index % 4 === 0 && renewal !== undefined) {
      const moved = new Date(Date.parse(renewal) + 10 * DAY_MS).toISOString().slice(0, 10);
      portal.edit('companies', id, { renewal_date: moved });
    }
    if (index % 4 === 1) portal.edit('companies', id, { name: `${properties['name'] ?? ''} Group` });
  }
  for (const { id, properties } of portal.all('deals')) {
    if (properties['pipeline'] === 'renewals' && properties['hs_is_closed'] === 'false') {
      portal.edit('deals', id, { dealstage: 'renewal_won' });
    }
  }
  const [last, second] = companies.toReversed();
  if (last !== undefined) portal.archive('companies', last.id);
  if (second !== undefined) portal.edit('companies', second.id, { days_overdue: '70' });
  const [contact] = portal.all('contacts');
  if (contact !== undefined) portal.archive('contacts', contact.id);
}

/** All that Holdfast leaves behind in HubSpot and in its own store, without ids and moments that differ between portals. */
export async function endStateOf({
  sandbox: { portal },
  store,
}: WholeLine): Promise<Readonly<Record<string, unknown>>> {
  const ours = new Map(portal.all('tasks').flatMap(({ id, properties }) => toKey(id, properties['holdfast_key'])));
  const nameOf = (object: string, id: string): string => (object === 'tasks' ? (ours.get(id) ?? id) : id);
  const stored: Record<string, unknown> = {};
  for (const object of (await store.records.count()).keys()) {
    const records = await store.records.page(object, null, 100_000);
    stored[object] = Object.fromEntries(
      records
        .map(({ raw, inputs, shown, accountId, contactId }) => {
          return [nameOf(object, raw.id), { inputs, shown, links: raw.links, accountId, contactId }] as const;
        })
        .sort(byName),
    );
  }
  const ledger = await store.ledger.byState(STATES, null, 100_000);
  return {
    properties: Object.fromEntries(OBJECTS.map((object) => [object, portal.customProperties(object).toSorted()])),
    groups: Object.fromEntries(OBJECTS.map((object) => [object, portal.propertyGroups(object)])),
    written: Object.fromEntries(
      ['companies', 'deals'].map((object) => [
        object,
        Object.fromEntries(portal.all(object).map(({ id, properties }) => [id, onlyOurs(properties)])),
      ]),
    ),
    tasks: portal
      .all('tasks')
      .filter(({ id }) => ours.has(id))
      .map(({ id, properties }) => {
        const links = ['companies', 'deals'].map((to) => portal.links('tasks', id, to));
        const { hs_object_id: _, ...values } = properties;
        return [ours.get(id) ?? '', { values, links }] as const;
      })
      .sort(byName),
    // What was written is compared as the portal shows it; which id a task got is HubSpot's.
    ledger: ledger.map((entry) => ({ ...entry, written: {}, crmId: entry.crmId !== null })),
    stored,
  };
}

/** Keys of our tasks that stand in the portal, archived or not, one for each task. */
export function taskKeys(portal: Portal): readonly string[] {
  return [...portal.all('tasks'), ...portal.archived('tasks')].flatMap(
    ({ properties }) => properties['holdfast_key'] ?? [],
  );
}

const OBJECTS = ['companies', 'contacts', 'deals', 'tickets', 'tasks'];
const STATES = ['creating', 'open', 'done', 'closed', 'deleted', 'undone'] as const;

function toKey(id: string, key: string | undefined): readonly (readonly [string, string])[] {
  return key === undefined ? [] : [[id, key]];
}

function onlyOurs(properties: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith('holdfast_')));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
