import type { Assessment, Term } from '../model/assessment.ts';
import { addDays, addMonths, daysBetween, nextBusinessDay, previousBusinessDay } from '../model/calendar-date.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { toMajor } from '../model/money.ts';
import type { Segment } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { CadenceStep, RenewalConfiguration, StepRole, Wording } from '../renewals/configuration.ts';
import { holdfastKey } from './dedupe.ts';
import { dueDay } from './due-day.ts';
import type { Play, PlayContext, PlayWish } from './play.ts';
import { bodyOf, renewalWords, skippedInWords, subjectOf } from './renewal-words.ts';
import { routeTask } from './routing.ts';

/** The step that stands in for those which were due before they could be opened. */
export const LATE_START = 'late-start';

/**
 * The steps towards each open renewal, by segment. A step may be opened from `horizonDays` before it is due until the
 * day it is due, never later; what was due before is told in one task, the late start. Terms from month to month have no
 * steps, and nothing is opened for a term that ended more than `lateDays` ago.
 */
export const renewalCadence: Play = {
  id: '05',
  title: 'Renewal cadence',
  wishes(assessment, snapshot, context) {
    return assessment.renewal.terms
      .filter((term) => term.outcome === 'open' && term.type !== 'monthly')
      .flatMap((term) => wishesForTerm(assessment, snapshot, context, term));
  },
};

interface DatedStep {
  readonly step: CadenceStep;
  readonly by: StepRole;
  readonly wording: Wording;
  readonly dueOn: CalendarDate;
}

function wishesForTerm(
  assessment: Assessment,
  snapshot: AccountSnapshot,
  context: PlayContext,
  term: Term,
): readonly PlayWish[] {
  const { today, account } = snapshot;
  const configuration = context.configuration.renewals;
  const holidays = new Set<string>(configuration.holidays);
  const segment = segmentOf(snapshot, term, configuration);
  const deal = (snapshot.deals ?? []).find((deal) => deal.id === term.renewalDealId) ?? null;
  const words = renewalWords(assessment, snapshot, term, segment, deal);

  const soonestOn = nextBusinessDay(today, holidays);
  const horizonOn = addDays(today, configuration.horizonDays);
  const isNear = daysBetween(today, term.decisionOn) <= configuration.exemptDays;
  const isGivenUp = addDays(term.endOn, configuration.lateDays) < today;
  const isOver = term.endOn < today;

  /** What does not depend on the step but on who does it. */
  const forRole = (role: StepRole) => {
    const { ownerId, note } = routeTask(role, account, deal, context);
    const zone = ownerId === null ? null : (context.owners.get(ownerId)?.timeZone ?? null);
    const dueOn = (on: CalendarDate) => dueDay(on, configuration.dueHour, zone, snapshot.timeZone);
    return { ownerId, note, dueOn, soonest: dueOn(soonestOn) };
  };
  const roles = { csm: forRole('csm'), 'account-manager': forRole('account-manager') };

  const toWish = (by: StepRole, task: StepTask): PlayWish => {
    const { ownerId, note, dueOn, soonest } = roles[by];
    return {
      ...task,
      play: renewalCadence.id,
      accountId: account.id,
      termId: term.id,
      dealId: deal?.id ?? null,
      dueAt: dueOn(task.dueOn).at,
      priority: assessment.health.band === 'red' || isNear ? 'high' : 'medium',
      ownerId,
      ownerNote: note,
      worth: term.targetArr,
      isExempt: isNear,
      waitsFor: null,
      escalates: null,
      news: null,
      soonest,
    };
  };
  const keyOf = (step: string, occurrence: number) =>
    holdfastKey({
      tenant: context.tenant,
      scope: 'account',
      scopeId: account.id,
      termId: term.id,
      play: renewalCadence.id,
      step,
      occurrence,
    });

  const steps = datedSteps(term, segment, configuration, holidays);
  const toStepWish = ({ step, by, wording, dueOn }: DatedStep): PlayWish =>
    toWish(by, {
      key: keyOf(step.id, step.occurrence),
      step: stepName(step),
      subject: subjectOf(words, wording, stepName(step)),
      body: bodyOf(words, wording, [], roles[by].note),
      dueOn,
      opensToday: !isGivenUp && dueOn >= today && dueOn <= horizonOn && (step.from === 'decision' || isOver),
      standsInFor: [],
    });
  const wishes = steps.map(toStepWish);
  const reviews = anniversaries(term, configuration, holidays).map(toStepWish);

  const skipped = steps.filter(({ dueOn }) => dueOn < today);
  const { lateStart } = configuration;
  const missed = skipped.map(({ step, wording, dueOn }) => skippedInWords(stepName(step), wording, dueOn));
  const lateWish = toWish(lateStart.role, {
    key: keyOf(LATE_START, 1),
    step: LATE_START,
    subject: subjectOf(words, lateStart, null),
    body: bodyOf(words, lateStart, missed, roles[lateStart.role].note),
    dueOn: soonestOn,
    opensToday: !isGivenUp && skipped.length > 0,
    standsInFor: wishes.filter(({ dueOn }) => dueOn < today).map(({ key }) => key),
  });
  return [lateWish, ...wishes, ...reviews];
}

type StepTask = Pick<PlayWish, 'key' | 'step' | 'subject' | 'body' | 'dueOn' | 'opensToday' | 'standsInFor'>;

/** Steps for people, in the order they are due. What would have been due before the term began is not part of it. */
function datedSteps(
  term: Term,
  segment: Segment,
  configuration: RenewalConfiguration,
  holidays: ReadonlySet<string>,
): readonly DatedStep[] {
  const cadence = configuration.cadences[segment];
  const { without, steps } = configuration.autoRenew;
  const applying =
    term.type === 'auto_renew' ? [...cadence.filter((step) => !without.includes(step.id)), ...steps] : cadence;
  return applying
    .flatMap((step): readonly DatedStep[] => {
      const wording = configuration.wordings[step.wording];
      if (step.by === 'automatic' || wording === undefined) return [];
      const dueOn = previousBusinessDay(
        addDays(step.from === 'end' ? term.endOn : term.decisionOn, step.day),
        holidays,
      );
      return term.startOn !== null && dueOn < term.startOn ? [] : [{ step, by: step.by, wording, dueOn }];
    })
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.step.id < b.step.id ? -1 : 1));
}

/** One review on each anniversary of a term of several years, its last day not among them. */
function anniversaries(
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

/** As the account says, else by its annual value in its own currency. */
function segmentOf(snapshot: AccountSnapshot, term: Term, configuration: RenewalConfiguration): Segment {
  if (snapshot.account.segment !== null) return snapshot.account.segment;
  const value = term.targetArr ?? snapshot.account.arr;
  const { enterpriseAbove, midFrom, withoutArr } = configuration.segments;
  if (value === null) return withoutArr;
  const major = toMajor(value);
  if (major > enterpriseAbove) return 'enterprise';
  return major >= midFrom ? 'mid' : 'smb';
}

/** Unique within a term: `R9`, and `R9#2` the second time. */
function stepName({ id, occurrence }: { readonly id: string; readonly occurrence: number }): string {
  return occurrence === 1 ? id : `${id}#${occurrence}`;
}
