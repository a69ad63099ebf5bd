import type { Assessment } from '../core/model/assessment.ts';
import {
  changedOutcomes,
  featuresOf,
  termToLearnFrom,
  type FeatureSnapshot,
  type TermOutcome,
} from '../core/churn/features.ts';
import { changedExpansions, type AccountExpansions } from '../core/expansion/won-expansions.ts';
import { addDays, dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import { championChanges, type ChampionId, type FormerChampion } from '../core/people/former-champions.ts';
import { disagreementChanges, type DisagreementChange } from '../core/scoring/disagreement.ts';
import { renewalOf } from '../core/renewals/renewal.ts';
import { segmentOf } from '../core/renewals/segment.ts';
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

/** What can be learned later of accounts that are judged one by one. */
export interface Lesson {
  note(judged: Judged): void;
  /** Where people set another band than the score. `after` is null for an account that is gone, or no customer any more. */
  compare(account: AccountId, before: Assessment | null, after: Assessment | null): void;
  /** Comes before the assessments are stored, since changes are told against those. */
  store(): Promise<void>;
}

/**
 * Keeps, once a month, what is known of these accounts and of the term ahead of each; each term's outcome, the expansions
 * that were won, what became of a band that a person set by hand, and which champions left, when they change.
 */
export async function learnFrom(
  line: DefinedLine,
  accounts: readonly AccountId[],
  today: CalendarDate,
): Promise<Lesson> {
  const {
    configuration,
    store: { history, disagreements, expansions, formerChampions },
  } = line;
  const kept = await history.keptTerms(monthOf(today), accounts);
  const features: FeatureSnapshot[] = [];
  const outcomes: TermOutcome[] = [];
  const changes: DisagreementChange[] = [];
  const won: AccountExpansions[] = [];
  const left: FormerChampion[] = [];
  const missing: FormerChampion[] = [];
  const arrived: ChampionId[] = [];
  return {
    note: ({ snapshot, assessment, before }) => {
      const accountId = snapshot.account.id;
      const segment = segmentOf(snapshot, configuration);
      const term = assessment && (termToLearnFrom(assessment.renewal)?.id ?? null);
      if (assessment !== null && kept.get(accountId)?.includes(term) !== true) {
        const found = featuresOf(snapshot, assessment, { segment, churn: configuration.churn });
        if (found !== null) features.push(found);
      }
      const { terms } = assessment?.renewal ?? renewalOf(snapshot, configuration.renewals);
      outcomes.push(...changedOutcomes({ accountId, segment }, terms, before?.renewal.terms ?? null, snapshot.today));
      if (assessment === null) return;
      const news = changedExpansions(snapshot, assessment.expansion.won ?? [], before?.expansion.won ?? []);
      if (news !== null) won.push(news);
      const champions = championChanges(snapshot, before, assessment);
      left.push(...champions.departed);
      missing.push(...champions.missing);
      arrived.push(...champions.arrived);
    },
    compare: (account, before, after) => {
      changes.push(...disagreementChanges(account, before, after, today));
    },
    store: async () => {
      if (features.length > 0) await history.keepFeatures(features);
      if (outcomes.length > 0) await history.putOutcomes(outcomes);
      if (changes.length > 0) await disagreements.put(changes);
      if (won.length > 0) await expansions.put(won);
      if (arrived.length > 0) await formerChampions.drop(arrived);
      if (missing.length > 0) left.push(...(await stillInCrm(line, missing)));
      if (left.length > 0) await formerChampions.put(left);
    },
  };
}

/** Those whose record was neither deleted nor merged into another one: it does not belong to the account any more. */
async function stillInCrm(
  { store: { records }, mapping }: DefinedLine,
  missing: readonly FormerChampion[],
): Promise<readonly FormerChampion[]> {
  const found = await records.byIds(
    mapping.contactObject,
    missing.map(({ contactId }) => contactId),
  );
  const alive = new Set(found.filter(({ deletedAt }) => deletedAt === null).map(({ raw }) => raw.id));
  return missing.filter(({ contactId }) => alive.has(contactId));
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
