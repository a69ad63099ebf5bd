import type { InstallationId } from '../core/model/ids.ts';
import { hasErasures } from '../flow/notices/erase.ts';
import { followNotices, forgetPeople, hasNotices, type Followed } from '../flow/notices/follow.ts';
import { findNextAttempt } from '../install/failures.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { Installation, TenantStore } from '../ports/store.ts';
import { afterFailure, withLine, type Runner } from './run.ts';

/**
 * Should what the CRM has told be followed now? Not while an installation rests after a failure, and not before its first
 * run is done: that one reads everything anyway. But whoever is to be forgotten is forgotten whatever else is the matter.
 */
export async function isFollowDue(store: TenantStore, installation: Installation, now: Instant): Promise<boolean> {
  return (await hasErasures(store)) || isLookDue(store, installation, now);
}

async function isLookDue(store: TenantStore, installation: Installation, now: Instant): Promise<boolean> {
  if (installation.status !== 'active' || !(await hasNotices(store))) return false;
  const nextAttempt = await findNextAttempt(store);
  if (nextAttempt !== null && nextAttempt > now) return false;
  return (await store.runs.lastGood('full')) !== null;
}

/**
 * Follows what the CRM has told, alone; null when it only was to forget somebody. What fails stays to be followed, and is
 * decided upon by `recovery.ts`.
 *
 * Errors: `installation-busy` when another process works on it, and whatever made it fail.
 */
export async function followInstallation(
  runner: Runner,
  id: InstallationId,
  signal: AbortSignal,
): Promise<Followed | null> {
  return withLine(runner, id, { signal, progress: () => undefined }, async (line) => {
    try {
      if (await isLookDue(line.store, line.installation, runner.clock.now())) return await followNotices(line);
      await forgetPeople(line);
      return null;
    } catch (error) {
      await afterFailure(runner, line.store, error, { run: line.runId });
      throw error;
    }
  });
}
