import { createHash, randomUUID } from 'node:crypto';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { HoldfastError } from '../errors.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Line } from '../flow/line.ts';
import { sync, type SyncResult } from '../flow/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Run, RunKind, Store, TenantStore } from '../ports/store.ts';
import { recoverFrom } from './recovery.ts';
import { NEXT_ATTEMPT } from './schedule.ts';

/** A line that can be closed: its last counts are stored then. */
export interface OpenLine extends Line {
  close(): Promise<void>;
}

export interface Runner {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens the line of one installation for one run. */
  openLine(installation: InstallationId, request: LineRequest): Promise<OpenLine>;
}

export interface LineRequest {
  readonly runId: string;
  readonly runStartedAt: Instant;
  readonly signal: AbortSignal;
  readonly acceptDeletions: boolean;
  readonly progress: Line['progress'];
}

export interface RunRequest extends Omit<LineRequest, 'runId' | 'runStartedAt'> {
  readonly kind: RunKind;
  readonly trigger: Run['trigger'];
}

/** The setting that counts how many runs in a row have failed. */
const FAILURES = 'failed-runs';

/**
 * Runs the line of one installation once, alone. A run that was cut short goes on under its own id. What fails is stored
 * with the run, decided upon by `recovery.ts`, and thrown.
 *
 * Errors: `installation-busy` when another process works on it, `installation-paused` when an admin has to act first.
 */
export async function runInstallation(runner: Runner, id: InstallationId, request: RunRequest): Promise<SyncResult> {
  return alone(runner, id, () => runHeld(runner, runner.store.of(id), id, request));
}

async function runHeld(
  runner: Runner,
  store: TenantStore,
  id: InstallationId,
  request: RunRequest,
): Promise<SyncResult> {
  const installation = await store.getInstallation();
  if (installation.status !== 'active') {
    throw new HoldfastError({
      code: 'installation-paused',
      message: `Installation ${id} is ${installation.status}: ${installation.statusReason ?? 'no reason was given'}.`,
      remedy: "Mend the cause, then connect it again with 'holdfast connect'.",
    });
  }
  const unfinished = await store.runs.unfinished();
  // An unfinished full run is also what an incremental one has to do first; the larger of the two goes on.
  const kind = unfinished === null || rank(request.kind) > rank(unfinished.kind) ? request.kind : unfinished.kind;
  const run: Run = {
    id: unfinished?.id ?? randomUUID(),
    kind,
    trigger: request.trigger,
    stage: 'definitions',
    startedAt: unfinished?.startedAt ?? runner.clock.now(),
    finishedAt: null,
    error: null,
    result: unfinished?.result ?? {},
  };
  await store.runs.put(run);
  let line: OpenLine | null = null;
  try {
    line = await runner.openLine(id, { ...request, runId: run.id, runStartedAt: run.startedAt });
    const result = await sync(line, kind);
    await store.runs.put({ ...run, stage: 'done', finishedAt: runner.clock.now(), result: { ...result } });
    await store.settings.drop(NEXT_ATTEMPT);
    await store.settings.drop(FAILURES);
    return result;
  } catch (error) {
    await settle(runner, store, run, error);
    throw error;
  } finally {
    await line?.close();
  }
}

/**
 * Opens the line of one installation for something other than a run, alone.
 *
 * Errors: `installation-busy` when another process works on it.
 */
export async function withLine<T>(
  runner: Runner,
  id: InstallationId,
  request: Omit<LineRequest, 'runId' | 'runStartedAt' | 'acceptDeletions'>,
  work: (line: Line) => Promise<T>,
): Promise<T> {
  return alone(runner, id, async () => {
    const line = await runner.openLine(id, {
      ...request,
      runId: randomUUID(),
      runStartedAt: runner.clock.now(),
      acceptDeletions: false,
    });
    try {
      return await work(line);
    } finally {
      await line.close();
    }
  });
}

async function alone<T>(runner: Runner, id: InstallationId, work: () => Promise<T>): Promise<T> {
  const held = await runner.store.of(id).whileHeld(`process ${process.pid}`, work);
  if (held !== null) return held.value;
  throw new HoldfastError({
    code: 'installation-busy',
    message: `Another process is working on installation ${id}.`,
    remedy: 'Wait until it is done; if it was killed, its hold ends within a minute.',
  });
}

async function settle(runner: Runner, store: TenantStore, run: Run, error: unknown): Promise<void> {
  const now = runner.clock.now();
  const failures = Number((await store.settings.get(FAILURES)) ?? 0);
  const recovery = recoverFrom(error, failures, now);
  const told = describeError(error);
  runner.log.warn({ installation: store.id, run: run.id, code: told.code, next: recovery.next }, told.message);
  if (recovery.next === 'resume') return;
  await store.settings.put(FAILURES, failures + 1);
  // The run stays unfinished where it is tried again, so that it goes on under its own id.
  await store.runs.put({ ...run, error: told, finishedAt: recovery.next === 'again' ? null : now });
  if (recovery.next === 'again') await store.settings.put(NEXT_ATTEMPT, recovery.at);
  if (recovery.next === 'pause') await store.updateInstallation({ status: 'paused', statusReason: told.message });
  if (recovery.next === 'lost') await store.updateInstallation({ status: 'lost', statusReason: told.message });
}

/** What a person is told about an error. */
export function describeError(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
} {
  if (error instanceof ConnectorError || error instanceof HoldfastError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  const mark = createHash('sha256').update(message).digest('hex').slice(0, 8);
  return {
    code: 'unexpected',
    message,
    remedy: `This is a fault in Holdfast: please report it with the mark ${mark} and the log.`,
  };
}

function rank(kind: RunKind): number {
  return { incremental: 0, daily: 1, full: 2 }[kind];
}
