import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Rhythm, SourceIntake } from '../core/usage/rhythm.ts';
import type { SignalSource } from '../ports/store.ts';
import type { Scope } from './database.ts';

/** Notes that the API was told something; the newest time stays. */
export async function noteSent(
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

/** Notes up to when a file tells; the latest stays. The rhythm stays as it was where none is given. */
export async function noteFile(
  scope: Scope,
  installation: InstallationId,
  source: SignalSource,
  { to, every }: { readonly to: Instant; readonly every: Rhythm | null },
): Promise<void> {
  await sql`
    insert into holdfast.signal_source as s (installation_id, source, file_to, every)
    values (${installation}, ${source}, ${to}::timestamptz, ${every})
    on conflict (installation_id, source) do update set
      file_to = greatest(s.file_to, excluded.file_to), every = coalesce(excluded.every, s.every)
  `.execute(scope);
}

export async function readSources(scope: Scope): Promise<ReadonlyMap<SignalSource, SourceIntake>> {
  const { rows } = await sql<{
    source: SignalSource;
    told_at: Date | null;
    file_to: Date | null;
    every: Rhythm | null;
  }>`
    select source, told_at, file_to, every from holdfast.signal_source
  `.execute(scope);
  return new Map(
    rows.map(({ source, told_at, file_to, every }) => [
      source,
      {
        sentAt: told_at?.toISOString() ?? null,
        file: file_to === null ? null : { to: file_to.toISOString(), every: every ?? 'day' },
      },
    ]),
  );
}
