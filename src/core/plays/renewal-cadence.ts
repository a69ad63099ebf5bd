import type { Assessment, RenewalCalls, Term } from '../model/assessment.ts';
import { addDays, daysBetween, nextBusinessDay } from '../model/calendar-date.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import type { RenewalCall } from '../model/records.ts';
import type { AccountSnapshot, OwnTask } from '../model/snapshot.ts';
import { callsIn, recordedCall } from '../renewals/calls.ts';
import type { PlayRole } from '../renewals/configuration.ts';
import { anniversaries, datedSteps, stepName, type DatedStep } from '../renewals/dated-steps.ts';
import { segmentOfTerm } from '../renewals/segment.ts';
import { tasksByTerm } from '../renewals/progress.ts';
import { holdfastKey } from './dedupe.ts';
import { dueDay } from './due-day.ts';
import { LATE_START, lateStartsOf } from './late-start.ts';
import type { Play, PlayContext, PlayWish } from './play.ts';
import { bodyOf, renewalWords, skippedInWords, subjectOf } from './renewal-words.ts';
import { isMadeUpFor, pauseOf, withPause, type Pause } from './pause.ts';
import type { Snooze } from './play-run.ts';
import { routeTask } from './routing.ts';

/** The manager's task while system and CSM see a renewal differently. */
export const DISAGREEMENT = 'disagreement';

/**
 * The steps towards each open renewal, by segment. A step may be opened from `horizonDays` before it is due until the
 * day it is due, never later; what could not be opened by then is told in one task, the late start. Terms from month to
 * month have no steps, and nothing is opened for a term that ended more than `lateDays` ago. A person may put the steps
 * off: see `pauseOf`.
 */
export const renewalCadence: Play = {
  id: '05',
  title: 'Renewal cadence',
  wishes(assessment, snapshot, context, snoozes) {
    const { renewal } = assessment;
    const tasks = (snapshot.ownTasks ?? []).filter(({ state }) => state !== 'undone');
    const madeFor = tasksByTerm(tasks, renewal, context.configuration.renewals);
    return renewal.terms
      .filter((term) => term.outcome === 'open' && term.type !== 'monthly')
      .flatMap((term) => wishesForTerm(assessment, snapshot, context, term, madeFor.get(term.id) ?? [], snoozes));
  },
};

function wishesForTerm(
  assessment: Assessment,
  snapshot: AccountSnapshot,
  context: PlayContext,
  term: Term,
  made: readonly OwnTask[],
  snoozes: readonly Snooze[],
): readonly PlayWish[] {
  const { today, account } = snapshot;
  const configuration = context.configuration.renewals;
  const holidays = new Set<string>(configuration.holidays);
  const segment = segmentOfTerm(snapshot, term, context.configuration);
  const deal = (snapshot.deals ?? []).find((deal) => deal.id === term.renewalDealId) ?? null;
  const words = renewalWords(assessment, snapshot, term, segment, deal);

  const calls = callsIn(assessment.renewal.progress, term);
  const soonestOn = nextBusinessDay(today, holidays);
  const horizonOn = addDays(today, configuration.horizonDays);
  const isNear = daysBetween(today, term.decisionOn) <= configuration.exemptDays;
  const isGivenUp = addDays(term.endOn, configuration.lateDays) < today;
  const isOver = term.endOn < today;
  const pause = pauseOf(term, snoozes, assessment, snapshot, configuration);

  /** What does not depend on the step but on who does it. */
  const forRole = (role: PlayRole) => {
    const { ownerId, note } = routeTask(role, account, deal, context);
    const zone = ownerId === null ? null : (context.owners.get(ownerId)?.timeZone ?? null);
    const dueOn = (on: CalendarDate) => dueDay(on, configuration.dueHour, zone, snapshot.timeZone);
    return { ownerId, note, dueOn, soonest: dueOn(soonestOn) };
  };
  const roles = new Map<PlayRole, ReturnType<typeof forRole>>();
  const roleOf = (role: PlayRole) => {
    const found = roles.get(role) ?? forRole(role);
    roles.set(role, found);
    return found;
  };

  const toWish = (by: PlayRole, asked: StepTask, waitsIn: Pause | null = pause): PlayWish => {
    const task = withPause(asked, waitsIn);
    const { ownerId, note, dueOn, soonest } = roleOf(by);
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
  const datedIn = (one: Term): readonly DatedStep[] =>
    one === term ? steps : datedSteps(one, segment, configuration, holidays);
  const toStepWish = ({ step, by, wording, dueOn }: DatedStep): PlayWish =>
    toWish(by, {
      key: keyOf(step.id, step.occurrence),
      step: stepName(step),
      subject: subjectOf(words, wording, step.id),
      body: bodyOf(words, wording, [], roleOf(by).note),
      dueOn,
      opensToday:
        !isGivenUp &&
        ((dueOn >= today && dueOn <= horizonOn && (step.from === 'decision' || isOver)) || isMadeUpFor(dueOn, pause)),
      standsInFor: [],
      settledBecause: recordedCall(step.id, calls),
    });
  const wishes = steps.map(toStepWish);
  const reviews = anniversaries(term, configuration, holidays).map(toStepWish);

  const { lateStart } = configuration;
  const isMissed = ({ step, dueOn }: DatedStep): boolean =>
    dueOn < today &&
    !isMadeUpFor(dueOn, pause) &&
    recordedCall(step.id, calls) === null &&
    !made.some((task) => task.step === stepName(step));
  const lateWishes = lateStartsOf(term, made, datedIn, isMissed, snapshot.timeZone).map(
    ({ occurrence, steps: told, made: task }): PlayWish => {
      const missed = told.map(({ step, wording, dueOn }) => skippedInWords(words, step.id, wording, dueOn));
      return toWish(lateStart.role, {
        key: keyOf(LATE_START, occurrence),
        step: stepName({ id: LATE_START, occurrence }),
        subject: subjectOf(words, lateStart, null),
        body: bodyOf(words, lateStart, missed, roleOf(lateStart.role).note),
        dueOn: task?.dueOn ?? soonestOn,
        opensToday: !isGivenUp && task === null,
        standsInFor: told.map(({ step }) => keyOf(step.id, step.occurrence)),
      });
    },
  );

  // Its day is the one on which it was first wished for: otherwise it would be put off from day to day.
  const known = made.find(({ step }) => step === DISAGREEMENT);
  const { disagreement } = configuration;
  const disagreementTask: StepTask = {
    key: keyOf(DISAGREEMENT, 1),
    step: DISAGREEMENT,
    subject: subjectOf(words, disagreement, null),
    body: bodyOf(words, disagreement, [callsInWords(calls)], roleOf('manager').note),
    dueOn: known?.dueOn ?? soonestOn,
    opensToday: !isGivenUp,
    standsInFor: [],
    settledBecause: calls.disagree ? null : 'The calls of CSM and system agree.',
  };
  // A manager who has not heard of it yet hears of it during a pause, too.
  const disagreementWish = toWish('manager', disagreementTask, known === undefined ? null : pause);
  return [...lateWishes, ...wishes, ...reviews, ...(calls.disagree || known !== undefined ? [disagreementWish] : [])];
}

type StepTask = Pick<
  PlayWish,
  'key' | 'step' | 'subject' | 'body' | 'dueOn' | 'opensToday' | 'standsInFor' | 'settledBecause' | 'putOffBecause'
>;

const CALL_WORDS: Readonly<Record<RenewalCall, string>> = { good: 'good', at_risk: 'at risk', monitor: 'monitor' };

function callsInWords({ system, csm, final }: RenewalCalls): string {
  const own = final ?? csm;
  return [
    `The ${final === null ? 'CSM' : 'final'} call is ${own === null ? 'not made' : CALL_WORDS[own]}; `,
    `by the score the renewal is ${system === null ? 'not known' : CALL_WORDS[system]}.`,
  ].join('');
}
