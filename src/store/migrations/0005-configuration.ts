import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * An installation's versions of the model's configuration (none: the defaults that come with the product), and what scores
 * were computed from, so that they can be computed once more. Inputs have a row for each account and day, and no foreign
 * key, which would look the installation up for each row. They come compressed.
 */
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

create table holdfast.assessment_input (
  installation_id text collate "C" not null,
  account_id text collate "C" not null,
  day date not null,
  facts uuid not null,
  usage uuid not null,
  shared uuid not null,
  is_change boolean not null,
  moment bytea not null,
  primary key (installation_id, account_id, day)
);
alter table holdfast.assessment_input alter column moment set storage external;

create table holdfast.input_part (
  installation_id text collate "C" not null,
  account_id text collate "C" not null,
  hash uuid not null,
  part bytea not null,
  primary key (installation_id, account_id, hash)
);
alter table holdfast.input_part alter column part set storage external;
`;

export const configuration: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    for (const name of ['configuration', 'assessment_input', 'input_part']) {
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
