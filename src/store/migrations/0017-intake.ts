import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A milestone's id, or an invoice's number, is its customer's own: two customers may have the same one. What is told late
 * does not overrule what was told for a later moment: of what was kept before, that moment is not known.
 */
const CHANGES = `
alter table holdfast.signal_fact drop constraint signal_fact_pkey;
alter table holdfast.signal_fact add primary key (installation_id, workspace_id, kind, fact_id);
-- The key begins with it.
drop index holdfast.signal_fact_by_workspace;
alter table holdfast.workspace add column told_at json not null default '{}';
alter table holdfast.product_user add column placed_at timestamptz, add column department_at timestamptz;
`;

export const intake: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(CHANGES).execute(database);
  },
};
