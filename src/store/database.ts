import type { InstallationId } from '../core/model/ids.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { type DatabasePlace, toStoreError } from './database-error.ts';
import { openEmbedded } from './embedded.ts';
import { checkMigrated, migrate } from './migrate.ts';
import { openServer } from './server.ts';
import type { Tables } from './tables.ts';

/** A transaction within one scope: an installation, or the registry of installations. */
export type Scope = Transaction<Tables>;

export interface Database {
  /** `embedded, /path` or `PostgreSQL 18.1 on db.example`. */
  readonly title: string;
  /** One session for everybody, on a thread or in a process of its own. */
  readonly isEmbedded: boolean;
  /** Runs `work` in a transaction that sees and writes the rows of one installation, and no others. */
  inInstallation<T>(installation: InstallationId, work: (scope: Scope) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction that sees the table of installations, and no other row. */
  inRegistry<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction that sees all noticed records, reads the table of installations, and sees no other row. */
  inIntake<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
  /**
   * For what keeps its own tables in the same database (the job queue). Without values the text may hold several statements;
   * the rows are those of all of them. After an error no transaction is left open.
   */
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  isReachable(): Promise<boolean>;
  /**
   * Copies the embedded database to `<data folder>/backups/<at>` and keeps the newest three; answers the copy's folder. To go
   * back, put it in the place of `database` while nothing runs. Null on a server, which has backups of its own, and in a
   * process that does not hold the folder.
   */
  writeBackup(at: Instant): Promise<string | null>;
  /** The `at` of the newest such copy; null when there is none. */
  findNewestBackup(): Promise<Instant | null>;
  close(): Promise<void>;
}

/** What an embedded database and a server have in common once they are open. */
export interface Opened {
  readonly pool: pg.Pool;
  readonly place: DatabasePlace;
  readonly isEmbedded: boolean;
  /** False for a process that uses the embedded database through the one that holds it: that one migrates. */
  readonly mayMigrate: boolean;
  /** Called once the tables are in order. */
  readonly serve: () => Promise<void>;
  readonly findNewestBackup: () => Promise<Instant | null>;
  readonly writeBackup: (at: Instant) => Promise<string | null>;
  /** Frees what the pool does not own. */
  readonly close: () => Promise<void>;
}

/** On a server, the role whose rights row level security binds when the connected role is above it. */
const TENANT_ROLE = 'holdfast_tenant';

/**
 * Opens the database and brings its tables up to date. `databaseUrl` names a PostgreSQL server (15 or newer); null means the
 * embedded one in `dataDir`. Throws `database-unreachable`, `database-in-use`, `database-outdated`, `disk-full` and
 * `config-invalid`.
 */
export async function openDatabase(options: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}): Promise<Database> {
  const opened =
    options.databaseUrl === null ? await openEmbedded(options.dataDir) : await openServer(options.databaseUrl);
  const { pool, place } = opened;
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const close = async (): Promise<void> => {
    // Nothing new is accepted from other processes, then our own queries end, then the files are let go.
    if (!opened.isEmbedded) return kysely.destroy();
    await opened.close();
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toStoreError(error, place);
    }
  };

  try {
    const needsRole = await guarded(async () => {
      if (opened.mayMigrate) await migrate(kysely);
      else await checkMigrated(kysely);
      return await prepareTenantRole(kysely, opened.mayMigrate);
    });
    await opened.serve();
    const role = needsRole ? `, set_config('role', ${pg.escapeLiteral(TENANT_ROLE)}, true)` : '';
    // To begin and to say within which walls goes in one message: half of what a small transaction takes is its messages.
    const within = <T>(name: string, value: string, work: (scope: Scope) => Promise<T>): Promise<T> =>
      guarded(() =>
        kysely.connection().execute(async (connection) => {
          const say = (text: string): Promise<unknown> => connection.executeQuery(CompiledQuery.raw(text));
          await say(`begin; select set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, true)${role}`);
          let result: T;
          try {
            result = await work(connection as Scope);
          } catch (error) {
            // What made the work fail is told; a connection that is lost has rolled back by itself.
            await say('rollback').catch(() => undefined);
            throw error;
          }
          await say('commit');
          return result;
        }),
      );

    return {
      title: place.title,
      isEmbedded: opened.isEmbedded,
      inInstallation: (installation, work) => within('holdfast.installation', installation, work),
      inRegistry: (work) => within('holdfast.scope', 'registry', work),
      inIntake: (work) => within('holdfast.scope', 'intake', work),
      executeSql: (text, values) => guarded(() => executeSql(pool, text, values)),
      isReachable: async () => {
        try {
          await pool.query('select 1');
          return true;
        } catch {
          // The question is whether, not why; whoever uses the database next is told why.
          return false;
        }
      },
      writeBackup: (at) => guarded(() => opened.writeBackup(at)),
      findNewestBackup: () => guarded(() => opened.findNewestBackup()),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function executeSql(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<{ rows: unknown[] }> {
  const client = await pool.connect();
  let lost: Error | undefined;
  try {
    const answer: pg.QueryResult | pg.QueryResult[] = await client.query(text, values === undefined ? [] : [...values]);
    return { rows: Array.isArray(answer) ? answer.flatMap((one) => one.rows as unknown[]) : answer.rows };
  } catch (error) {
    // The text may have begun a transaction; left open, it would stop every later query of this connection.
    await client.query('rollback').catch((cause: Error) => (lost = cause));
    throw error;
  } finally {
    client.release(lost);
  }
}

/** Superusers and roles with `bypassrls` are above row level security, so they step down to a role that is not. */
async function prepareTenantRole(kysely: Kysely<Tables>, mayChange: boolean): Promise<boolean> {
  const { rows } = await sql<{ is_above: boolean; is_superuser: boolean; has_role: boolean }>`
    select rolsuper or rolbypassrls as is_above, rolsuper as is_superuser,
      exists (select from pg_roles where rolname = ${TENANT_ROLE}) as has_role
    from pg_roles where rolname = current_user
  `.execute(kysely);
  const [role] = rows;
  if (role === undefined || !role.is_above) return false;
  if (!mayChange) return true;
  await kysely.transaction().execute(async (transaction) => {
    // Two processes that start at once would otherwise grant the same rights at the same time, which PostgreSQL refuses.
    await sql`select pg_advisory_xact_lock(hashtext(${TENANT_ROLE}))`.execute(transaction);
    await sql
      .raw(
        `do $$ begin
           if not exists (select from pg_roles where rolname = '${TENANT_ROLE}') then create role ${TENANT_ROLE} nologin; end if;
         exception when duplicate_object or unique_violation then null;
         end $$`,
      )
      .execute(transaction);
    if (!role.is_superuser) await sql.raw(`grant ${TENANT_ROLE} to current_user`).execute(transaction);
    await sql.raw(`grant usage on schema holdfast to ${TENANT_ROLE}`).execute(transaction);
    const { rows: tables } = await sql<{ relname: string }>`
      select relname from pg_class
      where relnamespace = 'holdfast'::regnamespace and relkind = 'r' and relname not like 'migration%'
        and not has_table_privilege(${TENANT_ROLE}, oid, 'select')
    `.execute(transaction);
    for (const { relname } of tables) {
      await sql`grant select, insert, update, delete on ${sql.table(`holdfast.${relname}`)} to ${sql.ref(TENANT_ROLE)}`.execute(
        transaction,
      );
    }
  });
  return true;
}
