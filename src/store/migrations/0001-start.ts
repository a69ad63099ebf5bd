import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Ids and names are `collate "C"`, so that "in the order of ids as text" is the same on every machine. Documents that are
 * only stored and shown are `json`, which keeps their keys in order; those that SQL looks into are `jsonb`.
 */
const TABLES = `
create table holdfast.installation (
  installation_id text collate "C" primary key,
  connector text not null,
  crm_account_id text collate "C" not null,
  base_url text not null,
  facts json not null,
  status text not null check (status in ('active', 'paused', 'lost')),
  status_reason text,
  approved_at timestamptz,
  approved_plan text,
  created_at timestamptz not null,
  unique (connector, crm_account_id)
);

create table holdfast.hold (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  token text not null,
  holder text not null,
  expires_at timestamptz not null,
  primary key (installation_id)
);

create table holdfast.secret (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  name text collate "C" not null,
  sealed text not null,
  primary key (installation_id, name)
);

create table holdfast.checkpoint (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  stream text collate "C" not null,
  checkpoint json not null,
  primary key (installation_id, stream)
);

-- Full walks update every row; the free space lets PostgreSQL do that in place.
create table holdfast.record (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  object text collate "C" not null,
  crm_id text collate "C" not null,
  inputs jsonb not null,
  shown jsonb not null,
  links jsonb not null,
  account_id text collate "C",
  contact_id text collate "C",
  is_account boolean not null,
  created_at timestamptz,
  modified_at timestamptz not null,
  shown_at timestamptz,
  observed_at timestamptz not null,
  deleted_at timestamptz,
  merged_into text collate "C",
  seen_walk text,
  primary key (installation_id, object, crm_id)
) with (fillfactor = 80);
create index record_by_account on holdfast.record (installation_id, account_id, object);
create index record_by_contact on holdfast.record (installation_id, contact_id) where account_id is null;
create index record_accounts on holdfast.record (installation_id, crm_id) where is_account;
create index record_deleted on holdfast.record (installation_id, object, crm_id) where deleted_at is not null;

create table holdfast.touched (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  waiting_since timestamptz not null,
  touched_at timestamptz not null,
  primary key (installation_id, account_id)
);

create table holdfast.definition (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  object text collate "C" not null,
  definition json not null,
  primary key (installation_id, object)
);

create table holdfast.assessment (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  name text,
  segment text,
  band text not null check (band in ('green', 'yellow', 'red', 'grey')),
  score double precision,
  assessed_on date not null,
  assessment json not null,
  primary key (installation_id, account_id)
);

create table holdfast.health_day (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  day date not null,
  score double precision,
  band text not null check (band in ('green', 'yellow', 'red', 'grey')),
  primary key (installation_id, account_id, day)
);

create table holdfast.ledger_task (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  key text collate "C" not null,
  account_id text collate "C" not null,
  state text not null check (state in ('creating', 'open', 'done', 'closed', 'deleted', 'undone')),
  crm_id text collate "C",
  owner_id text collate "C",
  created_at timestamptz not null,
  task json not null,
  primary key (installation_id, key)
);
create index ledger_task_by_account on holdfast.ledger_task (installation_id, account_id);
create index ledger_task_by_crm_id on holdfast.ledger_task (installation_id, crm_id);
create index ledger_task_by_state on holdfast.ledger_task (installation_id, state, key);

create table holdfast.run (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  run_id text collate "C" not null,
  kind text not null,
  trigger text not null,
  stage text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  error json,
  result json not null,
  primary key (installation_id, run_id)
);
create index run_by_start on holdfast.run (installation_id, started_at desc);

create table holdfast.call_count (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  bucket text collate "C" not null,
  hour timestamptz not null,
  calls integer not null,
  rate_limited integer not null,
  failed integer not null,
  primary key (installation_id, bucket, hour)
);

create table holdfast.problem (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  kind text collate "C" not null,
  code text collate "C" not null,
  object text collate "C" not null,
  field text collate "C" not null,
  crm_id text collate "C" not null,
  message text not null,
  remedy text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  times integer not null,
  closed_at timestamptz,
  primary key (installation_id, kind, code, object, field, crm_id)
);
create index problem_open on holdfast.problem (installation_id, last_at desc) where closed_at is null;

create table holdfast.setting (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  name text collate "C" not null,
  setting json not null,
  primary key (installation_id, name)
);

create table holdfast.audit_entry (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  entry_id bigint generated always as identity,
  at timestamptz not null,
  actor text not null,
  action text not null,
  details json not null,
  primary key (installation_id, entry_id)
);
`;

/**
 * Row level security, forced so that it binds the tables' owner too: a query that forgot its installation finds nothing.
 * The list of installations alone is also open to the registry, which sets `holdfast.scope`.
 */
const ISOLATION = `
do $$
declare
  name text;
begin
  for name in
    select tablename from pg_tables where schemaname = 'holdfast' and tablename not like 'migration%'
  loop
    execute format('alter table holdfast.%I enable row level security', name);
    execute format('alter table holdfast.%I force row level security', name);
    execute format(
      'create policy own_rows on holdfast.%I using (installation_id = current_setting(''holdfast.installation'', true))',
      name
    );
  end loop;
end
$$;

create policy registry on holdfast.installation using (current_setting('holdfast.scope', true) = 'registry');
`;

export const start: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    await sql.raw(ISOLATION).execute(database);
  },
};
