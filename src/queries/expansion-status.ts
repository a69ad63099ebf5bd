import type { ExpansionConfiguration, ExpansionCurve } from '../core/expansion/configuration.ts';
import { chanceAt, curveOf } from '../core/expansion/learn.ts';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import { readExpansionModel } from '../flow/expansion-model.ts';
import type { TenantStore } from '../ports/store.ts';
import type { Gate } from './churn-status.ts';

/** What chances of expansion of an installation go by. */
export interface ExpansionStatus {
  readonly status: 'provisional' | 'calibrated';
  /** Null before the first training. */
  readonly lastOn: CalendarDate | null;
  /** The chance is one within so many days. */
  readonly withinDays: number;
  /** Won expansions that followed a score. */
  readonly expansions: Gate;
  /** Accounts whose scores were looked at, each month anew. */
  readonly accounts: number;
  readonly curve: ExpansionCurve;
  /** The chance, 0 to 1, at some scores, the lowest first. */
  readonly chances: readonly { readonly score: number; readonly chance: number }[];
}

const SCORES_SHOWN = [10, 30, 50, 70];

export async function readExpansionStatus(
  { settings }: Pick<TenantStore, 'settings'>,
  { probability }: Pick<ExpansionConfiguration, 'probability'>,
): Promise<ExpansionStatus> {
  const model = await readExpansionModel(settings);
  const isLearned = model !== null && model.curve !== null;
  const { at, pivot, perPoint } = curveOf(model, probability);
  const have = model?.expansions ?? 0;
  const need = probability.learning.leastExpansions;
  return {
    status: isLearned ? 'calibrated' : 'provisional',
    lastOn: model?.trainedOn ?? null,
    withinDays: isLearned ? model.withinDays : probability.learning.withinDays,
    expansions: { have, need, isMet: have >= need },
    accounts: model?.accounts ?? 0,
    curve: { at, pivot, perPoint },
    chances: SCORES_SHOWN.map((score) => ({ score, chance: chanceAt(score, { at, pivot, perPoint }) })),
  };
}
