import { sql } from 'kysely';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Arm } from '../core/plays/hold-out.ts';
import type { PlayOutcome, PlayRun, Snooze } from '../core/plays/play-run.ts';
import type { PlayStore, PlaySummary } from '../ports/store.ts';
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
        const { rows } = await sql<CountedRuns>`
          select play, outcome, arm, count(*) filter (where state = 'open')::integer as open,
            count(opened_on)::integer as fired, count(opened_on) filter (where "actedOn" is not null)::integer as acted,
            max(opened_on)::text as last
          from holdfast.play_run, json_to_record(run) as x (outcome text, arm text, "actedOn" date)
          group by 1, 2, 3 order by 1, 2, 3
        `.execute(scope);
        return new Map([...Map.groupBy(rows, ({ play }) => play)].map(([play, counted]) => [play, toSummary(counted)]));
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

/** Firings of one play with one outcome in one arm. */
interface CountedRuns {
  readonly play: string;
  readonly outcome: PlayOutcome | null;
  readonly arm: Arm | null;
  readonly open: number;
  readonly fired: number;
  readonly acted: number;
  readonly last: CalendarDate | null;
}

function toSummary(rows: readonly CountedRuns[]): PlaySummary {
  const outcomes: Partial<Record<PlayOutcome, number>> = {};
  const arms: Partial<Record<Arm, Partial<Record<PlayOutcome, number>>>> = {};
  for (const { outcome, arm, fired, acted } of rows) {
    if (outcome === null) continue;
    if (fired > 0) outcomes[outcome] = (outcomes[outcome] ?? 0) + fired;
    if (arm !== null && acted > 0) arms[arm] = { ...arms[arm], [outcome]: acted };
  }
  return {
    open: rows.reduce((sum, { open }) => sum + open, 0),
    fired: rows.reduce((sum, { fired }) => sum + fired, 0),
    lastOpenedOn: rows.reduce<CalendarDate | null>((newest, { last }) => laterOf(newest, last), null),
    outcomes,
    arms,
  };
}

function laterOf(one: CalendarDate | null, other: CalendarDate | null): CalendarDate | null {
  return one === null || (other !== null && other > one) ? other : one;
}

/** Renewals of one account wait for themselves: each of its terms may have a snooze of the cadence. */
function placeOf({ play, termId }: Snooze): string {
  return termId === undefined ? play : `${play} ${termId}`;
}
