import { sql } from 'kysely';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { ConfigurationStore, ConfigurationVersion } from '../ports/store.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson } from './json.ts';

interface Row extends Omit<ConfigurationVersion, 'by' | 'createdAt' | 'publishedAt'> {
  readonly made_by: string;
  readonly created_at: Date;
  readonly published_at: Date | null;
}

const COLUMNS = sql`number, state, changes, whole, note, made_by, created_at, published_at, preview`;

/** Versions are never deleted but for drafts, and what was published is never changed. */
export function openConfigurations(database: Database, installation: InstallationId): ConfigurationStore {
  const find = (where: ReturnType<typeof sql>): Promise<ConfigurationVersion | null> =>
    database.inInstallation(installation, async (scope) => {
      const { rows } = await sql<Row>`select ${COLUMNS} from holdfast.configuration where ${where}`.execute(scope);
      const [row] = rows;
      return row === undefined ? null : toVersion(row);
    });
  return {
    numberInForce: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ number: number }>`
          select number from holdfast.configuration where state = 'published'
        `.execute(scope);
        return rows[0]?.number ?? 0;
      }),
    get: (number) => find(sql`number = ${number}`),
    findDraft: () => find(sql`state = 'draft'`),
    list: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<Row>`
          select ${COLUMNS} from holdfast.configuration order by number desc
        `.execute(scope);
        return rows.map(toVersion);
      }),
    putDraft: (draft) =>
      database.inInstallation(installation, async (scope) => {
        await sql`
          insert into holdfast.configuration
            (installation_id, number, state, changes, whole, note, made_by, created_at)
          values (${installation}, ${await nextNumber(scope)}, 'draft', ${toStorableJson(draft.changes)}::json,
            ${toStorableJson(draft.whole)}::json, ${draft.note}, ${draft.by}, ${draft.at}::timestamptz)
          on conflict (installation_id) where state = 'draft' do update set
            changes = excluded.changes, whole = excluded.whole, note = excluded.note, made_by = excluded.made_by,
            created_at = excluded.created_at, preview = null
        `.execute(scope);
      }),
    notePreview: (preview) =>
      database.inInstallation(installation, async (scope) => {
        await sql`
          update holdfast.configuration set preview = ${toStorableJson(preview)}::json where state = 'draft'
        `.execute(scope);
      }),
    dropDraft: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql`
          delete from holdfast.configuration where state = 'draft' returning number
        `.execute(scope);
        return rows.length > 0;
      }),
    publish: (version) =>
      database.inInstallation(installation, async (scope) => {
        const number = await nextNumber(scope);
        const { rows: drafts } = await sql<{ preview: unknown }>`
          delete from holdfast.configuration where state = 'draft' returning preview
        `.execute(scope);
        await sql`update holdfast.configuration set state = 'retired' where state = 'published'`.execute(scope);
        const preview = drafts[0]?.preview ?? null;
        await sql`
          insert into holdfast.configuration
            (installation_id, number, state, changes, whole, note, made_by, created_at, published_at, preview)
          values (${installation}, ${number}, 'published', ${toStorableJson(version.changes)}::json,
            ${toStorableJson(version.whole)}::json, ${version.note}, ${version.by}, ${version.at}::timestamptz,
            ${version.at}::timestamptz, ${preview === null ? null : toStorableJson(preview)}::json)
        `.execute(scope);
        return number;
      }),
  };
}

/** A draft has the number that it will be published under. */
async function nextNumber(scope: Scope): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), 0) + 1 as number from holdfast.configuration where state <> 'draft'
  `.execute(scope);
  return rows[0]?.number ?? 1;
}

function toVersion({ made_by, created_at, published_at, ...row }: Row): ConfigurationVersion {
  const toInstant = (date: Date): Instant => date.toISOString();
  return {
    ...row,
    by: made_by,
    createdAt: toInstant(created_at),
    publishedAt: published_at === null ? null : toInstant(published_at),
  };
}
