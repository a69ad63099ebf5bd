import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Scope } from './database.ts';

/** What is new of an account: its use of the product alone, or also what its records, surveys or invoices say. */
export type News = 'usage' | 'records';

/** Marks accounts for assessment; one that waits already keeps its place in the queue. */
export async function touch(
  scope: Scope,
  installation: InstallationId,
  accounts: ReadonlySet<string>,
  at: Instant,
  news: News = 'records',
): Promise<void> {
  if (accounts.size === 0) return;
  await sql`
    insert into holdfast.touched as t (installation_id, account_id, waiting_since, touched_at, is_usage_alone)
    select ${installation}, account_id, ${at}::timestamptz, ${at}::timestamptz, ${news === 'usage'}
    from unnest(${[...accounts]}::text[]) as account_id
    on conflict (installation_id, account_id) do update set
      waiting_since = least(t.waiting_since, excluded.waiting_since),
      touched_at = greatest(t.touched_at, excluded.touched_at),
      is_usage_alone = t.is_usage_alone and excluded.is_usage_alone
  `.execute(scope);
}
