import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessChurn } from '../../../src/core/churn/churn.ts';
import { defaultChurnConfiguration as configuration } from '../../../src/core/churn/configuration.ts';
import type { EffectId } from '../../../src/core/churn/configuration.ts';
import type { FeatureSnapshot, LearningRow } from '../../../src/core/churn/features.ts';
import { toLearningRows } from '../../../src/core/churn/features.ts';
import { learnChurn } from '../../../src/core/churn/learn.ts';
import { fitLogistic } from '../../../src/core/churn/logistic.ts';
import type { ChurnModel } from '../../../src/core/churn/model.ts';
import { heldProbability, predict } from '../../../src/core/churn/model.ts';
import { defaultChampion } from '../../../src/core/measures/r4-champion.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { toAccountId, toTermId } from '../../../src/core/model/ids.ts';
import { noExchangeRates } from '../../../src/core/model/rates.ts';
import { defaultCapConfiguration } from '../../../src/core/scoring/caps.ts';
import { dayAgo, snapshot, TODAY } from '../scoring/account-builder.ts';

const learn = (rows: readonly LearningRow[]) => learnChurn(rows, TODAY, configuration);

function learned(rows: readonly LearningRow[]): ChurnModel {
  const model = learn(rows);
  if (model === null) throw new Error('there was too little to learn from');
  return model;
}

/** Terms of a segment that loses 15%: of every `outOf` with this health and these effects, `lost` were lost. */
function terms(
  name: string,
  outOf: number,
  lost: number,
  health: number,
  effects: readonly EffectId[] = [],
): LearningRow[] {
  return Array.from({ length: outOf }, (_, index) => ({
    accountId: toAccountId(`${name}${index}`),
    baseRate: 0.15,
    health,
    effects,
    isLost: index < lost,
  }));
}

/** Health says here as much as the rules think; a champion who left says far more. */
const book: readonly LearningRow[] = [
  ...terms('good', 80, 6, 90),
  ...terms('fair', 80, 12, 70),
  ...terms('poor', 40, 10, 50),
  ...terms('left', 20, 18, 70, ['champion_departed']),
];

const chance = (model: ChurnModel, health: number, effects: readonly EffectId[] = []): number =>
  heldProbability(predict(model, { baseRate: 0.15, health, effects }, configuration).logit, configuration);

describe('learning from decided terms', () => {
  it('waits for 20 losses among 100 terms', () => {
    expect(learn(terms('a', 100, 19, 60))).toBeNull();
    expect(learn(terms('a', 99, 20, 60))).toBeNull();
    expect(learn(terms('a', 100, 20, 60))).not.toBeNull();
  });

  it('sets one feature free per ten losses; the others stay as the rules have them', () => {
    expect(learned(terms('a', 100, 29, 60)).features).toEqual(['health', 'sharp_decline']);
    expect(learned(book)).toMatchObject({
      churns: 46,
      features: ['health', 'sharp_decline', 'champion_departed', 'overdue'],
    });
  });

  it('finds what really moves churn here', () => {
    const model = learned(book);
    expect(chance(model, 90)).toBeGreaterThan(0.04);
    expect(chance(model, 90)).toBeLessThan(0.11);
    expect(chance(model, 70)).toBeLessThan(0.22);
    const left = chance(model, 70, ['champion_departed']);
    const byRules = 1 / (1 + Math.exp(-(Math.log(0.15 / 0.85) + configuration.effects.champion_departed)));
    expect(left).toBeGreaterThan(byRules + 0.2);
    expect(model.quality.skill).toBeGreaterThan(0);
    expect(model.status).toBe('calibrating');
  });

  it('stays close to the rules where terms say nothing of a feature', () => {
    const { features, coefficients } = learned(book);
    expect(coefficients[1 + features.indexOf('overdue')]).toBeCloseTo(configuration.effects.overdue, 6);
  });

  it('does not depend on the order of terms', () => {
    const model = learned(book);
    fc.assert(
      fc.property(fc.shuffledSubarray([...book], { minLength: book.length }), (shuffled) => {
        expect(learned(shuffled)).toEqual(model);
      }),
      { numRuns: 20 },
    );
  });

  it('is not believed when it does no better than the base rate', () => {
    const healthTellsNothing = [...terms('good', 120, 30, 95), ...terms('poor', 120, 30, 20)];
    const model = learned(healthTellsNothing);
    expect(model.status).toBe('degraded');
    expect(model.quality.skill).toBeLessThanOrEqual(0);
  });

  it('is suspicious when it is too good to be true', () => {
    const tellsAll = [...terms('kept', 100, 0, 95), ...terms('lost', 30, 30, 5)];
    expect(learned(tellsAll)).toMatchObject({ isSuspicious: true, quality: { auc: 1 } });
    expect(learned(book).isSuspicious).toBe(false);
  });
});

describe('a regression', () => {
  it('without rows is its prior', () => {
    const { coefficients, covariance } = fitLogistic([], { means: [0.3, -1], spread: 0.5 });
    expect(coefficients).toEqual([0.3, -1]);
    expect(covariance).toEqual([
      [0.25, 0],
      [0, 0.25],
    ]);
  });

  it('with a wide prior gives the share that was seen', () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({ x: [1], offset: 0, y: index < 10 ? 1 : 0 }));
    const [intercept = 0] = fitLogistic(rows, { means: [0], spread: 1_000 }).coefficients;
    expect(1 / (1 + Math.exp(-intercept))).toBeCloseTo(0.25, 5);
  });

  it('counts a row with a weight as so many rows', () => {
    const rows = (weight: number, times: number) =>
      [0, 1, 1].flatMap((y, index) => Array.from({ length: times }, () => ({ x: [1, index], offset: 0, y, weight })));
    const prior = { means: [0, 0], spread: 1 };
    const [once, often] = [fitLogistic(rows(3, 1), prior), fitLogistic(rows(1, 3), prior)];
    once.coefficients.forEach((value, index) => expect(value).toBeCloseTo(often.coefficients[index] ?? NaN, 8));
    expect(once.coefficients).not.toEqual(fitLogistic(rows(1, 1), prior).coefficients);
  });

  it('ends also when one feature tells everything', () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({
      x: [1, index < 20 ? 1 : -1],
      offset: 0,
      y: index < 20 ? 1 : 0,
    }));
    const [, slope = 0] = fitLogistic(rows, { means: [0, 0], spread: 2 }).coefficients;
    expect(slope).toBeGreaterThan(1);
    expect(Number.isFinite(slope)).toBe(true);
  });
});

describe('what is learned from', () => {
  const decisionOn = dayAgo(10);
  const seen = (daysBefore: number, health: number): FeatureSnapshot => ({
    accountId: toAccountId('1'),
    on: addDays(decisionOn, -daysBefore),
    knownAt: `${addDays(decisionOn, -daysBefore)}T08:00:00.000Z`,
    termId: toTermId('t'),
    decisionOn,
    segment: 'mid',
    baseRate: 0.15,
    health,
    delta28d: null,
    effects: [],
    measures: {},
    revenue: null,
    probabilityAtDecision: null,
    modelVersion: 'test',
  });
  const decided = [{ accountId: toAccountId('1'), termId: toTermId('t'), decisionOn, isLost: true }];

  it('is how an account looked 90 days before its decision, never later', () => {
    const rows = toLearningRows([seen(120, 80), seen(90, 55), seen(89, 20)], decided, configuration.learning);
    expect(rows).toMatchObject([{ health: 55, isLost: true }]);
    expect(toLearningRows([seen(89, 20)], decided, configuration.learning)).toEqual([]);
  });

  it('is not what was known of an account without a term', () => {
    const without = { ...seen(120, 80), termId: null, decisionOn: null };
    expect(toLearningRows([without, seen(95, 55)], decided, configuration.learning)).toMatchObject([{ health: 55 }]);
    expect(toLearningRows([without], decided, configuration.learning)).toEqual([]);
  });

  it('is only terms of which it is known how they went', () => {
    expect(toLearningRows([seen(120, 80)], [], configuration.learning)).toEqual([]);
  });
});

describe('an account judged by what was learned', () => {
  const endOn = addDays(TODAY, 60);
  const next = {
    id: toTermId('term'),
    startOn: addDays(endOn, -365),
    endOn,
    decisionOn: endOn,
    noticeDays: 0,
    noticeAssumed: false,
    type: 'manual' as const,
    targetArr: null,
    outcome: 'open' as const,
    renewalDealId: null,
    source: 'test',
    evidence: [],
  };
  const churn = (churnModel: ChurnModel | null) =>
    assessChurn(
      {
        snapshot: snapshot({ book: { ...snapshot().book, churnModel } }),
        health: { score: 50, trend: 'stable', delta28d: null, drivers: [] },
        trendDays: 28,
        renewal: { terms: [next], next, status: null, gaps: [] },
        segment: 'mid',
        champion: defaultChampion,
        caps: defaultCapConfiguration,
        rates: noExchangeRates,
      },
      configuration,
    ).churn;

  it('has the model’s chance and status', () => {
    const model = learned(book);
    expect(churn(model)).toMatchObject({ probability90d: expect.closeTo(chance(model, 50), 4), status: 'calibrating' });
  });

  it('goes by the rules again while the model is no good', () => {
    const degraded = { ...learned(book), status: 'degraded' as const };
    expect(churn(degraded)).toMatchObject({ probability90d: churn(null).probability90d, status: 'degraded' });
  });

  it('has an interval around its chance, narrower once there is something to go on', () => {
    const { interval90d: rules, probability90d: p } = churn(null);
    const { interval90d: model } = churn(learned(book));
    if (rules === null || model === null || p === null) throw new Error('there is no interval');
    expect(rules.low).toBeLessThan(p);
    expect(rules.high).toBeGreaterThan(p);
    expect(model.high - model.low).toBeLessThan(rules.high - rules.low);
  });
});
