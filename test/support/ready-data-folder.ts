import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/store/database.ts';
import { makeDataFolder } from './databases.ts';

/**
 * A data folder with an embedded database that is empty and up to date. To make one takes seconds of computing, so it is made
 * once on this machine for each state of the migrations, and copied.
 */
export async function makeReadyDataFolder(): ReturnType<typeof makeDataFolder> {
  const folder = await makeDataFolder();
  // A fifth of the computing that the promise's version takes on Linux, for a thousand files.
  cpSync(join(await findTemplate(), 'database'), join(folder.path, 'database'), { recursive: true });
  return folder;
}

async function findTemplate(): Promise<string> {
  const template = join(tmpdir(), `holdfast-empty-${await stateOfMigrations()}`);
  if (await exists(template)) return template;
  const making = await mkdtemp(`${template}-`);
  await (await openDatabase({ databaseUrl: null, dataDir: making })).close();
  try {
    await rename(making, template);
  } catch (error) {
    // Another test made the same one meanwhile.
    if (!(await exists(template))) throw error;
    await rm(making, { recursive: true });
  }
  return template;
}

/** Changes with every line of a migration and with the version of the database. */
async function stateOfMigrations(): Promise<string> {
  const store = new URL('../../src/store/', import.meta.url);
  const names = (await readdir(new URL('migrations/', store))).sort().map((name) => `migrations/${name}`);
  const hash = createHash('sha256');
  for (const name of [...names, 'migrate.ts', 'database.ts', '../../package.json']) {
    hash.update(await readFile(new URL(name, store)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
