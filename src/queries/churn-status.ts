import { baseRate, statusOf } from '../core/churn/churn.ts';
import type { ChurnConfiguration, LearningConfiguration } from '../core/churn/configuration.ts';
import type { ChurnModel } from '../core/churn/model.ts';
import { aucInterval, rateInterval, shareWithin, type Interval } from '../core/churn/uncertainty.ts';
import type { Assessment } from '../core/model/assessment.ts';
import { addMonths, calendarDate, type CalendarDate } from '../core/model/calendar-date.ts';
import type { Segment } from '../core/model/records.ts';
import type { CallRecord } from '../core/renewals/call-record.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import { gateInWords, type Verdict } from '../core/validation/in-words.ts';
import { readChurnModel, readChurnTraining } from '../flow/churn-model.ts';
import { readCallRecord } from '../flow/call-record.ts';
import { readBookFacts } from '../flow/judge.ts';
import { isValidated, readValidation, type Validation } from '../flow/validation.ts';
import type { TenantStore } from '../ports/store.ts';
import { toVerdict } from './validation.ts';

/** What churn probabilities of an installation go by, and why not by more. Rates and probabilities are 0 to 1. */
export interface ChurnStatus {
  readonly installation: string;
  /** 0 goes by the rules, 1 by what was learned from the customer's own terms. */
  readonly tier: 0 | 1;
  readonly status: Assessment['churn']['status'];
  readonly model: LearnedModel | null;
  /** Too good to be true: not used until a person acknowledges it. */
  readonly waiting: LearnedModel | null;
  /** How often the true value lies within each interval, 0 to 1. */
  readonly intervalShare: number;
  readonly training: {
    /** Null before the first training. */
    readonly lastOn: CalendarDate | null;
    readonly nextOn: CalendarDate | null;
    readonly terms: Gate;
    readonly churns: Gate;
    readonly rate: (Interval & { readonly observed: number }) | null;
  };
  /** By segment: what a term without further evidence is given. */
  readonly baseRates: Readonly<
    Record<Segment, { readonly rate: number; readonly terms: number; readonly churns: number }>
  >;
  /** Why the tier is not higher; empty where it is as high as it can be. */
  readonly whyNot: readonly string[];
  /** Whether score and chances stood when they were held against the customer's own renewals. */
  readonly validation: ValidationStatus;
  /** Whose calls on renewals came true, as of the last training; null before the first. */
  readonly calls: CallRecord | null;
}

export interface ValidationStatus extends Verdict {
  /** Null before the first check. */
  readonly lastOn: CalendarDate | null;
  readonly nextOn: CalendarDate | null;
  readonly modelVersion: string | null;
  readonly terms: Validation['terms'] | null;
  /** Empty before the first check. */
  readonly gates: readonly (Validation['gates'][number] & { readonly words: string })[];
}

export interface Gate {
  readonly have: number;
  readonly need: number;
  readonly isMet: boolean;
}

export interface LearnedModel extends Pick<ChurnModel, 'trainedOn' | 'terms' | 'churns' | 'features' | 'status'> {
  /** On accounts that it had not seen. */
  readonly quality: ChurnModel['quality'] & { readonly aucInterval: Interval | null };
}

export async function readChurnStatus(store: TenantStore, configuration: ChurnConfiguration): Promise<ChurnStatus> {
  const { learning } = configuration;
  const model = await readChurnModel(store.settings);
  const training = await readChurnTraining(store.settings);
  const validation = await readValidation(store.settings);
  const facts = (await readBookFacts(store.settings)).at(-1) ?? null;
  const terms = toGate(training?.terms ?? 0, learning.leastTerms);
  const churns = toGate(training?.churns ?? 0, learning.leastChurns);
  const interval = rateInterval(churns.have, terms.have, learning.intervalWidth);
  const waiting = training?.waiting ?? null;
  const whyNot: string[] = [];
  if (training === null) whyNot.push('Nothing was learned yet: the first daily run of a month does.');
  if (training !== null && !terms.isMet) {
    whyNot.push(
      `It takes ${terms.need} decided terms that were known ${learning.leadDays} days before; there are ${terms.have}.`,
    );
  }
  if (training !== null && !churns.isMet)
    whyNot.push(`It takes ${churns.need} losses among them; there are ${churns.have}.`);
  if (waiting !== null) {
    whyNot.push(
      `A model tells losses too well to be true (AUC ${waiting.quality.auc.toFixed(2)}, above ${learning.leakageAbove}): look whether a field gives the outcome away, then acknowledge it.`,
    );
  }
  if (model?.status === 'degraded') whyNot.push('What was learned does no better than the rate of loss alone.');
  return {
    installation: store.id,
    tier: model === null || model.status === 'degraded' ? 0 : 1,
    status: statusOf({ churnModel: model, isValidated: isValidated(validation) }),
    model: model === null ? null : toLearned(model, learning),
    waiting: waiting === null ? null : toLearned(waiting, learning),
    intervalShare: shareWithin(learning.intervalWidth),
    training: {
      lastOn: training?.on ?? null,
      nextOn: training === null ? null : firstOfNextMonth(training.on),
      terms,
      churns,
      rate: interval === null ? null : { ...interval, observed: churns.have / terms.have },
    },
    baseRates: baseRatesOf(facts?.segments ?? {}, configuration),
    whyNot,
    validation: toValidationStatus(validation),
    calls: await readCallRecord(store.settings),
  };
}

function toValidationStatus(found: Validation | null): ValidationStatus {
  return {
    ...toVerdict(found),
    lastOn: found?.on ?? null,
    nextOn: found === null ? null : firstOfNextMonth(found.on),
    modelVersion: found?.modelVersion ?? null,
    terms: found?.terms ?? null,
    gates: (found?.gates ?? []).map((gate) => ({ ...gate, words: gateInWords(gate, found?.leadDays ?? 0) })),
  };
}

function firstOfNextMonth(day: CalendarDate): CalendarDate {
  return addMonths(calendarDate(`${monthOf(day)}-01`), 1);
}

function baseRatesOf(
  segments: Readonly<Record<string, { readonly closedTerms: number; readonly churnedTerms: number }>>,
  configuration: ChurnConfiguration,
): ChurnStatus['baseRates'] {
  const rateOf = (segment: Segment) => {
    const { closedTerms, churnedTerms } = segments[segment] ?? { closedTerms: 0, churnedTerms: 0 };
    const rate = baseRate(configuration.perTerm[segment], { closedTerms, churnedTerms }, configuration);
    return { rate, terms: closedTerms, churns: churnedTerms };
  };
  const [enterprise, mid, smb] = [rateOf('enterprise'), rateOf('mid'), rateOf('smb')];
  return { enterprise, mid, smb };
}

function toGate(have: number, need: number): Gate {
  return { have, need, isMet: have >= need };
}

function toLearned(
  { trainedOn, terms, churns, features, status, quality }: ChurnModel,
  { intervalWidth }: Pick<LearningConfiguration, 'intervalWidth'>,
): LearnedModel {
  return {
    trainedOn,
    terms,
    churns,
    features,
    status,
    quality: { ...quality, aucInterval: aucInterval(quality.auc, churns, terms - churns, intervalWidth) },
  };
}
