import { Secret } from '../../connectors/contract/auth.ts';
import { toInstallationId } from '../core/model/ids.ts';
import type { ConsentStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { type Keychain, seal, unseal } from './sealed.ts';

/** A consent belongs to no installation yet; its verifier is bound to its state instead. */
const NO_INSTALLATION = toInstallationId('consent');

export function openConsents(database: Database, keychain: Keychain): ConsentStore {
  return {
    put: ({ stateHash, connector, purpose, browserHash, loginUrl, verifier, goTo, expiresAt }, at) =>
      database.inRegistry(async (scope) => {
        await scope.deleteFrom('holdfast.consent').where('expires_at', '<=', new Date(at)).execute();
        const place = { installation: NO_INSTALLATION, name: stateHash };
        await scope
          .insertInto('holdfast.consent')
          .values({
            state_hash: stateHash,
            connector,
            purpose,
            browser_hash: browserHash,
            login_url: loginUrl,
            sealed_verifier: verifier === null ? null : seal(keychain, place, new Secret(verifier)),
            go_to: goTo,
            expires_at: new Date(expiresAt),
          })
          .execute();
      }),
    take: (stateHash, at) =>
      database.inRegistry(async (scope) => {
        const row = await scope
          .deleteFrom('holdfast.consent')
          .where('state_hash', '=', stateHash)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined || row.expires_at.getTime() <= Date.parse(at)) return null;
        const place = { installation: NO_INSTALLATION, name: stateHash };
        return {
          stateHash,
          connector: row.connector,
          purpose: row.purpose === 'sign-in' ? 'sign-in' : 'install',
          browserHash: row.browser_hash,
          loginUrl: row.login_url,
          verifier: row.sealed_verifier === null ? null : unseal(keychain, place, row.sealed_verifier).reveal(),
          goTo: row.go_to,
          expiresAt: row.expires_at.toISOString(),
        };
      }),
  };
}
