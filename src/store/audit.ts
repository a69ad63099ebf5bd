import type { InstallationId } from '../core/model/ids.ts';
import type { AuditStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson, toStorableText } from './json.ts';

export function openAudit(database: Database, installation: InstallationId): AuditStore {
  return {
    add: ({ at, actor, action, details }) =>
      database.inInstallation(installation, async (scope) => {
        await scope
          .insertInto('holdfast.audit_entry')
          .values({
            installation_id: installation,
            at: new Date(at),
            actor: toStorableText(actor),
            action,
            details: toStorableJson(details),
          })
          .execute();
      }),
    recent: (limit) =>
      database.inInstallation(installation, async (scope) => {
        const rows = await scope
          .selectFrom('holdfast.audit_entry')
          .selectAll()
          .orderBy('entry_id', 'desc')
          .limit(limit)
          .execute();
        return rows.map((row) => ({
          at: row.at.toISOString(),
          actor: row.actor,
          action: row.action,
          details: row.details as Readonly<Record<string, unknown>>,
        }));
      }),
  };
}
