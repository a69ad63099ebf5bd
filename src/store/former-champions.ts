import { sql } from 'kysely';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import { toAccountId, type InstallationId } from '../core/model/ids.ts';
import type { FormerChampion } from '../core/people/former-champions.ts';
import type { FormerChampionStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

interface Row {
  readonly account_id: string;
  readonly contact_id: string;
  readonly until_on: CalendarDate;
}

const COLUMNS = sql`f.account_id, f.contact_id, f.until_on::text as until_on`;
const NEWEST_FIRST = sql`f.until_on desc, f.account_id, f.contact_id`;

export function openFormerChampions(database: Database, installation: InstallationId): FormerChampionStore {
  return {
    put: async (left) => {
      if (left.length === 0) return;
      await database.inInstallation(installation, async (scope) => {
        await sql`
          insert into holdfast.former_champion (installation_id, account_id, contact_id, until_on)
          select ${installation}, "accountId", "contactId", "untilOn"
          from json_to_recordset(${toStorableJson(left)}::json) as x ("accountId" text, "contactId" text, "untilOn" date)
          on conflict do nothing
        `.execute(scope);
      });
    },
    drop: async (champions) => {
      if (champions.length === 0) return;
      await database.inInstallation(installation, async (scope) => {
        await sql`
          delete from holdfast.former_champion f
          using json_to_recordset(${toStorableJson(champions)}::json) as x ("accountId" text, "contactId" text)
          where f.installation_id = ${installation} and f.account_id = x."accountId" and f.contact_id = x."contactId"
        `.execute(scope);
      });
    },
    list: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select ${COLUMNS} from holdfast.former_champion f
          where f.installation_id = ${installation} order by ${NEWEST_FIRST}
        `.execute(scope);
        return rows.map(toFormerChampion);
      }),
    ofAccount: (account, contactObject) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select ${COLUMNS} from holdfast.former_champion f
          where f.installation_id = ${installation} and (f.account_id = ${account} or f.contact_id = any(array(
            select crm_id from holdfast.record
            where installation_id = ${installation} and account_id = ${account} and object = ${contactObject}
          )))
          order by ${NEWEST_FIRST}
        `.execute(scope);
        return rows.map(toFormerChampion);
      }),
  };
}

function toFormerChampion({ account_id, contact_id, until_on }: Row): FormerChampion {
  return { accountId: toAccountId(account_id), contactId: contact_id, untilOn: until_on };
}
