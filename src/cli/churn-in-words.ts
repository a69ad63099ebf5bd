import type { Interval } from '../core/churn/uncertainty.ts';
import type { ForecastCategory } from '../core/model/assessment.ts';
import type { CallRecord } from '../core/renewals/call-record.ts';
import { verdictInWords } from '../core/validation/in-words.ts';
import type { ChurnStatus, LearnedModel } from '../queries/churn-status.ts';
import { percent } from './account-in-words.ts';
import { table } from './terminal.ts';

export function churnInWords(churn: ChurnStatus): string {
  const { tier, status, model, waiting, intervalShare, training, baseRates, whyNot, validation, calls } = churn;
  const { terms, churns, rate } = training;
  const lines = [
    `Churn probabilities go by ${tier === 0 ? 'the rules (tier 0)' : "the customer's own renewals (tier 1)"}; status ${status.replace('_', ' ')}.`,
    ...whyNot.map((why) => `  ${why}`),
    '',
    `Learned from ${terms.have} decided terms (${terms.need} needed), ${churns.have} of them lost (${churns.need} needed)${rate === null ? '' : `: ${percent(rate.observed)} lost, ${between(rate, intervalShare, percent)}`}.`,
    training.lastOn === null
      ? 'Not trained yet.'
      : `Trained on ${training.lastOn}, again on ${training.nextOn ?? '–'} or by 'holdfast churn train'.`,
    ...(model === null ? [] : [`In use: ${modelInWords(model, intervalShare)}`]),
    ...(waiting === null ? [] : [`Waiting for 'holdfast churn acknowledge': ${modelInWords(waiting, intervalShare)}`]),
    '',
    table(
      ['segment', 'base rate', 'terms', 'lost'],
      Object.entries(baseRates).map(([segment, one]) => [segment, percent(one.rate), one.terms, one.churns]),
    ),
    '',
    ...validationInWords(validation),
    '',
    ...callsInWords(calls),
  ];
  return lines.join('\n');
}

/** Whose calls came true, and what became of each suggested category. */
function callsInWords(calls: CallRecord | null): readonly string[] {
  if (calls === null) return ['Calls on renewals were not held against how they went yet.'];
  const { leadDays, overDays, renewals, system, people, opposed, categories } = calls;
  const when = `in the last ${overDays} days`;
  if (renewals === 0) return [`No renewal was decided ${when} whose calls of ${leadDays} days before are kept.`];
  const rows = FORECAST_CATEGORIES.flatMap((category) => {
    const tally = categories[category];
    return tally === undefined ? [] : [[category.replace('_', ' '), tally.renewals, tally.renewed]];
  });
  return [
    [
      `Calls on decided renewals (${renewals} ${when}, by the calls of ${leadDays} days before):`,
      `the system was right on ${system.right} of ${system.called}, people on ${people.right} of ${people.called}.`,
      ...(opposed.renewals === 0
        ? []
        : [
            `Where they differed, the system was right on ${opposed.systemRight}, people on ${opposed.renewals - opposed.systemRight}.`,
          ]),
    ].join(' '),
    table(['suggested category', 'decided', 'renewed'], rows),
  ];
}

const FORECAST_CATEGORIES: readonly ForecastCategory[] = ['commit', 'most_likely', 'best_case', 'pipeline', 'omitted'];

/** The verdict and every gate, passed or not. */
function validationInWords({ gates, terms, lastOn, nextOn, ...verdict }: ChurnStatus['validation']): readonly string[] {
  if (lastOn === null || terms === null) return [verdictInWords(verdict)];
  const { decided, judged, lost, byEarlierVersions } = terms;
  const earlier = byEarlierVersions === 0 ? '' : `, ${byEarlierVersions} by an earlier version of the configuration`;
  return [
    `Scores are ${verdict.verdict}:`,
    table(
      ['gate', 'figure'],
      gates.map(({ state, words }) => [GATE_STATES[state], words]),
    ),
    `Of ${decided} decided terms ${judged} had been judged in time, ${lost} of them lost${earlier}. Checked on ${lastOn}, again on ${nextOn ?? '–'} and by a new configuration.`,
  ];
}

const GATE_STATES: Readonly<Record<ChurnStatus['validation']['gates'][number]['state'], string>> = {
  passed: 'passed',
  failed: 'not passed',
  unknown: 'not known yet',
};

function modelInWords({ trainedOn, terms, churns, features, quality }: LearnedModel, share: number): string {
  const { auc, aucInterval, brier, skill } = quality;
  const range = aucInterval === null ? '' : ` (${between(aucInterval, share, (value) => value.toFixed(2))})`;
  return [
    `trained on ${trainedOn} from ${terms} terms, ${churns} lost;`,
    `learned ${features.join(', ')};`,
    `on accounts that it had not seen: AUC ${auc.toFixed(2)}${range}, Brier ${brier.toFixed(3)}, ${percent(skill)} better than the rate of loss alone.`,
  ].join(' ');
}

function between({ low, high }: Interval, share: number, text: (value: number) => string): string {
  return `${text(low)} to ${text(high)} in ${percent(share)} of cases`;
}
