import type { OAuthApp, Proof, Signer, Tokens } from '../../connectors/contract/auth.ts';
import type { Connector } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { HoldfastError } from '../errors.ts';
import { openDoor } from '../limits/door.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Installation, Store } from '../ports/store.ts';
import { forgetFailures } from './failures.ts';
import { replaceTokens, TOKEN_CALL_MS } from './tokens.ts';

export interface ConnectParts {
  readonly store: Store;
  readonly connector: Connector;
  /** Where tokens are asked for, and where the API is unless the tokens say otherwise. */
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
  return connect(parts, tokens, null);
}

/** Finishes an OAuth installation: exchanges the code that the CRM sent the admin's browser back with. */
export async function connectWithCode(
  parts: ConnectParts,
  app: OAuthApp,
  code: string,
  proof?: Proof,
): Promise<Installation> {
  const { oauth } = parts.connector;
  return connect(parts, await oauth.exchangeCode(app, parts.baseUrl, code, inTime(parts), proof), null);
}

/**
 * Connects a CRM account in which the server signs in by itself.
 *
 * Errors: `config-invalid` when the connector knows no such way or the app has no signer.
 */
export async function connectWithSigner(parts: ConnectParts, app: OAuthApp | null): Promise<Installation> {
  const { oauth, title } = parts.connector;
  if (oauth.signIn === undefined || app?.signer === undefined) {
    throw new HoldfastError({
      code: 'config-invalid',
      message: `There is no key to sign in to ${title} with.`,
      remedy: `Set the key and the user for ${title}, or connect by an access token.`,
    });
  }
  return connect(
    parts,
    await oauth.signIn(app, app.signer, parts.baseUrl, parts.clock.now(), inTime(parts)),
    app.signer,
  );
}

async function connect(parts: ConnectParts, tokens: Tokens, signer: Signer | null): Promise<Installation> {
  const { store, connector, clock } = parts;
  const baseUrl = tokens.baseUrl ?? parts.baseUrl;
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
    await replaceTokens(tenant, tokens, signer, at);
    await tenant.updateInstallation({ status: 'active', statusReason: null });
    await forgetFailures(tenant);
    await tenant.audit.add({ at, actor: 'admin', action: 'connected', details: { connector: connector.id, baseUrl } });
    return await tenant.getInstallation();
  } finally {
    await door.close();
  }
}

/** A token endpoint that does not answer must not hold up the admin for ever. */
function inTime({ signal }: ConnectParts): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TOKEN_CALL_MS)]);
}
