import { startPostgres } from './databases.ts';

/** A database of the server that all tests share. */
export interface ReadyDatabase {
  readonly url: string;
  /** Takes it away, whoever is still connected. */
  remove(): Promise<void>;
}

/** Where `test/support/one-server.ts` says which database is to be copied. */
export const READY_DATABASE_URL = 'TEST_READY_DATABASE_URL';

/** An empty database whose tables are up to date. */
export async function makeReadyDatabase(): Promise<ReadyDatabase> {
  const model = process.env[READY_DATABASE_URL];
  if (model === undefined) throw new Error('no database is ready: run this test by `npm test`');
  const server = await startPostgres();
  // The server goes on without us: to stop is to take away what was made.
  return { url: await server.copyDatabase(model), remove: () => server.stop() };
}
