import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Expansions that accounts have won, by their deals: what chances of expansion are learned from. */
const TABLES = `
create table holdfast.expansion_won (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  deal_id text collate "C" not null,
  won_on date not null,
  seen_on date not null,
  primary key (installation_id, account_id, deal_id)
);
-- The same wall as around every other table; see the first migration.
alter table holdfast.expansion_won enable row level security;
alter table holdfast.expansion_won force row level security;
create policy own_rows on holdfast.expansion_won
  using (installation_id = current_setting('holdfast.installation', true));
`;

export const expansionsWon: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
  },
};
