import type {
  Churn,
  ForecastCategory,
  Health,
  Renewal,
  RenewalCalls,
  RenewalStep,
  Term,
  TermProgress,
} from '../model/assessment.ts';
import { addDays, daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import type { TermId } from '../model/ids.ts';
import type { ExchangeRates } from '../model/rates.ts';
import type { Deal } from '../model/records.ts';
import type { AccountHistory, AccountSnapshot, OwnTask } from '../model/snapshot.ts';
import { callsOf, recordedCall } from './calls.ts';
import { fillTemplate, templateValues } from '../plays/template.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { datedSteps, isDoneBySystem, stepName } from './dated-steps.ts';
import { segmentOfTerm } from './segment.ts';
import { sumOf } from './stated-term.ts';
import { findLeadingTerm } from './term-id.ts';
import { resultOf } from './term-result.ts';

/** The play whose tasks are the steps of a renewal. */
const RENEWAL_CADENCE = '05';

const STEPS: ReadonlySet<string> = new Set<RenewalStep>([
  'R0',
  'R1',
  'R2',
  'R3',
  'R4',
  'R5',
  'R6',
  'R7',
  'R8',
  'R9',
  'A1',
  'A2',
]);

export interface ProgressContext {
  readonly snapshot: AccountSnapshot;
  readonly renewal: Renewal;
  readonly health: Pick<Health, 'band' | 'score' | 'reason'>;
  readonly churn: Pick<Churn, 'riskAlone' | 'atDecision'>;
  readonly rates: ExchangeRates;
}

export interface Progress {
  readonly progress: readonly TermProgress[];
  readonly atT90: NonNullable<AccountHistory['atT90']>;
}

/** Where the renewal of each term stands that is open or was decided within the renewal window before today. */
export function progressOf(context: ProgressContext, configuration: RenewalConfiguration): Progress {
  const { snapshot, renewal } = context;
  const since = addDays(snapshot.today, -configuration.windowDays);
  const terms = renewal.terms.filter((term) => term.outcome === 'open' || term.endOn >= since);
  const atT90 = earlierScores(context, terms, configuration);
  const tasks = tasksByTerm(snapshot.ownTasks, renewal, configuration);
  return {
    progress: terms.map((term) => toProgress(term, context, atT90, tasks.get(term.id) ?? [], configuration)),
    atT90,
  };
}

/**
 * The chance that a term is renewed: of the next one, 1 − the chance that its decision goes against us. Null for any
 * later term, from month to month, and without a health score.
 */
export function renewalChance(
  term: Term,
  { renewal, churn }: { readonly renewal: Renewal; readonly churn: Pick<Churn, 'atDecision'> },
): number | null {
  const isMeant = renewal.next?.id === term.id || term.outcome === 'churned';
  return !isMeant || term.type === 'monthly' || churn.atDecision === null ? null : 1 - churn.atDecision;
}

function toProgress(
  term: Term,
  context: ProgressContext,
  atT90: Progress['atT90'],
  tasks: readonly OwnTask[],
  configuration: RenewalConfiguration,
): TermProgress {
  const { snapshot, renewal, churn } = context;
  const deal = (snapshot.deals ?? []).find(({ id }) => id === term.renewalDealId) ?? null;
  const calls = callsOf(deal, churn);
  const isDecided = isSettled(term, deal, snapshot);
  const { step, stepsLate, nextAction } = stepsOf(term, calls, tasks, context, configuration);
  return {
    termId: term.id,
    isSettled: isDecided,
    calls,
    category: categoryOf(term, calls, context, configuration),
    step,
    stepsLate,
    nextAction,
    paperDeadlineOn: paperDeadline(term, snapshot),
    healthAtT90: atT90.find(({ termId }) => termId === term.id)?.score ?? null,
    result: isDecided ? resultOf(renewedTogether(term, renewal), deal, configuration) : null,
  };
}

/** A deal that renewed several terms is held against all of them together, and its day against the first to be decided. */
export function renewedTogether(term: Term, { terms }: Renewal): Term {
  if (term.outcome !== 'renewed') return term;
  const lead = terms.find(({ id }) => id === term.renewedWith) ?? term;
  const others = terms.filter(({ renewedWith }) => renewedWith === lead.id);
  return { ...lead, targetArr: sumOf([lead, ...others].map(({ targetArr }) => targetArr)) };
}

/** A customer who gave notice may still change their mind until the day of decision. */
export function isSettled(
  { outcome, decisionOn }: Pick<Term, 'outcome' | 'decisionOn'>,
  deal: Deal | null,
  { today, account }: Pick<AccountSnapshot, 'today' | 'account'>,
): boolean {
  if (outcome !== 'churned') return outcome !== 'open';
  const hasLeft = account.type === 'churned' || account.lifecycle === 'churned';
  return decisionOn <= today || hasLeft || deal?.stage?.outcome === 'lost';
}

function categoryOf(
  term: Term,
  calls: RenewalCalls,
  context: ProgressContext,
  configuration: RenewalConfiguration,
): ForecastCategory {
  const { health, renewal, churn } = context;
  const { forecast } = configuration;
  if (term.outcome === 'churned') return 'omitted';
  if (term.outcome !== 'open') return 'closed';
  const chance = renewalChance(term, { renewal, churn });
  if (health.band === 'red' || health.band === 'grey') return 'pipeline';
  if (chance !== null && chance < forecast.bestCaseFrom) return 'pipeline';
  if (health.band === 'yellow' || chance === null || chance < forecast.mostLikelyFrom) return 'best_case';
  const call = commitCall(term, calls, context, configuration);
  if (call === 'at_risk') return 'best_case';
  return chance >= forecast.commitFrom && call === 'good' ? 'commit' : 'most_likely';
}

/**
 * Good or at risk, as it is meant on the day of step R3. Where that step is the system's own, nobody is asked for a final
 * call, and its call is the final one from that day on; not against what the CSM says.
 */
function commitCall(
  term: Term,
  { system, final, disagree }: RenewalCalls,
  { snapshot, rates }: ProgressContext,
  configuration: RenewalConfiguration,
): RenewalCalls['final'] {
  if (final !== null || disagree || system === null || system === 'monitor') return final;
  const segment = segmentOfTerm(snapshot, term, { renewals: configuration, rates });
  return isDoneBySystem('R3', term, segment, configuration, snapshot.today) ? system : null;
}

/** The steps of renewals that became tasks, by the term whose steps they are today. */
export function tasksByTerm(
  ownTasks: readonly OwnTask[] | null,
  { terms }: Renewal,
  { movedDays }: RenewalConfiguration,
): ReadonlyMap<TermId | null, readonly OwnTask[]> {
  const tasks = (ownTasks ?? []).filter(({ play }) => play === RENEWAL_CADENCE);
  return Map.groupBy(tasks, ({ termId }) =>
    termId === null ? null : (findLeadingTerm(termId, terms, movedDays)?.id ?? null),
  );
}

/** The next step that is neither done nor let go, and the tasks of the term that are overdue. */
function stepsOf(
  term: Term,
  calls: RenewalCalls,
  tasks: readonly OwnTask[],
  { snapshot, health, rates }: ProgressContext,
  configuration: RenewalConfiguration,
): Pick<TermProgress, 'step' | 'stepsLate' | 'nextAction'> {
  const none = { step: null, stepsLate: 0, nextAction: null };
  if (term.outcome !== 'open' || term.type === 'monthly') return none;
  const { today } = snapshot;
  const isLate = (task: OwnTask): boolean => isOpen(task) && task.dueOn < today;
  const stepsLate = tasks.filter((task) => isLate(task) && recordedCall(task.step, calls) === null).length;
  const holidays = new Set<string>(configuration.holidays);
  for (const { step, wording, dueOn } of datedSteps(
    term,
    segmentOfTerm(snapshot, term, { renewals: configuration, rates }),
    configuration,
    holidays,
  )) {
    if (!isRenewalStep(step.id) || recordedCall(step.id, calls) !== null) continue;
    const asked = tasks.filter((one) => one.step === stepName(step));
    const task = asked.find(({ termId }) => termId === term.id) ?? asked[0];
    const isAhead = task === undefined ? dueOn >= today : isOpen(task);
    if (isAhead) {
      const title = fillTemplate(wording.title, templateValues({ snapshot, health, term }, ''));
      return { step: step.id, stepsLate, nextAction: { title, dueOn: task?.dueOn ?? dueOn } };
    }
  }
  return { ...none, stepsLate };
}

const isOpen = ({ state }: OwnTask): boolean => state === 'open' || state === 'creating';

function isRenewalStep(id: string): id is RenewalStep {
  return STEPS.has(id);
}

/** What is signed later misses the last invoice of the term: the newest invoice tells on which day of the month they go out. */
function paperDeadline(term: Term, { invoices }: AccountSnapshot): CalendarDate | null {
  let newest: CalendarDate | null = null;
  for (const { issuedOn } of invoices ?? []) {
    if (issuedOn !== null && (newest === null || issuedOn > newest)) newest = issuedOn;
  }
  if (newest === null) return null;
  for (let days = 0; days < 62; days += 1) {
    const day = addDays(term.endOn, -days);
    if (day.slice(8) === newest.slice(8)) return day;
  }
  return null;
}

/** Taken once, when their day has come; whoever is first seen later has none. */
function earlierScores(
  { snapshot: { history, today }, renewal, health }: ProgressContext,
  terms: readonly Term[],
  { movedDays, earlierScore: { daysBefore, withinDays } }: RenewalConfiguration,
): Progress['atT90'] {
  const taken = (history?.atT90 ?? [])
    .filter(({ on }) => on < today)
    .map((one) => ({ one, leading: findLeadingTerm(one.termId, renewal.terms, movedDays) }));
  return terms.flatMap((term) => {
    const own = taken.find(({ one }) => one.termId === term.id);
    const known = (own ?? taken.find(({ leading }) => leading === term))?.one;
    if (known !== undefined) return [{ ...known, termId: term.id }];
    const since = daysBetween(today, term.decisionOn) - daysBefore;
    const isTheDay = since <= 0 && since > -withinDays && term.outcome === 'open';
    return isTheDay && health.score !== null ? [{ termId: term.id, on: today, score: health.score }] : [];
  });
}
