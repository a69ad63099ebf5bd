import { sql, type RawBuilder } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Scope } from './database.ts';

/** What is new of an account: its use of the product alone, or also what its records, surveys or invoices say. */
export type News = 'usage' | 'records';

/**
 * Whoever marks accounts or takes marks away does so alone, until the end of the transaction: records, messages and
 * assessments do it at the same time, each in its own order, and would wait for each other's rows. A name of a statement
 * that has to be read from.
 */
export const turnToTouch = (installation: InstallationId): RawBuilder<unknown> =>
  sql`turn as materialized (select pg_advisory_xact_lock(hashtextextended(${`touched of ${installation}`}, 0)))`;

/**
 * Marks accounts for assessment; one that waits already keeps its place in the queue. Its mark is a newer one each time: who
 * is assessing it right now must not take it away, though both may have been told at the same instant.
 */
export async function touch(
  scope: Scope,
  installation: InstallationId,
  accounts: ReadonlySet<string>,
  at: Instant,
  news: News = 'records',
): Promise<void> {
  if (accounts.size === 0) return;
  await sql`
    with ${turnToTouch(installation)}
    insert into holdfast.touched as t (installation_id, account_id, waiting_since, touched_at, is_usage_alone)
    select ${installation}, account_id, ${at}::timestamptz, ${at}::timestamptz, ${news === 'usage'}
    from turn, unnest(${[...accounts]}::text[]) as account_id
    on conflict (installation_id, account_id) do update set
      waiting_since = least(t.waiting_since, excluded.waiting_since),
      touched_at = greatest(t.touched_at + interval '1 millisecond', excluded.touched_at),
      is_usage_alone = t.is_usage_alone and excluded.is_usage_alone
  `.execute(scope);
}
