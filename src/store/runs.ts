import type { Selectable } from 'kysely';
import type { InstallationId } from '../core/model/ids.ts';
import type { Run, RunKind, RunStage, RunStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';
import type { Tables } from './tables.ts';

export function openRuns(database: Database, installation: InstallationId): RunStore {
  return {
    put: (run) =>
      database.inInstallation(installation, async (scope) => {
        const changing = {
          stage: run.stage,
          finished_at: run.finishedAt === null ? null : new Date(run.finishedAt),
          error: run.error === null ? null : toStorableJson(run.error),
          result: toStorableJson(run.result),
        };
        await scope
          .insertInto('holdfast.run')
          .values({
            installation_id: installation,
            run_id: run.id,
            kind: run.kind,
            trigger: run.trigger,
            started_at: new Date(run.startedAt),
            ...changing,
          })
          .onConflict((conflict) => conflict.columns(['installation_id', 'run_id']).doUpdateSet(changing))
          .execute();
      }),
    lastGood: (kind) =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.run')
          .selectAll()
          .where('kind', '=', kind)
          .where('finished_at', 'is not', null)
          .where('error', 'is', null)
          .orderBy('started_at', 'desc')
          .executeTakeFirst();
        return row === undefined ? null : toRun(row);
      }),
    unfinished: () =>
      database.inInstallation(installation, async (scope) => {
        const row = await scope
          .selectFrom('holdfast.run')
          .selectAll()
          .where('finished_at', 'is', null)
          .orderBy('started_at', 'desc')
          .executeTakeFirst();
        return row === undefined ? null : toRun(row);
      }),
    recent: (limit) =>
      database.inInstallation(installation, async (scope) => {
        const rows = await scope
          .selectFrom('holdfast.run')
          .selectAll()
          .orderBy('started_at', 'desc')
          .limit(limit)
          .execute();
        return rows.map(toRun);
      }),
  };
}

function toRun(row: Selectable<Tables['holdfast.run']>): Run {
  return {
    id: row.run_id,
    kind: row.kind as RunKind,
    trigger: row.trigger as Run['trigger'],
    stage: row.stage as RunStage,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    error: row.error as Run['error'],
    result: row.result as Run['result'],
  };
}
