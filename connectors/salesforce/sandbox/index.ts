import { FaultPlan } from '../../kit/sandbox/faults.ts';
import { serve } from '../../kit/sandbox/serve.ts';
import { chanceOf } from '../../kit/sandbox/world-chance.ts';
import { createApiHandler, createDispatch } from './api-server.ts';
import { ApiUsage } from './api-usage.ts';
import { AppGrants } from './app-grants.ts';
import type { IssuedTokens, SandboxApp } from './app-grants.ts';
import { CallLog } from './call-log.ts';
import type { CallCounts } from './call-log.ts';
import { humanActs } from './human-acts.ts';
import type { Org } from './human-acts.ts';
import type { OrgSeed } from './org-seed.ts';
import { OrgState } from './org-state.ts';
import { RecordWriter } from './record-writer.ts';
import type { AdminRule } from './record-writer.ts';
import type { Route } from './router.ts';
import { bulkIngestRoutes } from './routes/bulk-ingest.ts';
import { bulkQueryRoutes } from './routes/bulk-query.ts';
import { collectionRoutes } from './routes/collections.ts';
import { compositeRoutes } from './routes/composite.ts';
import { limitRoutes } from './routes/limits.ts';
import { oauthRoutes } from './routes/oauth.ts';
import type { Places } from './routes/oauth.ts';
import { connectRoutes } from './routes/connect.ts';
import { queryRoutes } from './routes/query.ts';
import { sobjectRoutes } from './routes/sobjects.ts';
import { versionRoutes } from './routes/versions.ts';
import { RowLocks } from './row-locks.ts';
import type { SalesforceFault } from './salesforce-faults.ts';
import type { PackageState } from './schema.ts';

export type { SandboxApp } from './app-grants.ts';
export type { Org, OrgRecord } from './human-acts.ts';
export type { AdminRule } from './record-writer.ts';
export type { SalesforceFault } from './salesforce-faults.ts';
export type { PackageState } from './schema.ts';

export interface SalesforceSandboxOptions {
  readonly seed: OrgSeed;
  /** The org's time in epoch milliseconds: stamps, ends of sessions, the daily limit. The real one unless told. */
  readonly now?: () => number;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** How long each answer takes: so long, or by chance from the first to the second. 0 unless told. */
  readonly latencyMs?: number | readonly [least: number, most: number];
  /** Decides what is left to chance: the latency. */
  readonly chanceSeed?: number;
  /** The Holdfast package: its fields usable, there but not permitted, or not there. `assigned` unless told. */
  readonly holdfastPackage?: PackageState;
  /** The namespace of the package's fields where it was installed; none, the default, where its source was deployed. */
  readonly holdfastNamespace?: string;
  /** The app that can be connected. */
  readonly oauth?: SandboxApp;
  /** Access tokens that are good for ever. */
  readonly staticTokens?: readonly string[];
  /** The oldest and the newest API version; 60 to 68 unless told. */
  readonly versions?: readonly [oldest: number, newest: number];
  /** API calls in 24 hours, of all apps together; 100,000 unless told. */
  readonly dailyApiCalls?: number;
  /** Most rows of a page of a query; 2,000 unless told. Under 200 for paging through a small org. */
  readonly pageRows?: number;
  /** Every page of a query is half as long as the one before it. */
  readonly shrinkingPages?: boolean;
  /** How many questions for the state of a bulk job find it still in progress; 1 unless told. */
  readonly bulkPolls?: number;
  /** How many bulk queries end as failed, before the first that does not; none unless told. */
  readonly failingBulkJobs?: number;
  /** Most rows of a page of bulk results; 50,000 unless told. */
  readonly bulkPageRows?: number;
  /** What the org's validation rules and triggers demand. */
  readonly adminRule?: AdminRule;
  /** The user to whom assignment rules give accounts and cases whenever a call does not switch the rules off. */
  readonly assignsTo?: string;
}

export interface ConsentRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** BASE64URL(SHA-256(verifier)); left out, none is sent. */
  readonly codeChallenge?: string;
  readonly scope?: string;
}

export interface SalesforceSandbox {
  /** Sign-in and org in one: root of the API and of the app's pages, without a trailing slash. */
  readonly url: string;
  readonly org: Org;
  readonly faults: FaultPlan<SalesforceFault>;
  readonly calls: CallCounts & {
    /** API calls of the last 24 hours, those of other apps included. */
    readonly apiUsed: number;
    /** Other apps of the org make so many calls. */
    useByOthers(calls: number): void;
    /** Starts to count anew; the org's daily use stays. */
    reset(): void;
  };
  /** The app in this org, without the admin's browser. */
  readonly app: {
    /** The admin says yes on the page: gives the code to exchange. Throws an Error with what came instead. */
    consent(request: ConsentRequest): Promise<string>;
    /** Connects it. */
    install(): IssuedTokens;
    /** This user sits before the browser from now on; else the integration user. */
    signInAs(userId: string): void;
    /** The admin removes it: every token ends, and refreshing is refused. */
    uninstall(): void;
    /** Ends every session now; refresh tokens stay good. */
    expireAccessTokens(): void;
    /** What token answers give as `instance_url` from now on, as after a move of the org. */
    moveTo(instanceUrl: string): void;
  };
  /** Ends at once, cutting what is under way. */
  close(): Promise<void>;
}

/** An org of Salesforce as an HTTP server on the loopback interface. It refuses what Salesforce refuses. */
export async function startSalesforceSandbox(options: SalesforceSandboxOptions): Promise<SalesforceSandbox> {
  const now = options.now ?? Date.now;
  const org = new OrgState(options.seed, options.holdfastPackage ?? 'assigned', now, options.holdfastNamespace ?? null);
  const app = options.oauth ?? null;
  const grants = new AppGrants(now, org.facts, app?.rotatesRefreshTokens ?? true);
  for (const token of options.staticTokens ?? []) grants.addStaticToken(token);
  const usage = new ApiUsage(options.dailyApiCalls ?? 100_000, now);
  const faults = new FaultPlan<SalesforceFault>();
  const locks = new RowLocks();
  const log = new CallLog();
  const writer = new RecordWriter(org, locks, options.adminRule ?? null, options.assignsTo ?? null);
  const [oldest, newest] = options.versions ?? [60, 68];
  const versions = Array.from({ length: newest - oldest + 1 }, (_, index) => `${oldest + index}.0`);
  const bulk = {
    polls: options.bulkPolls ?? 1,
    failing: options.failingBulkJobs ?? 0,
    pageRows: options.bulkPageRows ?? 50_000,
  };
  // Known once the server listens; no call comes before that.
  const places: Places = { instanceUrl: '' };
  const routes: readonly Route[] = [
    // Paths with fixed words go before those that take any word in their place.
    ...versionRoutes(versions),
    ...limitRoutes(usage, org.features.bulkApi),
    ...connectRoutes(org),
    ...queryRoutes(org, { rows: options.pageRows ?? 2_000, shrink: options.shrinkingPages ?? false }),
    ...compositeRoutes(
      org,
      createDispatch(() => routes),
    ),
    ...collectionRoutes(org, writer),
    ...bulkQueryRoutes(org, bulk),
    ...bulkIngestRoutes(org, writer, bulk),
    ...sobjectRoutes(org, writer),
    ...oauthRoutes(org, grants, app, places),
  ];
  const latencyMs = latencyOf(options.latencyMs ?? 0, options.chanceSeed ?? 1);
  const handle = createApiHandler({ routes, grants, usage, faults, locks, log, now, versions, latencyMs });
  const served = await serve(handle, options.port ?? 0);
  places.instanceUrl = served.url;

  return {
    url: served.url,
    org: humanActs(org),
    faults,
    calls: withUsage(log, usage),
    app: {
      consent: (request) => consentOn(served.url, request),
      install: () => grants.connect('refresh_token api'),
      signInAs: (userId) => grants.signInAs(userId),
      uninstall: () => grants.uninstall(),
      expireAccessTokens: () => grants.expire(),
      moveTo(instanceUrl) {
        places.instanceUrl = instanceUrl;
      },
    },
    close: () => served.close(),
  };
}

function withUsage(log: CallLog, usage: ApiUsage): SalesforceSandbox['calls'] {
  return {
    get total() {
      return log.total;
    },
    get counted() {
      return log.counted;
    },
    get overLimit() {
      return log.overLimit;
    },
    get perPurpose() {
      return log.perPurpose;
    },
    get recent() {
      return log.recent;
    },
    get apiUsed() {
      return usage.used;
    },
    useByOthers(calls) {
      for (let call = 0; call < calls; call += 1) usage.take();
    },
    reset: () => log.reset(),
  };
}

async function consentOn(
  url: string,
  { clientId, redirectUri, codeChallenge, scope }: ConsentRequest,
): Promise<string> {
  const query = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: redirectUri });
  query.set('approve', 'yes');
  if (scope !== undefined) query.set('scope', scope);
  if (codeChallenge !== undefined) {
    query.set('code_challenge', codeChallenge);
    query.set('code_challenge_method', 'S256');
  }
  const answer = await fetch(`${url}/services/oauth2/authorize?${query.toString()}`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  const code = location === null ? null : new URL(location).searchParams.get('code');
  if (code === null) throw new Error(`The consent page refused: ${location ?? (await answer.text())}`);
  return code;
}

function latencyOf(latency: number | readonly [least: number, most: number], seed: number): () => number {
  if (typeof latency === 'number') return () => latency;
  const chance = chanceOf(seed);
  const [least, most] = latency;
  return () => chance.int(least, most);
}
