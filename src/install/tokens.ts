import type { OAuth, OAuthApp, Secret, Signer, Tokens } from '../../connectors/contract/auth.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { TokenSource } from '../limits/door.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';

/** Names under which an installation's secrets are kept. */
const ACCESS = 'access-token';
const REFRESH = 'refresh-token';
const EXPIRY = 'token-expires-at';
/** The setting that says when the CRM last gave out tokens. */
const RENEWED = 'token-renewed-at';
/** The setting that names the user in whose name the server signs in by itself, for installations without a refresh token. */
const SIGNED_IN_AS = 'signed-in-as';

/** A token this close to its end is refreshed before it is used. HubSpot counts every 401 against the app. */
const REFRESH_AHEAD_MS = 5 * 60_000;

/** A token endpoint that does not answer must not hold up the work for ever. */
export const TOKEN_CALL_MS = 60_000;
/**
 * A refresh token that is not used for 30 days ends (Salesforce), while the access token of a busy installation may live
 * on all that time: so it is used once a week, needed or not.
 */
const HEARTBEAT_MS = 7 * 86_400_000;
/** The setting that says when a heartbeat was last tried, and how long one that failed is left alone. */
const BEAT_TRIED = 'token-beat-tried-at';
const BEAT_AGAIN_MS = 3_600_000;

export interface TokenSourceParts {
  readonly store: TenantStore;
  readonly oauth: OAuth;
  /** Null when the app's OAuth is not configured; then only static tokens work. */
  readonly app: OAuthApp | null;
  readonly baseUrl: string;
  readonly title: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long a refresh may take, its answer included. Default 60 s. */
  readonly perCallMs?: number | undefined;
}

/** Stores tokens as an exchange or a refresh returned them, the refresh token first: a lost one cannot be had again. */
async function keepTokens(store: TenantStore, tokens: Tokens, now: string): Promise<void> {
  if (tokens.refreshToken !== null) await store.secrets.put(REFRESH, tokens.refreshToken);
  await store.secrets.put(ACCESS, tokens.accessToken);
  const expiresAt =
    tokens.expiresInS === null ? '' : new Date(Date.parse(now) + tokens.expiresInS * 1000).toISOString();
  await store.settings.put(EXPIRY, expiresAt);
  await store.settings.put(RENEWED, now);
}

/** Keeps the tokens of a new connection, and how it goes on: by its refresh token, by the signer, or not at all. */
export async function replaceTokens(
  store: TenantStore,
  tokens: Tokens,
  signer: Pick<Signer, 'username'> | null,
  now: string,
): Promise<void> {
  await keepTokens(store, tokens, now);
  if (tokens.refreshToken === null) await store.secrets.drop(REFRESH);
  if (signer === null) await store.settings.drop(SIGNED_IN_AS);
  else await store.settings.put(SIGNED_IN_AS, signer.username);
}

/** The token that came of an admin's consent; null where access was given otherwise, or is gone. */
export function findRefreshToken(store: TenantStore): Promise<Secret | null> {
  return store.secrets.get(REFRESH);
}

/** Forgets every token of the installation. */
export async function dropTokens(store: TenantStore): Promise<void> {
  await store.secrets.drop(ACCESS);
  await store.secrets.drop(REFRESH);
  await store.settings.drop(EXPIRY);
  await store.settings.drop(RENEWED);
  await store.settings.drop(SIGNED_IN_AS);
}

interface CurrentToken {
  readonly token: Secret;
  /** Epoch milliseconds from which it is renewed before it is used; NaN when it is used until it is refused. */
  readonly dueAt: number;
}

/** The tokens of one installation. Only its holder may use it, so one refresh at a time in process is one in all. */
export function openTokens(parts: TokenSourceParts): TokenSource {
  let current: CurrentToken | null = null;
  let refreshing: Promise<Secret> | null = null;
  let { baseUrl } = parts;

  const load = async (): Promise<CurrentToken> => {
    const { secrets, settings } = parts.store;
    const token = await secrets.get(ACCESS);
    if (token === null) throw revoked(parts.title, 'no token is stored');
    const expiresAt = Date.parse(String(await settings.get(EXPIRY)));
    const renewedAt = Date.parse(String(await settings.get(RENEWED)));
    const beatAt = (await secrets.get(REFRESH)) === null ? Number.NaN : renewedAt + HEARTBEAT_MS;
    // What is not known is NaN, which no comparison with now holds for.
    const dueAt = Number.isNaN(expiresAt) ? beatAt : expiresAt - REFRESH_AHEAD_MS;
    return { token, dueAt };
  };

  const fetchTokens = async (): Promise<Tokens> => {
    const { oauth, app, title } = parts;
    const signal = AbortSignal.any([parts.signal, AbortSignal.timeout(parts.perCallMs ?? TOKEN_CALL_MS)]);
    const refreshToken = await parts.store.secrets.get(REFRESH);
    if (refreshToken !== null) {
      if (app === null) throw unconfigured(title);
      return oauth.refresh(app, baseUrl, refreshToken, signal);
    }
    const username = await parts.store.settings.get(SIGNED_IN_AS);
    if (typeof username !== 'string' || oauth.signIn === undefined) {
      throw revoked(title, 'the token was refused and cannot be refreshed');
    }
    if (app?.signer === undefined) throw unconfigured(title);
    return oauth.signIn(app, { ...app.signer, username }, baseUrl, parts.clock.now(), signal);
  };

  const refresh = (): Promise<Secret> => {
    refreshing ??= (async () => {
      const tokens = await fetchTokens();
      await keepTokens(parts.store, tokens, parts.clock.now());
      if (tokens.baseUrl !== undefined && tokens.baseUrl !== baseUrl) {
        baseUrl = tokens.baseUrl;
        await parts.store.updateInstallation({ baseUrl });
      }
      current = await load();
      return current.token;
    })().finally(() => {
      refreshing = null;
    });
    return refreshing;
  };

  return {
    get: async () => {
      current ??= await load();
      return current.dueAt < Date.parse(parts.clock.now()) ? refresh() : current.token;
    },
    renew: async (refused) => {
      // Another call may have renewed it while this one was on its way.
      if (current !== null && !current.token.isSame(refused)) return current.token;
      return refresh();
    },
    baseUrl: () => baseUrl,
  };
}

/**
 * Renews the tokens of an installation that makes no calls, once a week, since a refresh token that nobody uses ends. Answers
 * whether it did. A heartbeat that failed is tried again after an hour. Throws what a refresh throws.
 */
export async function keepAlive(parts: TokenSourceParts): Promise<boolean> {
  const { secrets, settings } = parts.store;
  const token = await secrets.get(ACCESS);
  if (token === null || (await secrets.get(REFRESH)) === null) return false;
  const now = Date.parse(parts.clock.now());
  const renewedAt = Date.parse(String(await settings.get(RENEWED)));
  const triedAt = Date.parse(String(await settings.get(BEAT_TRIED)));
  if (renewedAt + HEARTBEAT_MS > now || triedAt + BEAT_AGAIN_MS > now) return false;
  await settings.put(BEAT_TRIED, parts.clock.now());
  await openTokens(parts).renew(token);
  return true;
}

function unconfigured(title: string): ConnectorError {
  const prefix = title.toUpperCase();
  return new ConnectorError({
    code: 'access-revoked',
    message: `The ${title} token has to be refreshed, but the app that was installed is not configured.`,
    remedy: `Set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET (or the key) to those of the app that was installed.`,
  });
}

function revoked(title: string, reason: string): ConnectorError {
  return new ConnectorError({
    code: 'access-revoked',
    message: `${title} no longer lets Holdfast in: ${reason}.`,
    remedy: `Connect the account again with 'holdfast connect'. Its data and settings are kept.`,
  });
}
