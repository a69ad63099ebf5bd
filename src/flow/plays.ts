import { z } from 'zod';
import { isCustomer } from '../core/assess.ts';
import type { Term } from '../core/model/assessment.ts';
import { addDays, calendarDate, dayOf, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import type { AskedSnooze } from '../core/mapping/task-words.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Owner } from '../core/model/records.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { LedgerTask, TaskWish } from '../core/plan/step.ts';
import type { AccountTasks } from '../core/plan/tasks.ts';
import { closeAll } from '../core/plays/advance.ts';
import { topFrom } from '../core/plays/check-in.ts';
import { modeIn, parsePlayChoice } from '../core/plays/modes.ts';
import type { PlayRole } from '../core/plays/play.ts';
import { playAccount, type PlayBook } from '../core/plays/play-account.ts';
import type { PlayRun, Snooze } from '../core/plays/play-run.ts';
import { lastPauseDay } from '../core/plays/pause.ts';
import { renewalCadence } from '../core/plays/renewal-cadence.ts';
import type { RenewalConfiguration } from '../core/renewals/configuration.ts';
import { renewalOf } from '../core/renewals/renewal.ts';
import { findLeadingTerm } from '../core/renewals/term-id.ts';
import type { Case } from './judge.ts';
import { mustGoOn, type DefinedLine } from './line.ts';
import type { UnheededSnooze } from './unheeded-snoozes.ts';
import { isValidated, readValidation } from './validation.ts';

/** The setting that holds the modes of plays and who does what. */
export const PLAYS = 'plays';

/** The setting that holds what the whole book said when it was last played through. */
const PLAY_FACTS = 'play-facts';

const PAGE = 500;

/** What a pass over accounts plays with. */
export interface OpenPlays {
  readonly book: PlayBook;
  /** Those that hold, and those that ended not long ago. */
  readonly snoozes: ReadonlyMap<AccountId, readonly Snooze[]>;
  readonly today: CalendarDate;
}

/** What the plays of some accounts come to. */
export interface PlayedCases {
  readonly accounts: readonly AccountTasks[];
  readonly suggestions: readonly TaskWish[];
  readonly changedRuns: readonly PlayRun[];
  /** Asked for on tasks, and not known yet. */
  readonly newSnoozes: readonly Snooze[];
  /** Asked for on tasks, and to no effect. */
  readonly unheeded: readonly UnheededSnooze[];
}

/** Reads what holds for every account. `mayAct` is false while writing is not approved. */
export async function openPlays(
  line: DefinedLine,
  today: CalendarDate,
  owners: ReadonlyMap<string, Owner>,
  mayAct: boolean,
): Promise<OpenPlays> {
  const choice = parsePlayChoice(await line.store.settings.get(PLAYS));
  const kept = parsePlayFacts(await line.store.settings.get(PLAY_FACTS));
  const facts = kept.findLast(({ on }) => on < today) ?? null;
  // What was due while a renewal was put off is made up for afterwards, for as long as a step is opened ahead.
  const endedAfter = addDays(today, -line.configuration.renewals.horizonDays);
  return {
    book: {
      tenant: line.installation.id,
      owners,
      fallbackOwnerId: choice.fallbackOwnerId ?? null,
      roleOwners: new Map(Object.entries(choice.roleOwners) as [PlayRole, string][]),
      configuration: line.configuration,
      modeOf: modeIn(choice, line.configuration.plays, isValidated(await readValidation(line.store.settings))),
      heldOut: new Set(choice.heldOut ?? []),
      mayAct,
      topArrFrom: facts?.topArrFrom ?? null,
    },
    snoozes: Map.groupBy(await line.store.plays.snoozes(endedAfter), ({ accountId }) => accountId),
    today,
  };
}

/**
 * A day of the plays of some accounts. `entries` are their tasks, with what people did to them taken in; `askedOn` tells
 * what a person entered on one of them: null for nothing, `unread` for a task that was not read.
 */
export async function playCases(
  line: DefinedLine,
  plays: OpenPlays,
  cases: readonly Case[],
  entries: readonly LedgerTask[],
  askedOn: (task: LedgerTask) => AskedSnooze | 'unread' | null,
): Promise<PlayedCases> {
  const tasksOf = Map.groupBy(entries, ({ accountId }) => accountId);
  const stored = await line.store.plays.byAccounts(cases.map(({ accountId }) => accountId));
  const runsOf = Map.groupBy(stored, ({ accountId }) => accountId);
  const accounts: AccountTasks[] = [];
  const suggestions: TaskWish[] = [];
  const changedRuns: PlayRun[] = [];
  const newSnoozes: Snooze[] = [];
  const unheeded: UnheededSnooze[] = [];
  for (const one of cases) {
    const tasks = tasksOf.get(one.accountId) ?? [];
    const runs = runsOf.get(one.accountId) ?? [];
    const known = plays.snoozes.get(one.accountId) ?? [];
    const { timeZone } = line.installation.facts;
    const { renewals } = line.configuration;
    const context = { askedOn, known, today: plays.today, at: line.clock.now(), timeZone, renewals };
    const { snoozes: asked, unheeded: inVain } = askedSnoozes(one, tasks, runs, context);
    newSnoozes.push(...asked);
    unheeded.push(...inVain);
    const snoozes = [...known.filter((snooze) => !asked.some((other) => nameOf(other) === nameOf(snooze))), ...asked];
    const played = playCase(plays, one, tasks, runs, snoozes);
    suggestions.push(...played.suggestions);
    changedRuns.push(...played.changedRuns);
    if (played.account.wishes.length > 0 || tasks.length > 0) accounts.push(played.account);
  }
  return { accounts, suggestions, changedRuns, newSnoozes, unheeded };
}

/**
 * What people entered on open tasks: a day ahead, and a reason. On a task of a play's firing it silences the play; on a
 * task of the renewal cadence it puts off the steps of that renewal, until it is emptied there. What has no reason, or
 * comes when the decision is too near, has no effect.
 */
function askedSnoozes(
  { accountId, stored }: Case,
  tasks: readonly LedgerTask[],
  runs: readonly PlayRun[],
  context: AskedContext,
): { readonly snoozes: readonly Snooze[]; readonly unheeded: readonly UnheededSnooze[] } {
  const { askedOn, known, today, at } = context;
  // Of several tasks about one matter the longest snooze counts.
  const asked = new Map<string, Snooze>();
  const takenBack = new Map<string, Snooze>();
  const unheeded: UnheededSnooze[] = [];
  const caps = stored?.assessment.health.caps.map(({ id }) => id) ?? [];
  for (const task of tasks) {
    const matter = task.state === 'open' ? matterOf(task, runs) : null;
    const wish = matter === null ? 'unread' : askedOn(task);
    if (matter === null || wish === 'unread') continue;
    const name = nameOf(matter);
    const isAhead = wish !== null && wish.untilOn > today;
    const { because = null } = wish ?? {};
    if (isAhead && because === null) unheeded.push({ task, untilOn: wish.untilOn, decisionOn: null });
    if (isAhead && because !== null) {
      const decisionOn = tooNearDecision(matter, wish.untilOn, stored?.assessment.renewal.terms ?? [], context);
      if (decisionOn !== null) {
        unheeded.push({ task, untilOn: wish.untilOn, decisionOn });
        continue;
      }
      const other = asked.get(name);
      if (other !== undefined && other.untilOn >= wish.untilOn) continue;
      asked.set(name, { accountId, ...matter, untilOn: wish.untilOn, because, by: 'a task in the CRM', at, caps });
      continue;
    }
    const before = known.find((snooze) => nameOf(snooze) === name);
    if (before !== undefined && before.taskKey === task.key && before.untilOn > today) {
      takenBack.set(name, { ...before, untilOn: today });
    }
  }
  const isKnown = (snooze: Snooze): boolean =>
    known.some((before) => nameOf(before) === nameOf(snooze) && before.untilOn === snooze.untilOn);
  const snoozes = [...new Map([...takenBack, ...asked]).values()].filter((snooze) => !isKnown(snooze));
  return { snoozes, unheeded };
}

/** The decision of the renewal, where it was too near for any pause by the day on which that was entered; else null. */
function tooNearDecision(
  matter: SnoozedMatter,
  untilOn: CalendarDate,
  terms: readonly Term[],
  { known, at, timeZone, renewals }: AskedContext,
): CalendarDate | null {
  if (matter.termId === undefined) return null;
  const term = findLeadingTerm(matter.termId, terms, renewals.movedDays);
  if (term?.outcome !== 'open') return null;
  const before = known.find((snooze) => nameOf(snooze) === nameOf(matter) && snooze.untilOn === untilOn);
  return lastPauseDay(term, renewals) <= dayOf(before?.at ?? at, timeZone) ? term.decisionOn : null;
}

type SnoozedMatter = Pick<Snooze, 'play' | 'kind' | 'reason' | 'termId' | 'taskKey'>;

/** What a snooze that is entered on a task silences; null for a task of a firing that is no longer open. */
function matterOf(task: LedgerTask, runs: readonly PlayRun[]): SnoozedMatter | null {
  const { play, termId, key: taskKey } = task;
  if (play === renewalCadence.id) {
    return termId === null ? null : { play, kind: 'routine', reason: null, termId, taskKey };
  }
  const run = runs.find((one) => one.play === play && one.occurrence === task.occurrence);
  return run?.state === 'open' ? { play, kind: run.kind, reason: run.reason } : null;
}

/** `09`, and of the renewal cadence the play and the term: there is one snooze of each at a time. */
function nameOf({ play, termId }: Pick<Snooze, 'play' | 'termId'>): string {
  return termId === undefined ? play : `${play} ${termId}`;
}

interface AskedContext {
  readonly askedOn: (task: LedgerTask) => AskedSnooze | 'unread' | null;
  readonly known: readonly Snooze[];
  readonly today: CalendarDate;
  readonly at: Instant;
  readonly timeZone: string;
  readonly renewals: RenewalConfiguration;
}

/** Firings on companies that are no longer in the book, closed. */
export async function closeGoneRuns(
  line: DefinedLine,
  today: CalendarDate,
  seen: ReadonlySet<AccountId>,
): Promise<readonly PlayRun[]> {
  const closed: PlayRun[] = [];
  let after: AccountId | null = null;
  for (;;) {
    mustGoOn(line);
    const page: readonly AccountId[] = await line.store.plays.openAccounts(after, PAGE);
    const gone = page.filter((account) => !seen.has(account));
    if (gone.length > 0) closed.push(...closeAll(await line.store.plays.byAccounts(gone), today, GONE));
    if (page.length < PAGE) return closed;
    after = page.at(-1) ?? null;
  }
}

/** Keeps what a pass over the whole book found, for the days to come. `revenues` in minor units of the home currency. */
export async function keepPlayFacts(line: DefinedLine, on: CalendarDate, revenues: readonly number[]): Promise<void> {
  const kept = parsePlayFacts(await line.store.settings.get(PLAY_FACTS));
  const earlier = kept.findLast((facts) => facts.on < on);
  const today = { on, topArrFrom: topFrom(revenues, line.configuration.plays.checkIn.topShare) };
  await line.store.settings.put(PLAY_FACTS, earlier === undefined ? [today] : [earlier, today]);
}

export const GONE = 'The company does not exist any more.';
const LEFT = 'The company is no longer a customer.';

interface PlayedCase {
  readonly account: AccountTasks;
  readonly suggestions: readonly TaskWish[];
  readonly changedRuns: readonly PlayRun[];
}

function playCase(
  { book, today }: OpenPlays,
  { accountId, snapshot, stored, goneBecause }: Case,
  tasks: readonly LedgerTask[],
  runs: readonly PlayRun[],
  snoozes: readonly Snooze[],
): PlayedCase {
  const isOurs = snapshot !== null && stored !== null && isCustomer(snapshot.account, snapshot.deals);
  const endedBecause = isOurs ? null : (goneBecause ?? LEFT);
  if (snapshot === null || (!isOurs && runs.length === 0 && !hasLeft(snapshot))) {
    const changedRuns = closeAll(runs, today, endedBecause ?? GONE);
    return { account: { accountId, wishes: [], terms: [], endedBecause }, suggestions: [], changedRuns };
  }
  const assessment = isOurs ? stored.assessment : null;
  const renewal = assessment?.renewal ?? renewalOf(snapshot, book.configuration.renewals);
  const played = playAccount(
    {
      snapshot,
      assessment,
      renewal,
      runs,
      snoozes,
      tasks,
      leftBecause: endedBecause,
    },
    book,
  );
  return {
    account: {
      accountId,
      wishes: played.wishes,
      terms: isOurs ? renewal.terms : [],
      endedBecause,
      endedRuns: played.ended,
    },
    suggestions: played.suggestions,
    changedRuns: played.changedRuns,
  };
}

/** A customer once, as the CRM says: what is left to do there is to learn, and to ask again one day. */
function hasLeft({ account }: AccountSnapshot): boolean {
  return account.type === 'churned' || account.lifecycle === 'churned';
}

const playFacts = z.array(z.object({ on: z.iso.date().transform(calendarDate), topArrFrom: z.number().nullable() }));

/** Ours, but stored: what is not as we would write it now counts as not known. */
function parsePlayFacts(stored: unknown): z.infer<typeof playFacts> {
  const parsed = playFacts.safeParse(stored ?? []);
  return parsed.success ? parsed.data : [];
}
