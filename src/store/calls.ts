import { sql } from 'kysely';
import type { InstallationId } from '../core/model/ids.ts';
import type { CallStore } from '../ports/store.ts';
import type { Database } from './database.ts';

/** In what `since` answers, `hour` is the first hour that was counted. */
export function openCalls(database: Database, installation: InstallationId): CallStore {
  return {
    add: (counts) =>
      database.inInstallation(installation, async (scope) => {
        await sql`
          insert into holdfast.call_count as c (installation_id, bucket, hour, calls, rate_limited, failed)
          select ${installation}, bucket, hour, sum(calls), sum("rateLimited"), sum(failed)
          from json_to_recordset(${JSON.stringify(counts)}::json)
            as x(bucket text, hour timestamptz, calls integer, "rateLimited" integer, failed integer)
          group by bucket, hour
          on conflict (installation_id, bucket, hour) do update set
            calls = c.calls + excluded.calls,
            rate_limited = c.rate_limited + excluded.rate_limited,
            failed = c.failed + excluded.failed
        `.execute(scope);
      }),
    since: (from) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ bucket: string; hour: Date; calls: number; rateLimited: number; failed: number }>`
          select bucket, min(hour) as hour, sum(calls)::integer as calls,
            sum(rate_limited)::integer as "rateLimited", sum(failed)::integer as failed
          from holdfast.call_count where hour >= ${from} group by bucket order by bucket
        `.execute(scope);
        return rows.map((row) => ({ ...row, hour: row.hour.toISOString() }));
      }),
  };
}
