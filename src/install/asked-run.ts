import type { Instant } from '../core/model/calendar-date.ts';
import type { TenantStore } from '../ports/store.ts';
import { forgetFailures } from './failures.ts';

/** The setting that says when a person last asked for a run. */
const ASKED = 'run-asked-at';

/** A person wants the next run now, not when its time has come. */
export async function askForRun(store: TenantStore, at: Instant): Promise<void> {
  await store.settings.put(ASKED, at);
  await forgetFailures(store);
}

/** When a person last asked for a run; null when nobody has. */
export async function findAskedRun(store: TenantStore): Promise<Instant | null> {
  const at = await store.settings.get(ASKED);
  return typeof at === 'string' ? at : null;
}
