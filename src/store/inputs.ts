import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sql } from 'kysely';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { Outcome } from '../core/outcome.ts';
import type { AssessedInput, InputStore } from '../ports/store.ts';
import { selectColumns } from './columns.ts';
import type { Database } from './database.ts';

/** What seldom changes, what a product's use changes daily, what many accounts have alike, and what is new each time. */
type Facts = Omit<AccountSnapshot, 'usage' | keyof Shared | keyof Omit<Moment, 'outcome'>>;
type Shared = Pick<AccountSnapshot, 'timeZone' | 'currency' | 'sources' | 'book'>;
interface Moment extends Pick<AccountSnapshot, 'asOf' | 'today' | 'history' | 'standing'> {
  readonly outcome: Outcome;
}

/** A part under its hash; `account_id` is empty for what accounts share. */
interface Part {
  readonly account_id: string;
  readonly hash: string;
  readonly json: string;
}

interface Row {
  readonly day: CalendarDate;
  readonly moment: string;
  readonly facts: string;
  readonly usage: string;
  readonly shared: string;
}

/**
 * Inputs are kept in parts, each once under its hash: of an account whose records did not change, only the moment is new.
 * Parts are compressed here: what comes to the database cannot be compressed further.
 */
export function openInputs(database: Database, installation: InstallationId): InputStore {
  return {
    put: (inputs) =>
      database.inInstallation(installation, async (scope) => {
        if (inputs.length === 0) return;
        const taken = inputs.map(takeApart);
        const accounts = inputs.map(({ assessment }) => assessment.accountId);
        const wanted = new Map(
          taken.flatMap(({ parts }) => parts).map((part) => [`${part.account_id} ${part.hash}`, part]),
        );
        const known = await selectColumns<Omit<Part, 'json'>>(
          scope,
          ['account_id', 'hash'],
          sql`select account_id, hash from holdfast.input_part where account_id = any(${[...accounts, '']}::text[])`,
        );
        for (const { account_id, hash } of known) wanted.delete(`${account_id} ${hash}`);
        if (wanted.size > 0) {
          const parts = [...wanted.values()].map(({ json, ...part }) => ({ ...part, part: compressed(json) }));
          await sql`
            insert into holdfast.input_part (installation_id, account_id, hash, part)
            select ${installation}, account_id, hash, decode(part, 'base64')
            from json_to_recordset(${JSON.stringify(parts)}::json) as x (account_id text, hash uuid, part text)
            on conflict do nothing
          `.execute(scope);
        }
        const rows = taken.map(({ row }) => row);
        await sql`
          insert into holdfast.assessment_input as i
            (installation_id, account_id, day, facts, usage, shared, is_change, moment)
          select ${installation}, account_id, day, facts, usage, shared, is_change, decode(moment, 'base64')
          from json_to_recordset(${JSON.stringify(rows)}::json) as x
            (account_id text, day date, facts uuid, usage uuid, shared uuid, is_change boolean, moment text)
          on conflict (installation_id, account_id, day) do update set
            facts = excluded.facts, usage = excluded.usage, shared = excluded.shared,
            is_change = i.is_change or excluded.is_change, moment = excluded.moment
        `.execute(scope);
        const latest = rows.map(({ day }) => day).reduce((one, other) => (one > other ? one : other));
        await sql`
          delete from holdfast.assessment_input
          where account_id = any(${accounts}::text[]) and day < ${latest}::date and not is_change
        `.execute(scope);
      }),
    get: (account, on) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select i.day::text as day, encode(i.moment, 'base64') as moment, encode(f.part, 'base64') as facts,
            encode(u.part, 'base64') as usage, encode(s.part, 'base64') as shared
          from holdfast.assessment_input i
            join holdfast.input_part f on f.account_id = i.account_id and f.hash = i.facts
            join holdfast.input_part u on u.account_id = i.account_id and u.hash = i.usage
            join holdfast.input_part s on s.account_id = '' and s.hash = i.shared
          where i.account_id = ${account} and (${on}::date is null or i.day <= ${on}::date)
          order by i.day desc limit 1
        `.execute(scope);
        const [row] = rows;
        if (row === undefined) return null;
        const { outcome, ...moment } = opened(row.moment) as Moment;
        const snapshot: AccountSnapshot = {
          ...(opened(row.facts) as Facts),
          usage: opened(row.usage) as AccountSnapshot['usage'],
          ...(opened(row.shared) as Shared),
          ...moment,
        };
        return { on: row.day, snapshot, outcome };
      }),
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
            select from holdfast.assessment_input i
            where i.account_id = p.account_id and (i.facts = p.hash or i.usage = p.hash)
          )
        `.execute(scope);
        await sql`
          delete from holdfast.input_part
          where account_id = '' and hash not in (select shared from holdfast.assessment_input)
        `.execute(scope);
      }),
  };
}

function takeApart({ snapshot, assessment, outcome, isChange }: AssessedInput) {
  const { usage, timeZone, currency, sources, book, asOf, today, history, standing, ...facts } = snapshot;
  const shared: Shared = { timeZone, currency, sources, book };
  const moment: Moment = { asOf, today, history, ...(standing !== undefined && { standing }), outcome };
  const account_id = assessment.accountId;
  const parts = {
    facts: toPart(account_id, facts satisfies Facts),
    usage: toPart(account_id, usage),
    shared: toPart('', shared),
  };
  return {
    parts: [parts.facts, parts.usage, parts.shared],
    row: {
      account_id,
      day: today,
      facts: parts.facts.hash,
      usage: parts.usage.hash,
      shared: parts.shared.hash,
      is_change: isChange,
      moment: compressed(JSON.stringify(moment)),
    },
  };
}

function toPart(account_id: string, value: unknown): Part {
  const json = JSON.stringify(value);
  return { account_id, hash: toUuid(hash('sha256', json)), json };
}

/** The first 128 bits, as the database writes them. */
function toUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Level 1 takes half the time of the usual one and makes a tenth more; Zstandard takes twice the time for texts so short. */
const compressed = (json: string): string => deflateRawSync(json, { level: 1 }).toString('base64');

const opened = (base64: string): unknown => JSON.parse(inflateRawSync(Buffer.from(base64, 'base64')).toString());
