import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Scope } from './database.ts';

export async function addKey(
  scope: Scope,
  installation: InstallationId,
  { hash, hint, at }: { readonly hash: string; readonly hint: string; readonly at: Instant },
): Promise<void> {
  await sql`
    insert into holdfast.write_key (installation_id, key_hash, hint, created_at)
    values (${installation}, ${hash}, ${hint}, ${at}::timestamptz)
  `.execute(scope);
}

export async function isKey(scope: Scope, hash: string): Promise<boolean> {
  const { rows } = await sql`
    select from holdfast.write_key where key_hash = ${hash} and revoked_at is null
  `.execute(scope);
  return rows.length > 0;
}

export async function listKeys(
  scope: Scope,
): Promise<readonly { readonly hint: string; readonly createdAt: Instant }[]> {
  const { rows } = await sql<{ hint: string; created_at: Date }>`
    select hint, created_at from holdfast.write_key where revoked_at is null order by created_at, key_hash
  `.execute(scope);
  return rows.map(({ hint, created_at }) => ({ hint, createdAt: created_at.toISOString() }));
}

export async function revokeKeys(scope: Scope, hint: string | null, at: Instant): Promise<number> {
  const { rows } = await sql`
    update holdfast.write_key set revoked_at = ${at}::timestamptz
    where revoked_at is null and (${hint}::text is null or hint = ${hint}) returning key_hash
  `.execute(scope);
  return rows.length;
}
