import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import { toAccountId, type AccountId, type InstallationId } from '../core/model/ids.ts';
import type { WorkspaceNews } from '../core/usage/attribute.ts';
import { accountKeyOf, findMatch, isShared, joinedIn, keyOfJoined, workspaceKeysOf } from '../core/usage/match.ts';
import { mergeTraits, NO_TRAITS } from '../core/usage/workspace-traits.ts';
import type { WorkspaceTraits } from '../core/usage/workspace-traits.ts';
import type { ListedAccount, SignalStore, UnmatchedWorkspace } from '../ports/store.ts';
import { DOCUMENTS, inBatches } from './batches.ts';
import type { Scope } from './database.ts';
import { toStorableJson } from './json.ts';
import { touch, type News } from './touch.ts';

/** Workspaces that ask for one domain; one that more than these share is no customer's. */
const MOST_OF_A_DOMAIN = 10_000;

/** One at a time per installation: sums are read, added to and written. */
export async function lockIntake(scope: Scope, installation: InstallationId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`intake of ${installation}`}, 0))`.execute(scope);
}

/**
 * Adds what was learnt of workspaces, lets those look for their account whose keys are new, and marks the accounts of all
 * of them as touched; `told` is what else was told of them.
 */
export async function learnWorkspaces(
  scope: Scope,
  installation: InstallationId,
  news: readonly WorkspaceNews[],
  at: Instant,
  told: News,
): Promise<void> {
  await inBatches(news, DOCUMENTS, async (batch) => {
    const { rows: kept } = await sql<WorkspaceTraits & { workspace_id: string }>`
      select workspace_id, keys, name, limits, core_features as "coreFeatures", told_at as "toldAt"
      from holdfast.workspace where workspace_id = any(${batch.map(({ id }) => id)}::text[])
    `.execute(scope);
    const keptById = new Map(kept.map((row) => [row.workspace_id, row]));
    const seeking: string[] = [];
    const rows = batch.map((one) => {
      const before = keptById.get(one.id);
      const { keys, name, limits, coreFeatures, toldAt } = mergeTraits(before ?? NO_TRAITS, one.traits);
      if (before === undefined || keys.join('\n') !== before.keys.join('\n')) seeking.push(one.id);
      return {
        workspace_id: one.id,
        name,
        keys,
        limits,
        core_features: coreFeatures,
        told_at: toldAt,
        events: one.events,
        first_at: one.firstAt,
        last_at: one.lastAt,
        active_at: one.activeAt,
      };
    });
    const { rows: accounts } = await sql<{ account_id: string | null }>`
      insert into holdfast.workspace as w (
        installation_id, workspace_id, name, keys, candidates, limits, core_features, told_at, events, first_at, last_at,
        active_at
      )
      select ${installation}, workspace_id, name, array(select jsonb_array_elements_text(keys)), '{}', limits::json,
        core_features::json, told_at::json, events, first_at, last_at, active_at
      from json_to_recordset(${toStorableJson(rows)}::json) as x (
        workspace_id text, name text, keys jsonb, limits jsonb, core_features jsonb, told_at jsonb,
        events double precision, first_at timestamptz, last_at timestamptz, active_at timestamptz
      )
      on conflict (installation_id, workspace_id) do update set
        name = excluded.name,
        keys = excluded.keys,
        limits = excluded.limits,
        core_features = excluded.core_features,
        told_at = excluded.told_at,
        events = w.events + excluded.events,
        first_at = least(w.first_at, excluded.first_at),
        last_at = greatest(w.last_at, excluded.last_at),
        active_at = greatest(w.active_at, excluded.active_at)
      returning account_id
    `.execute(scope);
    const concerned = await seek(scope, installation, seeking);
    await touch(scope, installation, new Set(accounts.flatMap((row) => row.account_id ?? [])), at, told);
    await touch(scope, installation, new Set(concerned), at);
  });
}

/** A user's own workspace belongs from now on to the account of the one that they joined, whichever that will be. */
export async function joinWorkspaces(
  scope: Scope,
  installation: InstallationId,
  joined: ReadonlyMap<string, string>,
  at: Instant,
): Promise<void> {
  if (joined.size === 0) return;
  const rows = [...joined].map(([own, into]) => ({ own, key: keyOfJoined(into) }));
  await sql`
    update holdfast.workspace w set keys = array[x.key]
    from json_to_recordset(${toStorableJson(rows)}::json) as x (own text, key text)
    where w.installation_id = ${installation} and w.workspace_id = x.own
  `.execute(scope);
  await touch(scope, installation, new Set(await seek(scope, installation, [...joined.keys()])), at);
}

/** Lists workspaces under the keys that they have now, and finds their accounts anew; answers like `match`. */
async function seek(
  scope: Scope,
  installation: InstallationId,
  workspaces: readonly string[],
): Promise<readonly AccountId[]> {
  await inBatches(workspaces, DOCUMENTS, async (batch) => {
    await sql`
      with wanted as materialized (
        select workspace_id, unnest(keys) as key from holdfast.workspace
        where installation_id = ${installation} and workspace_id = any(${[...batch]}::text[])
        union
        select workspace_id, 'id:' || pinned_account from holdfast.workspace
        where installation_id = ${installation} and workspace_id = any(${[...batch]}::text[])
          and pinned_account is not null
      ), dropped as (
        delete from holdfast.workspace_key k
        where k.installation_id = ${installation} and k.workspace_id = any(${[...batch]}::text[])
          and not exists (select from wanted w where w.workspace_id = k.workspace_id and w.key = k.key)
      )
      insert into holdfast.workspace_key (installation_id, key, workspace_id)
      select ${installation}, key, workspace_id from wanted
      on conflict do nothing
    `.execute(scope);
  });
  return await match(scope, installation, workspaces);
}

interface SeekingRow {
  readonly workspace_id: string;
  readonly keys: readonly string[];
  readonly pinned_account: string | null;
  readonly account_id: string | null;
  readonly candidates: readonly string[];
}

/**
 * Finds the accounts of workspaces anew, and of those that joined one which moves. Answers the accounts that won or lost
 * one.
 */
async function match(
  scope: Scope,
  installation: InstallationId,
  workspaces: readonly string[],
): Promise<readonly AccountId[]> {
  const concerned = new Set<string>();
  const moved: string[] = [];
  await inBatches(workspaces, DOCUMENTS, async (batch) => {
    const { rows: seeking } = await sql<SeekingRow>`
      select workspace_id, keys, pinned_account, account_id, candidates from holdfast.workspace
      where workspace_id = any(${[...batch]}::text[])
    `.execute(scope);
    const sought = seeking.map((row) => ({
      ...row,
      keys: row.pinned_account === null ? row.keys : [`id:${row.pinned_account}`, ...row.keys],
    }));
    const accounts = await accountsByKey(
      scope,
      sought.flatMap(({ keys }) => keys.map(accountKeyOf)),
    );
    const changes = sought.flatMap((row) => {
      const found = findMatch(row.keys, accounts);
      const candidates = found.accountId === null ? found.candidates : [];
      const isSame = found.accountId === row.account_id && candidates.join('\n') === row.candidates.join('\n');
      if (isSame) return [];
      if (found.accountId !== row.account_id) {
        moved.push(keyOfJoined(row.workspace_id));
        for (const account of [found.accountId, row.account_id]) if (account !== null) concerned.add(account);
      }
      return [{ workspace_id: row.workspace_id, account_id: found.accountId, candidates }];
    });
    if (changes.length === 0) return;
    await sql`
      update holdfast.workspace w
      set account_id = x.account_id, candidates = array(select jsonb_array_elements_text(x.candidates))
      from json_to_recordset(${toStorableJson(changes)}::json) as x (workspace_id text, account_id text, candidates jsonb)
      where w.installation_id = ${installation} and w.workspace_id = x.workspace_id
    `.execute(scope);
  });
  // Users join groups, and groups nothing: this ends after one step.
  const followers = await followersOf(scope, installation, moved);
  const theirs = followers.length === 0 ? [] : await match(scope, installation, followers);
  return [...new Set([...[...concerned].map(toAccountId), ...theirs])];
}

async function followersOf(
  scope: Scope,
  installation: InstallationId,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<{ workspace_id: string }>`
    select distinct workspace_id from holdfast.workspace_key
    where installation_id = ${installation} and key = any(${[...keys]}::text[])
    order by workspace_id
  `.execute(scope);
  return rows.map((row) => row.workspace_id);
}

/** Without the keys that so many ask for that they are no customer's. */
async function withoutCrowds(
  scope: Scope,
  installation: InstallationId,
  accountKeys: readonly string[],
): Promise<readonly string[]> {
  const shared = accountKeys.filter(isShared).flatMap(workspaceKeysOf);
  if (shared.length === 0) return accountKeys.flatMap(workspaceKeysOf);
  const { rows } = await sql<{ key: string }>`
    select key from holdfast.workspace_key
    where installation_id = ${installation} and key = any(${shared}::text[])
    group by key having count(*) > ${MOST_OF_A_DOMAIN}
  `.execute(scope);
  const crowds = new Set(rows.map(({ key }) => key));
  return accountKeys.flatMap(workspaceKeysOf).filter((key) => !crowds.has(key));
}

async function accountsByKey(scope: Scope, keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ key: string; account_id: string }>`
    select distinct key, account_id from holdfast.account_key
    where key = any(${[...new Set(keys)]}::text[])
    union all
    select 'in:' || workspace_id, account_id from holdfast.workspace
    where workspace_id = any(${[...new Set(keys.flatMap((key) => joinedIn(key) ?? []))]}::text[])
      and account_id is not null
    order by 1, 2
  `.execute(scope);
  return new Map(
    [...Map.groupBy(rows, ({ key }) => key)].map(([key, found]) => [key, found.map((row) => row.account_id)]),
  );
}

/**
 * Merged records with the one that is left in the end: what they were merged into may itself be merged, earlier or among
 * these.
 */
async function withSurvivors(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly ListedAccount[],
): Promise<ReadonlyMap<string, string>> {
  const merged = accounts.flatMap(({ recordId, accountId }) =>
    accountId === null || accountId === recordId ? [] : [[recordId, accountId] as const],
  );
  if (merged.length === 0) return new Map();
  const { rows } = await sql<{ record_id: string; account_id: string }>`
    select distinct record_id, account_id from holdfast.account_key
    where installation_id = ${installation} and record_id = any(${merged.map(([, into]) => into)}::text[])
  `.execute(scope);
  const into = new Map<string, string>(rows.map((row) => [row.record_id, row.account_id]));
  for (const { recordId, accountId } of accounts) into.set(recordId, accountId ?? recordId);
  const survivorOf = (record: string): string => {
    const seen = new Set<string>();
    let last = record;
    for (let next = into.get(last); next !== undefined && !seen.has(next); next = into.get(last)) {
      seen.add(next);
      last = next;
    }
    return last;
  };
  return new Map(merged.map(([recordId, accountId]) => [recordId, survivorOf(accountId)]));
}

export async function listAccounts(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly ListedAccount[],
  at: Instant,
): Promise<readonly AccountId[]> {
  if (accounts.length === 0) return [];
  const ids = accounts.map(({ recordId }) => recordId);
  const survivors = await withSurvivors(scope, installation, accounts);
  const merged = [...survivors].map(([recordId, survivor]) => ({ record_id: recordId, account_id: survivor }));
  const wanted = accounts.flatMap(({ recordId, accountId, keys }) =>
    accountId === null
      ? []
      : keys.map((key) => ({ record_id: recordId, key, account_id: survivors.get(recordId) ?? recordId })),
  );
  const { rows } = await sql<{ key: string }>`
    with wanted as materialized (
      select * from json_to_recordset(${toStorableJson(wanted)}::json) as x (record_id text, key text, account_id text)
    ), moved as (
      -- What was merged into a record that is itself merged now goes on to where that went. Records that are listed
      -- themselves are put or dropped below: a statement may change a row once.
      update holdfast.account_key k set account_id = m.account_id
      from json_to_recordset(${toStorableJson(merged)}::json) as m (record_id text, account_id text)
      where k.installation_id = ${installation} and k.account_id = m.record_id and k.record_id <> all(${ids}::text[])
      returning k.key
    ), dropped as (
      delete from holdfast.account_key k
      where k.installation_id = ${installation} and k.record_id = any(${ids}::text[])
        and not exists (select from wanted w where w.record_id = k.record_id and w.key = k.key)
      returning k.key
    ), put as (
      insert into holdfast.account_key as k (installation_id, record_id, key, account_id)
      select ${installation}, record_id, key, account_id from wanted
      on conflict (installation_id, record_id, key) do update set account_id = excluded.account_id
        where k.account_id <> excluded.account_id
      returning k.key
    )
    select key from moved union select key from dropped union select key from put
  `.execute(scope);
  if (rows.length === 0) return [];
  const keys = await withoutCrowds(
    scope,
    installation,
    rows.map(({ key }) => key),
  );
  const concerned = await match(scope, installation, await followersOf(scope, installation, keys));
  // Whoever lists accounts is about to look at them.
  const listed = new Set(accounts.map(({ recordId }) => recordId));
  await touch(scope, installation, new Set(concerned.filter((account) => !listed.has(account))), at);
  return concerned;
}

export async function pin(
  scope: Scope,
  installation: InstallationId,
  workspaceId: string,
  account: AccountId | null,
  at: Instant,
): ReturnType<SignalStore['pin']> {
  if (account !== null && !(await accountsByKey(scope, [`id:${account}`])).has(`id:${account}`))
    return 'account-unknown';
  const { rows } = await sql`
    update holdfast.workspace set pinned_account = ${account}
    where installation_id = ${installation} and workspace_id = ${workspaceId} returning workspace_id
  `.execute(scope);
  if (rows.length === 0) return 'workspace-unknown';
  await touch(scope, installation, new Set(await seek(scope, installation, [workspaceId])), at);
  return 'pinned';
}

/** Of what belongs to another workspace, that one waits. */
export const isWaiting = sql`account_id is null and not exists (select from unnest(keys) as k (key) where starts_with(k.key, 'in:'))`;

export async function readUnmatched(scope: Scope, limit: number): Promise<readonly UnmatchedWorkspace[]> {
  const { rows } = await sql<{
    workspace_id: string;
    name: string | null;
    keys: readonly string[];
    candidates: readonly string[];
    events: number;
    facts: number;
    first_at: Date;
    last_at: Date;
  }>`
    select w.workspace_id, w.name, w.keys, w.candidates, w.events, w.first_at, w.last_at, (
      select count(*)::integer from holdfast.signal_fact f
      where f.installation_id = w.installation_id and f.workspace_id = w.workspace_id
    ) as facts
    from holdfast.workspace w where ${isWaiting}
    order by w.events desc, w.workspace_id limit ${limit}
  `.execute(scope);
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    name: row.name,
    keys: row.keys,
    candidates: row.candidates,
    events: row.events,
    facts: row.facts,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
  }));
}
