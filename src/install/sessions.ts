import { createHash, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../core/model/calendar-date.ts';
import { toInstallationId, type InstallationId } from '../core/model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Person, Store } from '../ports/store.ts';
import { hashOneTime, makeOneTime } from './one-time.ts';

const USE = 'web session';
const HOUR_MS = 3_600_000;
/** A session that nobody uses ends. */
const IDLE_MS = 12 * HOUR_MS;
/** And any session does after this long: the CRM is asked anew who this is (OWASP ASVS 3.3.2, level 1). */
const LONGEST_MS = 30 * 24 * HOUR_MS;
/** That it was used is noted no more often. */
const NOTE_MS = 5 * 60_000;

export interface SessionParts {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** A person who is signed in, for one installation and no other. */
export interface Session extends Person {
  readonly installation: InstallationId;
  readonly hash: string;
  /** What every form of this session carries. */
  readonly formToken: string;
}

/** Begins a session; answers what the browser's cookie holds. */
export async function startSession(parts: SessionParts, id: InstallationId, person: Person): Promise<string> {
  const { people } = parts.store.of(id);
  const at = parts.clock.now();
  const secret = makeOneTime();
  await people.endSessions(before(at, IDLE_MS));
  await people.beginSession({ ...person, hash: hashOneTime(secret), at });
  return parts.sealer.seal(USE, { installation: id, secret }, LONGEST_MS / 1_000);
}

/** Null for a cookie that is none of ours, and for a session that has ended. */
export async function readSession(parts: SessionParts, cookie: string): Promise<Session | null> {
  const claims = await parts.sealer.open(USE, cookie);
  const { installation: named, secret } = claims ?? {};
  if (named === undefined || secret === undefined) return null;
  const installation = toInstallationId(named);
  const { people } = parts.store.of(installation);
  const hash = hashOneTime(secret);
  const found = await people.findSession(hash);
  const at = parts.clock.now();
  if (found === null || found.seenAt < before(at, IDLE_MS) || found.beganAt < before(at, LONGEST_MS)) return null;
  if (found.seenAt < before(at, NOTE_MS)) await people.markSeen(hash, at);
  const { userId, name, role } = found;
  return { installation, userId, name, role, hash, formToken: toFormToken(secret) };
}

/** Whether a form was made for this session. */
export function isFormOf(session: Session, given: string): boolean {
  const [one, other] = [Buffer.from(session.formToken), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** From what no other page can read; it tells nothing of it. */
function toFormToken(secret: string): string {
  return createHash('sha256').update(`form ${secret}`).digest('base64url');
}

function before(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) - ms).toISOString();
}
