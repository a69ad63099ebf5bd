import { looksBefore, type DecidedTerm, type FeatureSnapshot } from '../churn/features.ts';
import type { ForecastCategory, RenewalCalls } from '../model/assessment.ts';
import { addDays, type CalendarDate } from '../model/calendar-date.ts';
import type { RenewalCall } from '../model/records.ts';
import type { RenewalConfiguration } from './configuration.ts';

/** The calls on a decided term as they stood a while before, and how it went. */
export interface CalledTerm {
  readonly system: Stand;
  /** The final call, else that of the CSM. */
  readonly people: Stand;
  readonly category: ForecastCategory | null;
  readonly isLost: boolean;
}

/** `monitor` takes no stand, and neither does a call that nobody made. */
type Stand = Exclude<RenewalCall, 'monitor'> | null;

/** Whose calls came true, over the renewals of some time. */
export interface CallRecord {
  /** The calls of so many days before each decision were held against how it went. */
  readonly leadDays: number;
  /** Of renewals that were decided within so many days. */
  readonly overDays: number;
  readonly renewals: number;
  readonly system: CallTally;
  readonly people: CallTally;
  /** Renewals on which the two took opposite stands; where the system was wrong, people were right. */
  readonly opposed: { readonly renewals: number; readonly systemRight: number };
  /** By the category that was suggested then; those that were not are absent. */
  readonly categories: Readonly<Partial<Record<ForecastCategory, CategoryTally>>>;
}

export interface CallTally {
  /** Renewals that were called good or at risk. */
  readonly called: number;
  /** Those of them that were renewed after `good`, and lost after `at risk`. */
  readonly right: number;
}

export interface CategoryTally {
  readonly renewals: number;
  readonly renewed: number;
}

/** The terms that were decided not long before `today` and of which calls are kept from before. */
export function calledTerms(
  features: readonly FeatureSnapshot[],
  decided: readonly DecidedTerm[],
  today: CalendarDate,
  { callRecord }: Pick<RenewalConfiguration, 'callRecord'>,
): readonly CalledTerm[] {
  const since = addDays(today, -callRecord.overDays);
  const recent = decided.filter(({ decisionOn }) => decisionOn >= since);
  return looksBefore(features, recent, callRecord).flatMap(({ term: { isLost }, look: { calls, category } }) => {
    if (calls === undefined) return [];
    return [{ system: toStand(calls.system), people: peoplesStand(calls), category: category ?? null, isLost }];
  });
}

export function toCallRecord(
  terms: readonly CalledTerm[],
  { callRecord: { leadDays, overDays } }: Pick<RenewalConfiguration, 'callRecord'>,
): CallRecord {
  const opposed = terms.filter(({ system, people }) => system !== null && people !== null && system !== people);
  const byCategory = Map.groupBy(terms, ({ category }) => category);
  return {
    leadDays,
    overDays,
    renewals: terms.length,
    system: tallyOf(terms, 'system'),
    people: tallyOf(terms, 'people'),
    opposed: { renewals: opposed.length, systemRight: tallyOf(opposed, 'system').right },
    categories: Object.fromEntries(
      [...byCategory].flatMap(([category, of]) =>
        category === null
          ? []
          : [[category, { renewals: of.length, renewed: of.filter(({ isLost }) => !isLost).length }]],
      ),
    ),
  };
}

function tallyOf(terms: readonly CalledTerm[], whose: 'system' | 'people'): CallTally {
  const called = terms.filter((term) => term[whose] !== null);
  return { called: called.length, right: called.filter((term) => (term[whose] === 'at_risk') === term.isLost).length };
}

const toStand = (call: RenewalCall | null): Stand => (call === 'monitor' ? null : call);
const peoplesStand = ({ final, csm }: Pick<RenewalCalls, 'final' | 'csm'>): Stand => final ?? toStand(csm);
