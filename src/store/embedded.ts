import { createHash } from 'node:crypto';
import { cp, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { HoldfastError } from '../errors.ts';
import type { Opened } from './database.ts';
import { outliveErrors } from './outlive-errors.ts';
import { type DatabasePlace, toStoreError } from './database-error.ts';
import { claimFolder, type FolderHold, type Notice } from './folder-lock.ts';
import { openThreaded, type ThreadedDatabase } from './threaded-database.ts';

/** The name that PostgreSQL's clients look for in a folder of sockets. */
const SOCKET = '.s.PGSQL.5432';
/** A socket's path may have 107 bytes on Linux and 103 on macOS (`sun_path`). */
const SOCKET_PATH_BYTES = 100;
/** A holder that is still making its database is waited for so long. */
const HOLDER_READY_MS = 60_000;
/** Windows has no such sockets; there a second process is refused. */
const CAN_SERVE = process.platform !== 'win32';
const BACKUPS = 3;
/** A new database takes 40 MB; with less room than this, a failure to open it is taken for a full disk. */
const NEEDED_BYTES = 64 * 1024 * 1024;

/**
 * Opens the embedded database of a data folder: itself when no other process has it, otherwise through the one that has.
 * Throws `database-in-use`, `database-unreachable` and `disk-full`.
 */
export async function openEmbedded(dataDir: string): Promise<Opened> {
  const folder = resolve(dataDir);
  const place: DatabasePlace = {
    title: `embedded, ${folder}`,
    remedy: 'Start the command again; if it fails again, look at the process that holds the folder.',
  };
  const waitUntil = Date.now() + HOLDER_READY_MS;
  for (;;) {
    const claimed = await claim(folder, place);
    if (claimed.kind === 'held') return await openHeld(folder, place, claimed);
    if (claimed.by.socketFolder !== null) return await openThroughHolder(folder, place, claimed.by);
    if (!CAN_SERVE || Date.now() > waitUntil) throw inUse(folder, claimed.by, undefined);
    await sleep(200);
  }
}

async function openHeld(folder: string, place: DatabasePlace, hold: FolderHold): Promise<Opened> {
  try {
    const database = await openFiles(folder, place);
    const pool = new pg.Pool({
      stream: () => database.connect(),
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      // So many may prepare what they ask, and work on what was answered; the database answers one after the other.
      max: 4,
      idleTimeoutMillis: 0,
      allowExitOnIdle: true,
    });
    outliveErrors(pool);
    let socketFolder: string | null = null;
    return {
      pool,
      place,
      isEmbedded: true,
      mayMigrate: true,
      serve: async () => {
        if (!CAN_SERVE) return;
        socketFolder = await makeSocketFolder(folder);
        await database.serve(join(socketFolder, SOCKET));
        await hold.announce(socketFolder);
      },
      findNewestBackup: () => findNewestBackup(folder),
      writeBackup: async (at) => {
        await pool.query('vacuum (analyze)');
        return await database.whilePaused(() => copyDatabase(folder, at));
      },
      close: async () => {
        await database.stopServing();
        if (socketFolder !== null) await rm(socketFolder, { recursive: true, force: true });
        await pool.end();
        await database.close();
        await hold.release();
      },
    };
  } catch (error) {
    await hold.release();
    throw error;
  }
}

async function openFiles(folder: string, place: DatabasePlace): Promise<ThreadedDatabase> {
  const path = join(folder, 'database');
  const making = join(folder, 'database.part');
  try {
    if (!(await exists(path))) {
      // Made aside and moved, so that a process killed meanwhile does not leave half a database behind.
      await rm(making, { recursive: true, force: true });
      await (await openThreaded(making)).close();
      await rename(making, path);
    }
    return await openThreaded(path);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < NEEDED_BYTES) {
      throw toStoreError(
        Object.assign(new Error('No space left on device', { cause: error }), { code: 'ENOSPC' }),
        place,
      );
    }
    throw new HoldfastError({
      code: 'database-unreachable',
      message: `The embedded database in ${path} could not be opened: ${String(error)}.`,
      remedy: `Check that this user may write there. If the files are damaged, put the newest folder of ${join(folder, 'backups')} in their place.`,
      cause: error,
    });
  }
}

async function openThroughHolder(folder: string, place: DatabasePlace, holder: Notice): Promise<Opened> {
  const pool = new pg.Pool({
    host: holder.socketFolder ?? '',
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    max: 2,
    idleTimeoutMillis: 1_000,
    connectionTimeoutMillis: HOLDER_READY_MS,
  });
  outliveErrors(pool);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw inUse(folder, holder, error);
  }
  return {
    pool,
    place: {
      ...place,
      remedy: `Process ${holder.pid} held the database and has ended. Start the command again.`,
    },
    isEmbedded: true,
    mayMigrate: false,
    serve: () => Promise.resolve(),
    findNewestBackup: () => Promise.resolve(null),
    writeBackup: () => Promise.resolve(null),
    close: () => pool.end(),
  };
}

/** Makes the folder where there is none, and claims it. */
async function claim(folder: string, place: DatabasePlace): ReturnType<typeof claimFolder> {
  try {
    // Only its owner may look in: it holds customers' records.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await claimFolder(folder);
  } catch (error) {
    const full = toStoreError(error, place);
    if (full instanceof HoldfastError && full.code === 'disk-full') throw full;
    throw new HoldfastError({
      code: 'database-unreachable',
      message: `The data folder ${folder} cannot be written: ${String(error)}.`,
      remedy: 'Give this user the right to write there, or set HOLDFAST_DATA_DIR to a folder where it may.',
      cause: error,
    });
  }
}

/** In the data folder, or in the system's folder for passing files when the path would be too long for a socket. */
async function makeSocketFolder(folder: string): Promise<string> {
  const near = join(folder, 'socket');
  const far = join(tmpdir(), `holdfast-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  const socketFolder = Buffer.byteLength(join(near, SOCKET)) <= SOCKET_PATH_BYTES ? near : far;
  // Made anew: who can open the socket can read everything, so the folder must be ours and closed to others.
  await rm(socketFolder, { recursive: true, force: true });
  await mkdir(socketFolder, { mode: 0o700 });
  return socketFolder;
}

/** The embedded database never asks the disk to keep what it wrote; the copy does, and so outlives a power cut. */
async function copyDatabase(folder: string, at: string): Promise<string> {
  const backups = join(folder, 'backups');
  const name = at.replaceAll(':', '-');
  const part = join(backups, `${name}.part`);
  await rm(part, { recursive: true, force: true });
  await mkdir(backups, { recursive: true, mode: 0o700 });
  await cp(join(folder, 'database'), part, { recursive: true });
  for (const entry of await readdir(part, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r+');
    await file.sync();
    await file.close();
  }
  await rm(join(backups, name), { recursive: true, force: true });
  await rename(part, join(backups, name));
  const names = (await readdir(backups)).sort();
  for (const old of names.slice(0, -BACKUPS)) await rm(join(backups, old), { recursive: true, force: true });
  return join(backups, name);
}

/** The instant that the newest copy is of; null when there is none. Copies are named by it. */
async function findNewestBackup(folder: string): Promise<string | null> {
  const backups = join(folder, 'backups');
  if (!(await exists(backups))) return null;
  const names = (await readdir(backups)).filter((name) => !name.endsWith('.part')).sort();
  return names.at(-1)?.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:') ?? null;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

function inUse(folder: string, by: Notice, cause: unknown): HoldfastError {
  return new HoldfastError({
    code: 'database-in-use',
    message: `The data folder ${folder} is in use by process ${by.pid} on ${by.host}, which does not let others in.`,
    remedy: `Stop process ${by.pid} and start again, set HOLDFAST_DATA_DIR to another folder, or set DATABASE_URL to a server.`,
    context: { pid: by.pid, host: by.host },
    cause,
  });
}
