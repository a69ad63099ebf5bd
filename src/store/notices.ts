import { sql } from 'kysely';
import { toInstallationId, type InstallationId } from '../core/model/ids.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { NoticedRecord, NoticeIntake, NoticeStore, WaitingRecord } from '../ports/store.ts';
import { inBatches, SMALL_ROWS } from './batches.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson, toStorableText } from './json.ts';

export function openNoticeIntake(database: Database): NoticeIntake {
  return {
    add: (connector, notices, at) =>
      database.inIntake(async (scope) => {
        const installations = await findInstallations(scope, connector, notices);
        const known = notices.flatMap(({ crmAccountId, ...notice }) => {
          const installation = installations.get(crmAccountId);
          return installation === undefined ? [] : [{ installation, ...notice }];
        });
        const rows = [...Map.groupBy(known, ({ installation, object, id }) => `${installation} ${object} ${id}`)]
          // A statement may touch each row once, and in one order always, or two processes could wait for each other.
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .flatMap(([, group]) => {
            const [first] = group;
            return first === undefined ? [] : [{ ...first, erases: group.some(({ erases }) => erases) }];
          });
        await inBatches(rows, SMALL_ROWS, (batch) => upsert(scope, batch, at));
        return installations;
      }),
  };
}

async function findInstallations(
  scope: Scope,
  connector: string,
  notices: readonly { readonly crmAccountId: string }[],
): Promise<ReadonlyMap<string, InstallationId>> {
  const accounts = [...new Set(notices.map(({ crmAccountId }) => crmAccountId))];
  const { rows } = await sql<{ account: string; id: string }>`
    select crm_account_id as account, installation_id as id from holdfast.installation
    where connector = ${connector} and crm_account_id = any(${accounts}::text[])
  `.execute(scope);
  return new Map(rows.map(({ account, id }) => [account, toInstallationId(id)]));
}

/** By arrays: half the time that rows as JSON take, and there are up to 15,000 rows a second. */
async function upsert(
  scope: Scope,
  rows: readonly (NoticedRecord & { readonly installation: InstallationId })[],
  at: Instant,
): Promise<void> {
  await sql`
    insert into holdfast.noticed_record as n (installation_id, object, crm_id, erases, noticed_at)
    select installation, object, id, erases, ${at}::timestamptz
    from unnest(
      ${rows.map(({ installation }) => installation)}::text[], ${rows.map(({ object }) => toStorableText(object))}::text[],
      ${rows.map(({ id }) => toStorableText(id))}::text[], ${rows.map(({ erases }) => erases)}::boolean[]
    ) as x (installation, object, id, erases)
    on conflict (installation_id, object, crm_id) do update set mark = default, erases = n.erases or excluded.erases
  `.execute(scope);
}

export function openNotices(database: Database, installation: InstallationId): NoticeStore {
  return {
    isAnyWaiting: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql`
          select from holdfast.noticed_record where installation_id = ${installation} limit 1
        `.execute(scope);
        return rows.length > 0;
      }),
    page: (after, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<WaitingRecord>`
          select object, crm_id as id, mark, erases from holdfast.noticed_record
          where installation_id = ${installation} and not erases
            and (object, crm_id) > (${after?.object ?? ''}, ${after?.id ?? ''})
          order by object, crm_id limit ${limit}
        `.execute(scope);
        return rows;
      }),
    toErase: (limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<WaitingRecord>`
          select object, crm_id as id, mark, erases from holdfast.noticed_record
          where installation_id = ${installation} and erases order by object, crm_id limit ${limit}
        `.execute(scope);
        return rows;
      }),
    settle: (records) =>
      database.inInstallation(installation, async (scope) => {
        await inBatches(records, SMALL_ROWS, async (batch) => {
          await sql`
            delete from holdfast.noticed_record n
            using json_to_recordset(${toStorableJson(batch)}::json) as x (object text, id text, mark bigint)
            where n.installation_id = ${installation} and n.object = x.object and n.crm_id = x.id and n.mark = x.mark
          `.execute(scope);
        });
      }),
    summary: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ count: number; oldest: Date | null }>`
          select count(*)::integer as count, min(noticed_at) as oldest from holdfast.noticed_record
          where installation_id = ${installation}
        `.execute(scope);
        return { count: rows[0]?.count ?? 0, oldestAt: rows[0]?.oldest?.toISOString() ?? null };
      }),
  };
}
