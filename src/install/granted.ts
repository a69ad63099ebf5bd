import { z } from 'zod';
import type { TenantStore } from '../ports/store.ts';

/** The setting that holds the names of what the admin granted. */
const GRANTED = 'granted-scopes';

/** Keeps what the CRM says was granted; null where it does not say. */
export async function keepGranted(store: TenantStore, scopes: readonly string[] | null): Promise<void> {
  if (scopes === null) await store.settings.drop(GRANTED);
  else await store.settings.put(GRANTED, scopes);
}

/** Null where the CRM has not said. */
export async function findGranted(store: TenantStore): Promise<readonly string[] | null> {
  const parsed = z.array(z.string()).safeParse(await store.settings.get(GRANTED));
  return parsed.success ? parsed.data : null;
}
