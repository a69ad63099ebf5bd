import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { InstallationId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { Database } from './database.ts';
import { isCertainlyGone, ownMark } from './running-mark.ts';

const LEASE_S = 60;
const RENEW_MS = 15_000;

/**
 * Runs `work` while this process alone holds the installation; null when another does. The database's clock counts, so the
 * clocks of the processes may differ. A process of this machine that was killed is not waited for. Throws `installation-busy` when the hold was lost meanwhile, because this process
 * stood still for longer than the lease.
 */
export async function whileHeld<T>(
  database: Database,
  id: InstallationId,
  holder: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | null> {
  const token = `${randomUUID()} ${ownMark()}`;
  const isHeld =
    (await take(database, id, token, holder)) ||
    ((await dropHoldOfGone(database, id)) && (await take(database, id, token, holder)));
  if (!isHeld) return null;
  // A renewal that fails is not yet a loss: there are three more before the lease ends, and the release tells.
  const renewals = setInterval(() => void take(database, id, token, holder).catch(() => undefined), RENEW_MS);
  try {
    const value = await work();
    if (!(await release(database, id, token))) {
      throw new HoldfastError({
        code: 'installation-busy',
        message: `The work of ${holder} on ${id} took so long without a sign of life that another process took over.`,
        remedy:
          'Nothing is lost: the other process goes on from the last stored page. Check that this machine is not overloaded.',
        context: { installation: id },
      });
    }
    return { value };
  } catch (error) {
    await release(database, id, token).catch(() => {
      // The work's own failure is the one to tell; the lease ends by itself.
    });
    throw error;
  } finally {
    clearInterval(renewals);
  }
}

async function take(database: Database, id: InstallationId, token: string, holder: string): Promise<boolean> {
  return await database.inInstallation(id, async (scope) => {
    const { rows } = await sql`
      insert into holdfast.hold as h (installation_id, token, holder, expires_at)
      values (${id}, ${token}, ${holder}, now() + make_interval(secs => ${LEASE_S}))
      on conflict (installation_id) do update
        set token = excluded.token, holder = excluded.holder, expires_at = excluded.expires_at
        where h.token = excluded.token or h.expires_at < now()
      returning token
    `.execute(scope);
    return rows.length > 0;
  });
}

/** Drops the hold of a process that has certainly ended; true when there was one. */
async function dropHoldOfGone(database: Database, id: InstallationId): Promise<boolean> {
  return await database.inInstallation(id, async (scope) => {
    const held = await scope.selectFrom('holdfast.hold').select('token').executeTakeFirst();
    if (held === undefined || !isCertainlyGone(held.token.slice(held.token.indexOf(' ') + 1))) return false;
    const { numDeletedRows } = await scope
      .deleteFrom('holdfast.hold')
      .where('token', '=', held.token)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** False when the hold was no longer ours. */
async function release(database: Database, id: InstallationId, token: string): Promise<boolean> {
  return await database.inInstallation(id, async (scope) => {
    const { numDeletedRows } = await scope.deleteFrom('holdfast.hold').where('token', '=', token).executeTakeFirst();
    return numDeletedRows > 0n;
  });
}
