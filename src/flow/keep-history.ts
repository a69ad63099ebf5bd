import type { Assessment } from '../core/model/assessment.ts';
import { changedOutcomes, featuresOf, type FeatureSnapshot, type TermOutcome } from '../core/churn/features.ts';
import { addDays, dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import { renewalOf } from '../core/renewals/renewal.ts';
import { segmentOf } from '../core/assess.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import { mustGoOn, type DefinedLine } from './line.ts';

/** The checkpoint that says up to which day the history was thinned out. */
const THINNED = 'history:thinned';

/** An account as it was looked at; `assessment` is null for one that is no customer any more. */
export interface Judged {
  readonly snapshot: AccountSnapshot;
  readonly assessment: Assessment | null;
  /** What was said of it before; null at the first time. */
  readonly before: Assessment | null;
}

/**
 * Keeps what can be learned from later: once a month what is known of each term ahead, and each term's outcome when it
 * changes. Comes before the assessments are stored, since changes are told against those.
 */
export async function keepForLearning(line: DefinedLine, judged: readonly Judged[]): Promise<void> {
  const { configuration } = line;
  const scored = judged.flatMap(({ snapshot, assessment }) => (assessment === null ? [] : [{ snapshot, assessment }]));
  const [first] = scored;
  if (first !== undefined) {
    const { today } = first.snapshot;
    const kept = await line.store.history.keptTerms(
      monthOf(today),
      scored.map(({ assessment }) => assessment.accountId),
    );
    const features = scored.flatMap(({ snapshot, assessment }): readonly FeatureSnapshot[] => {
      const term = assessment.renewal.next?.id;
      if (term === undefined || kept.get(assessment.accountId)?.includes(term) === true) return [];
      const found = featuresOf(snapshot, assessment, {
        segment: segmentOf(snapshot.account, configuration),
        champion: configuration.health.measures.champion,
        churn: configuration.churn,
      });
      return found === null ? [] : [found];
    });
    if (features.length > 0) await line.store.history.keepFeatures(features);
  }
  const outcomes = judged.flatMap(({ snapshot, assessment, before }): readonly TermOutcome[] => {
    const { terms } = assessment?.renewal ?? renewalOf(snapshot, configuration.renewals);
    const of = { accountId: snapshot.account.id, segment: segmentOf(snapshot.account, configuration) };
    return changedOutcomes(of, terms, before?.renewal.terms ?? null, snapshot.today);
  });
  if (outcomes.length > 0) await line.store.history.putOutcomes(outcomes);
}

/** Forgets days that are older than they are kept, but for the last of each account in each month. */
export async function thinHistory(line: DefinedLine): Promise<void> {
  const { history, checkpoints } = line.store;
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const keptFrom = addDays(today, -line.configuration.history.dailyDays);
  const done = (await checkpoints.get(THINNED))?.['before'];
  let day = typeof done === 'string' ? (done as CalendarDate) : await history.firstDay();
  while (day !== null && day < keptFrom) {
    mustGoOn(line);
    await history.thin(day);
    day = addDays(day, 1);
    await checkpoints.put(THINNED, { before: day });
  }
}
