import { sql } from 'kysely';
import { addDays } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { WorkspaceNews } from '../core/usage/attribute.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import { mergeTraits, NO_TRAITS, traitsAt, type WorkspaceTraits } from '../core/usage/workspace-traits.ts';
import type { ImportedFact, SignalSource, SignalStore } from '../ports/store.ts';
import { readAccountSignals, readUsageOf } from './account-signals.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson } from './json.ts';
import { noteFile, readSources } from './signal-sources.ts';
import { importUsageDays, receiveMessages } from './usage-intake.ts';
import { isWaiting, learnWorkspaces, listAccounts, lockIntake, pin, readUnmatched } from './workspaces.ts';
import { addKey, isKey, listKeys, revokeKeys } from './write-keys.ts';

const SOURCES: Readonly<Record<ImportedFact['kind'], SignalSource>> = {
  survey: 'surveys',
  invoice: 'billing',
  milestone: 'milestones',
};

/** Every change of sums and matches is made one at a time per installation. */
export function openSignals(database: Database, installation: InstallationId): SignalStore {
  const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> => database.inInstallation(installation, work);
  return {
    receive: (messages, how) => within((scope) => receiveMessages(scope, installation, messages, how)),
    importDays: (days, how) => within((scope) => importUsageDays(scope, installation, days, how)),
    importFacts: (facts, { at, every }) =>
      within(async (scope) => {
        await lockIntake(scope, installation);
        await learnWorkspaces(scope, installation, newsOf(facts, at), at, 'records');
        await putFacts(scope, installation, facts);
        for (const kind of new Set(facts.map((fact) => fact.kind))) {
          await noteFile(scope, installation, SOURCES[kind], { to: at, every });
        }
      }),
    listAccounts: (accounts, at) =>
      within(async (scope) => {
        await lockIntake(scope, installation);
        return await listAccounts(scope, installation, accounts, at);
      }),
    pin: (workspaceId, account, at) =>
      within(async (scope) => {
        await lockIntake(scope, installation);
        return await pin(scope, installation, workspaceId, account, at);
      }),
    unmatched: (limit) => within((scope) => readUnmatched(scope, limit)),
    countUnmatched: () =>
      within(async (scope) => {
        const { rows } = await sql<{ workspaces: number }>`
          select count(*)::integer as workspaces from holdfast.workspace where ${isWaiting}
        `.execute(scope);
        return rows[0]?.workspaces ?? 0;
      }),
    sources: () => within(readSources),
    usageOf: (accounts, view) => within((scope) => readUsageOf(scope, installation, accounts, view)),
    byAccounts: (accounts, view) => within((scope) => readAccountSignals(scope, installation, accounts, view)),
    prune: (today, { usageDays, messageDays }) =>
      within(async (scope) => {
        const oldestOn = addDays(today, -usageDays);
        const oldest = monthOf(oldestOn);
        await sql`delete from holdfast.usage_message where received_on < ${addDays(today, -messageDays)}::date`.execute(
          scope,
        );
        await sql`delete from holdfast.usage_month where month < ${oldest}`.execute(scope);
        await sql`delete from holdfast.usage_user_month where month < ${oldest}`.execute(scope);
        await sql`delete from holdfast.product_user where seen_on < ${oldestOn}::date`.execute(scope);
        await sql`
          delete from holdfast.workspace w where w.last_at < ${oldestOn}::date and w.pinned_account is null
            and not exists (
              select from holdfast.signal_fact f
              where f.installation_id = w.installation_id and f.workspace_id = w.workspace_id
            )
        `.execute(scope);
      }),
    addKey: (key) => within((scope) => addKey(scope, installation, key)),
    isKey: (hash) => within((scope) => isKey(scope, hash)),
    listKeys: () => within(listKeys),
    revokeKeys: (hint, at) => within((scope) => revokeKeys(scope, hint, at)),
  };
}

/** One of each workspace, with the keys of all its facts. */
function newsOf(facts: readonly ImportedFact[], at: string): readonly WorkspaceNews[] {
  const traitsOf = new Map<string, WorkspaceTraits>();
  for (const { workspaceId, keys } of facts) {
    const told = traitsAt(workspaceId, at, { keys });
    traitsOf.set(workspaceId, mergeTraits(traitsOf.get(workspaceId) ?? NO_TRAITS, told));
  }
  return [...traitsOf].map(([id, traits]) => ({ id, traits, events: 0, firstAt: at, lastAt: at, activeAt: null }));
}

async function putFacts(scope: Scope, installation: InstallationId, facts: readonly ImportedFact[]): Promise<void> {
  // A statement may touch each row once; of a fact that comes twice the last holds.
  const byKey = new Map(facts.map((one) => [`${one.kind} ${one.workspaceId} ${one.fact.id}`, one]));
  const rows = toStorableJson(
    [...byKey.values()].map(({ kind, workspaceId, fact }) => ({ kind, id: fact.id, workspaceId, fact })),
  );
  // A file may name by its id an account that an earlier one named by its domain: that is the same fact, told anew.
  await sql`
    delete from holdfast.signal_fact f
    using json_to_recordset(${rows}::json) as x (kind text, id text, "workspaceId" text)
      join holdfast.workspace told on told.installation_id = ${installation} and told.workspace_id = x."workspaceId"
      join holdfast.workspace other on other.installation_id = ${installation} and other.account_id = told.account_id
        and starts_with(other.workspace_id, 'domain:') <> starts_with(told.workspace_id, 'domain:')
    where f.installation_id = ${installation} and f.workspace_id = other.workspace_id and f.kind = x.kind
      and f.fact_id = x.id
  `.execute(scope);
  await sql`
    insert into holdfast.signal_fact (installation_id, kind, fact_id, workspace_id, fact)
    select ${installation}, kind, id, "workspaceId", fact
    from json_to_recordset(${rows}::json) as x (kind text, id text, "workspaceId" text, fact json)
    on conflict (installation_id, workspace_id, kind, fact_id) do update set fact = excluded.fact
  `.execute(scope);
}
