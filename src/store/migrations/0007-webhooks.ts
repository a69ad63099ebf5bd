import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Records that a CRM has told a change of, until they have been looked at. A record stands here once, however many events
 * came; `mark` is new with each, so that one that comes while the record is being looked at is not taken for seen. No
 * foreign key: it would look the installation up for each row, and the insert has just done that.
 *
 * Persons that were erased are known by a hash alone.
 */
const TABLES = `
create table holdfast.noticed_record (
  installation_id text collate "C" not null,
  object text collate "C" not null,
  crm_id text collate "C" not null,
  mark bigint generated always as identity,
  erases boolean not null,
  noticed_at timestamptz not null,
  primary key (installation_id, object, crm_id)
) with (fillfactor = 80);
create index noticed_record_to_erase on holdfast.noticed_record (installation_id) where erases;

create table holdfast.erased_person (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  hash uuid not null,
  erased_at timestamptz not null,
  primary key (installation_id, hash)
);
`;

export const webhooks: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    for (const name of ['noticed_record', 'erased_person']) {
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
    // One delivery tells of several customers, and is stored as one: in a scope that knows which customers there are.
    await sql
      .raw(
        `create policy intake on holdfast.noticed_record using (current_setting('holdfast.scope', true) = 'intake');
         create policy intake on holdfast.installation for select
           using (current_setting('holdfast.scope', true) = 'intake');`,
      )
      .execute(database);
  },
};
