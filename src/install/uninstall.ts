import type { OAuth, OAuthApp } from '../../connectors/contract/auth.ts';
import type { CrmSession } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';
import { noteLost } from './retention.ts';
import { dropTokens, findRefreshToken, TOKEN_CALL_MS } from './tokens.ts';

export interface UninstallParts {
  readonly store: TenantStore;
  readonly session: CrmSession;
  readonly oauth: OAuth;
  readonly app: OAuthApp | null;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Leaves a customer's account: removes the app there as far as the CRM lets an app do that, forgets all tokens and signs
 * everybody out. What was read and chosen is kept for when it comes back, as long as data of lost accounts is kept.
 *
 * What Holdfast has written in the CRM stays, unless it was undone before.
 */
export async function uninstall(parts: UninstallParts, actor: string): Promise<void> {
  const { store, session, oauth, app, clock } = parts;
  const refreshToken = await findRefreshToken(store);
  // An access that was given by a token or a key was given by hand, and is taken away by hand.
  if (refreshToken !== null) {
    await unlessGone(async () => session.uninstall?.());
    const signal = AbortSignal.any([parts.signal, AbortSignal.timeout(TOKEN_CALL_MS)]);
    if (app !== null) await oauth.revoke?.(app, parts.baseUrl, refreshToken, signal);
  }
  const at = clock.now();
  await dropTokens(store);
  await noteLost(store, at);
  await store.updateInstallation({ status: 'lost', statusReason: `Uninstalled by ${actor}.` });
  await store.audit.add({ at, actor, action: 'uninstalled', details: { isRemovedThere: refreshToken !== null } });
  await store.people.endSessions(null);
}

/** Whoever was before us has done it. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'access-revoked') throw error;
  }
}
