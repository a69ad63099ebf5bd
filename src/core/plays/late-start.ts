import type { Term } from '../model/assessment.ts';
import { addDays, dayOf, daysBetween } from '../model/calendar-date.ts';
import type { OwnTask } from '../model/snapshot.ts';
import { stepName, type DatedStep } from '../renewals/dated-steps.ts';
import { endOfTerm } from '../renewals/term-id.ts';

/** The task that stands in for steps which were due before they could be opened. */
export const LATE_START = 'late-start';

export interface LateStart {
  /** 1, and one more for each one that the term has already. */
  readonly occurrence: number;
  /** What it tells of, with the days on which that was due then. */
  readonly steps: readonly DatedStep[];
  /** Null for the one that is to be made. */
  readonly made: OwnTask | null;
}

/**
 * The late starts of a term: those that were made, then the one for what none of them has told, where there is anything.
 * A step that is missed after a late start was made, because its owner had too much to do or because the end date moved
 * up, is told in the next one: none is lost, and none is told twice.
 *
 * @param datedIn the steps of the term, were it to end on another day
 * @param isMissed whether a step was due, was never opened, and is still asked for
 */
export function lateStartsOf(
  term: Term,
  made: readonly OwnTask[],
  datedIn: (term: Term) => readonly DatedStep[],
  isMissed: (step: DatedStep) => boolean,
  timeZone: string,
): readonly LateStart[] {
  const lateStarts: LateStart[] = [];
  const told = new Set<string>();
  for (let occurrence = 1; ; occurrence += 1) {
    const name = stepName({ id: LATE_START, occurrence });
    const task = made.find(({ step }) => step === name);
    const listed = task === undefined ? datedIn(term).filter(isMissed) : listedIn(task, term, made, datedIn, timeZone);
    const steps = listed.filter(({ step }) => !told.has(stepName(step)));
    if (task === undefined) return steps.length === 0 ? lateStarts : [...lateStarts, { occurrence, steps, made: null }];
    for (const { step } of steps) told.add(stepName(step));
    lateStarts.push({ occurrence, steps, made: task });
  }
}

/** What was due before a late start was made, by the end date that the term had then, and had no task of its own. */
function listedIn(
  { createdAt, termId }: OwnTask,
  term: Term,
  made: readonly OwnTask[],
  datedIn: (term: Term) => readonly DatedStep[],
  timeZone: string,
): readonly DatedStep[] {
  const madeOn = dayOf(createdAt, timeZone);
  const earlier = new Set(made.flatMap((task) => (task.createdAt < createdAt ? [task.step] : [])));
  return datedIn(asItWas(term, termId)).filter(({ step, dueOn }) => dueOn < madeOn && !earlier.has(stepName(step)));
}

/** The term as its id was when a task was made for it: an id holds the end date. */
function asItWas(term: Term, id: OwnTask['termId']): Term {
  const [endOn, endedOn] = [endOfTerm(term.id), id === null ? null : endOfTerm(id)];
  if (endOn === null || endedOn === null || endOn === endedOn) return term;
  const days = daysBetween(endOn, endedOn);
  return { ...term, endOn: addDays(term.endOn, days), decisionOn: addDays(term.decisionOn, days) };
}
