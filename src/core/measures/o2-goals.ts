import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { na, ok, unread } from './reading.ts';
import { count } from './wording.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface GoalsSettings {
  readonly weight: number;
  /** Goals achieved ÷ goals that were due, 0 to 1. */
  readonly breakpoints: Breakpoints;
}

/** Provisional. */
export const defaultGoals: GoalsSettings = {
  weight: 0.4,
  breakpoints: [
    [0, 0],
    [0.4, 50],
    [0.7, 75],
    [1, 100],
  ],
};

const SOURCES: readonly SourceName[] = ['milestones'];

/** Value: goals of the success plan that were achieved ÷ those that were due by now. Does not apply before one is due. */
export function goals(settings: GoalsSettings): Measure {
  return {
    id: 'O2',
    title: 'Goals of the success plan',
    dimension: 'outcome',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: GoalsSettings): Reading {
  if (snapshot.milestones === null) return unread(snapshot, 'milestones', 'The success plan');
  const { today } = snapshot;
  const isDone = ({ doneOn }: { readonly doneOn: string | null }): boolean => doneOn !== null && doneOn <= today;
  // A goal that was achieved before its day counts as due: it is an outcome already.
  const due = snapshot.milestones.filter(
    (goal) => goal.kind === 'goal' && (isDone(goal) || (goal.dueOn !== null && goal.dueOn <= today)),
  );
  if (due.length === 0) return na('No goal of the success plan was due yet.');
  const achieved = due.filter(isDone).length;
  const value = achieved / due.length;
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${achieved} of ${count(due.length, 'goal')} of the success plan ${achieved === 1 ? 'was' : 'were'} achieved.`,
    evidence: [],
    at: snapshot.asOf,
  });
}
