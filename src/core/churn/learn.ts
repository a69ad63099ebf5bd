import type { CalendarDate } from '../model/calendar-date.ts';
import type { ChurnConfiguration, LearnedFeature } from './configuration.ts';
import type { LearningRow } from './features.ts';
import type { LogisticRow } from './logistic.ts';
import { dot, fitLogistic, sigmoid } from './logistic.ts';
import type { ChurnModel } from './model.ts';
import { designOf, offsetOf, priorMeans } from './model.ts';

/**
 * Learns from decided terms how health and the named effects move churn here: a logistic regression drawn to the rules,
 * calibrated on accounts that it had not seen (Platt). Null while there are too few terms or losses to learn from. The
 * order of rows makes no difference.
 *
 * At best `calibrating`: only what was told before a decision, held against how it went, may call chances validated.
 */
export function learnChurn(
  rows: readonly LearningRow[],
  trainedOn: CalendarDate,
  configuration: ChurnConfiguration,
): ChurnModel | null {
  const { learning } = configuration;
  const churns = rows.filter(({ isLost }) => isLost).length;
  if (churns < learning.leastChurns || rows.length < learning.leastTerms || churns === rows.length) return null;
  const features = learning.features.slice(0, Math.floor(churns / learning.churnsPerFeature));
  const ordered = [...rows].sort((a, b) => (rowOrder(a) < rowOrder(b) ? -1 : 1));
  const design = ordered.map((row) => toLogisticRow(row, features, configuration));
  const prior = { means: priorMeans(features, configuration), spread: learning.priorSpread };
  const { coefficients, covariance } = fitLogistic(design, prior);
  const logits = unseenLogits(ordered, design, prior, learning.folds);
  const calibration = calibrate(logits, design, churns, learning.calibrationSpread);
  const quality = qualityOf(logits, design, calibration);
  return {
    trainedOn,
    terms: rows.length,
    churns,
    features,
    coefficients,
    covariance,
    calibration,
    quality,
    isSuspicious: quality.auc > learning.leakageAbove,
    status: quality.skill > 0 && calibration.slope > 0 ? 'calibrating' : 'degraded',
  };
}

const rowOrder = ({ accountId, baseRate, health, effects, isLost }: LearningRow): string =>
  `${accountId} ${baseRate} ${health} ${effects.join()} ${isLost}`;

function toLogisticRow(
  row: LearningRow,
  features: readonly LearnedFeature[],
  configuration: ChurnConfiguration,
): LogisticRow {
  return {
    x: designOf(row, features, configuration),
    offset: offsetOf(row, features, configuration),
    y: row.isLost ? 1 : 0,
  };
}

/** Each row's log-odds by a model that learned without any row of its account. */
function unseenLogits(
  rows: readonly LearningRow[],
  design: readonly LogisticRow[],
  prior: { readonly means: readonly number[]; readonly spread: number },
  folds: number,
): readonly number[] {
  const accounts = new Map([...new Set(rows.map(({ accountId }) => accountId))].map((id, index) => [id, index]));
  const foldOfRow = rows.map(({ accountId }) => (accounts.get(accountId) ?? 0) % folds);
  const models = Array.from({ length: folds }, (_, fold) =>
    fitLogistic(
      design.filter((_row, index) => foldOfRow[index] !== fold),
      prior,
    ),
  );
  return design.map(
    ({ x, offset }, index) => offset + dot(x, models[foldOfRow[index] ?? 0]?.coefficients ?? prior.means),
  );
}

/** Platt's calibration, with his targets a little inside 0 and 1; drawn weakly to "as it is". */
function calibrate(
  logits: readonly number[],
  design: readonly LogisticRow[],
  churns: number,
  spread: number,
): ChurnModel['calibration'] {
  const lost = (churns + 1) / (churns + 2);
  const kept = 1 / (design.length - churns + 2);
  const rows = logits.map((logit, index) => ({ x: [1, logit], offset: 0, y: design[index]?.y === 1 ? lost : kept }));
  const [shift = 0, slope = 1] = fitLogistic(rows, { means: [0, 1], spread }).coefficients;
  return { slope, shift };
}

function qualityOf(
  logits: readonly number[],
  design: readonly LogisticRow[],
  { slope, shift }: ChurnModel['calibration'],
): ChurnModel['quality'] {
  const rate = design.reduce((sum, { y }) => sum + y, 0) / design.length;
  let brier = 0;
  logits.forEach((logit, index) => (brier += (sigmoid(slope * logit + shift) - (design[index]?.y ?? 0)) ** 2));
  brier /= design.length;
  return { brier, skill: 1 - brier / (rate * (1 - rate)), auc: aucOf(logits, design) };
}

/** The chance that a lost term was rated above a kept one; ties count half. */
function aucOf(logits: readonly number[], design: readonly LogisticRow[]): number {
  const lost = logits.filter((_, index) => design[index]?.y === 1);
  const kept = logits.filter((_, index) => design[index]?.y !== 1).sort((a, b) => a - b);
  let wins = 0;
  for (const logit of lost) wins += (countBelow(kept, logit, false) + countBelow(kept, logit, true)) / 2;
  return wins / (lost.length * kept.length);
}

/** How many of a sorted list are below a value, those equal to it counted or not. */
function countBelow(sorted: readonly number[], value: number, withEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle] ?? 0;
    if (one < value || (withEqual && one === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
