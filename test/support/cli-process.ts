import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Spares each command the compiling of what it imports. */
const compiled = join(tmpdir(), 'holdfast-compiled');

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ended {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `holdfast` command as a process of its own. */
export interface CliProcess {
  readonly ended: Promise<Ended>;
  isRunning(): boolean;
  /** Ends it as a power cut would: nothing of it runs any more (`kill -9`). Resolves when it is gone. */
  kill(): Promise<Ended>;
}

export function startHoldfast(words: readonly string[], env: Readonly<Record<string, string>>): CliProcess {
  const child = spawn(process.execPath, [MAIN, ...words], {
    // Nothing of the surroundings decides: only what the process itself needs is handed on.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = once(child, 'close').then((): Ended => ({ exitCode: child.exitCode, ...said }));
  return {
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
