import type { DecidedTerm, FeatureSnapshot } from '../core/churn/features.ts';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import { mustGoOn, type Line } from './line.ts';

/** Accounts whose features are held in memory at once. */
const BATCH = 500;

/** Every term that should have been decided by a day and was, with all that is kept of what was known before, some accounts at once. */
export async function* decidedTerms(
  line: Pick<Line, 'store' | 'signal'>,
  by: CalendarDate,
): AsyncGenerator<{ readonly decided: readonly DecidedTerm[]; readonly features: readonly FeatureSnapshot[] }> {
  const { history } = line.store;
  for (let after: AccountId | null = null; ;) {
    mustGoOn(line);
    const decided = await history.decidedTerms(by, after, BATCH);
    if (decided.length === 0) return;
    yield { decided, features: await history.features([...new Set(decided.map(({ accountId }) => accountId))]) };
    after = decided.at(-1)?.accountId ?? null;
  }
}
