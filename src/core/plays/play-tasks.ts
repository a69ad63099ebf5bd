import type { CalendarDate } from '../model/calendar-date.ts';
import { dayOf, daysBetween, nextBusinessDay } from '../model/calendar-date.ts';
import type { HoldfastKey } from '../model/ids.ts';
import type { Deal } from '../model/records.ts';
import type { LedgerTask } from '../plan/step.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { ESCALATION } from './advance.ts';
import { addBusinessDays } from './business-days.ts';
import { holdfastKey } from './dedupe.ts';
import { dueDay } from './due-day.ts';
import type { PlayContext, PlayFacts, PlayWish, SignalPlay, TaskTemplate } from './play.ts';
import type { PlayRun } from './play-run.ts';
import { routeEscalation, routeTask, type Routing } from './routing.ts';
import { fillTemplate, nameOf, templateValues, type TemplateVariable } from './template.ts';

/**
 * The tasks of an open firing, each waiting for the one before, and the manager's, which waits for the time to run out.
 * Due days count from the day on which the play acted; in a play that only suggests, from today. The manager's time runs
 * from when the first task was there to be begun: it may have been held back for days. `tasks` are the account's.
 */
export function wishesOfRun(
  run: PlayRun,
  play: SignalPlay,
  facts: PlayFacts,
  context: PlayContext,
  tasks: readonly LedgerTask[],
): readonly PlayWish[] {
  const { settings } = play;
  const { account, timeZone } = facts.snapshot;
  const deal = renewalDealOf(facts);
  const toWish = wishMaker(run, play, facts, context);
  const actedOn = run.actedOn ?? facts.snapshot.today;
  const holidays = new Set<string>(context.configuration.renewals.holidays);
  const wishes: PlayWish[] = [];
  for (const template of settings.tasks) {
    const waitsFor = wishes.at(-1)?.key ?? null;
    const dueOn = addBusinessDays(actedOn, template.dueDays, holidays);
    const role = run.role ?? template.role;
    wishes.push(toWish(template, { dueOn, waitsFor, routing: routeTask(role, account, deal, context) }));
  }
  const [first] = wishes;
  if (first === undefined || settings.escalateAfterDays === null) return wishes;
  const made = tasks.find(({ key, state }) => key === first.key && state !== 'undone');
  const madeOn = made === undefined ? actedOn : dayOf(made.createdAt, timeZone);
  const runsOutOn = addBusinessDays(madeOn > actedOn ? madeOn : actedOn, settings.escalateAfterDays, holidays);
  // A task that is handed over today is the new owner's by the time the manager hears of it.
  const holderId = first.ownerId ?? made?.ownerId ?? null;
  const escalation = toWish(
    { id: ESCALATION, ...facts.configuration.plays.escalation },
    {
      dueOn: addBusinessDays(runsOutOn, 1, holidays),
      waitsFor: null,
      routing: routeEscalation(holderId, account, context),
    },
  );
  return [
    ...wishes,
    {
      ...escalation,
      priority: 'high',
      escalates: first.key,
      // While the reason seems to be gone there is nobody to call.
      opensToday: runsOutOn <= facts.snapshot.today && run.overSinceOn === null,
    },
  ];
}

interface Placed {
  readonly dueOn: CalendarDate;
  readonly waitsFor: HoldfastKey | null;
  readonly routing: Routing;
}

type Worded = Omit<TaskTemplate, 'dueDays' | 'role'>;

/** What all tasks of one firing have in common, worked out once. */
function wishMaker(
  run: PlayRun,
  play: SignalPlay,
  facts: PlayFacts,
  context: PlayContext,
): (template: Worded, placed: Placed) => PlayWish {
  const { account, today, timeZone } = facts.snapshot;
  const { renewals } = context.configuration;
  const deal = renewalDealOf(facts);
  const values = templateValues(
    { snapshot: facts.snapshot, health: facts.assessment?.health ?? null, term: facts.renewal.next },
    run.because,
  );
  const about = factLines(run, facts);
  const soonestOn = nextBusinessDay(today, new Set<string>(renewals.holidays));
  const next = facts.renewal.next;
  const daysLeft = next === null ? null : daysBetween(today, next.decisionOn);
  const isNear = daysLeft !== null && daysLeft >= 0 && daysLeft <= renewals.exemptDays;
  const isCapped = (facts.assessment?.health.caps.length ?? 0) > 0;

  return (template, { dueOn, waitsFor, routing: { ownerId, note } }) => {
    const zone = ownerId === null ? null : (context.owners.get(ownerId)?.timeZone ?? null);
    const at = (on: CalendarDate) => dueDay(on, renewals.dueHour, zone, timeZone);
    const text = (raw: string): string => fillTemplate(raw, values);
    return {
      key: holdfastKey({
        tenant: context.tenant,
        scope: 'account',
        scopeId: account.id,
        termId: null,
        play: play.id,
        step: template.id,
        occurrence: run.occurrence,
      }),
      play: play.id,
      step: run.occurrence === 1 ? template.id : `${template.id}#${run.occurrence}`,
      occurrence: run.occurrence,
      accountId: account.id,
      termId: null,
      dealId: play.isAboutRenewal ? (deal?.id ?? null) : null,
      subject: `${nameOf(facts)}: ${text(template.title)} (play ${play.id})`,
      body: [
        text(template.whatToDo),
        `Done when ${text(template.doneWhen)}`,
        '',
        ...(template.whatToDo.includes(BECAUSE) ? [] : [`Why: ${run.because}`]),
        ...about,
        ...(note === null ? [] : [note]),
        '',
        `Holdfast, play ${play.id}: ${play.title}. Complete this task when it is done. ` +
          'Once you edit it, Holdfast leaves it alone; when you delete it, the play ends for this account.',
      ].join('\n'),
      dueOn,
      dueAt: at(dueOn).at,
      priority: run.notes.length > 0 ? 'high' : play.settings.priority,
      ownerId,
      ownerNote: note,
      worth: play.kind === 'expansion' ? expansionWorth(facts) : (next?.targetArr ?? account.arr),
      isExempt: play.kind === 'risk' && (isNear || isCapped),
      opensToday: true,
      standsInFor: [],
      waitsFor,
      escalates: null,
      notes: run.notes.length,
      news: run.notes.at(-1)?.because ?? null,
      soonest: at(soonestOn),
    };
  };
}

function renewalDealOf({ renewal, snapshot }: PlayFacts): Deal | null {
  return (snapshot.deals ?? []).find(({ id }) => id === renewal.next?.renewalDealId) ?? null;
}

function expansionWorth({ assessment, snapshot }: PlayFacts): PlayWish['worth'] {
  return assessment?.expansion.expectedValue ?? snapshot.account.arr;
}

/** A task that says in its first line why it is there does not say it twice. */
const BECAUSE = '{because}' satisfies `{${TemplateVariable}}`;

/** What has come up since the play fired and where the account stands, line by line. */
function factLines(run: PlayRun, { assessment, renewal }: PlayFacts): readonly string[] {
  const lines = run.notes.map(({ on, because }) => `Since ${dayInWords(on)}: ${because}`);
  if (assessment !== null) {
    const { band, score, reason } = assessment.health;
    const why = run.because.includes(reason) ? '' : ` ${reason}`;
    lines.push(`Health: ${band}${score === null ? '' : `, ${score} of 100`}.${why}`);
  }
  if (renewal.next !== null) {
    const { endOn, decisionOn } = renewal.next;
    const until = decisionOn === endOn ? '' : `, decided by ${dayInWords(decisionOn)}`;
    lines.push(`Contract: ends on ${dayInWords(endOn)}${until}.`);
  }
  return lines;
}
