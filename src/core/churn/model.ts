import type { CalendarDate } from '../model/calendar-date.ts';
import type { ChurnConfiguration, EffectId, LearnedFeature } from './configuration.ts';
import { dot, sigmoid } from './logistic.ts';

/** What was learned from the customer's own renewals. Plain values, so that it can be stored with what it decided. */
export interface ChurnModel {
  readonly trainedOn: CalendarDate;
  readonly terms: number;
  readonly churns: number;
  /** The features that were set free, in the order of the coefficients; the first coefficient is the intercept. */
  readonly features: readonly LearnedFeature[];
  readonly coefficients: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  /** Calibration of the log-odds, from predictions for accounts that the model had not seen: slope × logit + shift. */
  readonly calibration: { readonly slope: number; readonly shift: number };
  /** On accounts that the model had not seen. `skill` is 1 − Brier score ÷ that of the base rate. */
  readonly quality: { readonly brier: number; readonly skill: number; readonly auc: number };
  /** Better than it should be able to be: something in the features tells the outcome. */
  readonly isSuspicious: boolean;
  /** `degraded`: no better than the base rate, so the rules decide. */
  readonly status: 'calibrating' | 'validated' | 'degraded';
}

/** What decides on one term. */
export interface TermFeatures {
  readonly baseRate: number;
  readonly health: number;
  readonly effects: readonly EffectId[];
}

/** A feature vector with a leading 1. Health is in tens of points above the pivot. */
export function designOf(
  { health, effects }: TermFeatures,
  features: readonly LearnedFeature[],
  { pivot }: Pick<ChurnConfiguration, 'pivot'>,
): readonly number[] {
  const values = features.map((feature) => {
    if (feature === 'health') return (health - pivot) / 10;
    return effects.includes(feature) ? 1 : 0;
  });
  return [1, ...values];
}

/** Log-odds by the rules for everything that is not free: base rate, other effects, and health where it is not free. */
export function offsetOf(
  { baseRate, health, effects }: TermFeatures,
  features: readonly LearnedFeature[],
  configuration: ChurnConfiguration,
): number {
  const { effectLimit, perHealthPoint, pivot } = configuration;
  const free = new Set<string>(features);
  let sum = 0;
  for (const effect of effects) if (!free.has(effect)) sum += configuration.effects[effect];
  const held = Math.max(-effectLimit, Math.min(effectLimit, sum));
  const byHealth = free.has('health') ? 0 : -perHealthPoint * (health - pivot);
  return Math.log(baseRate / (1 - baseRate)) + byHealth + held;
}

/** The rules' own coefficients of the free features: where learning starts from. */
export function priorMeans(features: readonly LearnedFeature[], configuration: ChurnConfiguration): readonly number[] {
  return [
    0,
    ...features.map((feature) =>
      feature === 'health' ? -10 * configuration.perHealthPoint : configuration.effects[feature],
    ),
  ];
}

/** Calibrated log-odds that a term is lost, and their standard deviation. */
export function predict(
  model: ChurnModel,
  term: TermFeatures,
  configuration: ChurnConfiguration,
): { readonly logit: number; readonly deviation: number } {
  const x = designOf(term, model.features, configuration);
  const { slope, shift } = model.calibration;
  const logit = offsetOf(term, model.features, configuration) + dot(x, model.coefficients);
  const variance = dot(
    x,
    model.covariance.map((row) => dot(row, x)),
  );
  return { logit: slope * logit + shift, deviation: slope * Math.sqrt(Math.max(0, variance)) };
}

/** A probability from log-odds, held within what may be claimed. */
export function heldProbability(logit: number, { lowest, highest }: ChurnConfiguration): number {
  return Math.max(lowest, Math.min(highest, sigmoid(logit)));
}
