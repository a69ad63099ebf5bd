import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names this process so that no other is ever taken for it: `<where pids mean the same>/<pid>/<when it started>`. Empty
 * where the system does not tell; such a process is never said to be gone.
 */
export function ownMark(): string {
  const [space, startedAt] = [pidSpace(), startOf(process.pid)];
  return space === null || startedAt === null ? '' : `${space}/${process.pid}/${startedAt}`;
}

/** True only when the process behind the mark has certainly ended; false when it lives or cannot be known from here. */
export function isCertainlyGone(mark: string): boolean {
  const [space, pid, startedAt] = mark.split('/');
  if (space === undefined || pid === undefined || startedAt === undefined || space !== pidSpace()) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  const now = startOf(Number(pid));
  return now !== null && now !== startedAt;
}

/**
 * Containers of one machine may share its name and count pids of their own, and a machine that was started anew counts from
 * the beginning, so on Linux the kernel's own names decide. Null where there is nothing to go by.
 */
function pidSpace(): string | null {
  if (process.platform === 'darwin') return hostname();
  if (process.platform !== 'linux') return null;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // A kernel or a sandbox that hides them: then only the lease ends a hold.
    return null;
  }
}

/** Something that no other process with the same pid shares; null when it is gone or hidden from us. */
function startOf(pid: number): string | null {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
    // proc(5): the 22nd field; the second one, in parentheses, may hold blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[19] ?? null;
  } catch {
    return null;
  }
}
