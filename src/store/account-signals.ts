import { sql } from 'kysely';
import { addDays, dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId, InstallationId } from '../core/model/ids.ts';
import type { Invoice, Milestone, SurveyResponse } from '../core/model/signals.ts';
import {
  DAYS_OPENED,
  daysIn,
  monthsIn,
  toAccountUsage,
  windowsEnding,
  type KeptUsage,
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
  usageOn: CalendarDate,
): Promise<ReadonlyMap<AccountId, AccountSignals>> {
  const sources = await readSources(scope);
  if (sources.size === 0 || accounts.length === 0) {
    const nothing = { usage: null, surveys: null, invoices: null, milestones: null };
    return new Map(accounts.map((account) => [account, nothing]));
  }
  const usage = sources.has('usage') ? await readUsage(scope, installation, accounts, usageOn) : null;
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
  usageOn: CalendarDate,
): Promise<(account: AccountId) => AccountSignals['usage']> {
  const isTold = accounts.length > 0 && (await readSources(scope)).has('usage');
  return isTold ? await readUsage(scope, installation, accounts, usageOn) : () => null;
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

const NOBODY: Counts = { last14: 0, last28: 0, prior28: 0, year28: 0, key14: 0 };

async function readUsage(
  scope: Scope,
  installation: InstallationId,
  accounts: readonly AccountId[],
  usageOn: CalendarDate,
): Promise<(account: AccountId) => AccountSignals['usage']> {
  const windows = windowsEnding(usageOn);
  const ids = [...accounts];
  const { rows: workspaces } = await sql<WorkspaceRow>`
    select account_id, workspace_id, limits, core_features, first_at, active_at from holdfast.workspace
    where installation_id = ${installation} and account_id = any(${ids}::text[]) order by workspace_id
  `.execute(scope);
  const opened = monthsIn([addDays(usageOn, -(DAYS_OPENED - 1)), usageOn]);
  const { rows: months } = await sql<MonthsRow>`
    select workspace_id, array_to_json(array_agg(json_build_object('month', month, 'origin', origin, 'days', days)))::text as months
    from holdfast.usage_month
    where installation_id = ${installation} and workspace_id = any(${workspaces.map((row) => row.workspace_id)}::text[])
      and month = any(${[...new Set([...opened, ...monthsIn(windows.year28)])]}::text[])
    group by workspace_id
  `.execute(scope);

  const counted = [...new Set([windows.last28, windows.prior28, windows.year28].flatMap(monthsIn))];
  const bits = counted.map((month) => ({
    month,
    last14: daysIn(month, windows.last14),
    last28: daysIn(month, windows.last28),
    prior28: daysIn(month, windows.prior28),
    year28: daysIn(month, windows.year28),
  }));
  // By workspaces and months, which are found by the index: joined to the accounts, all users of all accounts have been read.
  const { rows: counts } = await sql<Counts & { readonly account_id: string }>`
    with mine as materialized (
      select workspace_id, month, user_key, active, key from holdfast.usage_user_month
      where installation_id = ${installation} and month = any(${counted}::text[])
        and workspace_id = any(${workspaces.map((row) => row.workspace_id)}::text[])
    )
    select account_id, count(*) filter (where last14)::integer as last14, count(*) filter (where last28)::integer as last28,
      count(*) filter (where prior28)::integer as prior28, count(*) filter (where year28)::integer as year28,
      count(*) filter (where key14)::integer as key14
    from (
      select w.account_id, m.user_key, bool_or(m.active & x.last14 <> 0) as last14,
        bool_or(m.active & x.last28 <> 0) as last28, bool_or(m.active & x.prior28 <> 0) as prior28,
        bool_or(m.active & x.year28 <> 0) as year28, bool_or(m.key & x.last14 <> 0) as key14
      from mine m
        join unnest(
          ${workspaces.map((row) => row.workspace_id)}::text[], ${workspaces.map((row) => row.account_id)}::text[]
        ) as w (workspace_id, account_id) on w.workspace_id = m.workspace_id
        join json_to_recordset(${JSON.stringify(bits)}::json)
          as x (month text, last14 integer, last28 integer, prior28 integer, year28 integer) on x.month = m.month
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
      usageOn,
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
      order by f.kind, f.fact_id
    `,
  );
  return Map.groupBy(rows, (row) => row.account_id);
}

/** What was stored, with its account, which the workspace knows. */
function factsOf(account: AccountId, rows: readonly FactRow[], kind: FactRow['kind']): readonly object[] {
  return rows.filter((row) => row.kind === kind).map(({ fact }) => ({ ...fact, accountId: account }));
}
