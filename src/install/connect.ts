import type { OAuthApp, Tokens } from '../../connectors/contract/auth.ts';
import type { Connector } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { openDoor } from '../limits/door.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Installation, Store } from '../ports/store.ts';
import { forgetFailures } from './failures.ts';
import { keepTokens, TOKEN_CALL_MS } from './tokens.ts';

export interface ConnectParts {
  readonly store: Store;
  readonly connector: Connector;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Connects a CRM account by tokens that it gave out: asks it who it is, and keeps the tokens sealed. An account that was
 * connected before finds its data and its choices again.
 */
export async function connectWithTokens(parts: ConnectParts, tokens: Tokens): Promise<Installation> {
  const { store, connector, baseUrl, clock } = parts;
  const door = await openDoor({
    baseUrl,
    limits: connector.limits,
    tokens: {
      get: async () => tokens.accessToken,
      renew: async () => {
        throw new ConnectorError({
          code: 'access-revoked',
          message: `${connector.title} at ${baseUrl} does not accept the access token.`,
          remedy: 'Copy the token again from the app in the CRM, and see that it was not revoked.',
        });
      },
    },
    calls: null,
    timeZone: 'utc',
    clock,
    log: parts.log,
    signal: parts.signal,
  });
  try {
    const facts = await connector.open(door).whoAmI();
    const at = clock.now();
    const installation = await store.installations.register({
      connector: connector.id,
      crmAccountId: facts.accountId,
      baseUrl,
      facts,
      at,
    });
    const tenant = store.of(installation.id);
    await keepTokens(tenant, tokens, at);
    await tenant.updateInstallation({ status: 'active', statusReason: null });
    await forgetFailures(tenant);
    await tenant.audit.add({ at, actor: 'admin', action: 'connected', details: { connector: connector.id, baseUrl } });
    return await tenant.getInstallation();
  } finally {
    await door.close();
  }
}

/** Finishes an OAuth installation: exchanges the code that the CRM sent the admin's browser back with. */
export async function connectWithCode(parts: ConnectParts, app: OAuthApp, code: string): Promise<Installation> {
  const signal = AbortSignal.any([parts.signal, AbortSignal.timeout(TOKEN_CALL_MS)]);
  const tokens = await parts.connector.oauth.exchangeCode(app, parts.baseUrl, code, signal);
  return connectWithTokens(parts, tokens);
}
