import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../connectors/contract/auth.ts';
import { openApp, type App } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Line, Progress } from '../../src/flow/line.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { runInstallation, type Runner } from '../../src/jobs/run.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Installation } from '../../src/ports/store.ts';
import { BENCH_TOKEN } from './crm-process.ts';

/** Holdfast as it is shipped, on the embedded database, connected to a simulated CRM. */
export interface BenchApp {
  readonly app: App;
  readonly installation: Installation;
  /** The whole line once. */
  sync(options?: SyncOptions): Promise<SyncResult>;
  close(): Promise<void>;
}

export interface SyncOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

export interface BenchAppOptions {
  /** `hubspot` unless told. */
  readonly connector?: string;
  readonly dataDir: string;
  /** True lets calls go without spreading them. */
  readonly unlimited: boolean;
  readonly clock?: Clock;
  /** Changes the line before each run. */
  readonly adapt?: (line: Line) => Partial<Line>;
}

/** The same key each time, so that a folder can be opened again. It protects nothing: the data is made up. */
export const BENCH_KEY = Buffer.alloc(32, 7).toString('base64');

export async function openBenchApp(crmUrl: string, options: BenchAppOptions): Promise<BenchApp> {
  const app = await openApp({
    config: readConfig({ HOLDFAST_DATA_DIR: options.dataDir, HUBSPOT_API_URL: crmUrl }),
    keys: new Secret(BENCH_KEY),
    logLevel: 'error',
    clock: options.clock,
    unlimited: options.unlimited,
  });
  const runner: Runner = {
    ...app,
    openLine: async (id, request) => {
      const line = await app.openLine(id, request);
      return { ...line, ...options.adapt?.(line) };
    },
  };
  const never = new AbortController().signal;
  const installation = await app.connectWithToken(
    options.connector ?? 'hubspot',
    new Secret(BENCH_TOKEN),
    never,
    crmUrl,
  );
  return {
    app,
    installation,
    sync: ({ signal = never, progress = () => undefined } = {}) =>
      runInstallation(runner, installation.id, {
        kind: 'incremental',
        trigger: 'install',
        signal,
        acceptDeletions: false,
        progress,
      }),
    close: () => app.close(),
  };
}

/** Gives `work` an empty data folder, and takes it away afterwards. */
export async function inDataFolder<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    return await work(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
