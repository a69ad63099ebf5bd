import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId, InstallationId } from '../core/model/ids.ts';
import type { AccountUsage } from '../core/model/signals.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { MappingProblem } from '../core/mapping/problem.ts';
import type { Outcome } from '../core/outcome.ts';
import { fromColumns, toColumns, type UsageColumns } from '../core/usage/usage-columns.ts';
import type { InputStore, ReadFacts } from '../ports/store.ts';
import type { Database } from './database.ts';
import { joined, packed, packedText, unpacked } from './packed.ts';

/** What was read, with what could not be: both stay the same as long as no record changes. */
interface Facts extends ReadFacts {
  readonly problems?: readonly MappingProblem[];
}

/** What many accounts have alike. */
type Shared = Pick<AccountSnapshot, 'timeZone' | 'currency' | 'sources' | 'book'>;

/** What is new each time. */
interface Moment extends Omit<AccountSnapshot, keyof ReadFacts | keyof Shared | 'usage'> {
  readonly usage: UsageColumns | AccountUsage | null;
  readonly outcome: Outcome;
}

/** A part under its hash; `account_id` is empty for what accounts share. */
interface PartRow {
  readonly account_id: string;
  readonly hash: string;
}

interface MomentRow {
  readonly account_id: AccountId;
  readonly day: CalendarDate;
  readonly facts: string | null;
  readonly shared: string;
  readonly is_change: boolean;
}

interface Row {
  readonly day: CalendarDate;
  readonly moment: Buffer;
  readonly facts: Buffer;
  readonly shared: Buffer;
}

/**
 * Inputs are kept in parts, each once under its hash: of an account whose records did not change, only the moment is new.
 * Parts are compressed here: what comes to the database cannot be compressed further.
 */
export function openInputs(database: Database, installation: InstallationId): InputStore {
  return {
    gather: () => {
      const parts = new Map<string, readonly [PartRow, Buffer]>();
      const moments = new Map<AccountId, readonly [MomentRow, Buffer]>();
      const nameOf = (account_id: string, document: Facts | Shared): string => {
        const json = JSON.stringify(document);
        // The first 128 bits, which the database takes for a UUID.
        const name = hash('sha256', json).slice(0, 32);
        const key = `${account_id} ${name}`;
        if (!parts.has(key)) parts.set(key, [{ account_id, hash: name }, packedText('facts', json)]);
        return name;
      };
      return {
        add: ({ snapshot, assessment, outcome, isChange, problems, keptAs }) => {
          const { read, shared, moment } = takeApart(snapshot);
          const account_id = assessment.accountId;
          const row = {
            account_id,
            day: snapshot.today,
            facts: keptAs ?? nameOf(account_id, { ...read, ...(problems.length > 0 && { problems }) }),
            shared: nameOf('', shared),
            is_change: isChange,
          };
          moments.set(account_id, [row, packed('moment', { ...moment, outcome } satisfies Moment)]);
        },
        store: () => store(database, installation, [...parts.values()], [...moments.values()]),
      };
    },
    get: (account, on) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select i.day::text as day, i.moment, f.part as facts, s.part as shared
          from holdfast.assessment_input i
            join holdfast.input_part f on f.account_id = i.account_id and f.hash = i.facts
            join holdfast.input_part s on s.account_id = '' and s.hash = i.shared
          where i.account_id = ${account} and (${on}::date is null or i.day <= ${on}::date)
          order by i.day desc limit 1
        `.execute(scope);
        const [row] = rows;
        if (row === undefined) return null;
        const { problems: _, ...facts } = unpacked('facts', row.facts) as Facts;
        const { outcome, usage, ...moment } = unpacked('moment', row.moment) as Moment;
        const snapshot: AccountSnapshot = {
          ...facts,
          ...(unpacked('facts', row.shared) as Shared),
          ...moment,
          usage: usage && fromColumns(usage),
        };
        return { on: row.day, snapshot, outcome };
      }),
    facts: async (accounts) => {
      if (accounts.length === 0) return new Map();
      const { rows } = await database.inInstallation(installation, (scope) =>
        sql<{ account_id: AccountId; hash: string; part: Buffer }>`
          select i.account_id, i.facts as hash, f.part
          from unnest(${[...accounts]}::text[]) as asked (account_id) cross join lateral (
            select * from holdfast.assessment_input
            where installation_id = ${installation} and account_id = asked.account_id order by day desc limit 1
          ) i join holdfast.assessment a
            on a.installation_id = ${installation} and a.account_id = i.account_id and a.assessed_on = i.day
          join holdfast.input_part f
            on f.installation_id = ${installation} and f.account_id = i.account_id and f.hash = i.facts
          where not exists (
            select from holdfast.touched t
            where t.installation_id = ${installation} and t.account_id = i.account_id and not t.is_usage_alone
          )
        `.execute(scope),
      );
      return new Map(
        rows.map(({ account_id, hash: keptAs, part }) => [
          account_id,
          () => {
            const { problems = [], ...facts } = unpacked('facts', part) as Facts;
            return { facts, problems, keptAs };
          },
        ]),
      );
    },
    days: (account) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ day: CalendarDate }>`
          select day::text as day from holdfast.assessment_input where account_id = ${account} order by day
        `.execute(scope);
        return rows.map(({ day }) => day);
      }),
    drop: (accounts) =>
      database.inInstallation(installation, async (scope) => {
        const named = sql`any(${[...accounts]}::text[])`;
        await sql`delete from holdfast.assessment_input where account_id = ${named}`.execute(scope);
        await sql`delete from holdfast.input_part where account_id = ${named}`.execute(scope);
      }),
    prune: (before) =>
      database.inInstallation(installation, async (scope) => {
        await sql`delete from holdfast.assessment_input where day < ${before}::date`.execute(scope);
        await sql`
          delete from holdfast.input_part p
          where p.account_id <> '' and not exists (
            select from holdfast.assessment_input i where i.account_id = p.account_id and i.facts = p.hash
          )
        `.execute(scope);
        await sql`
          delete from holdfast.input_part
          where account_id = '' and hash not in (select shared from holdfast.assessment_input)
        `.execute(scope);
      }),
  };
}

async function store(
  database: Database,
  installation: InstallationId,
  parts: readonly (readonly [PartRow, Buffer])[],
  rows: readonly (readonly [MomentRow, Buffer])[],
): Promise<void> {
  if (rows.length === 0) return;
  const news = joined(parts);
  const moments = joined(rows);
  const latest = rows.map(([{ day }]) => day).reduce((one, other) => (one > other ? one : other));
  await database.inInstallation(installation, async (scope) => {
    await sql`
      insert into holdfast.input_part (installation_id, account_id, hash, part)
      select ${installation}, account_id, hash, substr(${news.bytes}::bytea, at, length)
      from json_to_recordset(${JSON.stringify(news.rows)}::json)
        as x (account_id text, hash uuid, at integer, length integer)
      on conflict do nothing
    `.execute(scope);
    await sql`
      insert into holdfast.assessment_input as i
        (installation_id, account_id, day, facts, shared, is_change, moment)
      select ${installation}, account_id, day, facts, shared, is_change,
        substr(${moments.bytes}::bytea, at, length)
      from json_to_recordset(${JSON.stringify(moments.rows)}::json) as x
        (account_id text, day date, facts uuid, shared uuid, is_change boolean, at integer,
          length integer)
      on conflict (installation_id, account_id, day) do update set
        facts = excluded.facts, shared = excluded.shared,
        is_change = i.is_change or excluded.is_change, moment = excluded.moment
    `.execute(scope);
    await sql`
      delete from holdfast.assessment_input
      where installation_id = ${installation} and account_id = any(${rows.map(([row]) => row.account_id)}::text[])
        and day < ${latest}::date and not is_change
    `.execute(scope);
  });
}

function takeApart(snapshot: AccountSnapshot) {
  const { account, unreadable, contacts, deals, contracts, tickets, activities, ...rest } = snapshot;
  const { surveys, invoices, milestones, ...others } = rest;
  const { timeZone, currency, sources, book, usage, ...moment } = others;
  const own = { contacts, deals, contracts, tickets, activities, surveys, invoices, milestones };
  const read: ReadFacts = { account, ...(unreadable !== undefined && { unreadable }), ...own };
  return {
    read,
    shared: { timeZone, currency, sources, book } satisfies Shared,
    moment: { ...moment, usage: usage && toColumns(usage) },
  };
}
