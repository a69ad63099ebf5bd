import type { InstallationId } from '../core/model/ids.ts';
import type { Checkpoint, CheckpointStore } from '../ports/store.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson } from './json.ts';

export function openCheckpoints(database: Database, installation: InstallationId): CheckpointStore {
  return {
    get: (stream) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.checkpoint')
          .select('checkpoint')
          .where('stream', '=', stream)
          .executeTakeFirst();
        return row === undefined ? null : (row.checkpoint as Checkpoint);
      }),
    put: (stream, checkpoint) =>
      database.inInstallation(installation, (scope) => putCheckpoint(scope, installation, stream, checkpoint)),
    drop: (stream) =>
      database.inInstallation(installation, async (scope) => {
        await scope.deleteFrom('holdfast.checkpoint').where('stream', '=', stream).execute();
      }),
    list: () =>
      database.inInstallation(installation, async (scope) => {
        const rows = await scope.selectFrom('holdfast.checkpoint').select(['stream', 'checkpoint']).execute();
        return new Map(rows.map((row) => [row.stream, row.checkpoint as Checkpoint]));
      }),
  };
}

/** Stores a checkpoint within a transaction that stores what it vouches for. */
export async function putCheckpoint(
  scope: Scope,
  installation: InstallationId,
  stream: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const json = toStorableJson(checkpoint);
  await scope
    .insertInto('holdfast.checkpoint')
    .values({ installation_id: installation, stream, checkpoint: json })
    .onConflict((conflict) => conflict.columns(['installation_id', 'stream']).doUpdateSet({ checkpoint: json }))
    .execute();
}
