import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Who may come in. A consent that was begun belongs to no installation yet, so it stands beside the list of installations;
 * people, sessions and links belong to one. What a browser holds is kept as its hash alone.
 */
const TABLES = `
create table holdfast.consent (
  state_hash text primary key,
  connector text not null,
  purpose text not null check (purpose in ('install', 'sign-in')),
  browser_hash text not null,
  login_url text,
  sealed_verifier text,
  go_to text not null,
  expires_at timestamptz not null
);

create table holdfast.person (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  user_id text collate "C" not null,
  name text,
  role text not null check (role in ('admin', 'viewer')),
  primary key (installation_id, user_id)
);

create table holdfast.web_session (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  session_hash text not null,
  user_id text collate "C" not null,
  name text,
  role text not null check (role in ('admin', 'viewer')),
  began_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (installation_id, session_hash)
);

create table holdfast.sign_in_link (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  link_hash text not null,
  expires_at timestamptz not null,
  primary key (installation_id, link_hash)
);
`;

export const signIn: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(database);
    for (const name of ['consent', 'person', 'web_session', 'sign_in_link']) {
      await sql
        .raw(
          `alter table holdfast.${name} enable row level security; alter table holdfast.${name} force row level security;`,
        )
        .execute(database);
    }
    await sql
      .raw(`create policy registry on holdfast.consent using (current_setting('holdfast.scope', true) = 'registry');`)
      .execute(database);
    for (const name of ['person', 'web_session', 'sign_in_link']) {
      // The same wall as around every other table; see the first migration.
      await sql
        .raw(
          `create policy own_rows on holdfast.${name} using (installation_id = current_setting('holdfast.installation', true));`,
        )
        .execute(database);
    }
  },
};
