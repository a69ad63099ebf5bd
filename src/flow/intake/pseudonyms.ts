import { createHmac, randomBytes } from 'node:crypto';
import { Secret } from '../../../connectors/contract/auth.ts';
import type { TenantStore } from '../../ports/store.ts';

const SALT = 'usage-salt';

/**
 * Makes hashes of user and message ids: 32 hexadecimal digits, always the same for one installation and of no use to any
 * other. Nobody is named in what is kept of usage.
 */
export async function openPseudonyms(store: TenantStore): Promise<(id: string) => string> {
  const salt = (await store.secrets.get(SALT)) ?? (await store.secrets.putFirst(SALT, makeSalt()));
  const known = new Map<string, string>();
  return (id) => {
    const made = known.get(id);
    if (made !== undefined) return made;
    const hash = createHmac('sha256', salt.reveal()).update(id).digest('hex').slice(0, 32);
    known.set(id, hash);
    return hash;
  };
}

function makeSalt(): Secret {
  return new Secret(randomBytes(32).toString('base64'));
}
