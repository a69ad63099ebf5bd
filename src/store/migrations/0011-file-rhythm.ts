import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Up to when files tell and how often they come, apart from what the API was told; null where no file has come. */
export const fileRhythm: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `alter table holdfast.signal_source
           alter column told_at drop not null,
           add column file_to timestamptz,
           add column every text collate "C" check (every in ('day', 'week', 'month', 'quarter'));`,
      )
      .execute(database);
  },
};
