import type { InstallationId } from '../core/model/ids.ts';
import type { DefinitionStore, ObjectDefinition } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

export function openDefinitions(database: Database, installation: InstallationId): DefinitionStore {
  return {
    get: (object) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.definition')
          .select('definition')
          .where('object', '=', object)
          .executeTakeFirst();
        return row === undefined ? null : (row.definition as ObjectDefinition);
      }),
    put: (object, definition) =>
      database.inInstallation(installation, async (scope) => {
        const json = toStorableJson(definition);
        await scope
          .insertInto('holdfast.definition')
          .values({ installation_id: installation, object, definition: json })
          .onConflict((conflict) => conflict.columns(['installation_id', 'object']).doUpdateSet({ definition: json }))
          .execute();
      }),
    list: () =>
      database.inInstallation(installation, async (scope) => {
        const rows = await scope.selectFrom('holdfast.definition').select(['object', 'definition']).execute();
        return new Map(rows.map((row) => [row.object, row.definition as ObjectDefinition]));
      }),
  };
}
