import { sql, type RawBuilder } from 'kysely';
import type { DecidedTerm, FeatureSnapshot } from '../core/churn/features.ts';
import type { HealthDay } from '../core/history/health-day.ts';
import { addDays, addMonths, calendarDate, type CalendarDate } from '../core/model/calendar-date.ts';
import { toAccountId, toTermId, type AccountId, type InstallationId, type TermId } from '../core/model/ids.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import type { HistoryStore } from '../ports/store.ts';
import type { Database } from './database.ts';
import { toStorableJson } from './json.ts';

/** In the key of features of an account without a term. */
const NO_TERM = '';

interface DayRow extends Omit<HealthDay, 'caps'> {
  readonly caps: readonly string[] | null;
}

/** Days are found by day first, so a span of days of one account is asked for day by day. */
export function openHistory(database: Database, installation: InstallationId): HistoryStore {
  const firstDayWhere = (where: RawBuilder<unknown>): Promise<CalendarDate | null> =>
    database.inInstallation(installation, async (scope) => {
      const { rows } = await sql<{ day: string | null }>`
        select min(day)::text as day from holdfast.health_day where installation_id = ${installation} and ${where}
      `.execute(scope);
      const day = rows[0]?.day ?? null;
      return day === null ? null : calendarDate(day);
    });
  return {
    days: (account, from, to) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<DayRow>`
          select h.day::text as on, h.score, h.raw, h.band, h.coverage, h.confidence,
            h.churn_probability as "churnProbability90d", h.expansion, h.caps, h.model_version as "modelVersion"
          from generate_series(${from}::date, ${to}::date, '1 day') as one (day)
            join lateral (
              select * from holdfast.health_day
              where installation_id = ${installation} and day = one.day::date and account_id = ${account}
            ) h on true
          order by h.day
        `.execute(scope);
        return rows.map((row) => ({ ...row, caps: row.caps ?? [] }));
      }),
    firstDayOf: (account) => firstDayWhere(sql`account_id = ${account}`),
    firstDay: () => firstDayWhere(sql`true`),
    lastDays: (from, to) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ day: string }>`
          select last.day::text as day
          from generate_series(date_trunc('month', ${from}::timestamp), ${to}::timestamp, '1 month') as month (start)
            cross join lateral (
              select max(day) as day from holdfast.health_day
              where installation_id = ${installation}
                and day >= month.start::date and day < (month.start + interval '1 month')::date
            ) last
          where last.day is not null
          order by 1
        `.execute(scope);
        return rows.map(({ day }) => calendarDate(day));
      }),
    thin: (day) =>
      database.inInstallation(installation, async (scope) => {
        // Nearly every account has the next day, which is looked at first.
        const { numAffectedRows } = await sql`
          delete from holdfast.health_day h
          where h.installation_id = ${installation} and h.day = ${day}::date and exists (
            select from holdfast.health_day later
            where later.installation_id = ${installation} and later.day = any(${laterInMonth(day)}::date[])
              and later.account_id = h.account_id
          )
        `.execute(scope);
        return Number(numAffectedRows ?? 0n);
      }),
    keepFeatures: (features) =>
      database.inInstallation(installation, async (scope) => {
        const rows = features.map((one) => ({
          account_id: one.accountId,
          term_id: one.termId ?? NO_TERM,
          month: monthOf(one.on),
          features: one,
        }));
        if (rows.length === 0) return;
        await sql`
          insert into holdfast.feature_month (installation_id, account_id, term_id, month, features)
          select ${installation}, account_id, term_id, month, features
          from json_to_recordset(${toStorableJson(rows)}::json)
            as x (account_id text, term_id text, month text, features json)
          on conflict do nothing
        `.execute(scope);
      }),
    keptTerms: (month, accounts) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ account_id: AccountId; term_id: TermId }>`
          select account_id, term_id from holdfast.feature_month
          where installation_id = ${installation} and account_id = any(${[...accounts]}::text[]) and month = ${month}
        `.execute(scope);
        const kept = new Map<AccountId, (TermId | null)[]>();
        for (const { account_id, term_id } of rows) {
          kept.set(account_id, [...(kept.get(account_id) ?? []), term_id === NO_TERM ? null : term_id]);
        }
        return kept;
      }),
    putOutcomes: (outcomes) =>
      database.inInstallation(installation, async (scope) => {
        const rows = new Map(outcomes.map((one) => [`${one.accountId} ${one.termId}`, one]));
        if (rows.size === 0) return;
        await sql`
          insert into holdfast.term_outcome (installation_id, account_id, term_id, decision_on, outcome, segment, seen_on)
          select ${installation}, "accountId", "termId", "decisionOn", outcome, segment, "seenOn"
          from json_to_recordset(${toStorableJson([...rows.values()])}::json)
            as x ("accountId" text, "termId" text, "decisionOn" date, outcome text, segment text, "seenOn" date)
          on conflict (installation_id, account_id, term_id) do update set decision_on = excluded.decision_on,
            outcome = excluded.outcome, segment = excluded.segment,
            seen_on = case when term_outcome.outcome = excluded.outcome then term_outcome.seen_on else excluded.seen_on end
        `.execute(scope);
      }),
    decidedBySegment: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ segment: string; closed: number; churned: number }>`
          select segment, count(*)::integer as closed,
            (count(*) filter (where outcome = 'churned'))::integer as churned
          from holdfast.term_outcome
          where installation_id = ${installation} and outcome in ('renewed', 'churned') and segment is not null
          group by segment
        `.execute(scope);
        return new Map(rows.map(({ segment, ...counts }) => [segment, counts]));
      }),
    decidedTerms: (by, afterId, accounts) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ account_id: string; term_id: string; decision_on: string; is_lost: boolean }>`
          select account_id, term_id, decision_on::text, outcome = 'churned' as is_lost from holdfast.term_outcome
          where installation_id = ${installation} and outcome in ('renewed', 'churned') and decision_on <= ${by}::date
            and account_id in (
              select distinct account_id from holdfast.term_outcome
              where installation_id = ${installation} and outcome in ('renewed', 'churned')
                and decision_on <= ${by}::date and account_id > ${afterId ?? ''}
              order by account_id limit ${accounts}
            )
          order by account_id, term_id
        `.execute(scope);
        return rows.map(({ account_id, term_id, decision_on, is_lost }): DecidedTerm => ({
          accountId: toAccountId(account_id),
          termId: toTermId(term_id),
          decisionOn: calendarDate(decision_on),
          isLost: is_lost,
        }));
      }),
    features: (accounts) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ features: FeatureSnapshot }>`
          select features from holdfast.feature_month
          where installation_id = ${installation} and account_id = any(${[...accounts]}::text[])
          order by account_id, term_id, month
        `.execute(scope);
        return rows.map(({ features }) => features);
      }),
  };
}

/** The days after this one in its month, in their order. */
function laterInMonth(day: CalendarDate): readonly CalendarDate[] {
  const days: CalendarDate[] = [];
  const next = addMonths(calendarDate(`${monthOf(day)}-01`), 1);
  for (let later = addDays(day, 1); later < next; later = addDays(later, 1)) days.push(later);
  return days;
}
