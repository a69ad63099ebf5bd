import { sql } from 'kysely';
import type { InstallationId } from '../core/model/ids.ts';
import type { ProblemStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

/** A problem that comes back after it was closed begins anew: a new first time, a count of one. */
export function openProblems(database: Database, installation: InstallationId): ProblemStore {
  return {
    report: (problems, at) =>
      database.inInstallation(installation, async (scope) => {
        await sql`
          insert into holdfast.problem as p
            (installation_id, kind, code, object, field, crm_id, message, remedy, first_at, last_at, times)
          select ${installation}, kind, code, object, field, "crmId", max(message), max(remedy),
            ${at}::timestamptz, ${at}::timestamptz, count(*)
          from json_to_recordset(${toStorableJson(problems)}::json) as x
            (kind text, code text, object text, field text, "crmId" text, message text, remedy text)
          group by kind, code, object, field, "crmId"
          on conflict (installation_id, kind, code, object, field, crm_id) do update set
            message = excluded.message,
            remedy = excluded.remedy,
            first_at = case when p.closed_at is null then p.first_at else excluded.first_at end,
            last_at = excluded.last_at,
            times = case when p.closed_at is null then p.times else 0 end + excluded.times,
            closed_at = null
        `.execute(scope);
      }),
    closeOlder: (kind, at) =>
      database.inInstallation(installation, async (scope) => {
        await scope
          .updateTable('holdfast.problem')
          .set({ closed_at: new Date(at) })
          .where('kind', '=', kind)
          .where('closed_at', 'is', null)
          .where('last_at', '<', new Date(at))
          .execute();
      }),
    list: (limit) =>
      database.inInstallation(installation, async (scope) => {
        const rows = await scope
          .selectFrom('holdfast.problem')
          .selectAll()
          .where('closed_at', 'is', null)
          .orderBy('last_at', 'desc')
          .orderBy('kind')
          .orderBy('code')
          .orderBy('object')
          .orderBy('field')
          .orderBy('crm_id')
          .limit(limit)
          .execute();
        return rows.map((row) => ({
          kind: row.kind,
          code: row.code,
          object: row.object,
          field: row.field,
          crmId: row.crm_id,
          message: row.message,
          remedy: row.remedy,
          firstAt: row.first_at.toISOString(),
          lastAt: row.last_at.toISOString(),
          count: row.times,
        }));
      }),
  };
}
