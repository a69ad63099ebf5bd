import { openDatabase } from '../../src/store/database.ts';
import { startPostgres, type TestServer } from './databases.ts';
import { READY_DATABASE_URL } from './ready-database.ts';

let server: TestServer | undefined;

/**
 * Before the first test: one PostgreSQL server for all of them, and on it a database to be copied. Most tests are about what
 * Holdfast does on whatever database, and the embedded one takes seconds of computing each time that it is opened. That both
 * keep alike is for `test/store/store-battery.ts` to prove; the commands and the worker are tested on the embedded one.
 */
export async function setup(): Promise<void> {
  server = await startPostgres();
  process.env['TEST_DATABASE_URL'] = server.url;
  const ready = await server.createDatabase();
  await (await openDatabase({ databaseUrl: ready, dataDir: '/unused' })).close();
  process.env[READY_DATABASE_URL] = ready;
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
