import type { ModelConfiguration } from '../core/configuration.ts';

/** Over how many days the figures of an assessment are told whose names speak of 28 or 90: those are the defaults. */
export interface Spans {
  /** Of the change of the score. */
  readonly trendDays: number;
  /** Of what moved it. */
  readonly moverDays: number;
  /** Of the chance of a loss, ahead. */
  readonly churnDays: number;
}

export function spansOf({ health, churn }: Pick<ModelConfiguration, 'health' | 'churn'>): Spans {
  return { trendDays: health.trend.days, moverDays: health.movers.days, churnDays: churn.horizonDays };
}
