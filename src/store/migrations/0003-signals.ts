import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Usage is kept by workspace and month: sums by day in one document, and for each user the days as bits (bit 0 is the
 * first). A year of an account is thus a dozen rows, and distinct users of any window can be counted exactly. Users and
 * message ids are hashes of 128 bits, stored as `uuid`. Tables with a row for every user or message have no foreign key,
 * which would look the installation up for each row: that took more time than all the rest.
 */
const TABLES = `
create table holdfast.workspace (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  workspace_id text collate "C" not null,
  name text,
  keys text[] collate "C" not null,
  pinned_account text collate "C",
  account_id text collate "C",
  candidates text[] collate "C" not null,
  limits json not null,
  core_features json,
  events double precision not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  active_at timestamptz,
  primary key (installation_id, workspace_id)
);
create index workspace_by_account on holdfast.workspace (installation_id, account_id);
create index workspace_unmatched on holdfast.workspace (installation_id, events desc) where account_id is null;
create index workspace_by_key on holdfast.workspace using gin (keys);

create table holdfast.account_key (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  record_id text collate "C" not null,
  key text collate "C" not null,
  account_id text collate "C" not null,
  primary key (installation_id, record_id, key)
);
create index account_key_by_key on holdfast.account_key (installation_id, key);
create index account_key_by_account on holdfast.account_key (installation_id, account_id);

create table holdfast.product_user (
  installation_id text collate "C" not null,
  user_key uuid not null,
  workspace_id text collate "C" not null,
  department text,
  seen_on date not null,
  primary key (installation_id, user_key)
);

create table holdfast.usage_month (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  workspace_id text collate "C" not null,
  month text collate "C" not null,
  origin text collate "C" not null check (origin in ('messages', 'import')),
  days json not null,
  primary key (installation_id, workspace_id, month, origin)
);

create table holdfast.usage_user_month (
  installation_id text collate "C" not null,
  workspace_id text collate "C" not null,
  month text collate "C" not null,
  user_key uuid not null,
  active integer not null,
  key integer not null,
  gates json not null,
  primary key (installation_id, workspace_id, month, user_key)
);

create table holdfast.usage_message (
  installation_id text collate "C" not null,
  message_key uuid not null,
  received_on date not null,
  primary key (installation_id, message_key)
);

create table holdfast.signal_fact (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  kind text collate "C" not null check (kind in ('survey', 'invoice', 'milestone')),
  fact_id text collate "C" not null,
  workspace_id text collate "C" not null,
  fact json not null,
  primary key (installation_id, kind, fact_id)
);
create index signal_fact_by_workspace on holdfast.signal_fact (installation_id, workspace_id);

create table holdfast.signal_source (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  source text collate "C" not null,
  told_at timestamptz not null,
  primary key (installation_id, source)
);

create table holdfast.write_key (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  key_hash text collate "C" not null,
  hint text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (installation_id, key_hash)
);
`;

const NAMES = [
  'workspace',
  'account_key',
  'product_user',
  'usage_month',
  'usage_user_month',
  'usage_message',
  'signal_fact',
  'signal_source',
  'write_key',
];

export const signals: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    for (const name of NAMES) {
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
