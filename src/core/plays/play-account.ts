import type { ModelConfiguration } from '../configuration.ts';
import type { Assessment, Renewal } from '../model/assessment.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { LedgerTask } from '../plan/step.ts';
import { advancePlays, switchedOff } from './advance.ts';
import { armOf, MEASURABLE } from './hold-out.ts';
import { signalPlaysOf, wishesOf } from './index.ts';
import type { PlayContext, PlayFacts, PlayMode, PlayWish } from './play.ts';
import { runName, type PlayRun, type Snooze } from './play-run.ts';
import { wishesOfRun } from './play-tasks.ts';
import { renewalCadence } from './renewal-cadence.ts';

/** What holds for every account of a book. */
export interface PlayBook extends Omit<PlayContext, 'configuration'> {
  readonly configuration: ModelConfiguration;
  readonly modeOf: (play: string) => PlayMode;
  /** Plays whose effect is measured: a share of their firings gets no tasks. Absent for none. */
  readonly heldOut?: ReadonlySet<string>;
  /** False while writing is not approved: nothing acts then, and what would act is watched all the same. */
  readonly mayAct: boolean;
  readonly topArrFrom: number | null;
}

export interface PlayedAccount {
  readonly snapshot: AccountSnapshot;
  /** Null for a customer who left. */
  readonly assessment: Assessment | null;
  readonly renewal: Renewal;
  readonly runs: readonly PlayRun[];
  /** Those that hold, and those that ended at most `renewals.horizonDays` ago. */
  readonly snoozes: readonly Snooze[];
  /** With what people did to them taken in. */
  readonly tasks: readonly LedgerTask[];
  /** Why the account is no longer a customer; null for one that is. */
  readonly leftBecause: string | null;
}

export interface Played {
  /** Tasks that plays which act want on the account. */
  readonly wishes: readonly PlayWish[];
  /** Tasks that plays which suggest would open today. */
  readonly suggestions: readonly PlayWish[];
  /** Firings that changed, to be stored. */
  readonly changedRuns: readonly PlayRun[];
  /** Why firings ended, by `runName`, and why the renewal cadence did, by its number: their open tasks have no reason any more. */
  readonly ended: ReadonlyMap<string, string>;
}

/** A day of one account's plays. Depends on what is given alone; the same day again changes nothing. */
export function playAccount(account: PlayedAccount, book: PlayBook): Played {
  const { snapshot, assessment } = account;
  const { configuration, modeOf } = book;
  const plays = signalPlaysOf(configuration.plays);
  const facts: PlayFacts = {
    snapshot,
    assessment,
    renewal: account.renewal,
    configuration,
    owners: book.owners,
    topArrFrom: book.topArrFrom,
    isIntentAsked: isIntentAsked(book),
  };
  const runs = advancePlays({
    accountId: snapshot.account.id,
    facts,
    plays,
    configuration: configuration.plays,
    modeOf,
    mayAct: book.mayAct,
    armOf: ({ id, kind }, occurrence) =>
      book.heldOut?.has(id) === true && MEASURABLE.has(kind) && modeOf(id) === 'act'
        ? armOf(
            { tenant: book.tenant, accountId: snapshot.account.id, play: id, occurrence },
            configuration.plays.holdOutShare,
          )
        : null,
    runs: account.runs,
    snoozes: account.snoozes,
    tasks: account.tasks,
    leftBecause: account.leftBecause,
  });

  const known = new Set(account.tasks.filter(({ state }) => state !== 'undone').map(({ key }) => key));
  const wishes: PlayWish[] = [];
  const suggestions: PlayWish[] = [];
  const add = (play: string, all: readonly PlayWish[]): void => {
    const mode = modeOf(play);
    if (mode === 'act') wishes.push(...all);
    if (mode !== 'suggest') return;
    suggestions.push(
      ...all.filter(
        ({ key, opensToday, waitsFor, settledBecause = null }) =>
          opensToday && waitsFor === null && settledBecause === null && !known.has(key),
      ),
    );
    // A task from the time when the play acted follows its day and owner until its reason is gone.
    if (known.size > 0) wishes.push(...all.map((wish) => ({ ...wish, opensToday: false })));
  };
  if (assessment !== null) add(renewalCadence.id, wishesOf(assessment, snapshot, book, account.snoozes));
  for (const run of runs) {
    const play = plays.find(({ id }) => id === run.play);
    if (play !== undefined && run.state === 'open' && run.arm !== 'holdout')
      add(play.id, wishesOfRun(run, play, facts, book, account.tasks));
  }

  const before = new Map(account.runs.map((run) => [runName(run), JSON.stringify(run)]));
  const ended = new Map<string, string>();
  if (modeOf(renewalCadence.id) === 'off') ended.set(renewalCadence.id, switchedOff(renewalCadence.id));
  for (const run of runs) {
    if (run.state === 'closed') ended.set(runName(run), run.closedBecause ?? 'The play has ended.');
  }
  return {
    wishes,
    suggestions,
    changedRuns: runs.filter((run) => before.get(runName(run)) !== JSON.stringify(run)),
    ended,
  };
}

/** Whether the cadence acts, or is about to, and one of its steps is the question for the customer's intent. */
function isIntentAsked({ configuration, modeOf }: PlayBook): boolean {
  return modeOf(renewalCadence.id) !== 'off' && configuration.renewals.autoRenew.steps.some(({ id }) => id === 'A1');
}
