import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Champions who left their account. Where they are now stands in their record. */
const TABLES = `
create table holdfast.former_champion (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  contact_id text collate "C" not null,
  until_on date not null,
  primary key (installation_id, account_id, contact_id)
);
-- The same wall as around every other table; see the first migration.
alter table holdfast.former_champion enable row level security;
alter table holdfast.former_champion force row level security;
create policy own_rows on holdfast.former_champion
  using (installation_id = current_setting('holdfast.installation', true));
`;

export const formerChampions: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
  },
};
