import { type RawBuilder, sql } from 'kysely';
import type { RawValue } from '../../connectors/contract/record.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import { type AccountId, type InstallationId, toAccountId } from '../core/model/ids.ts';
import type { IncomingRecord, PageOutcome, PageToStore, RecordStore, StoredRecord } from '../ports/store.ts';
import { putCheckpoint } from './checkpoints.ts';
import { selectColumns } from './columns.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson } from './json.ts';
import { touch, turnToTouch } from './touch.ts';

/** Rows a statement. Embedded, everybody waits for a statement: 200 rows took 15 ms, 2,000 took 190 (99th percentile). */
const EMBEDDED_BATCH = 200;
const SERVER_BATCH = 1_000;

/** A stored record's `raw.fields` are its inputs and shown fields; its `raw.mergedIds` are not kept. */
export function openRecords(database: Database, installation: InstallationId): RecordStore {
  const batchSize = database.isEmbedded ? EMBEDDED_BATCH : SERVER_BATCH;
  const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> => database.inInstallation(installation, work);
  // Objects are pulled side by side, and a page of one also changes records of others (merges) and accounts that several
  // share: two such pages at once would wait for each other's rows, and PostgreSQL would end one of them as a deadlock.
  const oneByOne = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    within(async (scope) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${installation}, 0))`.execute(scope);
      return await work(scope);
    });
  return {
    storePage: (page) =>
      oneByOne(async (scope) => {
        const outcome = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };
        const concerned = new Set<string>();
        const records = withoutRepeats(page.records);
        for (let from = 0; from < records.length; from += batchSize) {
          const batch = records.slice(from, from + batchSize);
          add(outcome, concerned, await upsert(scope, installation, page, batch));
        }
        await followMerges(scope, installation, page, records, concerned);
        if (page.touches) await touch(scope, installation, concerned, page.at);
        await putCheckpoint(scope, installation, page.stream, page.checkpoint);
        return outcome;
      }),
    storeLinks: (object, to, links, at, rollsUp) =>
      oneByOne((scope) => storeLinks(scope, installation, { object, to, links, at, rollsUp })),
    markDeleted: (object, ids, at) =>
      oneByOne((scope) => mark(scope, installation, object, ids, at, sql`deleted_at = ${at}`, sql`deleted_at is null`)),
    markRestored: (object, ids, at) =>
      oneByOne((scope) =>
        mark(
          scope,
          installation,
          object,
          ids,
          at,
          sql`deleted_at = null, merged_into = null, observed_at = ${at}`,
          sql`deleted_at is not null`,
        ),
      ),
    markWritten: (object, id, shown, modifiedAt) =>
      within((scope) => markWritten(scope, object, [{ id, shown, modifiedAt }])),
    markWrittenMany: (object, written) => within((scope) => markWritten(scope, object, written)),
    clearShown: (of) =>
      within(async (scope) => {
        if (of !== undefined) {
          await sql`
            update holdfast.record set shown = shown - ${[...of.fields]}::text[], shown_at = null
            where object = ${of.object} and shown ?| ${[...of.fields]}::text[]
          `.execute(scope);
          return;
        }
        await sql`update holdfast.record set shown = '{}', shown_at = null where shown <> '{}'`.execute(scope);
      }),

    page: (object, afterId, limit) =>
      within((scope) =>
        selectRecords(
          scope,
          sql`object = ${object} and crm_id > ${afterId ?? ''} and deleted_at is null order by crm_id limit ${limit}`,
        ),
      ),
    byIds: (object, ids) =>
      within(async (scope) => {
        const rows = sql`select ${COLUMNS} from ${byKeys(installation, object, ids)} order by r.crm_id`;
        return (await selectColumns<Row>(scope, ROW, rows)).map(toStoredRecord);
      }),
    mergedInto: (object, ids) =>
      within((scope) =>
        selectIds(scope, sql`object = ${object} and deleted_at is not null and merged_into = any(${[...ids]}::text[])`),
      ),
    byAccounts: (objects, accounts) => within((scope) => byAccounts(scope, installation, objects, accounts)),
    showing: (object, accounts, fields) =>
      within((scope) =>
        selectRecords(
          scope,
          sql`installation_id = ${installation} and object = ${object} and account_id = any(${[...accounts]}::text[])
            and deleted_at is null and exists (
              select from unnest(${[...fields]}::text[]) as field(name)
              where coalesce(r.shown ->> field.name, '') not in ('', 'false')
            ) order by crm_id`,
        ),
      ),
    unseen: (object, walk, walkBeganAt, afterId, limit) =>
      within((scope) =>
        selectIds(
          scope,
          sql`object = ${object} and crm_id > ${afterId ?? ''} and deleted_at is null
            and seen_walk is distinct from ${walk} and observed_at < ${walkBeganAt} order by crm_id limit ${limit}`,
        ),
      ),
    deletedSince: (object, since, afterId, limit) =>
      within((scope) =>
        selectIds(
          scope,
          sql`object = ${object} and crm_id > ${afterId ?? ''} and deleted_at >= ${since} and merged_into is null
            order by crm_id limit ${limit}`,
        ),
      ),
    count: () =>
      within(async (scope) => {
        const { rows } = await sql<{ object: string; alive: number; deleted: number }>`
          select object, count(*) filter (where deleted_at is null)::integer as alive,
            count(deleted_at)::integer as deleted
          from holdfast.record group by object order by object
        `.execute(scope);
        return new Map(rows.map(({ object, alive, deleted }) => [object, { alive, deleted }]));
      }),

    touched: (limit) =>
      within(async (scope) => {
        const rows = await scope
          .selectFrom('holdfast.touched')
          .select(['account_id', 'touched_at'])
          .orderBy('waiting_since')
          .orderBy('account_id')
          .limit(limit)
          .execute();
        return rows.map((row) => ({
          accountId: toAccountId(row.account_id),
          touchedAt: row.touched_at.toISOString(),
        }));
      }),
    touch: (accounts, at) => within((scope) => touch(scope, installation, new Set(accounts), at)),
    untouch: (accounts) =>
      within(async (scope) => {
        await sql`
          with ${turnToTouch(installation)}
          delete from holdfast.touched t
          using turn, json_to_recordset(${JSON.stringify(accounts)}::json) as x("accountId" text, "touchedAt" timestamptz)
          where t.installation_id = ${installation} and t.account_id = x."accountId" and t.touched_at <= x."touchedAt"
        `.execute(scope);
      }),
  };
}

/** What a change of records comes to: how many of a kind, and an account that it concerned. */
interface Change {
  readonly kind: keyof PageOutcome;
  readonly before: string | null;
  readonly after: string | null;
}

function add(outcome: Record<keyof PageOutcome, number>, concerned: Set<string>, changes: readonly Change[]): void {
  for (const { kind, before, after } of changes) {
    outcome[kind] += 1;
    if (before !== null) concerned.add(before);
    if (after !== null) concerned.add(after);
  }
}

/** A statement may touch each row once. Of a record that comes twice the newer is taken, with the links of both. */
function withoutRepeats(records: readonly IncomingRecord[]): readonly IncomingRecord[] {
  const byId = new Map<string, IncomingRecord>();
  for (const record of records) {
    const earlier = byId.get(record.raw.id);
    if (earlier === undefined) {
      byId.set(record.raw.id, record);
      continue;
    }
    const [older, newer] = record.raw.modifiedAt < earlier.raw.modifiedAt ? [record, earlier] : [earlier, record];
    const links = { ...older.raw.links, ...newer.raw.links };
    const mergedIds = [...new Set([...older.raw.mergedIds, ...newer.raw.mergedIds])];
    byId.set(record.raw.id, { ...newer, raw: { ...newer.raw, links, mergedIds } });
  }
  return [...byId.values()];
}

/**
 * The account that a row rolls up to: its own, or that of its contact. Which object the contact is of is read from the
 * row's links, the only place where it stands.
 */
function accountOf(alias: 'b' | 's' | 'r'): RawBuilder<string | null> {
  const row = sql.raw(alias);
  return sql<string | null>`coalesce(${row}.account_id, (
    select c.account_id from jsonb_object_keys(${row}.links) as k join holdfast.record c
      on c.installation_id = ${row}.installation_id and c.object = k and c.crm_id = ${row}.contact_id
    where ${row}.links -> k ? ${row}.contact_id limit 1
  ))`;
}

/**
 * The records of these ids as `r`, for a `from`. Each is looked up by its key: until PostgreSQL has gathered statistics (the
 * embedded one does only when a backup is written) it takes every object for a small one and, asked in any other way, reads all
 * of its records, 18 ms instead of 2 for 100 of 15,000.
 */
function byKeys(installation: InstallationId, object: string, ids: readonly string[]): RawBuilder<unknown> {
  return sql`unnest(${[...new Set(ids)]}::text[]) as wanted(crm_id) cross join lateral (
    select * from holdfast.record k
    where k.installation_id = ${installation} and k.object = ${object} and k.crm_id = wanted.crm_id offset 0
  ) as r`;
}

async function upsert(
  scope: Scope,
  installation: InstallationId,
  page: PageToStore,
  records: readonly IncomingRecord[],
): Promise<readonly Change[]> {
  const rows = records.map(({ raw, inputs, shown, accountId, contactId }) => ({
    crm_id: raw.id,
    inputs,
    shown,
    links: raw.links,
    account_id: accountId,
    contact_id: contactId,
    // An account names itself without being linked to itself; a contact may by chance have its account's number.
    is_account: accountId === raw.id && !Object.values(raw.links).some((ids) => ids.includes(raw.id)),
    created_at: raw.createdAt,
    modified_at: raw.modifiedAt,
    deleted_at: raw.deleted ? page.at : null,
  }));
  const ids = records.map(({ raw }) => raw.id);
  // A merged record never changes again; the index that search reads from may show it a while longer.
  const isNews = sql`(excluded.modified_at > r.modified_at
    or excluded.modified_at = r.modified_at and r.merged_into is null)`;
  // A deleted record keeps what we know of it: its archived form may carry less.
  const replaces = sql`${isNews} and excluded.deleted_at is null`;
  // A page that read no links says nothing about where the record rolls up to.
  const repoints = (column: 'account_id' | 'contact_id'): RawBuilder<unknown> =>
    sql`${replaces} and (excluded.links <> '{}' or excluded.${sql.ref(column)} is not null)`;
  const { rows: changes } = await sql<Change>`
    with incoming as materialized (
      select * from json_to_recordset(${toStorableJson(rows)}::json) as x (
        crm_id text, inputs jsonb, shown jsonb, links jsonb, account_id text, contact_id text, is_account boolean,
        created_at timestamptz, modified_at timestamptz, deleted_at timestamptz
      )
    ), b as materialized (
      select r.* from ${byKeys(installation, page.object, ids)}
    ), s as (
      insert into holdfast.record as r (
        installation_id, object, crm_id, inputs, shown, links, account_id, contact_id, is_account,
        created_at, modified_at, observed_at, deleted_at, seen_walk
      )
      select ${installation}, ${page.object}, crm_id, inputs, shown, links, account_id, contact_id, is_account,
        created_at, modified_at, ${page.at}::timestamptz, deleted_at, ${page.walk}::text
      from incoming
      on conflict (installation_id, object, crm_id) do update set
        inputs = case when ${replaces} then excluded.inputs else r.inputs end,
        shown = case when ${replaces} and (r.shown_at is null or r.shown_at <= excluded.modified_at)
          then excluded.shown else r.shown end,
        links = case when ${replaces} then r.links || excluded.links else r.links end,
        account_id = case when ${repoints('account_id')} then excluded.account_id else r.account_id end,
        contact_id = case when ${repoints('contact_id')} then excluded.contact_id else r.contact_id end,
        is_account = r.is_account or excluded.is_account,
        created_at = coalesce(excluded.created_at, r.created_at),
        modified_at = greatest(excluded.modified_at, r.modified_at),
        observed_at = greatest(excluded.observed_at, r.observed_at),
        deleted_at = case when not ${isNews} then r.deleted_at
          when excluded.deleted_at is null then null
          else coalesce(r.deleted_at, excluded.deleted_at) end,
        merged_into = case when ${replaces} then null else r.merged_into end,
        seen_walk = coalesce(excluded.seen_walk, r.seen_walk)
      returning r.*
    ), change as (
      select s.crm_id, case
        when b.crm_id is null and s.deleted_at is null then 'inserted'
        when s.deleted_at is not null and b.deleted_at is null then 'deleted'
        when s.deleted_at is not null then 'unchanged'
        when b.deleted_at is not null then 'updated'
        when (s.inputs, s.links, s.account_id, s.contact_id) is distinct from
          (b.inputs, b.links, b.account_id, b.contact_id) then 'updated'
        else 'unchanged'
      end as kind
      from s left join b on b.crm_id = s.crm_id
    )
    select kind, case when kind <> 'unchanged' then ${accountOf('b')} end as before,
      case when kind <> 'unchanged' then ${accountOf('s')} end as after
    from change join s on s.crm_id = change.crm_id left join b on b.crm_id = s.crm_id
  `.execute(scope);
  return changes;
}

/** Marks merged records, and lets what was linked to them follow to the record that took them over. */
async function followMerges(
  scope: Scope,
  installation: InstallationId,
  page: PageToStore,
  records: readonly IncomingRecord[],
  concerned: Set<string>,
): Promise<void> {
  // Of two that name one record as merged into them, the older has itself been merged since: a late index still shows it.
  const oldestFirst = records.map(({ raw }) => raw).sort((a, b) => (a.modifiedAt < b.modifiedAt ? -1 : 1));
  const survivors = new Map(oldestFirst.flatMap((raw) => raw.mergedIds.map((id) => [id, raw.id] as const)));
  const merges = [...survivors].flatMap(([id, into]) => (id === into ? [] : [{ id, into }]));
  if (merges.length === 0) return;
  const json = toStorableJson(merges);
  const ids = sql`${merges.map(({ id }) => id)}::text[]`;
  const { rows: marked } = await sql<{ account: string | null; survivor: string | null }>`
    update holdfast.record r
    set merged_into = m.into, deleted_at = coalesce(r.deleted_at, ${page.at}::timestamptz)
    from json_to_recordset(${json}::json) as m(id text, "into" text)
    where r.installation_id = ${installation} and r.object = ${page.object} and r.crm_id = any(${ids})
      and r.crm_id = m.id and r.merged_into is distinct from m.into
    returning ${accountOf('r')} as account, (
      select s.account_id from holdfast.record s
      where s.installation_id = r.installation_id and s.object = r.object and s.crm_id = m.into
    ) as survivor
  `.execute(scope);
  // No index leads to records that link to a merged one without rolling up to it: they are looked for when a merge is news.
  const where =
    marked.length > 0
      ? sql`true`
      : sql`(r.account_id = any(${ids}) or r.account_id is null and r.contact_id = any(${ids}))`;
  const { rows: linked } = await sql<{ crm_id: string }>`
    select r.crm_id from holdfast.record r
    where r.installation_id = ${installation} and ${where} and r.links -> ${page.object} ?| ${ids}
  `.execute(scope);
  const moved = linked.length === 0 ? [] : await moveLinks(scope, installation, page.object, merges, linked);
  for (const account of [
    ...marked.flatMap(({ account, survivor }) => [account, survivor]),
    ...moved.flatMap(({ before, after }) => [before, after]),
  ]) {
    if (account !== null) concerned.add(account);
  }
}

/** Replaces merged ids by those that took them over, in links and in what is read from them. */
async function moveLinks(
  scope: Scope,
  installation: InstallationId,
  object: string,
  merges: readonly { readonly id: string; readonly into: string }[],
  linked: readonly { readonly crm_id: string }[],
): Promise<readonly { readonly before: string | null; readonly after: string | null }[]> {
  const ids = sql`${merges.map(({ id }) => id)}::text[]`;
  const { rows } = await sql<{ before: string | null; after: string | null }>`
    with m as materialized (
      select id, "into" from json_to_recordset(${toStorableJson(merges)}::json) as x(id text, "into" text)
    ), b as materialized (
      select r.* from holdfast.record r
      where r.installation_id = ${installation} and r.crm_id = any(${linked.map(({ crm_id }) => crm_id)}::text[])
        and r.links -> ${object} ?| ${ids}
    ), s as (
      update holdfast.record r set
        links = jsonb_set(b.links, array[${object}::text], (
          select jsonb_agg(id order by place) from (
            select coalesce(m.into, link.id) as id, min(link.place) as place
            from jsonb_array_elements_text(b.links -> ${object}) with ordinality as link(id, place)
              left join m on m.id = link.id
            group by 1
          ) as followed
        )),
        account_id = case when b.links -> ${object} ? b.account_id
          then coalesce((select m.into from m where m.id = b.account_id), b.account_id) else b.account_id end,
        contact_id = case when b.links -> ${object} ? b.contact_id
          then coalesce((select m.into from m where m.id = b.contact_id), b.contact_id) else b.contact_id end
      from b where r.installation_id = b.installation_id and r.object = b.object and r.crm_id = b.crm_id
      returning r.*
    )
    select ${accountOf('b')} as before, ${accountOf('s')} as after
    from s join b on b.object = s.object and b.crm_id = s.crm_id
  `.execute(scope);
  return rows;
}

async function storeLinks(
  scope: Scope,
  installation: InstallationId,
  read: {
    readonly object: string;
    readonly to: string;
    readonly links: ReadonlyMap<string, readonly string[]>;
    readonly at: Instant;
    readonly rollsUp: 'account' | 'contact' | null;
  },
): Promise<number> {
  const rows = [...read.links].map(([crm_id, ids]) => ({ crm_id, ids }));
  const ids = sql`${[...read.links.keys()]}::text[]`;
  const first = sql`i.ids ->> 0`;
  const { rows: changes } = await sql<{ before: string | null; after: string | null; is_change: boolean }>`
    with incoming as materialized (
      select * from json_to_recordset(${toStorableJson(rows)}::json) as x(crm_id text, ids jsonb)
    ), b as materialized (
      select r.*, i.ids from incoming i join holdfast.record r
        on r.installation_id = ${installation} and r.object = ${read.object} and r.crm_id = any(${ids}) and r.crm_id = i.crm_id
      where r.links -> ${read.to} is distinct from i.ids
    ), s as (
      update holdfast.record r set
        links = r.links || jsonb_build_object(${read.to}::text, i.ids),
        account_id = ${read.rollsUp === 'account' ? sql`case when r.is_account then r.account_id else ${first} end` : sql`r.account_id`},
        contact_id = ${read.rollsUp === 'contact' ? first : sql`r.contact_id`}
      from b as i
      where r.installation_id = ${installation} and r.object = ${read.object} and r.crm_id = any(${ids}) and r.crm_id = i.crm_id
      returning r.*
    )
    select ${accountOf('b')} as before, ${accountOf('s')} as after,
      coalesce(b.links -> ${read.to}, '[]') <> b.ids as is_change
    from s join b on b.crm_id = s.crm_id
  `.execute(scope);
  const changed = changes.filter((change) => change.is_change);
  await touch(scope, installation, new Set(accountsIn(changed)), read.at);
  return changed.length;
}

async function mark(
  scope: Scope,
  installation: InstallationId,
  object: string,
  ids: readonly string[],
  at: Instant,
  change: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
): Promise<number> {
  const { rows } = await sql<{ account: string | null }>`
    update holdfast.record r set ${change}
    where installation_id = ${installation} and object = ${object} and crm_id = any(${[...ids]}::text[]) and ${condition}
    returning ${accountOf('r')} as account
  `.execute(scope);
  const concerned = rows.flatMap(({ account }) => (account === null ? [] : [account]));
  await touch(scope, installation, new Set(concerned), at);
  return rows.length;
}

async function markWritten(
  scope: Scope,
  object: string,
  written: readonly {
    readonly id: string;
    readonly shown: Readonly<Record<string, RawValue>>;
    readonly modifiedAt: Instant | null;
  }[],
): Promise<void> {
  await sql`
    update holdfast.record r
    set shown = r.shown || w.shown, shown_at = greatest(r.shown_at, w."modifiedAt")
    from json_to_recordset(${toStorableJson(written)}::json) as w(id text, shown jsonb, "modifiedAt" timestamptz)
    where r.object = ${object} and r.crm_id = any(${written.map(({ id }) => id)}::text[]) and r.crm_id = w.id
  `.execute(scope);
}

function accountsIn(
  changes: readonly { readonly before: string | null; readonly after: string | null }[],
): readonly string[] {
  return changes.flatMap(({ before, after }) => [before, after]).filter((account) => account !== null);
}

interface Row {
  readonly object: string;
  readonly crm_id: string;
  readonly inputs: Readonly<Record<string, RawValue>>;
  readonly shown: Readonly<Record<string, RawValue>>;
  readonly links: Readonly<Record<string, readonly string[]>>;
  readonly account_id: string | null;
  readonly contact_id: string | null;
  readonly merged_into: string | null;
  /** In UTC, as PostgreSQL writes it: `2026-03-02 09:00:00.5`. */
  readonly created_at: string | null;
  readonly modified_at: string;
  readonly observed_at: string;
  readonly deleted_at: string | null;
}

const PLAIN = ['object', 'crm_id', 'inputs', 'shown', 'links', 'account_id', 'contact_id', 'merged_into'] as const;
const INSTANTS = ['created_at', 'modified_at', 'observed_at', 'deleted_at'] as const;
const ROW = [...PLAIN, ...INSTANTS] as const;

/** Instants as text: to make a `Date` of each and text of that again took a quarter of the time that reading takes. */
const COLUMNS = sql.raw(
  [
    ...PLAIN.map((column) => `r.${column}`),
    ...INSTANTS.map((column) => `(r.${column} at time zone 'utc')::text as ${column}`),
  ].join(', '),
);

async function selectRecords(scope: Scope, condition: RawBuilder<unknown>): Promise<readonly StoredRecord[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from holdfast.record r where ${condition}`.execute(scope);
  return rows.map(toStoredRecord);
}

async function selectIds(scope: Scope, condition: RawBuilder<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ crm_id: string }>`select crm_id from holdfast.record where ${condition}`.execute(scope);
  return rows.map((row) => row.crm_id);
}

/** Every account that was asked for is in the answer, with every object that was asked for. */
async function byAccounts(
  scope: Scope,
  installation: InstallationId,
  objects: readonly string[],
  accounts: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, ReadonlyMap<string, readonly StoredRecord[]>>> {
  // The shape leads to the index on contacts even before PostgreSQL has gathered statistics: without them, it has searched all
  // records once for each contact.
  const rows = await selectColumns<Row & { readonly rolls_up_to: AccountId }>(
    scope,
    [...ROW, 'rolls_up_to'],
    sql`
    with mine as materialized (
      select object, crm_id, account_id from holdfast.record
      where installation_id = ${installation} and account_id = any(${[...accounts]}::text[]) and deleted_at is null
    )
    select ${COLUMNS}, r.account_id as rolls_up_to from holdfast.record r
    where r.installation_id = ${installation} and r.object = any(${[...objects]}::text[])
      and r.account_id = any(${[...accounts]}::text[]) and r.deleted_at is null
    union all
    select ${COLUMNS}, c.account_id from mine c cross join lateral (
      select * from holdfast.record r
      where r.installation_id = ${installation} and r.account_id is null and r.contact_id = c.crm_id offset 0
    ) r
    where r.object = any(${[...objects]}::text[]) and r.deleted_at is null and r.links -> c.object ? c.crm_id
    order by object, crm_id
  `,
  );
  const found = new Map(
    accounts.map((account) => [account, new Map(objects.map((object): [string, StoredRecord[]] => [object, []]))]),
  );
  for (const row of rows) found.get(row.rolls_up_to)?.get(row.object)?.push(toStoredRecord(row));
  return found;
}

function toStoredRecord(row: Row): StoredRecord {
  return {
    raw: {
      object: row.object,
      id: row.crm_id,
      fields: { ...row.inputs, ...row.shown },
      links: row.links,
      createdAt: row.created_at === null ? null : toInstant(row.created_at),
      modifiedAt: toInstant(row.modified_at),
      deleted: row.deleted_at !== null,
      mergedIds: [],
    },
    inputs: row.inputs,
    shown: row.shown,
    accountId: row.account_id === null ? null : toAccountId(row.account_id),
    contactId: row.contact_id,
    observedAt: toInstant(row.observed_at),
    deletedAt: row.deleted_at === null ? null : toInstant(row.deleted_at),
    mergedInto: row.merged_into,
  };
}

function toInstant(text: string): Instant {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, 23).padEnd(3, '0')}Z`;
}
