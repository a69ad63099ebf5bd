import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '../../../connectors/contract/auth.ts';
import type { Instant } from '../../core/model/calendar-date.ts';
import { toInstallationId, type InstallationId } from '../../core/model/ids.ts';
import type { Store, TenantStore } from '../../ports/store.ts';

const KEY_BYTES = 24;
const HINT_LENGTH = 6;

/** A new write key, shown once: what is stored is its hash. Products send usage with it. */
export async function makeUsageKey(
  store: TenantStore,
  at: Instant,
  actor: string,
): Promise<{ readonly key: Secret; readonly hint: string }> {
  // The installation's name is part of the key, so that looking it up opens no other customer's rows.
  const key = `${store.id}.${randomBytes(KEY_BYTES).toString('base64url')}`;
  const hint = key.slice(-HINT_LENGTH);
  await store.signals.addKey({ hash: hashOf(key), hint, at });
  await store.audit.add({ at, actor, action: 'usage-key-made', details: { hint } });
  return { key: new Secret(key), hint };
}

/** Ends one write key (by the last letters that lists show), or all of them. Answers how many ended. */
export async function revokeUsageKeys(
  store: TenantStore,
  hint: string | null,
  at: Instant,
  actor: string,
): Promise<number> {
  const ended = await store.signals.revokeKeys(hint, at);
  await store.audit.add({ at, actor, action: 'usage-key-revoked', details: { hint, ended } });
  return ended;
}

/** The installation that a write key belongs to; null when it is none of ours or has ended. */
export async function findByUsageKey(store: Store, key: string): Promise<InstallationId | null> {
  // Whoever sends may write anything in the place of a key: the database is asked of what looks like one.
  const name = /^([\w-]{1,100})\.[\w-]{32}$/.exec(key)?.[1];
  if (name === undefined) return null;
  const id = toInstallationId(name);
  return (await store.of(id).signals.isKey(hashOf(key))) ? id : null;
}

/** Enough for a key of 192 random bits: there is nothing to guess that a slow hash would protect. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
