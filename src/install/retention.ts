import type { Instant } from '../core/model/calendar-date.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store, TenantStore } from '../ports/store.ts';

/** The setting that says since when the CRM no longer lets us in. */
const LOST = 'lost-at';
const DAY_MS = 86_400_000;

/** From now on the data of this installation is only kept for when it comes back. */
export async function noteLost(store: TenantStore, at: Instant): Promise<void> {
  if ((await findLost(store)) === null) await store.settings.put(LOST, at);
}

/** It has come back. */
export async function forgetLost(store: TenantStore): Promise<void> {
  await store.settings.drop(LOST);
}

/** Since when it is lost; null while it is not. */
export async function findLost(store: TenantStore): Promise<Instant | null> {
  const at = await store.settings.get(LOST);
  return typeof at === 'string' ? at : null;
}

/**
 * Deletes everything of installations that have been lost for longer than data is kept. Answers how many went.
 */
export async function purgeLost(
  parts: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  retentionDays: number,
): Promise<number> {
  const now = parts.clock.now();
  let purged = 0;
  for (const { id, status } of await parts.store.installations.list()) {
    if (status !== 'lost') continue;
    const store = parts.store.of(id);
    const lostAt = await findLost(store);
    if (lostAt === null) await noteLost(store, now);
    else if (Date.parse(now) - Date.parse(lostAt) >= retentionDays * DAY_MS) {
      await store.forget();
      purged += 1;
      parts.log.info({ installation: id, lostAt }, 'the data of an uninstalled account was deleted');
    }
  }
  return purged;
}
