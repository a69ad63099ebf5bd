import { createHmac, randomBytes } from 'node:crypto';
import { Secret } from '../../../connectors/contract/auth.ts';
import type { TenantStore } from '../../ports/store.ts';

const SALT = 'usage-salt';

/**
 * Makes hashes of user and message ids: 32 hexadecimal digits, always the same for one installation and of no use to any
 * other. Nobody is named in what is kept of usage.
 */
export async function openPseudonyms(store: TenantStore): Promise<(id: string) => string> {
  const salt = (await store.secrets.get(SALT)) ?? (await makeSalt(store));
  const known = new Map<string, string>();
  return (id) => {
    const made = known.get(id);
    if (made !== undefined) return made;
    const hash = createHmac('sha256', salt.reveal()).update(id).digest('hex').slice(0, 32);
    known.set(id, hash);
    return hash;
  };
}

async function makeSalt(store: TenantStore): Promise<Secret> {
  await store.secrets.put(SALT, new Secret(randomBytes(32).toString('base64')));
  // Read back: of two processes that begin at once, one has had the last word.
  return (await store.secrets.get(SALT)) ?? makeSalt(store);
}
