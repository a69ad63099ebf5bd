import type { Assessment, Band } from '../model/assessment.ts';
import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { AccountId } from '../model/ids.ts';
import type { LedgerTask } from '../plan/step.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { endOfTerm } from '../renewals/term-id.ts';
import type { PlayConfiguration } from './configuration.ts';
import { sayAll } from './finding.ts';
import type { Arm } from './hold-out.ts';
import type { Finding, PlayFacts, PlayMode, SignalPlay, Thing } from './play.ts';
import type { PlayOutcome, PlayRun, Snooze } from './play-run.ts';

/** The task that the manager gets when nobody has begun; the only one that is not in a play's templates. */
export const ESCALATION = 'escalation';

export interface AdvanceInput {
  readonly accountId: AccountId;
  readonly facts: PlayFacts;
  readonly plays: readonly SignalPlay[];
  readonly configuration: PlayConfiguration;
  readonly modeOf: (play: string) => PlayMode;
  /** False while writing is not approved: plays that act only suggest then. */
  readonly mayAct: boolean;
  /** The arm of a firing that opens today; null for plays whose effect is not measured. */
  readonly armOf: (play: SignalPlay, occurrence: number) => Arm | null;
  /** Every firing of plays on the account so far. */
  readonly runs: readonly PlayRun[];
  readonly snoozes: readonly Snooze[];
  /** The account's tasks, with what people did to them taken in. */
  readonly tasks: readonly LedgerTask[];
  /** Why nothing of ours belongs on the account any more; null for a customer. */
  readonly leftBecause: string | null;
}

/**
 * The account's firings a day on: what ends is closed first, then what fires is opened, plays that give people tasks
 * before those that suggest or are held out, and of them specific ones before general ones. At most one firing of a play
 * is open on an account, and at most one of a kind and reason: what comes up besides is noted there, unless a play takes
 * over, from one that has no tasks or from a general one. A play that ended rests, longer when a person deleted its task.
 * Doing it twice a day changes nothing.
 */
export function advancePlays(input: AdvanceInput): readonly PlayRun[] {
  const { facts, plays } = input;
  const book = new RunBook(input.runs);
  const findings = new Map(plays.map((play) => [play.id, lookAt(play, input)]));
  for (const play of plays) {
    const open = book.open(play.id);
    if (open === null) continue;
    const closed = closingOf(open, play, findings.get(play.id) ?? null, input);
    book.put(closed ?? stillOpen(open, play, findings.get(play.id) ?? null, book, input));
  }
  const firing: Firing[] = [];
  for (const play of plays) {
    const finding = findings.get(play.id) ?? null;
    if (finding?.state === 'fires') firing.push({ play, finding });
    else unwatch(play, book);
  }
  for (const { play, finding } of inOrder(firing, book, input)) fire(play, finding, book, input);
  for (const run of book.all()) {
    if (run.state === 'open' && run.actedOn === null && isActing(run, input)) {
      book.put({ ...run, actedOn: facts.snapshot.today });
    }
  }
  return book.all();
}

interface Firing {
  readonly play: SignalPlay;
  readonly finding: Finding & { readonly state: 'fires' };
}

/** Whoever comes first never gives way to one that comes after: see `takesOver`. */
function inOrder(firing: readonly Firing[], book: RunBook, { modeOf, armOf }: AdvanceInput): readonly Firing[] {
  const bySpecificity = (['specific', 'score', 'general'] as const).flatMap((breadth) =>
    firing.filter(({ play }) => play.breadth === breadth),
  );
  const withTasks = bySpecificity.filter(
    ({ play }) => modeOf(play.id) === 'act' && armOf(play, book.occurrenceOf(play.id)) !== 'holdout',
  );
  return [...withTasks, ...bySpecificity.filter((one) => !withTasks.includes(one))];
}

/** Every open firing of an account that is gone, closed; nothing else changes. */
export function closeAll(runs: readonly PlayRun[], today: CalendarDate, because: string): readonly PlayRun[] {
  return runs
    .filter(({ state }) => state === 'open')
    .map((run) => ({ ...run, state: 'closed', closedOn: today, outcome: 'left', closedBecause: because }));
}

/** Why the tasks of a play that an admin turned off are closed. */
export const switchedOff = (play: string): string => `Play ${play} was switched off.`;

/** A play that is off, or has nothing to do with this account, looks at nothing. */
function lookAt(play: SignalPlay, { facts, modeOf, leftBecause }: AdvanceInput): Finding | null {
  const isConcerned = leftBecause === null || play.isForLeavers;
  return modeOf(play.id) !== 'off' && isConcerned ? play.look(facts) : null;
}

/** The firing closed, if anything ends it today. */
function closingOf(run: PlayRun, play: SignalPlay, finding: Finding | null, input: AdvanceInput): PlayRun | null {
  const { today } = input.facts.snapshot;
  const { configuration, leftBecause } = input;
  const tasks = tasksOf(run, input.tasks);
  const close = (outcome: PlayOutcome, because: string): PlayRun => closed(run, outcome, because, input);

  if (leftBecause !== null && !play.isForLeavers) return close('left', leftBecause);
  if (input.modeOf(play.id) === 'off') return close('switched-off', switchedOff(play.id));
  if (tasks.some((task) => task.state === 'deleted' && !isStep(task, ESCALATION)))
    return close('dismissed', 'A task of this play was deleted.');
  const snooze = snoozeOf(play, run.reason, input);
  if (snooze !== null) {
    return close('snoozed', `Snoozed until ${dayInWords(snooze.untilOn)}: ${snooze.because}`);
  }
  const { overDays, endsWhenDone } = play.settings;
  if (finding?.state === 'over' && daysBetween(run.overSinceOn ?? today, today) >= overDays) {
    return close(wasWorked(run, input) ? 'recovered' : 'resolved', finding.because);
  }
  const isDone = play.settings.tasks.every(({ id }) => tasks.some((task) => task.state === 'done' && isStep(task, id)));
  if (endsWhenDone && isDone) return close('done', 'All its tasks are completed.');
  const since = run.actedOn ?? (isActing(run, input) ? today : run.openedOn);
  if (since !== null && daysBetween(since, today) >= configuration.longestDays) {
    return close('expired', `Nothing has ended it for ${configuration.longestDays} days.`);
  }
  return null;
}

/**
 * What the play finds besides is noted; a firing that becomes the matter of somebody else is handed over, and why is
 * noted, too.
 */
function stillOpen(
  run: PlayRun,
  play: SignalPlay,
  finding: Finding | null,
  book: RunBook,
  input: AdvanceInput,
): PlayRun {
  const { today } = input.facts.snapshot;
  const overSinceOn = finding?.state === 'over' ? (run.overSinceOn ?? today) : null;
  const seen = overSinceOn === run.overSinceOn ? run : { ...run, overSinceOn };
  if (finding?.state !== 'fires') return seen;
  const besides = unsaid(finding, play, book, input) ?? [];
  const told = besides.length === 0 ? seen : withBesides(seen, besides, today);
  const role = finding.role ?? null;
  return role === null || role === run.role ? told : { ...noted(told, play, finding, today), role };
}

function withBesides(run: PlayRun, besides: readonly Thing[], on: CalendarDate): PlayRun {
  return {
    ...run,
    alsoAbout: [...(run.alsoAbout ?? []), ...besides.map(({ about }) => about)],
    notes: [...run.notes, { on, play: run.play, because: sayAll(besides) }],
  };
}

/** Of the things that a finding is about, those that no firing of the play speaks of or had its say on; null where it is about none. */
function unsaid(
  { things }: Firing['finding'],
  play: SignalPlay,
  book: RunBook,
  input: AdvanceInput,
): readonly Thing[] | null {
  if (things === undefined) return null;
  const said = book
    .all()
    .filter((run) => run.play === play.id && (run.state === 'open' || isSettled(run, play, input)))
    .flatMap(({ about, alsoAbout = [] }) => [about, ...alsoAbout]);
  return things.filter(({ about }) => !said.includes(about));
}

function closed(run: PlayRun, outcome: PlayOutcome, because: string, input: AdvanceInput): PlayRun {
  const { facts } = input;
  const { today } = facts.snapshot;
  return {
    ...run,
    state: 'closed',
    closedOn: today,
    outcome,
    closedBecause: because,
    wasWorked: wasWorked(run, input),
    atClose: healthOf(facts.assessment),
    restsUntilOn: restOf(run, outcome, today, input.configuration),
  };
}

/** Whether its play acts today. */
function isActing(run: PlayRun, { mayAct, modeOf }: AdvanceInput): boolean {
  return mayAct && modeOf(run.play) === 'act';
}

/** Nobody was ever asked for anything; a firing that is held out was left alone on purpose, and counts like one that acted. */
function wasOnlySuggested({ actedOn, arm }: PlayRun): boolean {
  return actedOn === null && arm !== 'holdout';
}

function restOf(
  run: PlayRun,
  outcome: PlayOutcome,
  today: CalendarDate,
  { restDays, dismissedDays }: PlayConfiguration,
): CalendarDate | null {
  if (outcome === 'snoozed' || outcome === 'switched-off') return null;
  // What it suggests is noted on the play that took over, for as long as it fires.
  if (outcome === 'superseded' && wasOnlySuggested(run)) return null;
  const rested = addDays(today, restDays[run.kind]);
  if (outcome !== 'dismissed') return rested;
  const endOn = run.termId === null ? null : endOfTerm(run.termId);
  const silent = endOn === null ? addDays(today, dismissedDays) : addDays(endOn, 1);
  return silent > rested ? silent : rested;
}

/** Opens the play, notes it where its matter is worked on already, or watches it. */
function fire(play: SignalPlay, finding: Firing['finding'], book: RunBook, input: AdvanceInput): void {
  const { today } = input.facts.snapshot;
  if (book.open(play.id) !== null) return;
  const things = unsaid(finding, play, book, input);
  if (things?.length === 0 || isResting(play, book, input) || snoozeOf(play, finding.reason, input) !== null) {
    unwatch(play, book);
    return;
  }
  const [newest, ...others] = things ?? [];
  const before = book.watching(play.id);
  const firesSinceOn = before?.firesSinceOn ?? addDays(today, -(finding.heldDays ?? 0));
  const watching: PlayRun = {
    accountId: input.accountId,
    accountName: input.facts.snapshot.account.name,
    play: play.id,
    occurrence: book.occurrenceOf(play.id),
    state: 'watching',
    kind: play.kind,
    reason: finding.reason,
    about: newest?.about ?? null,
    ...(others.length > 0 && { alsoAbout: others.map(({ about }) => about) }),
    role: finding.role ?? null,
    termId: input.facts.renewal.next?.id ?? null,
    because: things === null ? finding.because : sayAll(things),
    notes: [],
    firesSinceOn,
    overSinceOn: null,
    openedOn: null,
    actedOn: null,
    closedOn: null,
    outcome: null,
    closedBecause: null,
    wasWorked: false,
    atClose: null,
    restsUntilOn: null,
  };
  if (daysBetween(firesSinceOn, today) < play.settings.readings - 1) {
    book.put(watching);
    return;
  }
  const arm = input.armOf(play, watching.occurrence);
  const opening: PlayRun = {
    ...watching,
    state: 'open',
    openedOn: today,
    firesSinceOn: null,
    ...(arm !== null && { arm }),
  };
  const other = book.openOn(play.kind, finding.reason);
  if (other !== null && !takesOver(opening, other, input)) {
    book.put(watching);
    book.put(noted(other, play, finding, today));
    return;
  }
  if (other !== null) {
    book.put(closed(other, 'superseded', `Play ${play.id} (${play.title}) took over.`, input));
  }
  book.put(opening);
}

/** What gives people tasks goes before what does not; of two alike, anything before what is general. */
function takesOver(run: PlayRun, other: PlayRun, input: AdvanceInput): boolean {
  const works = hasTasks(run, input);
  if (works !== hasTasks(other, input)) return works;
  const isGeneral = ({ play }: PlayRun) => input.plays.some(({ id, breadth }) => id === play && breadth === 'general');
  return isGeneral(other) && !isGeneral(run);
}

/** Whether people get tasks of the firing, now or once writing is approved: not of one that only suggests or is held out. */
function hasTasks(run: PlayRun, { modeOf }: AdvanceInput): boolean {
  return run.arm !== 'holdout' && (run.actedOn !== null || modeOf(run.play) === 'act');
}

function noted(run: PlayRun, play: SignalPlay, { because }: { readonly because: string }, on: CalendarDate): PlayRun {
  if (run.notes.some((note) => note.play === play.id)) return run;
  return { ...run, notes: [...run.notes, { on, play: play.id, because }] };
}

/**
 * Whether the play has had its say on what a firing of it was about: not where it was silenced, gave way or was only
 * suggested, and of a state only where people were asked until they were done or let it go.
 */
function isSettled(run: PlayRun, play: SignalPlay, { modeOf }: AdvanceInput): boolean {
  if (wasOnlySuggested(run) && modeOf(play.id) === 'act') return false;
  switch (run.outcome) {
    case 'done':
    case 'dismissed':
    case 'expired':
      return true;
    case 'resolved':
    case 'recovered':
      return play.isAboutState !== true;
    case 'snoozed':
    case 'switched-off':
    case 'superseded':
    case 'left':
    case null:
      return false;
    default:
      return run.outcome satisfies never;
  }
}

/**
 * Not on the day it ended, nor until it has rested; a worse band or a new cap ends the rest, unless a person deleted its
 * task. A play that acts does not rest from what it only suggested.
 */
function isResting(play: SignalPlay, book: RunBook, { facts, modeOf }: AdvanceInput): boolean {
  const { today } = facts.snapshot;
  return book.all().some((run) => {
    if (run.play !== play.id || run.state !== 'closed') return false;
    if (run.closedOn !== null && run.closedOn >= today) return true;
    if (run.restsUntilOn === null || run.restsUntilOn <= today) return false;
    if (wasOnlySuggested(run) && modeOf(play.id) === 'act') return false;
    return run.outcome === 'dismissed' || !hasWorsened(run, facts.assessment);
  });
}

function hasWorsened({ atClose }: PlayRun, assessment: Assessment | null): boolean {
  const now = healthOf(assessment);
  if (atClose === null || now === null) return false;
  return severity(now.band) > severity(atClose.band) || now.caps.some((cap) => !atClose.caps.includes(cap));
}

/** A grey band says nothing of better or worse. */
function severity(band: Band): number {
  return { green: 0, grey: 0, yellow: 1, red: 2 }[band];
}

function healthOf(assessment: Assessment | null): PlayRun['atClose'] {
  return assessment === null
    ? null
    : { band: assessment.health.band, caps: assessment.health.caps.map(({ id }) => id) };
}

/** The snooze that silences the play for this reason today: its own, or one of the same matter. A new cap ends it. */
function snoozeOf(play: SignalPlay, reason: PlayRun['reason'], { facts, snoozes }: AdvanceInput): Snooze | null {
  const { today } = facts.snapshot;
  const caps = facts.assessment?.health.caps ?? [];
  const found = snoozes.find((snooze) => {
    const isMeant =
      snooze.play === play.id || (reason !== null && snooze.kind === play.kind && snooze.reason === reason);
    return isMeant && today < snooze.untilOn && caps.every(({ id }) => snooze.caps.includes(id));
  });
  return found ?? null;
}

function unwatch(play: SignalPlay, book: RunBook): void {
  const watching = book.watching(play.id);
  if (watching !== null && watching.firesSinceOn !== null) book.put({ ...watching, firesSinceOn: null });
}

function tasksOf(run: PlayRun, tasks: readonly LedgerTask[]): readonly LedgerTask[] {
  return tasks.filter(
    ({ play, occurrence, state }) => play === run.play && occurrence === run.occurrence && state !== 'undone',
  );
}

/** Whether a person completed or edited one of its tasks; deleting one is no work. */
function wasWorked(run: PlayRun, { tasks }: AdvanceInput): boolean {
  return tasksOf(run, tasks).some(({ state, isTouched }) => isTouched && state !== 'deleted');
}

function isStep({ step }: LedgerTask, id: string): boolean {
  return step === id || step.startsWith(`${id}#`);
}

/** The firings of one account while they change. */
class RunBook {
  readonly #runs = new Map<string, PlayRun>();

  constructor(runs: readonly PlayRun[]) {
    for (const run of runs) this.put(run);
  }

  put(run: PlayRun): void {
    this.#runs.set(`${run.play}#${run.occurrence}`, run);
  }

  all(): readonly PlayRun[] {
    return [...this.#runs.values()];
  }

  open(play: string): PlayRun | null {
    return this.all().find((run) => run.play === play && run.state === 'open') ?? null;
  }

  watching(play: string): PlayRun | null {
    return this.all().find((run) => run.play === play && run.state === 'watching') ?? null;
  }

  /** The open firing about a matter; what has no reason is a matter of its own. */
  openOn(kind: PlayRun['kind'], reason: PlayRun['reason']): PlayRun | null {
    if (reason === null) return null;
    return this.all().find((run) => run.state === 'open' && run.kind === kind && run.reason === reason) ?? null;
  }

  /** The number of the firing that is watched, else of the next one. */
  occurrenceOf(play: string): number {
    const watching = this.watching(play);
    if (watching !== null) return watching.occurrence;
    return (
      this.all().reduce((highest, run) => (run.play === play ? Math.max(highest, run.occurrence) : highest), 0) + 1
    );
  }
}
