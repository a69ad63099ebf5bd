import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Bands that people set by hand, with what the score said when they did. An account has at most one a day. */
const TABLES = `
create table holdfast.disagreement (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  begun_on date not null,
  band text not null,
  code text collate "C" not null,
  note text not null,
  made_by text,
  computed_band text not null,
  computed_score double precision,
  until_on date not null,
  ended_on date,
  ended_by text check (ended_by in ('agreed', 'taken-back', 'replaced', 'expired', 'account-gone')),
  check ((ended_on is null) = (ended_by is null)),
  primary key (installation_id, account_id, begun_on)
);
-- The same wall as around every other table; see the first migration.
alter table holdfast.disagreement enable row level security;
alter table holdfast.disagreement force row level security;
create policy own_rows on holdfast.disagreement
  using (installation_id = current_setting('holdfast.installation', true));
`;

export const disagreements: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
  },
};
