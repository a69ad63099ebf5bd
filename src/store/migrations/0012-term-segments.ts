import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * How a term went is kept with the segment of its account, so that base rates count the customers who left. Null for
 * terms that were kept before this.
 */
export const termSegments: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw('alter table holdfast.term_outcome add column segment text collate "C"').execute(database);
  },
};
