import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A milestone's id, or an invoice's number, is its customer's own: two customers may have the same one. */
const FACTS = `
alter table holdfast.signal_fact drop constraint signal_fact_pkey;
alter table holdfast.signal_fact add primary key (installation_id, workspace_id, kind, fact_id);
-- The key begins with it.
drop index holdfast.signal_fact_by_workspace;
`;

export const intake: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(FACTS).execute(database);
  },
};
