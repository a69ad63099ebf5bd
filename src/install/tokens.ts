import type { OAuth, OAuthApp, Secret, Tokens } from '../../connectors/contract/auth.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { TokenSource } from '../limits/door.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';

/** Names under which an installation's secrets are kept. */
const ACCESS = 'access-token';
const REFRESH = 'refresh-token';
const EXPIRY = 'token-expires-at';

/** A token this close to its end is refreshed before it is used. HubSpot counts every 401 against the app. */
const REFRESH_AHEAD_MS = 5 * 60_000;

/** A token endpoint that does not answer must not hold up the work for ever. */
export const TOKEN_CALL_MS = 60_000;

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
export async function keepTokens(store: TenantStore, tokens: Tokens, now: string): Promise<void> {
  if (tokens.refreshToken !== null) await store.secrets.put(REFRESH, tokens.refreshToken);
  await store.secrets.put(ACCESS, tokens.accessToken);
  const expiresAt =
    tokens.expiresInS === null ? '' : new Date(Date.parse(now) + tokens.expiresInS * 1000).toISOString();
  await store.settings.put(EXPIRY, expiresAt);
}

/** Forgets every token of the installation. */
export async function dropTokens(store: TenantStore): Promise<void> {
  await store.secrets.drop(ACCESS);
  await store.secrets.drop(REFRESH);
  await store.settings.drop(EXPIRY);
}

/** The tokens of one installation. Only its holder may use it, so one refresh at a time in process is one in all. */
export function openTokens(parts: TokenSourceParts): TokenSource {
  let current: { readonly token: Secret; readonly expiresAt: string } | null = null;
  let refreshing: Promise<Secret> | null = null;

  const load = async (): Promise<{ readonly token: Secret; readonly expiresAt: string }> => {
    const token = await parts.store.secrets.get(ACCESS);
    if (token === null) throw revoked(parts.title, 'no token is stored');
    const expiresAt = await parts.store.settings.get(EXPIRY);
    return { token, expiresAt: typeof expiresAt === 'string' ? expiresAt : '' };
  };

  const refresh = (): Promise<Secret> => {
    refreshing ??= (async () => {
      const refreshToken = await parts.store.secrets.get(REFRESH);
      if (refreshToken === null) throw revoked(parts.title, 'the token was refused and cannot be refreshed');
      if (parts.app === null) {
        throw new ConnectorError({
          code: 'access-revoked',
          message: `The ${parts.title} token has to be refreshed, but the app's client id and secret are not configured.`,
          remedy: 'Set HUBSPOT_CLIENT_ID and HUBSPOT_CLIENT_SECRET to those of the app that was installed.',
        });
      }
      const inTime = AbortSignal.timeout(parts.perCallMs ?? TOKEN_CALL_MS);
      const signal = AbortSignal.any([parts.signal, inTime]);
      const tokens = await parts.oauth.refresh(parts.app, parts.baseUrl, refreshToken, signal);
      const now = parts.clock.now();
      await keepTokens(parts.store, tokens, now);
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
      const isEnding =
        current.expiresAt !== '' && Date.parse(current.expiresAt) - Date.parse(parts.clock.now()) < REFRESH_AHEAD_MS;
      return isEnding ? refresh() : current.token;
    },
    renew: async (refused) => {
      // Another call may have renewed it while this one was on its way.
      if (current !== null && !current.token.isSame(refused)) return current.token;
      return refresh();
    },
  };
}

function revoked(title: string, reason: string): ConnectorError {
  return new ConnectorError({
    code: 'access-revoked',
    message: `${title} no longer lets Holdfast in: ${reason}.`,
    remedy: `Connect the account again with 'holdfast connect'. Its data and settings are kept.`,
  });
}
