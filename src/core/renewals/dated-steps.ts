import type { Term } from '../model/assessment.ts';
import { addDays, addMonths, previousBusinessDay, type CalendarDate } from '../model/calendar-date.ts';
import type { Segment } from '../model/records.ts';
import type { CadenceStep, RenewalConfiguration, PlayRole, Wording } from './configuration.ts';

/** A step of a cadence that people do, and the working day on which it is due. */
export interface DatedStep {
  readonly step: CadenceStep;
  readonly by: PlayRole;
  readonly wording: Wording;
  readonly dueOn: CalendarDate;
}

/** Steps for people, in the order they are due. What would have been due before the term began is not part of it. */
export function datedSteps(
  term: Term,
  segment: Segment,
  configuration: RenewalConfiguration,
  holidays: ReadonlySet<string>,
): readonly DatedStep[] {
  return stepsFor(term, segment, configuration)
    .flatMap((step): readonly DatedStep[] => {
      const wording = configuration.wordings[step.wording];
      if (step.by === 'automatic' || wording === undefined) return [];
      const dueOn = previousBusinessDay(dayIn(term, step), holidays);
      return term.startOn !== null && dueOn < term.startOn ? [] : [{ step, by: step.by, wording, dueOn }];
    })
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.step.id < b.step.id ? -1 : 1));
}

/** Whether a step of a term is the system's own, and its day has come. No working day is waited for: nobody works on it. */
export function isDoneBySystem(
  id: string,
  term: Term,
  segment: Segment,
  configuration: RenewalConfiguration,
  today: CalendarDate,
): boolean {
  return stepsFor(term, segment, configuration).some(
    (step) => step.id === id && step.by === 'automatic' && dayIn(term, step) <= today,
  );
}

function stepsFor({ type }: Term, segment: Segment, configuration: RenewalConfiguration): readonly CadenceStep[] {
  const cadence = configuration.cadences[segment];
  if (type !== 'auto_renew') return cadence;
  const { without, steps } = configuration.autoRenew;
  return [...cadence.filter(({ id }) => !without.includes(id) && !steps.some((own) => own.id === id)), ...steps];
}

function dayIn({ endOn, decisionOn }: Term, { from, day }: CadenceStep): CalendarDate {
  return addDays(from === 'end' ? endOn : decisionOn, day);
}

/** One review on each anniversary of a term of several years, its last day not among them. */
export function anniversaries(
  term: Term,
  configuration: RenewalConfiguration,
  holidays: ReadonlySet<string>,
): readonly DatedStep[] {
  const { anniversary } = configuration;
  const wording = configuration.wordings[anniversary.wording];
  const { startOn, endOn } = term;
  if (startOn === null || anniversary.by === 'automatic' || wording === undefined) return [];
  if (addMonths(startOn, configuration.multiYearMonths) > addDays(endOn, 1)) return [];
  const by = anniversary.by;
  const reviews: DatedStep[] = [];
  for (let year = 1; addMonths(startOn, 12 * year) < endOn; year += 1) {
    const dueOn = previousBusinessDay(addDays(addMonths(startOn, 12 * year), anniversary.day), holidays);
    reviews.push({ step: { ...anniversary, occurrence: year }, by, wording, dueOn });
  }
  return reviews;
}

/** Unique within a term: `R9`, and `R9#2` the second time. */
export function stepName({ id, occurrence }: Pick<CadenceStep, 'id' | 'occurrence'>): string {
  return occurrence === 1 ? id : `${id}#${occurrence}`;
}
