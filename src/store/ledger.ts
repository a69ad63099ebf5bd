import { sql } from 'kysely';
import type { InstallationId } from '../core/model/ids.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import type { LedgerStore } from '../ports/store.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson } from './json.ts';

/** Lists come in the order of their keys as text. */
export function openLedger(database: Database, installation: InstallationId): LedgerStore {
  return {
    put: (tasks) =>
      database.inInstallation(installation, async (scope) => {
        // A key that comes twice counts as it came last; a statement may touch each row once.
        const byKey = new Map(tasks.map((task) => [task.key, task]));
        const rows = [...byKey.values()].map((task) => ({
          key: task.key,
          account_id: task.accountId,
          state: task.state,
          crm_id: task.crmId,
          owner_id: task.ownerId,
          created_at: task.createdAt,
          task,
        }));
        await sql`
          insert into holdfast.ledger_task
            (installation_id, key, account_id, state, crm_id, owner_id, created_at, task)
          select ${installation}, key, account_id, state, crm_id, owner_id, created_at, task
          from json_to_recordset(${toStorableJson(rows)}::json) as x
            (key text, account_id text, state text, crm_id text, owner_id text, created_at timestamptz, task json)
          on conflict (installation_id, key) do update set
            account_id = excluded.account_id, state = excluded.state, crm_id = excluded.crm_id,
            owner_id = excluded.owner_id, created_at = excluded.created_at, task = excluded.task
        `.execute(scope);
      }),
    get: (keys) => database.inInstallation(installation, (scope) => findTasks(scope, 'key', keys)),
    byAccounts: (accounts) =>
      database.inInstallation(installation, (scope) => findTasks(scope, 'account_id', accounts)),
    byCrmIds: (crmIds) => database.inInstallation(installation, (scope) => findTasks(scope, 'crm_id', crmIds)),
    openOf: (play) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ task: LedgerTask }>`
          select task from holdfast.ledger_task where state = 'open' and task ->> 'play' = ${play} order by key
        `.execute(scope);
        return rows.map((row) => row.task);
      }),
    byState: (states, afterKey, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ task: LedgerTask }>`
          select task from holdfast.ledger_task
          where state = any(${[...states]}::text[]) and key > ${afterKey ?? ''} order by key limit ${limit}
        `.execute(scope);
        return rows.map((row) => row.task);
      }),
    load: (today, timeZone) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ owner_id: string; open: number; today: number }>`
          with task as (
            select coalesce(owner_id, '') as owner_id, state in ('creating', 'open') as is_open,
              state <> 'undone' and (created_at at time zone ${timeZone})::date = ${today}::date as is_today
            from holdfast.ledger_task
          )
          select owner_id, count(*) filter (where is_open)::integer as open,
            count(*) filter (where is_today)::integer as today
          from task where is_open or is_today group by owner_id
        `.execute(scope);
        return new Map(rows.map((row) => [row.owner_id, { open: row.open, today: row.today }]));
      }),
  };
}

async function findTasks(
  scope: Scope,
  column: 'key' | 'account_id' | 'crm_id',
  values: readonly string[],
): Promise<readonly LedgerTask[]> {
  const { rows } = await sql<{ task: LedgerTask }>`
    select task from holdfast.ledger_task where ${sql.ref(column)} = any(${[...values]}::text[]) order by key
  `.execute(scope);
  return rows.map((row) => row.task);
}
