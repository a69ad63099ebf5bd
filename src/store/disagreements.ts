import { sql } from 'kysely';
import type { Band } from '../core/model/assessment.ts';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import { toAccountId, type InstallationId } from '../core/model/ids.ts';
import type { Disagreement, EndOfDisagreement } from '../core/scoring/disagreement.ts';
import type { DisagreementStore, KnownDisagreement } from '../ports/store.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson, toStorableText } from './json.ts';

interface Row {
  readonly account_id: string;
  readonly name: string | null;
  readonly begun_on: CalendarDate;
  readonly band: Disagreement['band'];
  readonly code: string;
  readonly note: string;
  readonly made_by: string | null;
  readonly computed_band: Band;
  readonly computed_score: number | null;
  readonly until_on: CalendarDate;
  readonly ended_on: CalendarDate | null;
  readonly ended_by: EndOfDisagreement | null;
  readonly outcome: KnownDisagreement['outcome'];
}

/** They stay when their account goes: what became of it is what they are kept for. */
export function openDisagreements(database: Database, installation: InstallationId): DisagreementStore {
  return {
    put: async (changes) => {
      if (changes.length === 0) return;
      await database.inInstallation(installation, async (scope) => {
        // Few a day: people set them by hand.
        for (const change of changes) {
          if (change.kind === 'begun') await begin(scope, installation, change.disagreement);
          else if (change.kind === 'restated') {
            await sql`
              update holdfast.disagreement set until_on = ${change.untilOn}::date, made_by = ${toStorableOrNull(change.by)}
              where installation_id = ${installation} and account_id = ${change.accountId} and ended_on is null
            `.execute(scope);
          } else {
            await sql`
              update holdfast.disagreement set ended_on = ${change.end.on}::date, ended_by = ${change.end.by}
              where installation_id = ${installation} and account_id = ${change.accountId} and ended_on is null
            `.execute(scope);
          }
        }
      });
    },
    list: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select d.account_id, a.name, d.begun_on::text as begun_on, d.band, d.code, d.note, d.made_by, d.computed_band,
            d.computed_score, d.until_on::text as until_on, d.ended_on::text as ended_on, d.ended_by, (
              select t.outcome from holdfast.term_outcome t
              where t.installation_id = ${installation} and t.account_id = d.account_id
                and t.outcome in ('renewed', 'churned') and t.seen_on > d.begun_on
              order by t.seen_on, t.decision_on, t.term_id limit 1
            ) as outcome
          from holdfast.disagreement d
            left join holdfast.assessment a on a.installation_id = d.installation_id and a.account_id = d.account_id
          where d.installation_id = ${installation}
          order by d.begun_on desc, d.account_id
        `.execute(scope);
        return rows.map(toKnown);
      }),
  };
}

async function begin(
  scope: Scope,
  installation: InstallationId,
  { accountId, begunOn, band, code, note, by, computed, untilOn, end }: Disagreement,
): Promise<void> {
  await sql`
    update holdfast.disagreement set ended_on = ${begunOn}::date, ended_by = 'replaced'
    where installation_id = ${installation} and account_id = ${accountId} and ended_on is null
      and begun_on < ${begunOn}::date
  `.execute(scope);
  const row = { begunOn, band, code, note, by, computed, untilOn, end };
  // As JSON, because a note may hold what PostgreSQL's text cannot.
  await sql`
    insert into holdfast.disagreement (installation_id, account_id, begun_on, band, code, note, made_by, computed_band,
      computed_score, until_on, ended_on, ended_by)
    select ${installation}, ${accountId}, "begunOn", band, code, note, "by", computed ->> 'band',
      (computed ->> 'score')::double precision, "untilOn", ("end" ->> 'on')::date, "end" ->> 'by'
    from json_to_record(${toStorableJson(row)}::json) as x
      ("begunOn" date, band text, code text, note text, "by" text, computed json, "untilOn" date, "end" json)
    on conflict (installation_id, account_id, begun_on) do update set band = excluded.band, code = excluded.code,
      note = excluded.note, made_by = excluded.made_by, computed_band = excluded.computed_band,
      computed_score = excluded.computed_score, until_on = excluded.until_on, ended_on = excluded.ended_on,
      ended_by = excluded.ended_by
  `.execute(scope);
}

function toStorableOrNull(text: string | null): string | null {
  return text === null ? null : toStorableText(text);
}

function toKnown(row: Row): KnownDisagreement {
  return {
    disagreement: {
      accountId: toAccountId(row.account_id),
      begunOn: row.begun_on,
      band: row.band,
      code: row.code,
      note: row.note,
      by: row.made_by,
      computed: { band: row.computed_band, score: row.computed_score },
      untilOn: row.until_on,
      end: row.ended_on === null || row.ended_by === null ? null : { on: row.ended_on, by: row.ended_by },
    },
    name: row.name,
    outcome: row.outcome,
  };
}
