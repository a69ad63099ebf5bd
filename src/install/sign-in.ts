import { toInstallationId, type InstallationId } from '../core/model/ids.ts';
import type { Person } from '../ports/store.ts';
import { hashOneTime, makeOneTime } from './one-time.ts';
import { startSession, type SessionParts } from './sessions.ts';

const USE = 'sign-in link';
/** The person is on the way from the CRM's page to ours. */
const LIFETIME_S = 120;

/**
 * An address that signs this person in, once and within two minutes. For people whom the CRM has vouched for in a request
 * that it signed.
 */
export async function openSignInLink(
  parts: SessionParts & { readonly publicUrl: string },
  id: InstallationId,
  { userId, name, role }: Person,
): Promise<string> {
  const secret = makeOneTime();
  const at = parts.clock.now();
  const expiresAt = new Date(Date.parse(at) + LIFETIME_S * 1_000).toISOString();
  await parts.store.of(id).people.putLink(hashOneTime(secret), expiresAt, at);
  const claims = { installation: id, secret, userId, role, ...(name === null ? {} : { name }) };
  return `${parts.publicUrl}/sign-in/${await parts.sealer.seal(USE, claims, LIFETIME_S)}`;
}

/** Signs in by what stands behind `/sign-in/`; answers what the browser's cookie holds. Null for a link that is not good. */
export async function useSignInLink(parts: SessionParts, token: string): Promise<string | null> {
  const { installation, secret, userId, role, name } = (await parts.sealer.open(USE, token)) ?? {};
  if (installation === undefined || secret === undefined || userId === undefined) return null;
  const id = toInstallationId(installation);
  const { people, audit } = parts.store.of(id);
  const at = parts.clock.now();
  if (!(await people.takeLink(hashOneTime(secret), at))) return null;
  const person: Person = { userId, name: name ?? null, role: role === 'admin' ? 'admin' : 'viewer' };
  await people.put(person);
  await audit.add({
    at,
    actor: person.name ?? userId,
    action: 'signed-in',
    details: { by: 'link', role: person.role },
  });
  return startSession(parts, id, person);
}
