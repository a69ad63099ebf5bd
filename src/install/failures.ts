import type { Instant } from '../core/model/calendar-date.ts';
import type { TenantStore } from '../ports/store.ts';

const COUNT = 'failed-runs';
const NEXT_ATTEMPT = 'next-attempt-at';

/** How many runs in a row have failed. */
export async function countFailures(store: TenantStore): Promise<number> {
  const count = await store.settings.get(COUNT);
  return typeof count === 'number' ? count : 0;
}

/** One more run has failed; nothing is tried before `nextAttemptAt`, null for no such time. */
export async function noteFailure(store: TenantStore, nextAttemptAt: Instant | null): Promise<void> {
  await store.settings.put(COUNT, (await countFailures(store)) + 1);
  if (nextAttemptAt !== null) await store.settings.put(NEXT_ATTEMPT, nextAttemptAt);
}

/** When an installation whose last run failed may be tried again; null when at once. */
export async function findNextAttempt(store: TenantStore): Promise<Instant | null> {
  const at = await store.settings.get(NEXT_ATTEMPT);
  return typeof at === 'string' ? at : null;
}

/** All is well again, or an admin has acted. */
export async function forgetFailures(store: TenantStore): Promise<void> {
  await store.settings.drop(COUNT);
  await store.settings.drop(NEXT_ATTEMPT);
}
