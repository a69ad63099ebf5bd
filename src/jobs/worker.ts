import { schedule as everyTick } from 'node-cron';
import type { InstallationId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { Queue } from '../ports/queue.ts';
import { purgeLost } from '../install/retention.ts';
import type { RunKind, RunStage } from '../ports/store.ts';
import { followInstallation, isFollowDue } from './follow.ts';
import { beat, runInstallation, type AccessKeeper, type Runner } from './run.ts';
import { defaultSchedule, findDueRun, type Schedule } from './schedule.ts';

/** A run makes room for others after this long and goes on when its turn comes again. */
const SLICE_MS = 60_000;

/** How often a long pull looks whether the CRM has told something that is more urgent. */
const LOOK_EVERY_MS = 10_000;

/** The embedded database does not survive a power cut: its copies do. */
const BACKUP_EVERY_MS = 24 * 3_600_000;

/** How long the data of an uninstalled account is kept, in days, unless the configuration says otherwise. */
const RETENTION_DAYS = 30;

/** A worker that can be stopped; work under way ends at its next stored page. */
export interface Worker {
  stop(): Promise<void>;
}

/**
 * Asks for work every minute and does it. node-cron gives only the ticks: which installation is due is read from the
 * database at each one, so a tick that was missed costs a minute and nothing else. What uninstalled accounts left behind is
 * deleted when `retentionDays` are over.
 */
export async function startWorker(
  runner: AccessKeeper,
  queue: Queue,
  schedule: Schedule = defaultSchedule,
  retentionDays = RETENTION_DAYS,
): Promise<Worker> {
  let ticking: Promise<void> | null = null;
  const tick = (): Promise<void> => {
    ticking ??= backUp(runner)
      .then(() => purgeLost(runner, retentionDays))
      .then(() => requestDue(runner, queue, schedule))
      .catch((error: unknown) => runner.log.error({ error: String(error) }, 'the schedule could not be read'))
      .finally(() => {
        ticking = null;
      });
    return ticking;
  };
  await queue.work((installation, signal) => workOnce(runner, installation, schedule, signal));
  const ticks = everyTick('* * * * *', () => void tick());
  await tick();
  return {
    stop: async () => {
      await ticks.stop();
      await ticking;
      await queue.stop();
    },
  };
}

/** A copy that fails is told and tried again at the next tick; work goes on meanwhile. */
async function backUp({ store, clock, log }: Runner): Promise<void> {
  try {
    const folder = await store.backUp(clock.now(), BACKUP_EVERY_MS);
    if (folder !== null) log.info({ folder }, 'the embedded database was copied');
  } catch (error) {
    log.error({ error }, 'the embedded database could not be copied');
  }
}

async function requestDue(runner: AccessKeeper, queue: Queue, schedule: Schedule): Promise<void> {
  for (const installation of await runner.store.installations.list()) {
    const store = runner.store.of(installation.id);
    if (installation.status === 'paused') await beat(runner, installation.id, AbortSignal.timeout(SLICE_MS));
    const now = runner.clock.now();
    const isDue =
      (await isFollowDue(store, installation, now)) || (await findDueRun(store, installation, now, schedule)) !== null;
    if (isDue) await queue.request(installation.id);
  }
}

/**
 * Does what is due for one installation; nothing, when another worker has done it meanwhile. What the CRM has told comes
 * before what the schedule asks for. True when there is more to do at once.
 */
async function workOnce(runner: Runner, id: InstallationId, schedule: Schedule, signal: AbortSignal): Promise<boolean> {
  const store = runner.store.of(id);
  const slice = AbortSignal.any([signal, AbortSignal.timeout(SLICE_MS)]);
  try {
    if (await isFollowDue(store, await store.getInstallation(), runner.clock.now())) {
      await followInstallation(runner, id, slice);
    }
    const kind = await findDueRun(store, await store.getInstallation(), runner.clock.now(), schedule);
    if (kind !== null) await runUntilNoticed(runner, id, kind, slice);
    return false;
  } catch (error) {
    // Other failures are stored and decided upon where they happen; a job has nothing to add.
    return error instanceof HoldfastError && error.code === 'stopped';
  }
}

/** A long pull makes room for what the CRM tells meanwhile. What comes behind the pull is short, and is done at one go. */
async function runUntilNoticed(runner: Runner, id: InstallationId, kind: RunKind, slice: AbortSignal): Promise<void> {
  const store = runner.store.of(id);
  const noticed = new AbortController();
  let stage: RunStage = 'definitions';
  const look = async (): Promise<void> => {
    const isPulling = stage === 'pull' || stage === 'reconcile';
    if (isPulling && (await isFollowDue(store, await store.getInstallation(), runner.clock.now()))) noticed.abort();
  };
  const looks = setInterval(() => {
    look().catch((error: unknown) => runner.log.error({ error: String(error) }, 'notices could not be looked for'));
  }, LOOK_EVERY_MS);
  try {
    await runInstallation(runner, id, {
      kind,
      trigger: 'schedule',
      signal: AbortSignal.any([slice, noticed.signal]),
      acceptDeletions: false,
      progress: (progress) => {
        stage = progress.stage;
      },
    });
  } finally {
    clearInterval(looks);
  }
}
