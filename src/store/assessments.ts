import { sql } from 'kysely';
import { toBookEntry, type BookEntry } from '../core/book/entry.ts';
import { toHealthDay, type HealthDay } from '../core/history/health-day.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import { toAccountId, type InstallationId } from '../core/model/ids.ts';
import type { AssessmentStore, StoredAssessment } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

interface Row {
  readonly assessment: Assessment;
  readonly name: string | null;
  readonly segment: string | null;
  readonly on: CalendarDate;
}

/**
 * Parts documents that are handed over as one text, which PostgreSQL then reads once and not three times as parts of a larger
 * document. A JSON text never holds it. Source: RFC 7464.
 */
const RECORD_SEPARATOR = '\u001e';

const COLUMNS = sql`assessment, name, segment, assessed_on::text as "on"`;

/** Dropping an account's assessment leaves its history: what became of lost accounts is what the model learns from. */
export function openAssessments(database: Database, installation: InstallationId): AssessmentStore {
  return {
    put: (assessments) =>
      database.inInstallation(installation, async (scope) => {
        // An account that comes twice counts as it came last; a statement may touch each row once.
        const byAccount = new Map(assessments.map((stored) => [stored.assessment.accountId, stored]));
        const rows = [...byAccount.values()].map(({ assessment, name, segment, on }) => ({
          account_id: assessment.accountId,
          name,
          segment,
          band: assessment.health.band,
          score: assessment.health.score,
          assessed_on: on,
          entry: toBookEntry(assessment, name),
          ...dayColumns(toHealthDay(assessment, on)),
        }));
        const documents = [...byAccount.values()]
          .map(({ assessment }) => toStorableJson(assessment))
          .join(RECORD_SEPARATOR);
        await sql`
          with incoming as (
            select x.*, document::json as assessment from rows from (
              json_to_recordset(${toStorableJson(rows)}::json) as (
                account_id text, name text, segment text, band text, score double precision, assessed_on date,
                raw real, coverage real, confidence text, churn_probability real, expansion real, caps text[],
                model_version text, entry json),
              string_to_table(${documents}::text, ${RECORD_SEPARATOR})
            ) as x (account_id, name, segment, band, score, assessed_on, raw, coverage, confidence, churn_probability,
              expansion, caps, model_version, entry, document)
          ), day as (
            insert into holdfast.health_day (installation_id, account_id, day, score, band, raw, coverage, confidence,
              churn_probability, expansion, caps, model_version)
            select ${installation}, account_id, assessed_on, score, band, raw, coverage, confidence, churn_probability,
              expansion, caps, model_version
            from incoming
            on conflict (installation_id, day, account_id) do update set
              score = excluded.score, band = excluded.band, raw = excluded.raw, coverage = excluded.coverage,
              confidence = excluded.confidence, churn_probability = excluded.churn_probability,
              expansion = excluded.expansion, caps = excluded.caps, model_version = excluded.model_version
          )
          insert into holdfast.assessment
            (installation_id, account_id, name, segment, band, score, assessed_on, assessment, entry)
          select ${installation}, account_id, name, segment, band, score, assessed_on, assessment, entry from incoming
          on conflict (installation_id, account_id) do update set
            name = excluded.name, segment = excluded.segment, band = excluded.band, score = excluded.score,
            assessed_on = excluded.assessed_on, assessment = excluded.assessment, entry = excluded.entry
        `.execute(scope);
      }),
    get: (accounts) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select ${COLUMNS} from holdfast.assessment where account_id = any(${[...accounts]}::text[])
        `.execute(scope);
        return new Map(
          rows.map((row): [typeof row.assessment.accountId, StoredAssessment] => [row.assessment.accountId, row]),
        );
      }),
    page: (afterId, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select ${COLUMNS} from holdfast.assessment
          where account_id > ${afterId ?? ''} order by account_id limit ${limit}
        `.execute(scope);
        return rows;
      }),
    drop: (accounts) =>
      database.inInstallation(installation, async (scope) => {
        await sql`delete from holdfast.assessment where account_id = any(${[...accounts]}::text[])`.execute(scope);
      }),
    due: (today, afterId, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ crm_id: string }>`
          select r.crm_id from holdfast.record r
          where r.installation_id = ${installation} and r.is_account and r.deleted_at is null
            and r.crm_id > ${afterId ?? ''}
            -- Looked up for one account after the other: joined, all assessments would be read again for each page.
            and coalesce((
              select a.assessed_on < ${today}::date from holdfast.assessment a
              where a.installation_id = r.installation_id and a.account_id = r.crm_id
            ), true)
          order by r.crm_id limit ${limit}
        `.execute(scope);
        return rows.map((row) => toAccountId(row.crm_id));
      }),
    bookEntries: (afterId, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ entry: BookEntry }>`
          select entry from holdfast.assessment
          where installation_id = ${installation} and account_id > ${afterId ?? ''} order by account_id limit ${limit}
        `.execute(scope);
        return rows.map(({ entry }) => entry);
      }),
    summary: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows: bands } = await sql<{ band: 'green' | 'yellow' | 'red' | 'grey'; accounts: number }>`
          select band, count(*)::integer as accounts from holdfast.assessment group by band
        `.execute(scope);
        const { rows: segments } = await sql<{ segment: string; scores: number; median: number | null }>`
          select coalesce(segment, '') as segment, count(score)::integer as scores,
            percentile_cont(0.5) within group (order by score) as median
          from holdfast.assessment group by 1 order by 1
        `.execute(scope);
        const counts = { green: 0, yellow: 0, red: 0, grey: 0 };
        for (const { band, accounts } of bands) counts[band] = accounts;
        return {
          bands: counts,
          segments: new Map(segments.map(({ segment, scores, median }) => [segment, { scores, median }])),
        };
      }),
  };
}

/** Lists are empty on nearly all days, and null takes no room. */
function dayColumns({ raw, coverage, confidence, churnProbability90d, expansion, caps, modelVersion }: HealthDay) {
  return {
    raw,
    coverage,
    confidence,
    churn_probability: churnProbability90d,
    expansion,
    caps: caps.length === 0 ? null : caps,
    model_version: modelVersion,
  };
}
