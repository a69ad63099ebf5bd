import type { Identity, OAuthApp, Proof, Signer, Tokens } from '../../connectors/contract/auth.ts';
import type { Connector } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { HoldfastError } from '../errors.ts';
import { openDoor } from '../limits/door.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Installation, Store } from '../ports/store.ts';
import { forgetFailures } from './failures.ts';
import { keepGranted } from './granted.ts';
import { forgetLost } from './retention.ts';
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
  return connect(parts, tokens, { signer: null, consent: null });
}

/** Connects by tokens of which the CRM has said who consented to them. */
export async function connectWithConsent(
  parts: ConnectParts,
  tokens: Tokens,
  consent: Identity | null,
): Promise<Installation> {
  return connect(parts, tokens, { signer: null, consent });
}

/** Finishes an OAuth installation: exchanges the code that the CRM sent the admin's browser back with. */
export async function connectWithCode(
  parts: ConnectParts,
  app: OAuthApp,
  code: string,
  proof?: Proof,
): Promise<Installation> {
  const { oauth } = parts.connector;
  const tokens = await oauth.exchangeCode(app, parts.baseUrl, code, inTime(parts), proof);
  return connect(parts, tokens, { signer: null, consent: null });
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
  const tokens = await oauth.signIn(app, app.signer, parts.baseUrl, parts.clock.now(), inTime(parts));
  return connect(parts, tokens, { signer: app.signer, consent: null });
}

interface Ways {
  /** With what the server signs in by itself. */
  readonly signer: Signer | null;
  /** Who has consented; null where nobody was asked. */
  readonly consent: Identity | null;
}

async function connect(parts: ConnectParts, tokens: Tokens, { signer, consent }: Ways): Promise<Installation> {
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
    if (consent !== null && consent.accountId !== facts.accountId) {
      throw new ConnectorError({
        code: 'response-unexpected',
        message: `${connector.title} says that the token is for account ${facts.accountId}, and that account ${consent.accountId} consented.`,
        remedy: 'Begin the installation again.',
      });
    }
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
    await forgetLost(tenant);
    await keepGranted(tenant, consent?.scopes ?? null);
    const actor = consent?.name ?? consent?.userId ?? 'admin';
    await tenant.audit.add({ at, actor, action: 'connected', details: { connector: connector.id, baseUrl } });
    return await tenant.getInstallation();
  } finally {
    await door.close();
  }
}

/** A token endpoint that does not answer must not hold up the admin for ever. */
export function inTime({ signal }: Pick<ConnectParts, 'signal'>): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TOKEN_CALL_MS)]);
}
