import pg from 'pg';
import { HoldfastError } from '../errors.ts';
import type { Opened } from './database.ts';
import { type DatabasePlace, toStoreError } from './database-error.ts';
import { outliveErrors } from './outlive-errors.ts';

const OLDEST_VERSION = 15;
const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;

/** Connects to a PostgreSQL server. Throws `config-invalid`, `database-unreachable` and `database-outdated`. */
export async function openServer(databaseUrl: string): Promise<Opened> {
  const pool = new pg.Pool({
    ...readUrl(databaseUrl),
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    application_name: 'holdfast',
  });
  outliveErrors(pool);
  const { host, port, database, user } = new pg.Client({ connectionString: databaseUrl });
  const place: DatabasePlace = {
    title: `PostgreSQL on ${host}:${port}, database ${database ?? '?'}, user ${user ?? '?'}`,
    remedy: 'Check that the server runs and that host, port, database, user and password in DATABASE_URL are right.',
  };
  try {
    const { rows } = await pool.query<{ server_version: string }>('show server_version');
    const version = rows[0]?.server_version.split(' ')[0] ?? '';
    if (Number.parseInt(version, 10) < OLDEST_VERSION) {
      throw new HoldfastError({
        code: 'database-outdated',
        message: `The server on ${host}:${port} is PostgreSQL ${version}; Holdfast needs ${OLDEST_VERSION} or newer.`,
        remedy: 'Update the server, or point DATABASE_URL to a newer one.',
      });
    }
    return {
      pool,
      place: { ...place, title: `PostgreSQL ${version} on ${host}` },
      isEmbedded: false,
      mayMigrate: true,
      serve: () => Promise.resolve(),
      findNewestBackup: () => Promise.resolve(null),
      writeBackup: () => Promise.resolve(null),
      close: () => Promise.resolve(),
    };
  } catch (error) {
    await pool.end();
    throw toStoreError(error, place);
  }
}

function readUrl(databaseUrl: string): pg.PoolConfig {
  // The text is not repeated: it holds a password.
  const isUrl = URL.canParse(databaseUrl) && /^postgres(ql)?:$/.test(new URL(databaseUrl).protocol);
  if (isUrl) return { connectionString: databaseUrl };
  throw new HoldfastError({
    code: 'config-invalid',
    message: 'DATABASE_URL is not the address of a PostgreSQL database.',
    remedy: 'Write it as postgresql://user:password@host:5432/database, or leave it out for the embedded database.',
  });
}
