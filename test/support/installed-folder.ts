import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const underWay = new Map<string, Promise<string>>();

/**
 * Makes sure that the npm packages of a folder with a lockfile of its own are installed as the lockfile says, and answers
 * the folder's path. Installs once per lockfile, however many test files ask for it at the same time.
 */
export function installedFolder(folder: URL): Promise<string> {
  const path = fileURLToPath(folder);
  const known = underWay.get(path) ?? install(path);
  underWay.set(path, known);
  return known;
}

async function install(path: string): Promise<string> {
  const lock = createHash('sha256')
    .update(await readFile(join(path, 'package-lock.json')))
    .digest('hex');
  const modules = join(path, 'node_modules');
  const mark = join(modules, '.installed-from');
  const isInstalled = async (): Promise<boolean> => (await readIfThere(mark)) === lock;
  if (await isInstalled()) return path;

  const release = await takeTurn(join(path, '.installing'));
  try {
    if (await isInstalled()) return path;
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: path, maxBuffer: 64 << 20 });
    await writeFile(mark, lock);
    return path;
  } finally {
    await release();
  }
}

/** Waits until no other process installs here. The turn of a process that was killed is taken over. */
async function takeTurn(turn: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(turn);
      await writeFile(join(turn, 'pid'), String(process.pid));
      return () => rm(turn, { recursive: true, force: true });
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    await sleep(250);
    const holder = await readIfThere(join(turn, 'pid'));
    if (holder !== null && holder !== '' && !isAlive(Number(holder))) await rm(turn, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
