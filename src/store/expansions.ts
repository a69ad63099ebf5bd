import { sql } from 'kysely';
import type { ExpansionCount } from '../core/expansion/learn.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { ExpansionStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

/** They stay when their account goes: it had won them. */
export function openExpansions(database: Database, installation: InstallationId): ExpansionStore {
  return {
    put: async (accounts) => {
      const byAccount = new Map(accounts.map((one) => [one.accountId, one]));
      if (byAccount.size === 0) return;
      const rows = [...byAccount.values()].flatMap(({ accountId, won, seenOn }) =>
        won.map(({ dealId, wonOn }) => ({ accountId, dealId, wonOn, seenOn })),
      );
      const json = toStorableJson(rows);
      await database.inInstallation(installation, async (scope) => {
        await sql`
          delete from holdfast.expansion_won
          where installation_id = ${installation} and account_id = any(${[...byAccount.keys()]}::text[])
            and (account_id, deal_id) not in (
              select "accountId", "dealId" from json_to_recordset(${json}::json) as x ("accountId" text, "dealId" text)
            )
        `.execute(scope);
        await sql`
          insert into holdfast.expansion_won (installation_id, account_id, deal_id, won_on, seen_on)
          select ${installation}, "accountId", "dealId", "wonOn", "seenOn"
          from json_to_recordset(${json}::json) as x ("accountId" text, "dealId" text, "wonOn" date, "seenOn" date)
          on conflict (installation_id, account_id, deal_id) do update set won_on = excluded.won_on
        `.execute(scope);
      });
    },
    followed: (day, withinDays) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<ExpansionCount>`
          select round(h.expansion)::integer as score, count(*)::integer as accounts, count(w.account_id)::integer as won
          from holdfast.health_day h
            left join (
              select distinct account_id from holdfast.expansion_won
              where installation_id = ${installation}
                and won_on > ${day}::date and won_on <= ${day}::date + ${withinDays}::integer
            ) w on w.account_id = h.account_id
          where h.installation_id = ${installation} and h.day = ${day}::date and h.expansion is not null
          group by 1 order by 1
        `.execute(scope);
        return rows;
      }),
    countFollowing: (days, withinDays) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ expansions: number }>`
          select count(distinct w.deal_id)::integer as expansions
          from holdfast.expansion_won w
            join unnest(${[...days]}::date[]) as one (day)
              on w.won_on > one.day and w.won_on <= one.day + ${withinDays}::integer
            join holdfast.health_day h
              on h.installation_id = ${installation} and h.day = one.day and h.account_id = w.account_id
          where w.installation_id = ${installation} and h.expansion is not null
        `.execute(scope);
        return rows[0]?.expansions ?? 0;
      }),
  };
}
