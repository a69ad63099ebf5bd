import type { InstallationId } from '../core/model/ids.ts';
import { followNotices, hasNotices, type Followed } from '../flow/notices/follow.ts';
import { findNextAttempt } from '../install/failures.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { Installation, TenantStore } from '../ports/store.ts';
import { afterFailure, withLine, type Runner } from './run.ts';

/**
 * Should what the CRM has told be followed now? Not while an installation rests after a failure, and not before its first
 * run is done: that one reads everything anyway.
 */
export async function isFollowDue(store: TenantStore, installation: Installation, now: Instant): Promise<boolean> {
  if (installation.status !== 'active' || !(await hasNotices(store))) return false;
  const nextAttempt = await findNextAttempt(store);
  if (nextAttempt !== null && nextAttempt > now) return false;
  return (await store.runs.lastGood('full')) !== null;
}

/**
 * Follows what the CRM has told, alone. What fails stays to be followed, and is decided upon by `recovery.ts`.
 *
 * Errors: `installation-busy` when another process works on it, and whatever made it fail.
 */
export async function followInstallation(runner: Runner, id: InstallationId, signal: AbortSignal): Promise<Followed> {
  return withLine(runner, id, { signal, progress: () => undefined }, async (line) => {
    try {
      return await followNotices(line);
    } catch (error) {
      await afterFailure(runner, line.store, error, { run: line.runId });
      throw error;
    }
  });
}
