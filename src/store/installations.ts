import { type Selectable, sql } from 'kysely';
import type { AccountFacts } from '../../connectors/contract/connector.ts';
import { type InstallationId, toInstallationId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { Installation, InstallationRegistry, InstallationStatus } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';
import type { Tables } from './tables.ts';

export function openRegistry(database: Database): InstallationRegistry {
  return {
    register: ({ connector, crmAccountId, baseUrl, facts, at }) =>
      database.inRegistry(async (scope) => {
        const row = await scope
          .insertInto('holdfast.installation')
          .values({
            // From facts: the same account connected again, even after it was forgotten, is the same installation.
            installation_id: `${connector}-${crmAccountId}`,
            connector,
            crm_account_id: crmAccountId,
            base_url: baseUrl,
            facts: toStorableJson(facts),
            status: 'active',
            created_at: new Date(at),
          })
          .onConflict((conflict) =>
            conflict
              .columns(['connector', 'crm_account_id'])
              .doUpdateSet({ base_url: baseUrl, facts: toStorableJson(facts) }),
          )
          .returningAll()
          .executeTakeFirstOrThrow();
        return toInstallation(row);
      }),

    find: (idOrAccount) =>
      database.inRegistry(async (scope) => {
        if (idOrAccount === '') return null;
        const { rows } = await sql<Selectable<Tables['holdfast.installation']> & { is_exact: boolean }>`
          select *, installation_id = ${idOrAccount} or crm_account_id = ${idOrAccount} as is_exact
          from holdfast.installation
          where starts_with(installation_id, ${idOrAccount}) or starts_with(crm_account_id, ${idOrAccount})
        `.execute(scope);
        const exact = rows.filter((row) => row.is_exact);
        const [only, ...others] = exact.length > 0 ? exact : rows;
        return only === undefined || others.length > 0 ? null : toInstallation(only);
      }),

    list: () =>
      database.inRegistry(async (scope) => {
        const rows = await scope
          .selectFrom('holdfast.installation')
          .selectAll()
          .orderBy('created_at')
          .orderBy('installation_id')
          .execute();
        return rows.map(toInstallation);
      }),
  };
}

export function getInstallation(database: Database, id: InstallationId): Promise<Installation> {
  return database.inInstallation(id, async (scope) => {
    const row = await scope.selectFrom('holdfast.installation').selectAll().executeTakeFirst();
    if (row === undefined) throw unknownInstallation(id);
    return toInstallation(row);
  });
}

export function updateInstallation(
  database: Database,
  id: InstallationId,
  change: Partial<Pick<Installation, 'baseUrl' | 'facts' | 'status' | 'statusReason' | 'approvedAt' | 'approvedPlan'>>,
): Promise<void> {
  const { baseUrl, facts, status, statusReason, approvedAt, approvedPlan } = change;
  const columns = {
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(facts === undefined ? {} : { facts: toStorableJson(facts) }),
    ...(status === undefined ? {} : { status }),
    ...(statusReason === undefined ? {} : { status_reason: statusReason }),
    ...(approvedAt === undefined ? {} : { approved_at: approvedAt === null ? null : new Date(approvedAt) }),
    ...(approvedPlan === undefined ? {} : { approved_plan: approvedPlan }),
  };
  if (Object.keys(columns).length === 0) return Promise.resolve();
  return database.inInstallation(id, async (scope) => {
    const { numUpdatedRows } = await scope.updateTable('holdfast.installation').set(columns).executeTakeFirst();
    if (numUpdatedRows === 0n) throw unknownInstallation(id);
  });
}

const WITHOUT_FOREIGN_KEY = [
  'holdfast.usage_message',
  'holdfast.usage_user_month',
  'holdfast.product_user',
  'holdfast.assessment_input',
  'holdfast.input_part',
  'holdfast.health_day',
  'holdfast.noticed_record',
] as const;

export function forgetInstallation(database: Database, id: InstallationId): Promise<void> {
  return database.inInstallation(id, async (scope) => {
    for (const table of WITHOUT_FOREIGN_KEY) await scope.deleteFrom(table).where('installation_id', '=', id).execute();
    // Every other table follows by its foreign key.
    await scope.deleteFrom('holdfast.installation').where('installation_id', '=', id).execute();
  });
}

function toInstallation(row: Selectable<Tables['holdfast.installation']>): Installation {
  return {
    id: toInstallationId(row.installation_id),
    connector: row.connector,
    crmAccountId: row.crm_account_id,
    baseUrl: row.base_url,
    facts: row.facts as AccountFacts,
    status: row.status as InstallationStatus,
    statusReason: row.status_reason,
    approvedAt: row.approved_at?.toISOString() ?? null,
    approvedPlan: row.approved_plan,
    createdAt: row.created_at.toISOString(),
  };
}

function unknownInstallation(id: InstallationId): HoldfastError {
  return new HoldfastError({
    code: 'installation-unknown',
    message: `There is no installation ${id}.`,
    remedy: 'List the installations with `holdfast installations`, or connect this one.',
    context: { installation: id },
  });
}
