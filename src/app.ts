import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connectors } from '../connectors/index.ts';
import { Secret, type OAuthApp, type Proof, type Tokens } from '../connectors/contract/auth.ts';
import type { Connector } from '../connectors/contract/connector.ts';
import { addressOf, type Config } from './config.ts';
import type { ModelConfiguration } from './core/configuration.ts';
import { dayOf } from './core/model/calendar-date.ts';
import type { AccountId, InstallationId } from './core/model/ids.ts';
import { parseFieldChoice } from './core/mapping/field-choice.ts';
import { parseOverride, withOverride } from './core/mapping/override.ts';
import type { ConnectorMapping } from './core/mapping/mapping.ts';
import { parseConnectorMapping } from './core/mapping/parse.ts';
import type { CompiledMapping } from './core/mapping/compile.ts';
import type { UsageConfiguration } from './core/usage/configuration.ts';
import { HoldfastError } from './errors.ts';
import { actForPerson } from './flow/act-for-person.ts';
import { MAPPING } from './flow/choose-mapping.ts';
import { ConfigurationsInForce } from './flow/configuration.ts';
import { keepDailyCalls, readDailyCalls } from './flow/daily-calls.ts';
import { defineLine, readCompiledMapping } from './flow/definitions.ts';
import type { WriteBackChoice } from './flow/line.ts';
import { receiveUsage } from './flow/intake/receive.ts';
import { openNoticeReceiver } from './flow/notices/receive.ts';
import type { ConsentParts } from './install/consent.ts';
import { findGranted } from './install/granted.ts';
import { openSignInLink } from './install/sign-in.ts';
import { connectWithCode, connectWithSigner, connectWithTokens } from './install/connect.ts';
import { keepAlive, openTokens } from './install/tokens.ts';
import { openQueue } from './jobs/queue.ts';
import type { AccessKeeper, LineRequest, OpenLine } from './jobs/run.ts';
import { uninstallInstallation, type UninstallRequest } from './jobs/uninstall.ts';
import { DEFAULT_ALLOWANCE } from './limits/budget.ts';
import { openDoor } from './limits/door.ts';
import { openLog, type LogLevel } from './log.ts';
import type { Clock } from './ports/clock.ts';
import type { Queue } from './ports/queue.ts';
import { previewConfiguration, type ConfigurationPreview } from './queries/configuration-preview.ts';
import { findCardAccount, readCard, readStandingOverride } from './queries/card.ts';
import type { Installation, Person, TenantStore } from './ports/store.ts';
import { checkAccess, type AccessCheck } from './queries/access-check.ts';
import type { ReadScopes } from './queries/doctor.ts';
import { toScopeLines, type ScopeLine } from './queries/permissions.ts';
import type { Undone } from './flow/undo.ts';
import { previewPlan, type PlanPreview } from './queries/plan-preview.ts';
import type { AdminParts } from './server/routes/admin.ts';
import type { ApiParts } from './server/routes/api.ts';
import type { UsageParts } from './server/routes/usage.ts';
import type { CardDoor, CardParts } from './server/routes/cards.ts';
import type { WebhookParts } from './server/routes/webhooks.ts';
import { openDatabase } from './store/database.ts';
import { parseKeychain } from './store/sealed.ts';
import { openSealer } from './store/sealer.ts';
import { resealSecrets } from './store/secrets.ts';
import { openStore } from './store/store.ts';

/** Everything put together. The one place that knows all parts; it decides nothing. */
export interface App extends AccessKeeper {
  /** `baseUrl` is the root of the API that the token is for, where the configuration does not say. */
  connectWithToken(connector: string, token: Secret, signal: AbortSignal, baseUrl?: string): Promise<Installation>;
  connectWithCode(
    connector: string,
    app: OAuthApp,
    code: string,
    signal: AbortSignal,
    proof?: Proof,
  ): Promise<Installation>;
  /** By the key that the configuration holds. */
  connectWithSigner(connector: string, signal: AbortSignal): Promise<Installation>;
  previewPlan(installation: Installation): Promise<PlanPreview>;
  /** What a configuration would change, held against the one in force. `top` is how many accounts are named. */
  previewConfiguration(
    installation: Installation,
    configuration: ModelConfiguration,
    look: Pick<LineRequest, 'signal' | 'progress'> & { readonly top: number },
  ): Promise<ConfigurationPreview>;
  /** Asks the CRM what may be read and written; changes nothing. */
  checkAccess(installation: Installation): Promise<AccessCheck>;
  /** What the admin was asked for, and granted. */
  readonly scopesOf: ReadScopes;
  /** An address that signs a person in once; see `openSignInLink`. */
  signInLink(installation: InstallationId, person: Person): Promise<string>;
  /** Leaves the customer's account; see `uninstallInstallation`. */
  uninstall(installation: InstallationId, request: UninstallRequest): Promise<Undone | null>;
  /** Where a record is in the CRM's own pages. */
  recordUrl(installation: Installation): (account: AccountId) => string;
  /** What the CRM's fields mean, with the installation's own choices, made ready for what it looked like at the last read. */
  compiledMappingOf(installation: Installation): Promise<CompiledMapping>;
  /** By what an installation's scores are made, usage is read, and plays look and act: the version in force. */
  configurationOf(store: TenantStore): Promise<ModelConfiguration>;
  openQueue(options: { readonly supervises: boolean }): Promise<Queue>;
  serverParts(): ApiParts & UsageParts & AdminParts & WebhookParts & CardParts & Pick<App, 'store' | 'clock' | 'log'>;
  /** Seals every secret anew with the newest key, so that older ones can be taken away. Answers how many were. */
  resealSecrets(): Promise<number>;
  close(): Promise<void>;
}

export interface AppParts {
  readonly config: Config;
  /** The keys that secrets are sealed with. */
  readonly keys: Secret;
  readonly logLevel: LogLevel;
  readonly clock?: Clock | undefined;
  /** For benches: calls are not spread. */
  readonly unlimited?: boolean | undefined;
  /** How long one HTTP call may take, its body included. Default 60 s. */
  readonly perCallMs?: number | undefined;
}

const systemClock: Clock = { now: () => new Date().toISOString() };

export async function openApp(parts: AppParts): Promise<App> {
  const { config, clock = systemClock } = parts;
  const log = openLog(parts.logLevel);
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
  });
  const keychain = parseKeychain(parts.keys.reveal());
  const store = openStore(database, keychain);
  const mappings = new Map<string, ConnectorMapping>();
  const configurations = new ConfigurationsInForce();

  const connectorOf = (id: string): Connector => {
    const connector = connectors.find((one) => one.id === id);
    if (connector !== undefined) return connector;
    throw new HoldfastError({
      code: 'input-invalid',
      message: `There is no connector '${id}'.`,
      remedy: `Known are: ${connectors.map((one) => one.id).join(', ')}.`,
    });
  };
  const mappingOf = (id: string): ConnectorMapping => {
    const mapping = mappings.get(id) ?? parseConnectorMapping(readMapping(id));
    mappings.set(id, mapping);
    return mapping;
  };
  const mappingFor = async (store: TenantStore, connector: string): Promise<ConnectorMapping> =>
    withOverride(mappingOf(connector), parseOverride((await store.settings.get(MAPPING)) ?? {}));
  const compiledMappingOf = async ({ id, facts, connector }: Installation): Promise<CompiledMapping> => {
    const tenant = store.of(id);
    return readCompiledMapping(tenant, facts, await mappingFor(tenant, connector));
  };

  const connectParts = (id: string, signal: AbortSignal) => ({
    store,
    connector: connectorOf(id),
    baseUrl: addressOf(config, id).baseUrl,
    clock,
    log,
    signal,
  });

  const oauthAppOf = (id: string): OAuthApp | null => {
    const { app } = addressOf(config, id);
    return app && { ...app, redirectUri: `${config.publicUrl}/oauth/${id}` };
  };

  const tokenParts = (tenant: TenantStore, { connector: id, baseUrl }: Installation, signal: AbortSignal) => {
    const connector = connectorOf(id);
    const { oauth, title } = connector;
    return { store: tenant, oauth, app: oauthAppOf(id), baseUrl, title, clock, signal, perCallMs: parts.perCallMs };
  };

  const openLine = async (id: InstallationId, request: LineRequest): Promise<OpenLine> => {
    const tenant = store.of(id);
    const installation = await tenant.getInstallation();
    const connector = connectorOf(installation.connector);
    const closing = new AbortController();
    const door = await openDoor({
      baseUrl: installation.baseUrl,
      limits: connector.limits,
      tokens: openTokens(tokenParts(tenant, installation, closing.signal)),
      calls: tenant.calls,
      timeZone: installation.facts.timeZone,
      isRolling: connector.dailyCalls === 'of-24-hours',
      clock,
      log: log.with({ installation: id }),
      signal: closing.signal,
      allowance: {
        share: config.dailyAllowance.share ?? DEFAULT_ALLOWANCE.share,
        floor: config.dailyAllowance.floor ?? DEFAULT_ALLOWANCE.floor,
      },
      knownDailyMax: (await readDailyCalls(tenant))?.max,
      unlimited: parts.unlimited,
      perCallMs: parts.perCallMs,
    });
    return {
      installation,
      runId: request.runId,
      runStartedAt: request.runStartedAt,
      acceptDeletions: request.acceptDeletions,
      connector,
      session: connector.open(door),
      store: tenant,
      connectorMapping:
        request.mapping === undefined
          ? await mappingFor(tenant, connector.id)
          : withOverride(mappingOf(connector.id), request.mapping),
      configuration: request.configuration ?? (await configurations.of(tenant)),
      accountUrl: (account) => accountPage(config.publicUrl, id, account),
      writeBack: toWriteBackChoice(await tenant.settings.get('write-back')),
      clock,
      log: log.with({ installation: id, run: request.runId }),
      signal: request.signal,
      progress: request.progress,
      calls: () => {
        const counts = [...door.counts()];
        return {
          perBucket: Object.fromEntries(counts.map(([bucket, { calls }]) => [bucket, calls])),
          rateLimited: counts.reduce((sum, [, { rateLimited }]) => sum + rateLimited, 0),
          daily: door.daily(),
        };
      },
      close: async () => {
        const daily = door.daily();
        if (daily !== null) await keepDailyCalls(tenant, daily);
        await door.close();
        closing.abort();
      },
    };
  };

  const noticeReceiverOf = (id: string) => {
    const connector = connectors.find((one) => one.id === id);
    const app = connector?.webhooks == null ? null : addressOf(config, id).app;
    if (connector?.webhooks == null || app === null) return null;
    const { ownPrefix } = connector.words;
    const { entities, writeBack } = mappingOf(id);
    const filledByPeople = new Set(
      (['account', 'deal', 'task'] as const).flatMap((section) =>
        writeBack[section]
          .filter(({ value }) => value === null)
          .map(({ name }) => `${entities[section].object}.${name}`),
      ),
    );
    return openNoticeReceiver(
      { store, clock },
      {
        connector: id,
        reader: connector.webhooks,
        secret: app.clientSecret,
        isOurs: (object, field) => field.startsWith(ownPrefix) && !filledByPeople.has(`${object}.${field}`),
      },
    );
  };

  /** What a card of this connector asks and says. */
  const cardsOf = (id: string): CardDoor | null => {
    const connector = connectors.find((one) => one.id === id);
    const secret = addressOf(config, id).app?.clientSecret;
    if (connector?.webhooks == null || secret === undefined) return null;
    const { webhooks, words } = connector;
    const questionOf = async (installation: Installation, object: string, record: string) => {
      const { facts } = installation;
      const tenant = store.of(installation.id);
      return {
        store: tenant,
        mapping: await compiledMappingOf(installation),
        object,
        id: record,
        today: dayOf(clock.now(), facts.timeZone),
        configuration: await configurationOf(tenant),
        recordUrl: (of: string, one: string) => words.recordUrl(facts, of, one),
      };
    };
    return {
      identify: (request) => {
        const outcome = webhooks.verify(request, secret, clock.now());
        const caller = outcome === 'genuine' ? webhooks.findCaller(request.url) : null;
        return outcome !== 'genuine' ? outcome : (caller ?? 'nobody');
      },
      read: async (installation, object, record) => readCard(await questionOf(installation, object, record)),
      rules: async (installation, object, record) => {
        const question = await questionOf(installation, object, record);
        const { today, configuration } = question;
        return { ...configuration.health.override, today, standing: await readStandingOverride(question) };
      },
      act: async (installation, object, record, act, by) => {
        const account = await findCardAccount(await questionOf(installation, object, record));
        const line = await openLine(installation.id, {
          runId: randomUUID(),
          runStartedAt: clock.now(),
          signal: new AbortController().signal,
          acceptDeletions: false,
          progress: () => undefined,
        });
        try {
          const defined = await defineLine(line);
          if (!(await actForPerson(defined, account, act, by))) return false;
          const noticed = { object: defined.mapping.accountObject, id: account, erases: false };
          await store.notices.add(id, [{ crmAccountId: installation.crmAccountId, ...noticed }], clock.now());
          return true;
        } finally {
          await line.close();
        }
      },
    };
  };

  /** A line to look with: nothing is written through it, so that nobody has to wait for it. */
  const withLook = async <T>(
    installation: Installation,
    request: Partial<LineRequest>,
    look: (line: OpenLine) => Promise<T>,
  ): Promise<T> => {
    const line = await openLine(installation.id, {
      runId: randomUUID(),
      runStartedAt: clock.now(),
      signal: new AbortController().signal,
      acceptDeletions: false,
      progress: () => undefined,
      ...request,
    });
    try {
      return await look(line);
    } finally {
      await line.close();
    }
  };
  const preview = (installation: Installation): Promise<PlanPreview> => withLook(installation, {}, previewPlan);
  const access = (installation: Installation): Promise<AccessCheck> => withLook(installation, {}, checkAccess);
  const scopesOf = async (installation: Installation): Promise<readonly ScopeLine[]> => {
    const asked = connectorOf(installation.connector).oauth.scopes ?? [];
    return toScopeLines(asked, await findGranted(store.of(installation.id)));
  };
  const consent: ConsentParts = {
    store,
    clock,
    log,
    sealer: openSealer(keychain, clock),
    signal: new AbortController().signal,
    findCrm: (id) => {
      const connector = connectors.find((one) => one.id === id);
      return connector === undefined
        ? null
        : { connector, app: oauthAppOf(id), baseUrl: addressOf(config, id).baseUrl };
    },
  };
  const signInLink = (id: InstallationId, person: Person): Promise<string> =>
    openSignInLink({ ...consent, publicUrl: config.publicUrl }, id, person);
  const leave = async (id: InstallationId, request: UninstallRequest): Promise<Undone | null> => {
    const { connector } = await store.of(id).getInstallation();
    return uninstallInstallation(runner, id, oauthAppOf(connector), request);
  };
  const recordUrl = (installation: Installation) => (account: AccountId) => {
    const connector = connectorOf(installation.connector);
    const { object } = mappingOf(connector.id).entities.account;
    return connector.words.recordUrl(installation.facts, object, account);
  };

  const configurationOf = (tenant: TenantStore): Promise<ModelConfiguration> => configurations.of(tenant);
  const usageConfigurationOf = async (tenant: TenantStore): Promise<UsageConfiguration> =>
    (await configurationOf(tenant)).usage;

  const runner = { store, clock, log, openLine };

  return {
    ...runner,
    compiledMappingOf,
    configurationOf,
    keepAlive: async (id, signal) => {
      const tenant = store.of(id);
      return keepAlive(tokenParts(tenant, await tenant.getInstallation(), signal));
    },
    connectWithToken: (id, token, signal, baseUrl) =>
      connectWithTokens(connectParts(id, signal), toStaticTokens(token, baseUrl)),
    connectWithCode: (id, app, code, signal, proof) => connectWithCode(connectParts(id, signal), app, code, proof),
    connectWithSigner: (id, signal) => connectWithSigner(connectParts(id, signal), oauthAppOf(id)),
    previewPlan: preview,
    previewConfiguration: (installation, configuration, { top, ...request }) =>
      withLook(installation, { ...request, configuration }, async (line) =>
        previewConfiguration(line, await configurationOf(line.store), top),
      ),
    checkAccess: access,
    scopesOf,
    signInLink,
    uninstall: leave,
    recordUrl,
    openQueue: ({ supervises }) => openQueue({ database, log, supervises }),
    serverParts: () => ({
      store,
      clock,
      log,
      webhooks: new Map(
        connectors.flatMap(({ id }) => {
          const receive = noticeReceiverOf(id);
          return receive === null ? [] : [[id, receive] as const];
        }),
      ),
      cards: new Map(
        connectors.flatMap(({ id }) => {
          const cards = cardsOf(id);
          return cards === null ? [] : [[id, cards] as const];
        }),
      ),
      signInLink: async ({ id }, { userId, email }) => {
        // The CRM signs for whoever asks from any of our cards: that somebody asked makes nobody an admin.
        const role = (await store.of(id).people.find(userId))?.role ?? 'viewer';
        return signInLink(id, { userId, name: email === '' ? null : email, role });
      },
      recordUrl,
      compiledMappingOf,
      previewPlan: preview,
      checkAccess: access,
      scopesOf,
      uninstall: leave,
      consent,
      crms: connectors.map(({ id }) => id),
      publicUrl: config.publicUrl,
      proxies: config.proxies,
      retentionDays: config.retentionDays,
      receiveUsage: (request) => receiveUsage({ store, clock, configurationOf: usageConfigurationOf }, request),
    }),
    resealSecrets: () => resealSecrets(database, keychain),
    close: () => store.close(),
  };
}

function toStaticTokens(token: Secret, baseUrl: string | undefined): Tokens {
  return { accessToken: token, refreshToken: null, expiresInS: null, baseUrl };
}

/** A connector's mapping files by name, without their ending. */
function readMapping(connector: string): Record<string, unknown> {
  const folder = new URL(`../mappings/${connector}/`, import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => {
      try {
        return [name.replace(/\.json$/, ''), JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown];
      } catch (error) {
        throw new HoldfastError({
          code: 'mapping-invalid',
          message: `mappings/${connector}/${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
          remedy: 'Mend the file, or take the original one back.',
          cause: error,
        });
      }
    }),
  );
}

function toWriteBackChoice(setting: unknown): WriteBackChoice {
  const chosen = typeof setting === 'object' && setting !== null ? setting : {};
  return { fields: parseFieldChoice('fields' in chosen ? chosen.fields : undefined) };
}

/** Address of an account's page; the server answers it to whoever is signed in. */
function accountPage(publicUrl: string, installation: InstallationId, account: AccountId): string {
  return `${publicUrl.replace(/\/$/, '')}/accounts/${encodeURIComponent(installation)}/${encodeURIComponent(account)}`;
}
