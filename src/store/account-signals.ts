import { sql } from 'kysely';
import { dayOf } from '../core/model/calendar-date.ts';
import type { AccountId, InstallationId } from '../core/model/ids.ts';
import type { Invoice, Milestone, SurveyResponse } from '../core/model/signals.ts';
import {
  daysIn,
  monthsIn,
  openedOf,
  toAccountUsage,
  windowsOf,
  type KeptUsage,
  type UsageView,
} from '../core/usage/account-usage.ts';
import type { MonthUsage } from '../core/usage/usage-ledger.ts';
import type { AccountSignals } from '../ports/store.ts';
import { selectColumns } from './columns.ts';
import type { Scope } from './database.ts';
import { readSources } from './signal-sources.ts';

/** Every account that was asked for is in the answer. */
export async function readAccountSignals(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly AccountId[],
  view: UsageView,
): Promise<ReadonlyMap<AccountId, AccountSignals>> {
  const sources = await readSources(scope);
  if (sources.size === 0 || accounts.length === 0) {
    const nothing = { usage: null, surveys: null, invoices: null, milestones: null };
    return new Map(accounts.map((account) => [account, nothing]));
  }
  const usage = sources.has('usage') ? await readUsage(scope, installation, accounts, view) : null;
  const facts = await readFacts(scope, installation, accounts);
  return new Map(
    accounts.map((account): [AccountId, AccountSignals] => {
      const own = facts.get(account) ?? [];
      return [
        account,
        {
          usage: usage?.(account) ?? null,
          surveys: sources.has('surveys') ? (factsOf(account, own, 'survey') as SurveyResponse[]) : null,
          invoices: sources.has('billing') ? (factsOf(account, own, 'invoice') as Invoice[]) : null,
          milestones: sources.has('milestones') ? (factsOf(account, own, 'milestone') as Milestone[]) : null,
        },
      ];
    }),
  );
}

/** What answers how each of these accounts uses the product; null for those that do not. */
export async function readUsageOf(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly AccountId[],
  view: UsageView,
): Promise<(account: AccountId) => AccountSignals['usage']> {
  const isTold = accounts.length > 0 && (await readSources(scope)).has('usage');
  return isTold ? await readUsage(scope, installation, accounts, view) : () => null;
}

interface WorkspaceRow {
  readonly account_id: string;
  readonly workspace_id: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly core_features: readonly string[] | null;
  readonly first_at: Date;
  readonly active_at: Date | null;
}

interface MonthsRow {
  readonly workspace_id: string;
  /** The workspace's months as JSON text, which is read once the account is opened. */
  readonly months: string;
}

interface Month {
  readonly month: string;
  readonly origin: 'messages' | 'import';
  readonly days: MonthUsage;
}

type Counts = KeptUsage['users'];

const NOBODY: Counts = { recent: 0, active: 0, before: 0, season: 0, recentKey: 0 };

async function readUsage(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly AccountId[],
  view: UsageView,
): Promise<(account: AccountId) => AccountSignals['usage']> {
  const windows = windowsOf(view);
  const ids = [...accounts];
  const { rows: workspaces } = await sql<WorkspaceRow>`
    select account_id, workspace_id, limits, core_features, first_at, active_at from holdfast.workspace
    where installation_id = ${installation} and account_id = any(${ids}::text[]) order by workspace_id
  `.execute(scope);
  const opened = monthsIn(openedOf(view));
  const { rows: months } = await sql<MonthsRow>`
    select workspace_id, array_to_json(array_agg(json_build_object('month', month, 'origin', origin, 'days', days)))::text as months
    from holdfast.usage_month
    where installation_id = ${installation} and workspace_id = any(${workspaces.map((row) => row.workspace_id)}::text[])
      and month = any(${[...new Set([...opened, ...monthsIn(windows.season)])]}::text[])
    group by workspace_id
  `.execute(scope);

  const counted = [...new Set(Object.values(windows).flatMap(monthsIn))];
  const bits = counted.map((month) => ({
    month,
    recent: daysIn(month, windows.recent),
    active: daysIn(month, windows.active),
    before: daysIn(month, windows.before),
    season: daysIn(month, windows.season),
  }));
  // By workspaces and months, which are found by the index: joined to the accounts, all users of all accounts have been read.
  const { rows: counts } = await sql<Counts & { readonly account_id: string }>`
    with mine as materialized (
      select workspace_id, month, user_key, active, key from holdfast.usage_user_month
      where installation_id = ${installation} and month = any(${counted}::text[])
        and workspace_id = any(${workspaces.map((row) => row.workspace_id)}::text[])
    )
    select account_id, count(*) filter (where recent)::integer as recent, count(*) filter (where active)::integer as active,
      count(*) filter (where before)::integer as before, count(*) filter (where season)::integer as season,
      count(*) filter (where recent_key)::integer as "recentKey"
    from (
      select w.account_id, m.user_key, bool_or(m.active & x.recent <> 0) as recent,
        bool_or(m.active & x.active <> 0) as active, bool_or(m.active & x.before <> 0) as before,
        bool_or(m.active & x.season <> 0) as season, bool_or(m.key & x.recent <> 0) as recent_key
      from mine m
        join unnest(
          ${workspaces.map((row) => row.workspace_id)}::text[], ${workspaces.map((row) => row.account_id)}::text[]
        ) as w (workspace_id, account_id) on w.workspace_id = m.workspace_id
        join json_to_recordset(${JSON.stringify(bits)}::json)
          as x (month text, recent integer, active integer, before integer, season integer) on x.month = m.month
      group by w.account_id, m.user_key
    ) as users
    group by account_id
  `.execute(scope);

  const monthsOf = new Map(months.map((row) => [row.workspace_id, row.months]));
  const byAccount = Map.groupBy(workspaces, (row) => row.account_id);
  const countsOf = new Map(counts.map((row) => [row.account_id, row]));
  return (account) => {
    const own = byAccount.get(account) ?? [];
    const first = own.map((row) => row.first_at.toISOString()).sort()[0];
    const last = own
      .flatMap((row) => row.active_at?.toISOString() ?? [])
      .sort()
      .at(-1);
    return toAccountUsage(
      {
        workspaces: own.map(({ workspace_id }) => {
          // Stored by us.
          const ofWorkspace = JSON.parse(monthsOf.get(workspace_id) ?? '[]') as readonly Month[];
          return {
            counted: ofWorkspace.filter(({ origin }) => origin === 'messages'),
            imported: ofWorkspace.filter(({ origin }) => origin === 'import'),
          };
        }),
        users: countsOf.get(account) ?? NOBODY,
        firstOn: first === undefined ? null : dayOf(first, 'utc'),
        lastActiveAt: last ?? null,
        limits: own.map(({ limits }) => limits),
        coreFeatures: own.map(({ core_features }) => core_features),
      },
      view,
    );
  };
}

interface FactRow {
  readonly account_id: string;
  readonly kind: 'survey' | 'invoice' | 'milestone';
  readonly fact: object;
}

async function readFacts(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly AccountId[],
): Promise<ReadonlyMap<string, readonly FactRow[]>> {
  const rows = await selectColumns<FactRow>(
    scope,
    ['account_id', 'kind', 'fact'],
    sql`
      select w.account_id, f.kind, f.fact
      from holdfast.workspace w
        join holdfast.signal_fact f on f.installation_id = w.installation_id and f.workspace_id = w.workspace_id
      where w.installation_id = ${installation} and w.account_id = any(${[...accounts]}::text[])
      order by f.kind, f.fact_id, f.workspace_id
    `,
  );
  return Map.groupBy(rows, (row) => row.account_id);
}

/** What was stored, with its account, which the workspace knows. */
function factsOf(account: AccountId, rows: readonly FactRow[], kind: FactRow['kind']): readonly object[] {
  return rows.filter((row) => row.kind === kind).map(({ fact }) => ({ ...fact, accountId: account }));
}
