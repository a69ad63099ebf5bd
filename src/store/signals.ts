import { sql } from 'kysely';
import { addDays } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { WorkspaceNews } from '../core/usage/attribute.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
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
        await putFacts(scope, installation, facts);
        const news = new Map(facts.map((fact) => [fact.workspaceId, toNews(fact, at)]));
        await learnWorkspaces(scope, installation, [...news.values()], at, 'records');
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

function toNews({ workspaceId, keys }: ImportedFact, at: string): WorkspaceNews {
  return {
    id: workspaceId,
    keys,
    name: null,
    limits: {},
    coreFeatures: null,
    events: 0,
    firstAt: at,
    lastAt: at,
    activeAt: null,
  };
}

async function putFacts(scope: Scope, installation: InstallationId, facts: readonly ImportedFact[]): Promise<void> {
  // A statement may touch each row once; of a fact that comes twice the last holds.
  const byId = new Map(facts.map(({ kind, workspaceId, fact }) => [`${kind} ${fact.id}`, { kind, workspaceId, fact }]));
  const rows = [...byId.values()].map(({ kind, workspaceId, fact }) => ({ kind, id: fact.id, workspaceId, fact }));
  await sql`
    insert into holdfast.signal_fact (installation_id, kind, fact_id, workspace_id, fact)
    select ${installation}, kind, id, "workspaceId", fact
    from json_to_recordset(${toStorableJson(rows)}::json) as x (kind text, id text, "workspaceId" text, fact json)
    on conflict (installation_id, kind, fact_id) do update set
      workspace_id = excluded.workspace_id, fact = excluded.fact
  `.execute(scope);
}
