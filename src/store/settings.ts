import type { InstallationId } from '../core/model/ids.ts';
import type { SettingStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

/** `get` answers null for a setting that was never made. */
export function openSettings(database: Database, installation: InstallationId): SettingStore {
  return {
    get: (name) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.setting')
          .select('setting')
          .where('name', '=', name)
          .executeTakeFirst();
        return row === undefined ? null : row.setting;
      }),
    put: (name, value) =>
      database.inInstallation(installation, async (scope) => {
        const json = toStorableJson(value);
        await scope
          .insertInto('holdfast.setting')
          .values({ installation_id: installation, name, setting: json })
          .onConflict((conflict) => conflict.columns(['installation_id', 'name']).doUpdateSet({ setting: json }))
          .execute();
      }),
    drop: (name) =>
      database.inInstallation(installation, async (scope) => {
        await scope.deleteFrom('holdfast.setting').where('name', '=', name).execute();
      }),
  };
}
