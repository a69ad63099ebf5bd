import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Scope } from './database.ts';

/** Marks accounts for assessment; one that waits already keeps its place in the queue. */
export async function touch(
  scope: Scope,
  installation: InstallationId,
  accounts: ReadonlySet<string>,
  at: Instant,
): Promise<void> {
  if (accounts.size === 0) return;
  await sql`
    insert into holdfast.touched as t (installation_id, account_id, waiting_since, touched_at)
    select ${installation}, account_id, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${[...accounts]}::text[]) as account_id
    on conflict (installation_id, account_id) do update set
      waiting_since = least(t.waiting_since, excluded.waiting_since),
      touched_at = greatest(t.touched_at, excluded.touched_at)
  `.execute(scope);
}
