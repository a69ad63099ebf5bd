import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { SignalSource } from '../ports/store.ts';
import type { Scope } from './database.ts';

/** Notes that a source told something; the newest time stays. */
export async function noteSource(
  scope: Scope,
  installation: InstallationId,
  source: SignalSource,
  at: Instant,
): Promise<void> {
  await sql`
    insert into holdfast.signal_source as s (installation_id, source, told_at)
    values (${installation}, ${source}, ${at}::timestamptz)
    on conflict (installation_id, source) do update set told_at = greatest(s.told_at, excluded.told_at)
  `.execute(scope);
}

export async function readSources(scope: Scope): Promise<ReadonlyMap<SignalSource, Instant>> {
  const { rows } = await sql<{ source: SignalSource; told_at: Date }>`
    select source, told_at from holdfast.signal_source
  `.execute(scope);
  return new Map(rows.map(({ source, told_at }) => [source, told_at.toISOString()]));
}
