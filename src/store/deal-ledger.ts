import { sql } from 'kysely';
import type { InstallationId } from '../core/model/ids.ts';
import type { LedgerDeal } from '../core/plan/step.ts';
import type { DealLedger } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

export function openDealLedger(database: Database, installation: InstallationId): DealLedger {
  return {
    put: (deals) =>
      database.inInstallation(installation, async (scope) => {
        const byKey = new Map(deals.map((deal) => [deal.key, deal]));
        const rows = [...byKey.values()].map((deal) => ({
          key: deal.key,
          account_id: deal.accountId,
          state: deal.state,
          deal,
        }));
        await sql`
          insert into holdfast.ledger_deal (installation_id, key, account_id, state, deal)
          select ${installation}, key, account_id, state, deal
          from json_to_recordset(${toStorableJson(rows)}::json) as x (key text, account_id text, state text, deal json)
          on conflict (installation_id, key) do update set
            account_id = excluded.account_id, state = excluded.state, deal = excluded.deal
        `.execute(scope);
      }),
    byAccounts: (accounts) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ deal: LedgerDeal }>`
          select deal from holdfast.ledger_deal where account_id = any(${[...accounts]}::text[]) order by key
        `.execute(scope);
        return rows.map(({ deal }) => deal);
      }),
    byState: (states, afterKey, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ deal: LedgerDeal }>`
          select deal from holdfast.ledger_deal
          where state = any(${[...states]}::text[]) and key > ${afterKey ?? ''} order by key limit ${limit}
        `.execute(scope);
        return rows.map(({ deal }) => deal);
      }),
  };
}
