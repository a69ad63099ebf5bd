import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The renewal deals that we made, so that none is made twice for a term. */
export const renewalDeals: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `create table holdfast.ledger_deal (
           installation_id text collate "C" not null references holdfast.installation on delete cascade,
           key text collate "C" not null,
           account_id text collate "C" not null,
           state text not null check (state in ('creating', 'open', 'deleted', 'undone')),
           deal json not null,
           primary key (installation_id, key)
         );
         create index ledger_deal_by_account on holdfast.ledger_deal (installation_id, account_id);`,
      )
      .execute(database);
    // The same wall as around every other table; see the first migration.
    await sql
      .raw(
        `alter table holdfast.ledger_deal enable row level security;
         alter table holdfast.ledger_deal force row level security;
         create policy own_rows on holdfast.ledger_deal
           using (installation_id = current_setting('holdfast.installation', true));`,
      )
      .execute(database);
  },
};
