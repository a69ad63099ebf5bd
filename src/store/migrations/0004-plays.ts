import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What plays remember: each firing of a play on an account, and what people silenced. */
const TABLES = `
create table holdfast.play_run (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  play text collate "C" not null,
  occurrence integer not null,
  state text not null check (state in ('watching', 'open', 'closed')),
  opened_on date,
  run json not null,
  primary key (installation_id, account_id, play, occurrence)
);
create index play_run_by_opening on holdfast.play_run (installation_id, opened_on desc) where opened_on is not null;

create table holdfast.snooze (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  play text collate "C" not null,
  until_on date not null,
  snooze json not null,
  primary key (installation_id, account_id, play)
);
`;

export const plays: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    for (const name of ['play_run', 'snooze']) {
      // The same wall as around every other table; see the first migration.
      await sql
        .raw(
          `alter table holdfast.${name} enable row level security;
           alter table holdfast.${name} force row level security;
           create policy own_rows on holdfast.${name}
             using (installation_id = current_setting('holdfast.installation', true));`,
        )
        .execute(database);
    }
  },
};
