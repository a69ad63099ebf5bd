import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/**
 * Who works in a data folder. The embedded database has no lock of its own, and two writers lose data in silence.
 *
 * Each process that wants the folder puts up a notice of its own, then looks for notices of others, and takes its own down
 * when it finds a living one. So no notice is ever taken over or rewritten by a stranger, and there is no moment at which
 * two processes can both believe that they are alone.
 */
const Notice = z.object({
  host: z.string(),
  pid: z.number(),
  /** When that process started, so that a later one with the same pid is not taken for it. */
  startedAt: z.string().nullable(),
  state: z.enum(['claiming', 'holding']),
  /** Folder of the Unix socket on which the holder serves the database; null while it does not. */
  socketFolder: z.string().nullable(),
});
export type Notice = z.infer<typeof Notice>;

/** The folder is ours until `release`. */
export interface FolderHold {
  readonly kind: 'held';
  announce(socketFolder: string): Promise<void>;
  release(): Promise<void>;
}

/** A notice of another host is believed for so long after its last sign of life; pids cannot be checked there. */
const FOREIGN_NOTICE_MS = 60_000;
const SIGN_OF_LIFE_MS = 15_000;
const CLAIMS = 40;

/** Takes the folder for this process, or answers who has it. Two that claim at once both step back and try again. */
export async function claimFolder(
  dataDir: string,
): Promise<FolderHold | { readonly kind: 'busy'; readonly by: Notice }> {
  const folder = join(dataDir, 'holders');
  await mkdir(folder, { recursive: true });
  const own: Notice = {
    host: hostname(),
    pid: process.pid,
    startedAt: startOf(process.pid),
    state: 'claiming',
    socketFolder: null,
  };
  const path = join(folder, fileNameOf(own));
  for (let claim = 1; ; claim++) {
    if (!(await putUp(path, own))) return { kind: 'busy', by: (await readNotice(path)) ?? own };
    const others = await livingNotices(folder, path);
    if (others.length === 0) return hold(path, own);
    await rm(path, { force: true });
    const holder = others.find((notice) => notice.state === 'holding');
    const [first] = others;
    if (holder !== undefined) return { kind: 'busy', by: holder };
    if (claim === CLAIMS && first !== undefined) return { kind: 'busy', by: first };
    // Chance parts those who stepped back together.
    await sleep(10 + (randomBytes(1)[0] ?? 0));
  }
}

async function hold(path: string, own: Notice): Promise<FolderHold> {
  const rewrite = async (notice: Notice): Promise<void> => {
    await writeFile(`${path}.part`, JSON.stringify(notice));
    await rename(`${path}.part`, path);
  };
  await rewrite({ ...own, state: 'holding' });
  const signs = setInterval(() => {
    const now = new Date();
    // A notice that someone removed by hand stays removed; this process goes on to hold the database open.
    utimes(path, now, now).catch(() => clearInterval(signs));
  }, SIGN_OF_LIFE_MS);
  signs.unref();
  return {
    kind: 'held',
    announce: (socketFolder) => rewrite({ ...own, state: 'holding', socketFolder }),
    release: async () => {
      clearInterval(signs);
      await rm(path, { force: true });
    },
  };
}

/** Makes the notice appear whole or not at all. False when this very process has one up already. */
async function putUp(path: string, notice: Notice): Promise<boolean> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  await writeFile(part, JSON.stringify(notice));
  try {
    await link(part, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

async function livingNotices(folder: string, own: string): Promise<readonly Notice[]> {
  const living: Notice[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (path === own || !name.endsWith('.json')) continue;
    const notice = await readNotice(path);
    if (notice === null) continue;
    if (await isAlive(notice, path)) living.push(notice);
    else await rm(path, { force: true });
  }
  return living;
}

async function readNotice(path: string): Promise<Notice | null> {
  try {
    return Notice.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function isAlive(notice: Notice, path: string): Promise<boolean> {
  if (notice.host !== hostname()) {
    const signOfLife = await stat(path).catch(() => null);
    return signOfLife !== null && Date.now() - signOfLife.mtimeMs < FOREIGN_NOTICE_MS;
  }
  try {
    process.kill(notice.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    if (!hasCode(error, 'EPERM')) throw error;
  }
  const startedAt = startOf(notice.pid);
  return notice.startedAt === null || startedAt === null || startedAt === notice.startedAt;
}

/** Something that no other process with the same pid shares; null where the system does not tell. */
function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      // proc(5): the 22nd field; the second one, in parentheses, may hold blanks.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return `${boot} ${fields[19] ?? ''}`;
    }
    if (process.platform === 'win32') return null;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    // Gone in the meantime, or hidden from us: then the pid alone decides.
    return null;
  }
}

function fileNameOf(notice: Notice): string {
  const identity = `${notice.host}\n${notice.pid}\n${notice.startedAt ?? ''}`;
  return `${createHash('sha256').update(identity).digest('hex').slice(0, 16)}.json`;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
