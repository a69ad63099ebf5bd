import type { InstallationId } from '../core/model/ids.ts';
import type { SecretStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { openRegistry } from './installations.ts';
import { type Keychain, needsResealing, seal, unseal } from './sealed.ts';

export function openSecrets(database: Database, keychain: Keychain, installation: InstallationId): SecretStore {
  return {
    get: async (name) => {
      const row = await database.inInstallation(installation, (scope) =>
        scope.selectFrom('holdfast.secret').select('sealed').where('name', '=', name).executeTakeFirst(),
      );
      return row === undefined ? null : unseal(keychain, { installation, name }, row.sealed);
    },
    put: (name, secret) => {
      const sealed = seal(keychain, { installation, name }, secret);
      return database.inInstallation(installation, async (scope) => {
        await scope
          .insertInto('holdfast.secret')
          .values({ installation_id: installation, name, sealed })
          .onConflict((conflict) => conflict.columns(['installation_id', 'name']).doUpdateSet({ sealed }))
          .execute();
      });
    },
    putFirst: async (name, secret) => {
      const place = { installation, name };
      const row = await database.inInstallation(installation, async (scope) => {
        await scope
          .insertInto('holdfast.secret')
          .values({ installation_id: installation, name, sealed: seal(keychain, place, secret) })
          .onConflict((conflict) => conflict.columns(['installation_id', 'name']).doNothing())
          .execute();
        return scope.selectFrom('holdfast.secret').select('sealed').where('name', '=', name).executeTakeFirstOrThrow();
      });
      return unseal(keychain, place, row.sealed);
    },
    drop: (name) =>
      database.inInstallation(installation, async (scope) => {
        await scope.deleteFrom('holdfast.secret').where('name', '=', name).execute();
      }),
  };
}

/**
 * Seals every secret of every installation anew with the first key of the keychain, so that older keys can be taken away.
 * Answers how many were sealed anew. Throws `secret-unreadable` at the first that no key opens; those before it are done.
 */
export async function resealSecrets(database: Database, keychain: Keychain): Promise<number> {
  let resealed = 0;
  for (const { id: installation } of await openRegistry(database).list()) {
    resealed += await database.inInstallation(installation, async (scope) => {
      const rows = await scope.selectFrom('holdfast.secret').select(['name', 'sealed']).forUpdate().execute();
      const old = rows.filter(({ sealed }) => needsResealing(keychain, sealed));
      for (const { name, sealed } of old) {
        const place = { installation, name };
        const anew = seal(keychain, place, unseal(keychain, place, sealed));
        await scope.updateTable('holdfast.secret').set({ sealed: anew }).where('name', '=', name).execute();
      }
      return old.length;
    });
  }
  return resealed;
}
