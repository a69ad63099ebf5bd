import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { HoldfastError } from '../errors.ts';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

/**
 * Brings the tables up to date, in one transaction: all of it or nothing. Processes that start at once wait for each other.
 * Throws `database-outdated` when a newer version of Holdfast has been here.
 */
export async function migrate(kysely: Kysely<Tables>): Promise<void> {
  await refuseNewer(kysely);
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableSchema: 'holdfast',
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof Error && 'code' in error && error.code === '42501') {
    throw new HoldfastError({
      code: 'database-unreachable',
      message: `The tables could not be made: ${error.message}.`,
      remedy: 'Let the user in DATABASE_URL own the database: `alter database <name> owner to <user>`.',
      cause: error,
    });
  }
  throw error;
}

/** For a process that must leave the tables as they are. Throws `database-outdated` unless they are those of this version. */
export async function checkMigrated(kysely: Kysely<Tables>): Promise<void> {
  await refuseNewer(kysely);
  const done = new Set(await findDone(kysely));
  const missing = Object.keys(migrations).filter((name) => !done.has(name));
  if (missing.length === 0) return;
  throw new HoldfastError({
    code: 'database-outdated',
    message: `The database lacks ${missing.join(', ')}: the Holdfast that holds it open is older than this one.`,
    remedy: 'Stop that one and start the newer version in its place; it brings the database up to date.',
  });
}

async function refuseNewer(kysely: Kysely<Tables>): Promise<void> {
  const unknown = (await findDone(kysely)).filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw new HoldfastError({
    code: 'database-outdated',
    message: `The database was last used by a newer version of Holdfast (it knows ${unknown.join(', ')}; this one does not).`,
    remedy: 'Start that version or a later one. Going back needs a backup from before the update.',
  });
}

/** The names of the migrations that the database has been through; none for an empty database. */
async function findDone(kysely: Kysely<Tables>): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ name: string | null }>`
    select to_regclass('holdfast.migration')::text as name
  `.execute(kysely);
  if (tables[0]?.name == null) return [];
  const { rows } = await sql<{ name: string }>`select name from holdfast.migration`.execute(kysely);
  return rows.map(({ name }) => name);
}
