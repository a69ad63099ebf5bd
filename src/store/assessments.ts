import { sql } from 'kysely';
import { toBookEntry, type BookEntry } from '../core/book/entry.ts';
import { toHealthDay, type HealthDay } from '../core/history/health-day.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId, InstallationId } from '../core/model/ids.ts';
import type { AssessmentStore, Gathering, StoredAssessment } from '../ports/store.ts';
import { eachInTurns } from './batches.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';
import { joined, packed, unpacked } from './packed.ts';

interface Row {
  readonly packed: Buffer;
  readonly name: string | null;
  readonly segment: string | null;
  readonly on: CalendarDate;
}

const COLUMNS = sql`packed, name, segment, assessed_on::text as "on"`;

/** Dropping an account's assessment leaves its history: what became of lost accounts is what the model learns from. */
export function openAssessments(database: Database, installation: InstallationId): AssessmentStore {
  const getFolded: AssessmentStore['getFolded'] = async (accounts) => {
    if (accounts.length === 0) return new Map();
    const { rows } = await database.inInstallation(installation, (scope) =>
      sql<Row & { readonly account_id: AccountId }>`
        select account_id, ${COLUMNS} from holdfast.assessment where account_id = any(${[...accounts]}::text[])
      `.execute(scope),
    );
    return new Map(rows.map(({ account_id, ...row }) => [account_id, () => toStored(row)]));
  };
  const gather = (): Gathering<StoredAssessment> => {
    // A statement may touch each row once.
    const gathered = new Map<AccountId, readonly [Incoming, Buffer]>();
    return {
      add: (stored) =>
        void gathered.set(stored.assessment.accountId, [toIncoming(stored), packed('assessment', stored.assessment)]),
      store: async () => {
        if (gathered.size === 0) return;
        const { bytes, rows } = joined([...gathered.values()]);
        const json = toStorableJson(rows);
        await database.inInstallation(installation, async (scope) => {
          await sql`
            with incoming as (
              select * from json_to_recordset(${json}::json) as x (
                account_id text, name text, segment text, band text, score double precision,
                shown_score double precision, assessed_on date,
                raw real, coverage real, confidence text, churn_probability real, expansion real, caps text[],
                model_version text, entry json, at integer, length integer)
            ), day as (
              insert into holdfast.health_day (installation_id, account_id, day, score, band, raw, coverage, confidence,
                churn_probability, expansion, caps, model_version)
              select ${installation}, account_id, assessed_on, shown_score, band, raw, coverage, confidence, churn_probability,
                expansion, caps, model_version
              from incoming
              on conflict (installation_id, day, account_id) do update set
                score = excluded.score, band = excluded.band, raw = excluded.raw, coverage = excluded.coverage,
                confidence = excluded.confidence, churn_probability = excluded.churn_probability,
                expansion = excluded.expansion, caps = excluded.caps, model_version = excluded.model_version
            )
            insert into holdfast.assessment
              (installation_id, account_id, name, segment, band, score, assessed_on, packed, entry)
            select ${installation}, account_id, name, segment, band, score, assessed_on,
              substr(${bytes}::bytea, at, length), entry
            from incoming
            on conflict (installation_id, account_id) do update set
              name = excluded.name, segment = excluded.segment, band = excluded.band, score = excluded.score,
              assessed_on = excluded.assessed_on, packed = excluded.packed, entry = excluded.entry
          `.execute(scope);
        });
      },
    };
  };
  return {
    put: async (assessments) => {
      const gathering = gather();
      // Nobody else can use an embedded database during a transaction: what takes long is done before it.
      await eachInTurns(assessments, (one) => gathering.add(one));
      await gathering.store();
    },
    gather,
    get: async (accounts) => {
      const folded = await getFolded(accounts);
      return new Map(await eachInTurns([...folded], ([account, open]) => [account, open()] as const));
    },
    getFolded,
    page: async (afterId, limit) => {
      const { rows } = await database.inInstallation(installation, (scope) =>
        sql<Row>`
          select ${COLUMNS} from holdfast.assessment
          where account_id > ${afterId ?? ''} order by account_id limit ${limit}
        `.execute(scope),
      );
      return await eachInTurns(rows, toStored);
    },
    drop: async (accounts) => {
      if (accounts.length === 0) return;
      await database.inInstallation(installation, (scope) =>
        sql`delete from holdfast.assessment where account_id = any(${[...accounts]}::text[])`.execute(scope),
      );
    },
    due: (today, afterId, limit) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ account_id: AccountId }>`
          select account_id from holdfast.assessment
          where installation_id = ${installation} and account_id > ${afterId ?? ''} and assessed_on < ${today}::date
          order by account_id limit ${limit}
        `.execute(scope);
        return rows.map((row) => row.account_id);
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

function toIncoming({ assessment, name, segment, on }: StoredAssessment) {
  return {
    account_id: assessment.accountId,
    name,
    segment,
    // Medians are of accounts by themselves: with those below them, the same health would count several times.
    score: assessment.health.score,
    assessed_on: on,
    entry: toBookEntry(assessment, name),
    ...dayColumns(toHealthDay(assessment, on)),
  };
}

type Incoming = ReturnType<typeof toIncoming>;

function toStored({ packed: bytes, ...beside }: Row): StoredAssessment {
  return { assessment: unpacked('assessment', bytes) as Assessment, ...beside };
}

/** Lists are empty on nearly all days, and null takes no room. */
function dayColumns({ score, band, raw, coverage, confidence, churnProbability90d, ...rest }: HealthDay) {
  const { expansion, caps, modelVersion } = rest;
  return {
    shown_score: score,
    band,
    raw,
    coverage,
    confidence,
    churn_probability: churnProbability90d,
    expansion,
    caps: caps.length === 0 ? null : caps,
    model_version: modelVersion,
  };
}
