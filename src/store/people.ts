import type { InstallationId } from '../core/model/ids.ts';
import type { PeopleStore, Role } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableText } from './json.ts';

export function openPeople(database: Database, installation: InstallationId): PeopleStore {
  return {
    put: ({ userId, name, role }) =>
      database.inInstallation(installation, async (scope) => {
        const known = { name: name === null ? null : toStorableText(name), role };
        await scope
          .insertInto('holdfast.person')
          .values({ installation_id: installation, user_id: userId, ...known })
          .onConflict((conflict) => conflict.columns(['installation_id', 'user_id']).doUpdateSet(known))
          .execute();
      }),
    find: (userId) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.person')
          .selectAll()
          .where('user_id', '=', userId)
          .executeTakeFirst();
        return row === undefined ? null : { userId, name: row.name, role: toRole(row.role) };
      }),

    beginSession: ({ hash, userId, name, role, at }) =>
      database.inInstallation(installation, async (scope) => {
        await scope
          .insertInto('holdfast.web_session')
          .values({
            installation_id: installation,
            session_hash: hash,
            user_id: userId,
            name: name === null ? null : toStorableText(name),
            role,
            began_at: new Date(at),
            seen_at: new Date(at),
          })
          .execute();
      }),
    findSession: (hash) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.web_session')
          .selectAll()
          .where('session_hash', '=', hash)
          .executeTakeFirst();
        if (row === undefined) return null;
        return {
          hash,
          userId: row.user_id,
          name: row.name,
          role: toRole(row.role),
          beganAt: row.began_at.toISOString(),
          seenAt: row.seen_at.toISOString(),
        };
      }),
    markSeen: (hash, at) =>
      database.inInstallation(installation, async (scope) => {
        await scope
          .updateTable('holdfast.web_session')
          .set({ seen_at: new Date(at) })
          .where('session_hash', '=', hash)
          .execute();
      }),
    endSession: (hash) =>
      database.inInstallation(installation, async (scope) => {
        await scope.deleteFrom('holdfast.web_session').where('session_hash', '=', hash).execute();
      }),
    endSessions: (seenBefore) =>
      database.inInstallation(installation, async (scope) => {
        const { numDeletedRows } = await scope
          .deleteFrom('holdfast.web_session')
          .$if(seenBefore !== null, (query) => query.where('seen_at', '<', new Date(seenBefore ?? 0)))
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),

    putLink: (hash, expiresAt, at) =>
      database.inInstallation(installation, async (scope) => {
        await scope.deleteFrom('holdfast.sign_in_link').where('expires_at', '<=', new Date(at)).execute();
        await scope
          .insertInto('holdfast.sign_in_link')
          .values({ installation_id: installation, link_hash: hash, expires_at: new Date(expiresAt) })
          .execute();
      }),
    takeLink: (hash, at) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .deleteFrom('holdfast.sign_in_link')
          .where('link_hash', '=', hash)
          .returning('expires_at')
          .executeTakeFirst();
        return row !== undefined && row.expires_at.getTime() > Date.parse(at);
      }),
  };
}

function toRole(text: string): Role {
  return text === 'admin' ? 'admin' : 'viewer';
}
