import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Spares each command the compiling of what it imports. */
const compiled = join(tmpdir(), 'holdfast-compiled');

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

/** What a command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one line of JSON on stdout; fails when there is anything else. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A command as a process of its own, with this environment and no other. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the first line on stdout; rejects when the process ends without one. */
  firstLine(): Promise<string>;
  finished(): Promise<Finished>;
}

export function startHoldfast(args: readonly string[], env: Environment): Running {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const closed = once(child, 'close');
  return {
    child,
    firstLine: async () => {
      while (!stdout.includes('\n')) {
        await Promise.race([once(child.stdout, 'data'), closed]);
        if (child.exitCode !== null && !stdout.includes('\n'))
          throw new Error(`it ended with ${child.exitCode}: ${stderr}`);
      }
      return stdout.slice(0, stdout.indexOf('\n'));
    },
    finished: async () => {
      await closed;
      return {
        code: child.exitCode,
        stdout,
        stderr,
        get json() {
          const lines = stdout.split('\n');
          if (lines.length !== 2 || lines[1] !== '') throw new Error(`not one line: ${stdout}\n${stderr}`);
          return JSON.parse(lines[0] ?? '') as Finished['json'];
        },
      };
    },
  };
}

export function runHoldfast(args: readonly string[], env: Environment): Promise<Finished> {
  return startHoldfast(args, env).finished();
}
