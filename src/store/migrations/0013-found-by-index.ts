import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Behind the wall around rows only plain comparisons may use an index: whether two lists overlap is asked of each row. So
 * each key of a workspace is a row of its own. And what waits is taken from the front of the queue without sorting it.
 */
const TABLES = `
drop index holdfast.workspace_by_key;
create table holdfast.workspace_key (
  installation_id text collate "C" not null,
  key text collate "C" not null,
  workspace_id text collate "C" not null,
  primary key (installation_id, key, workspace_id),
  foreign key (installation_id, workspace_id) references holdfast.workspace on delete cascade
);
create index workspace_key_by_workspace on holdfast.workspace_key (installation_id, workspace_id);
create index touched_in_order on holdfast.touched (installation_id, waiting_since, account_id);
`;

const FILL = `
alter table holdfast.workspace no force row level security;
insert into holdfast.workspace_key (installation_id, key, workspace_id)
select installation_id, unnest(keys), workspace_id from holdfast.workspace
union select installation_id, 'id:' || pinned_account, workspace_id from holdfast.workspace where pinned_account is not null;
alter table holdfast.workspace force row level security;
`;

const WALL = `
alter table holdfast.workspace_key enable row level security;
alter table holdfast.workspace_key force row level security;
create policy own_rows on holdfast.workspace_key
  using (installation_id = current_setting('holdfast.installation', true));
`;

export const foundByIndex: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const text of [TABLES, FILL, WALL]) await sql.raw(text).execute(database);
  },
};
