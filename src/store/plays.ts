import { sql } from 'kysely';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { PlayRun, Snooze } from '../core/plays/play-run.ts';
import type { PlayStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

/** Firings are never deleted: what a play achieved is counted from them. */
export function openPlays(database: Database, installation: InstallationId): PlayStore {
  return {
    put: (runs) =>
      database.inInstallation(installation, async (scope) => {
        // A firing that comes twice counts as it came last; a statement may touch each row once.
        const byKey = new Map(runs.map((run) => [`${run.accountId} ${run.play} ${run.occurrence}`, run]));
        const rows = [...byKey.values()].map((run) => ({
          account_id: run.accountId,
          play: run.play,
          occurrence: run.occurrence,
          state: run.state,
          opened_on: run.openedOn,
          run,
        }));
        await sql`
          insert into holdfast.play_run (installation_id, account_id, play, occurrence, state, opened_on, run)
          select ${installation}, account_id, play, occurrence, state, opened_on, run
          from json_to_recordset(${toStorableJson(rows)}::json) as x
            (account_id text, play text, occurrence integer, state text, opened_on date, run json)
          on conflict (installation_id, account_id, play, occurrence) do update set
            state = excluded.state, opened_on = excluded.opened_on, run = excluded.run
        `.execute(scope);
      }),
    byAccounts: (accounts) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ run: PlayRun }>`
          select run from holdfast.play_run where account_id = any(${[...accounts]}::text[])
          order by account_id, play, occurrence
        `.execute(scope);
        return rows.map(({ run }) => run);
      }),
    openAccounts: (afterId, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ account_id: PlayRun['accountId'] }>`
          select distinct account_id from holdfast.play_run
          where state = 'open' and account_id > ${afterId ?? ''} order by account_id limit ${limit}
        `.execute(scope);
        return rows.map((row) => row.account_id);
      }),
    summary: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ play: string; open: number; fired: number; last: CalendarDate | null }>`
          select play, count(*) filter (where state = 'open')::integer as open,
            count(opened_on)::integer as fired, max(opened_on)::text as last
          from holdfast.play_run group by play order by play
        `.execute(scope);
        return new Map(rows.map(({ play, open, fired, last }) => [play, { open, fired, lastOpenedOn: last }]));
      }),
    recent: (limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ run: PlayRun }>`
          select run from holdfast.play_run where opened_on is not null
          order by opened_on desc, account_id, play, occurrence limit ${limit}
        `.execute(scope);
        return rows.map(({ run }) => run);
      }),
    snooze: (snooze) =>
      database.inInstallation(installation, async (scope) => {
        const json = toStorableJson(snooze);
        await sql`
          insert into holdfast.snooze (installation_id, account_id, play, until_on, snooze)
          values (${installation}, ${snooze.accountId}, ${placeOf(snooze)}, ${snooze.untilOn}::date, ${json}::json)
          on conflict (installation_id, account_id, play) do update set
            until_on = excluded.until_on, snooze = excluded.snooze
        `.execute(scope);
      }),
    wake: (account, play) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql`
          delete from holdfast.snooze
          where account_id = ${account} and (play = ${play} or starts_with(play, ${`${play} `})) returning play
        `.execute(scope);
        return rows.length > 0;
      }),
    snoozes: (after) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ snooze: Snooze }>`
          select snooze from holdfast.snooze where until_on > ${after}::date order by account_id, play
        `.execute(scope);
        return rows.map(({ snooze }) => snooze);
      }),
  };
}

/** Renewals of one account wait for themselves: each of its terms may have a snooze of the cadence. */
function placeOf({ play, termId }: Snooze): string {
  return termId === undefined ? play : `${play} ${termId}`;
}
