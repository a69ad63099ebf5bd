import type { Assessment, Term } from '../model/assessment.ts';
import { addDays, dayOf, nextBusinessDay, type CalendarDate } from '../model/calendar-date.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { RenewalConfiguration } from '../renewals/configuration.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { findLeadingTerm } from '../renewals/term-id.ts';
import type { PlayWish } from './play.ts';
import type { Snooze } from './play-run.ts';

/** How long the steps of one renewal wait because a person snoozed one of its tasks. */
export interface Pause {
  readonly fromOn: CalendarDate;
  /** The first day on which steps may come again, and the working day from it on: where open tasks go meanwhile. */
  readonly untilOn: CalendarDate;
  readonly resumesOn: CalendarDate;
  /** Its day has come, or a cap came into force that was not there when it began. */
  readonly isOver: boolean;
  readonly because: string;
  /** For the task, on a line of its own. */
  readonly words: string;
}

/**
 * The pause of a term: steps build on each other, so a snooze on one of its tasks holds for all of them. Tasks that are
 * open and due before its day move there, new ones wait for it, and what was due in between comes then. It ends
 * `snoozeEndsDays` before the decision at the latest, whatever the person entered: getting it signed, the day of decision
 * and what follows are never hidden. Null where nothing was put off.
 */
export function pauseOf(
  term: Term,
  snoozes: readonly Snooze[],
  assessment: Assessment,
  { today, timeZone }: Pick<AccountSnapshot, 'today' | 'timeZone'>,
  configuration: RenewalConfiguration,
): Pause | null {
  const { snoozeEndsDays, movedDays, holidays } = configuration;
  const snooze = snoozes
    .filter(
      ({ termId }) =>
        termId !== undefined && findLeadingTerm(termId, assessment.renewal.terms, movedDays)?.id === term.id,
    )
    .reduce<Snooze | null>((last, one) => (last === null || one.at > last.at ? one : last), null);
  if (snooze === null) return null;
  const fromOn = dayOf(snooze.at, timeZone);
  const latestOn = lastPauseDay(term, configuration);
  const isCut = snooze.untilOn > latestOn;
  const untilOn = isCut ? latestOn : snooze.untilOn;
  if (untilOn <= fromOn) return null;
  const isLifted = assessment.health.caps.some(({ id }) => !snooze.caps.includes(id));
  const resumesOn = nextBusinessDay(untilOn, new Set<string>(holidays));
  const why = isCut
    ? `Until ${dayInWords(snooze.untilOn)} was asked for; nothing waits in the last ${snoozeEndsDays} days before the decision.`
    : 'The steps of this renewal wait until then.';
  return {
    fromOn,
    untilOn,
    resumesOn,
    isOver: today >= untilOn || isLifted,
    because: snooze.because,
    words: `Put off until ${dayInWords(untilOn)}: ${snooze.because}\n${why}`,
  };
}

/** The day before which every pause of a term ends, whatever a person entered; one that begins on it or later is none. */
export function lastPauseDay(
  { decisionOn }: Pick<Term, 'decisionOn'>,
  { snoozeEndsDays }: Pick<RenewalConfiguration, 'snoozeEndsDays'>,
): CalendarDate {
  return addDays(decisionOn, -snoozeEndsDays);
}

type Pausable = Pick<PlayWish, 'body' | 'dueOn' | 'opensToday' | 'putOffBecause'>;

/** A task as it is wished for during a pause; as it was once that is over. */
export function withPause<Task extends Pausable>(task: Task, pause: Pause | null): Task {
  if (pause === null || pause.isOver) return task;
  if (task.dueOn >= pause.untilOn) return { ...task, opensToday: false };
  const body = `${pause.words}\n\n${task.body}`;
  return { ...task, body, dueOn: pause.resumesOn, opensToday: false, putOffBecause: pause.because };
}

/** Whether a step was due while nothing was opened, and is to be opened now. */
export function isMadeUpFor(dueOn: CalendarDate, pause: Pause | null): boolean {
  return pause !== null && pause.isOver && dueOn >= pause.fromOn && dueOn < pause.untilOn;
}
