import { FaultPlan } from '../../kit/sandbox/faults.ts';
import { serve } from '../../kit/sandbox/serve.ts';
import { chanceOf } from '../../kit/sandbox/world-chance.ts';
import { createApiHandler } from './api-server.ts';
import { AppGrants } from './app-grants.ts';
import type { IssuedTokens, SandboxApp, SandboxPerson } from './app-grants.ts';
import { CallLog } from './call-log.ts';
import type { CallCounts } from './call-log.ts';
import type { HubSpotFault } from './hubspot-faults.ts';
import { humanActs } from './human-acts.ts';
import type { Portal } from './human-acts.ts';
import { publicAppLimits, RateLimits } from './limits.ts';
import type { SandboxLimits } from './limits.ts';
import { objectTypes } from './object-types.ts';
import type { PortalSeed } from './portal-seed.ts';
import { PortalState } from './portal-state.ts';
import type { SearchLag } from './portal-state.ts';
import type { IdOrder } from './records.ts';
import { accountRoutes } from './routes/account.ts';
import { associationRoutes } from './routes/associations.ts';
import { batchRoutes } from './routes/batches.ts';
import type { MissingInBatch } from './routes/batches.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { objectRoutes } from './routes/objects.ts';
import type { AdminRule } from './routes/objects.ts';
import { propertyRoutes } from './routes/properties.ts';
import { searchRoutes } from './routes/search.ts';
import { createWebhooks } from './webhooks.ts';
import type { SandboxWebhooks } from './webhooks.ts';

export type { HubSpotFault } from './hubspot-faults.ts';
export type { Portal, PortalRecord } from './human-acts.ts';
export type { SandboxLimits } from './limits.ts';

export interface HubSpotSandboxOptions {
  readonly seed: PortalSeed;
  /** The portal's time in epoch milliseconds: modified dates, ends of tokens, index lag. The real one unless told. */
  readonly now?: () => number;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** How long each answer takes: so long, or by chance from the first to the second. 0 unless told. */
  readonly latencyMs?: number | readonly [least: number, most: number];
  /** How long a change stays hidden from search, in milliseconds of the portal's time; 0 unless told. */
  readonly searchLagMs?: SearchLag;
  /** What differs from a public app's limits; null lets every call through. */
  readonly limits?: Partial<SandboxLimits> | null;
  /** How search sorts and compares `hs_object_id`; by value unless told. */
  readonly idOrder?: IdOrder;
  /** Search pages hold less than asked for, some nothing, although more is to come. */
  readonly shortSearchPages?: boolean;
  /** Records on a page of a list or a search, however many are asked for. As many as asked for unless told. */
  readonly mostPerPage?: number;
  /** Links that a list shows with each record; 100 unless told. */
  readonly mostInlineLinks?: number;
  /** Links per record and page in the batch read of associations; 500 unless told. */
  readonly associationPageSize?: number;
  /** Tokens of private apps, good for ever. */
  readonly staticTokens?: readonly string[];
  /** The public app that can be installed. */
  readonly oauth?: SandboxApp;
  /** The scopes that the portal has and grants; all unless told. Static tokens have exactly these. */
  readonly grantedScopes?: readonly string[];
  /** True unless told: whether tasks take properties of apps is not documented. */
  readonly acceptsTaskProperties?: boolean;
  /** Properties of its own that each object may have; 1,000 unless told. */
  readonly customPropertyRoom?: number;
  /** What the admin demands of records beyond their types. */
  readonly adminRule?: AdminRule;
  /** How a batch update answers for ids that are archived, merged away or unknown; with 207 unless told. */
  readonly missingInBatch?: MissingInBatch;
  /** Decides what is left to chance: the latency. */
  readonly chanceSeed?: number;
}

export interface ConsentRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes?: readonly string[];
}

export interface HubSpotSandbox {
  /** Root of the API and of the app's pages, without a trailing slash. */
  readonly url: string;
  readonly portal: Portal;
  readonly faults: FaultPlan<HubSpotFault>;
  readonly calls: CallCounts & { reset(): void };
  readonly webhooks: SandboxWebhooks;
  /** The app in this portal, without the admin's browser. */
  readonly app: {
    /**
     * The admin says yes on the consent page: gives the code to exchange. Asks for `scopes`, or for all that the portal
     * grants. Throws an Error with the page's words when the page refuses.
     */
    consent(request: ConsentRequest): Promise<string>;
    /** Installs it with `scopes`, or with all that the portal grants. */
    install(scopes?: readonly string[]): IssuedTokens;
    /** This person sits before the browser from now on; else `admin@customer.example`. */
    signInAs(person: SandboxPerson): void;
    /** The admin removes it: every token ends, and refreshing is refused. */
    uninstall(): void;
    /** Ends every access token now; refresh tokens stay good. */
    expireAccessTokens(): void;
  };
  /** Ends at once, cutting what is under way. */
  close(): Promise<void>;
}

/** A portal of HubSpot as an HTTP server on the loopback interface. It refuses what HubSpot refuses. */
export async function startHubSpotSandbox(options: HubSpotSandboxOptions): Promise<HubSpotSandbox> {
  const now = options.now ?? Date.now;
  const portal = new PortalState(options.seed, now, options.searchLagMs ?? 0);
  const grants = new AppGrants(now, portal.facts);
  const grantedScopes = options.grantedScopes ?? everyScope();
  for (const token of options.staticTokens ?? []) grants.addStaticToken(token, grantedScopes);
  const faults = new FaultPlan<HubSpotFault>();
  const log = new CallLog();
  const webhooks = createWebhooks(portal);
  const customPropertyRoom = options.customPropertyRoom ?? 1_000;
  const rule = options.adminRule ?? null;
  const mostPerPage = options.mostPerPage ?? Infinity;

  const handle = createApiHandler({
    routes: [
      // Paths with fixed words go before those that take any word in their place.
      ...searchRoutes(portal, {
        idOrder: options.idOrder ?? 'number',
        shortPages: options.shortSearchPages ?? false,
        mostPerPage,
      }),
      ...batchRoutes(portal, { rule, missingInBatch: options.missingInBatch ?? 'multi-status' }),
      ...objectRoutes(portal, rule, { mostPerPage, mostInlineLinks: options.mostInlineLinks ?? 100 }),
      ...associationRoutes(portal, options.associationPageSize ?? 500),
      ...propertyRoutes(portal, {
        room: customPropertyRoom,
        acceptsTaskProperties: options.acceptsTaskProperties ?? true,
      }),
      ...accountRoutes(portal, customPropertyRoom),
      ...oauthRoutes(grants, portal.facts, options.oauth ?? null, options.grantedScopes ?? null),
    ],
    grants,
    limits: options.limits === null ? null : new RateLimits({ ...publicAppLimits, ...options.limits }),
    faults,
    log,
    now,
    latencyMs: latencyOf(options.latencyMs ?? 0, options.chanceSeed ?? 1),
  });
  const served = await serve(handle, options.port ?? 0);

  return {
    url: served.url,
    portal: humanActs(portal),
    faults,
    calls: log,
    webhooks,
    app: {
      consent: ({ clientId, redirectUri, scopes = grantedScopes }) =>
        consentOn(served.url, clientId, redirectUri, scopes),
      install: (scopes = grantedScopes) => grants.install(scopes),
      signInAs: (person) => grants.signInAs(person),
      uninstall: () => grants.uninstall(),
      expireAccessTokens: () => grants.expire(),
    },
    async close() {
      webhooks.close();
      await served.close();
    },
  };
}

async function consentOn(
  url: string,
  clientId: string,
  redirectUri: string,
  scopes: readonly string[],
): Promise<string> {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    approve: 'yes',
  });
  const answer = await fetch(`${url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`The consent page refused: ${await answer.text()}`);
  return new URL(location).searchParams.get('code') ?? '';
}

function latencyOf(latency: number | readonly [least: number, most: number], seed: number): () => number {
  if (typeof latency === 'number') return () => latency;
  const chance = chanceOf(seed);
  const [least, most] = latency;
  return () => chance.int(least, most);
}

function everyScope(): readonly string[] {
  const ofObjects = objectTypes.flatMap((type) => [
    ...type.readScopes,
    ...type.writeScopes,
    ...type.schemaReadScopes,
    ...type.schemaWriteScopes,
  ]);
  return [...new Set(['oauth', 'crm.objects.owners.read', ...ofObjects])];
}
