import { createHash, randomUUID } from 'node:crypto';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { HoldfastError } from '../errors.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { MappingOverride } from '../core/mapping/override.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { Line } from '../flow/line.ts';
import { sync, type SyncResult } from '../flow/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log, LogFields } from '../ports/log.ts';
import type { Run, RunKind, Store, TenantStore } from '../ports/store.ts';
import { countFailures, forgetFailures, noteFailure } from '../install/failures.ts';
import { noteLost } from '../install/retention.ts';
import { recoverFrom, type Recovery } from './recovery.ts';

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

/** Keeps the access of installations that no run uses. */
export interface AccessKeeper extends Runner {
  /** Uses the refresh token of an installation that makes no calls, where it would end otherwise. Answers whether it did. */
  keepAlive(installation: InstallationId, signal: AbortSignal): Promise<boolean>;
}

export interface LineRequest {
  readonly runId: string;
  readonly runStartedAt: Instant;
  readonly signal: AbortSignal;
  readonly acceptDeletions: boolean;
  readonly progress: Line['progress'];
  /** An override of the mapping to try in the place of the stored one. */
  readonly mapping?: MappingOverride | undefined;
  /** A configuration to try in the place of the one in force. */
  readonly configuration?: ModelConfiguration | undefined;
}

export interface RunRequest extends Omit<LineRequest, 'runId' | 'runStartedAt'> {
  readonly kind: RunKind;
  readonly trigger: Run['trigger'];
}

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
  // What is paused waits for a person, and a person asks now.
  const mayRun = installation.status === 'active' || (installation.status === 'paused' && request.trigger === 'person');
  if (!mayRun) {
    throw new HoldfastError({
      code: 'installation-paused',
      message: `Installation ${id} is ${installation.status}: ${installation.statusReason ?? 'no reason was given'}.`,
      remedy: "Mend the cause, then connect it again with 'holdfast connect'.",
    });
  }
  const unfinished = await store.runs.unfinished();
  // The first run reads everything, whatever was asked for; and of a run that was cut short the larger kind goes on.
  const isFirst = (await store.runs.lastGood('full')) === null;
  const asked = isFirst ? 'full' : request.kind;
  const kind = unfinished === null || rank(asked) > rank(unfinished.kind) ? asked : unfinished.kind;
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
  const stages = new StageNotes(store, run);
  let line: OpenLine | null = null;
  try {
    line = await runner.openLine(id, {
      ...request,
      runId: run.id,
      runStartedAt: run.startedAt,
      progress: (progress) => {
        request.progress(progress);
        stages.note(progress.stage);
      },
    });
    const result = await sync(line, kind);
    await stages.settled();
    await store.runs.put({ ...run, stage: 'done', finishedAt: runner.clock.now(), result: { ...result } });
    await forgetFailures(store);
    if (installation.status !== 'active') await store.updateInstallation({ status: 'active', statusReason: null });
    return result;
  } catch (error) {
    // Whether the stage could be noted does not matter any more.
    await Promise.allSettled([stages.settled()]);
    await settle(runner, store, run, error);
    throw error;
  } finally {
    await line?.close();
  }
}

/** Writes the stage that a run has reached into its row, for people who look at it; one write a change. */
class StageNotes {
  readonly #store: TenantStore;
  readonly #run: Run;
  #stage: Run['stage'];
  #writing: Promise<void> = Promise.resolve();

  constructor(store: TenantStore, run: Run) {
    this.#store = store;
    this.#run = run;
    this.#stage = run.stage;
  }

  note(stage: Run['stage']): void {
    if (stage === this.#stage) return;
    this.#stage = stage;
    this.#writing = this.#writing.then(() => this.#store.runs.put({ ...this.#run, stage }));
    // Told by `settled`; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async settled(): Promise<void> {
    await this.#writing;
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

/** The heartbeat of an installation that is paused. One that the CRM no longer lets in is lost from then on. */
export async function beat(runner: AccessKeeper, id: InstallationId, signal: AbortSignal): Promise<void> {
  const store = runner.store.of(id);
  try {
    await alone(runner, id, () => runner.keepAlive(id, signal));
  } catch (error) {
    // Whoever holds it now uses its tokens anyway.
    if (error instanceof HoldfastError && error.code === 'installation-busy') return;
    if (!(error instanceof ConnectorError)) throw error;
    runner.log.warn({ installation: id, code: error.code }, `The tokens of a paused installation: ${error.message}`);
    if (error.code !== 'access-revoked') return;
    await store.updateInstallation({ status: 'lost', statusReason: error.message });
  }
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
  const recovery = await afterFailure(runner, store, error, { run: run.id });
  if (recovery.next === 'resume') return;
  const finishedAt = recovery.next === 'again' ? null : runner.clock.now();
  // The run stays unfinished where it is tried again, so that it goes on under its own id.
  await store.runs.put({ ...run, error: describeError(error), finishedAt });
}

/** Tells of a failure of an installation's work, and does what follows: a rest, or a stop until a person acts. */
export async function afterFailure(
  { clock, log }: Runner,
  store: TenantStore,
  error: unknown,
  about: LogFields,
): Promise<Recovery> {
  const recovery = recoverFrom(error, await countFailures(store), clock.now());
  const { code, message } = describeError(error);
  log.warn({ installation: store.id, ...about, code, next: recovery.next }, message);
  if (recovery.next === 'resume') return recovery;
  await noteFailure(store, recovery.next === 'again' ? recovery.at : null);
  if (recovery.next === 'pause') await store.updateInstallation({ status: 'paused', statusReason: message });
  if (recovery.next === 'lost') {
    await noteLost(store, clock.now());
    await store.updateInstallation({ status: 'lost', statusReason: message });
  }
  return recovery;
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
