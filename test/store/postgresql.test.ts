import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { startPostgres, type TestServer } from '../support/databases.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { describeStore } from './store-battery.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
});

const open = (databaseUrl: string): ReturnType<typeof openDatabase> =>
  openDatabase({ databaseUrl, dataDir: '/unused' });

describeStore('the store on a PostgreSQL server, as its superuser', async () => open(await server.createDatabase()));
describeStore('the store on a PostgreSQL server, as the owner of its database', async () =>
  open(await server.createOwnedDatabase()),
);

describe('a PostgreSQL server', () => {
  it('is named with its version and host, without the password', async () => {
    const database = await open(await server.createOwnedDatabase());
    expect(database.title).toMatch(/^PostgreSQL \d+\.\d+ on [\w./-]+$/);
    expect(database.isEmbedded).toBe(false);
    await database.close();
  });

  it('takes several processes that start at the same moment on an empty database', async () => {
    const url = await server.createDatabase();
    const databases = await Promise.all([1, 2, 3, 4].map(() => open(url)));
    const { rows } = await (databases[0] ?? (await open(url))).executeSql('select name from holdfast.migration');
    expect(rows).toEqual(Object.keys(migrations).map((name) => ({ name })));
    await Promise.all(databases.map((database) => database.close()));
  });

  it('that a newer version has used is left alone, with a word about what to do', async () => {
    const url = await server.createDatabase();
    const newer = await open(url);
    await newer.executeSql(`insert into holdfast.migration (name, timestamp) values ('0999-later', now()::text)`);
    await newer.close();
    await expect(open(url)).rejects.toMatchObject({
      code: 'database-outdated',
      message: expect.stringContaining('0999-later'),
      remedy: expect.stringContaining('Start that version'),
    });
  });

  it('that does not answer is named with host, port and database, never with the password', async () => {
    const refused: unknown = await open('postgresql://ana:hunter2@127.0.0.1:1/customers').catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'database-unreachable', message: expect.stringContaining('127.0.0.1:1') });
    expect(String(refused)).toContain('customers');
    expect(String(refused)).not.toContain('hunter2');
  });

  it('that lacks the database says so', async () => {
    const url = new URL(await server.createDatabase());
    url.pathname = '/nowhere';
    await expect(open(url.href)).rejects.toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining('does not exist'),
    });
  });

  it('whose user may not make tables says who should own the database', async () => {
    const owned = new URL(await server.createOwnedDatabase());
    const foreign = new URL(await server.createDatabase());
    foreign.username = owned.username;
    foreign.password = owned.password;
    await expect(open(foreign.href)).rejects.toMatchObject({
      code: 'database-unreachable',
      remedy: expect.stringContaining('own the database'),
    });
  });

  it('has an address that is checked before it is used', async () => {
    await expect(open('mysql://localhost/x')).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('that cuts a connection in the middle of the work ends that work alone', async () => {
    const database = await open(await server.createDatabase());
    const work = database.inRegistry(async (scope) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(scope);
      await database.executeSql('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await sql`select pg_sleep(5)`.execute(scope);
    });
    await expect(work).rejects.toMatchObject({ code: 'database-unreachable' });
    expect(await database.isReachable()).toBe(true);
    await database.close();
  });

  it('goes on after the server cut every connection', async () => {
    const url = await server.createDatabase();
    const database = await open(url);
    const other = await open(url);
    await other.executeSql(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await expect.poll(() => database.isReachable()).toBe(true);
    await database.close();
    await other.close();
  });
});
