import { dayOf } from '../../core/model/calendar-date.ts';
import { shift, type DefinedLine } from '../line.ts';
import { USAGE_PROBLEM } from './receive.ts';

/** A refusal that has not come again for so long is settled. */
const SETTLED_MS = 7 * 86_400_000;

/** Forgets usage that is older than it is kept, message ids that can no longer repeat, and refusals that have ended. */
export async function forgetOldSignals(line: DefinedLine): Promise<void> {
  const now = line.clock.now();
  const { retentionDays, duplicateDays } = line.configuration.usage;
  await line.store.signals.prune(dayOf(now, line.installation.facts.timeZone), {
    usageDays: retentionDays,
    messageDays: duplicateDays,
  });
  await line.store.problems.closeOlder(USAGE_PROBLEM, shift(now, -SETTLED_MS));
}
