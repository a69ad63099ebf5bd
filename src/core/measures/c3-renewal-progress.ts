import type { Measure, MeasureContext, Reading } from './measure.ts';
import { na, ok, unread } from './reading.ts';
import { count, dayText } from './wording.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { AccountSnapshot, OwnTask } from '../model/snapshot.ts';

export interface RenewalProgressSettings {
  readonly weight: number;
  readonly scores: {
    readonly onTrack: number;
    readonly oneLate: number;
    readonly moreLate: number;
    readonly noneDone: number;
  };
  /** It counts from so many days before the decision. */
  readonly windowDays: number;
  /** So close to the decision, not one step done is the worst there is. */
  readonly noneDays: number;
}

/** Provisional. */
export const defaultRenewalProgress: RenewalProgressSettings = {
  weight: 0.3,
  scores: { onTrack: 90, oneLate: 60, moreLate: 30, noneDone: 0 },
  windowDays: 120,
  noneDays: 30,
};

/** The play whose tasks are the steps of a renewal. */
const RENEWAL_CADENCE = '05';

/** Value: steps of the next renewal that are late. Does not apply outside the window, or before the first step is due. */
export function renewalProgress(settings: RenewalProgressSettings): Measure {
  return {
    id: 'C3',
    title: 'Renewal progress',
    dimension: 'commercial',
    weight: settings.weight,
    sources: [],
    read: (snapshot, context) => read(snapshot, context, settings),
  };
}

function read(snapshot: AccountSnapshot, context: MeasureContext, settings: RenewalProgressSettings): Reading {
  if (context.isTermLost) {
    return { state: 'missing', because: 'The renewal date cannot be read any more.', isLost: true };
  }
  if (snapshot.ownTasks === null) return unread(snapshot, 'tasks', 'The list of renewal steps');
  const { term } = context;
  const days = term === null ? null : daysBetween(snapshot.today, term.decisionOn);
  if (term === null || days === null || term.type === 'monthly' || days > settings.windowDays) {
    return na('No renewal is near.');
  }
  const due = snapshot.ownTasks.filter(
    (task) => task.play === RENEWAL_CADENCE && task.termId === term.id && task.dueOn < snapshot.today,
  );
  if (due.length === 0) return na('No step of this renewal was due yet.');
  const late = due.filter(isOpen).sort(byDueDay);
  const isNoneDone = days <= settings.noneDays && late.length > 0 && !due.some(({ state }) => state === 'done');
  return ok({
    value: late.length,
    score: isNoneDone ? settings.scores.noneDone : scoreOf(late.length, settings),
    because: sentence(late, isNoneDone, days, snapshot),
    evidence: [],
    at: snapshot.asOf,
  });
}

const isOpen = ({ state }: OwnTask): boolean => state === 'open' || state === 'creating';
const byDueDay = (a: OwnTask, b: OwnTask): number =>
  a.dueOn < b.dueOn || (a.dueOn === b.dueOn && a.step < b.step) ? -1 : 1;

function scoreOf(late: number, { scores }: RenewalProgressSettings): number {
  if (late === 0) return scores.onTrack;
  return late === 1 ? scores.oneLate : scores.moreLate;
}

function sentence(late: readonly OwnTask[], isNoneDone: boolean, days: number, { today }: AccountSnapshot): string {
  const [oldest] = late;
  if (oldest === undefined) return 'The steps of the renewal are on track.';
  if (isNoneDone) {
    const when = days < 0 ? `${count(-days, 'day')} after` : `${count(days, 'day')} before`;
    return `No step of the renewal is done, ${when} its decision.`;
  }
  const since = `due since ${dayText(oldest.dueOn, today)}`;
  if (late.length === 1) return `A step of the renewal is late, ${since}.`;
  return `${late.length} steps of the renewal are late, the first ${since}.`;
}
