import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** An installation's versions of the model's configuration. None of them: the defaults that come with the product. */
const TABLES = `
create table holdfast.configuration (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  number integer not null check (number > 0),
  state text not null check (state in ('draft', 'published', 'retired')),
  changes json not null,
  whole json not null,
  note text not null,
  made_by text not null,
  created_at timestamptz not null,
  published_at timestamptz,
  preview json,
  primary key (installation_id, number)
);
create unique index configuration_one_draft on holdfast.configuration (installation_id) where state = 'draft';
create unique index configuration_one_published on holdfast.configuration (installation_id) where state = 'published';
`;

export const configuration: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    // The same wall as around every other table; see the first migration.
    await sql
      .raw(
        `alter table holdfast.configuration enable row level security;
         alter table holdfast.configuration force row level security;
         create policy own_rows on holdfast.configuration
           using (installation_id = current_setting('holdfast.installation', true));`,
      )
      .execute(database);
  },
};
