import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';
import { askForRun } from './asked-run.ts';

/** Nothing is read or written until somebody lets it go on. An installation that is lost stays so. */
export async function pause(store: TenantStore, clock: Clock, actor: string): Promise<void> {
  const { status } = await store.getInstallation();
  if (status !== 'active') return;
  await store.updateInstallation({ status: 'paused', statusReason: `Paused by ${actor}.` });
  await store.audit.add({ at: clock.now(), actor, action: 'paused', details: {} });
}

/** Lets a paused installation go on, at once. One that is lost has to be connected again. */
export async function resume(store: TenantStore, clock: Clock, actor: string): Promise<void> {
  const { status } = await store.getInstallation();
  if (status !== 'paused') return;
  const at = clock.now();
  await store.updateInstallation({ status: 'active', statusReason: null });
  await askForRun(store, at);
  await store.audit.add({ at, actor, action: 'resumed', details: {} });
}
