import { describe, expect, it } from 'vitest';
import type { FeatureSnapshot } from '../../../src/core/churn/features.ts';
import { addDays, calendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId, toTermId } from '../../../src/core/model/ids.ts';
import { defaultValidationConfiguration as configuration } from '../../../src/core/validation/configuration.ts';
import { toJudgedTerms } from '../../../src/core/validation/judged-terms.ts';

const DECIDED = calendarDate('2026-06-30');
const accountId = toAccountId('c1');
const termId = toTermId('t1');
const lost = { accountId, termId, decisionOn: DECIDED, isLost: true };

/** What was said so many days before the decision. */
const said = (daysBefore: number, changes: Partial<FeatureSnapshot>): FeatureSnapshot => {
  const on = addDays(DECIDED, -daysBefore);
  return {
    accountId,
    on,
    knownAt: `${on}T08:00:00.000Z`,
    termId,
    decisionOn: DECIDED,
    segment: 'mid',
    baseRate: 0.15,
    health: 60,
    delta28d: null,
    effects: [],
    measures: {},
    revenue: null,
    probabilityAtDecision: 0.2,
    modelVersion: 'HF-Health v1 / default 1',
    ...changes,
  };
};

const judged = (features: readonly FeatureSnapshot[]) =>
  toJudgedTerms(features, [lost], configuration).map(({ band }) => band);

describe('what was said of a term before it was decided', () => {
  it('is what was said last, 90 days before or earlier', () => {
    expect(judged([said(121, { band: 'green' }), said(90, { band: 'yellow' }), said(89, { band: 'red' })])).toEqual([
      'yellow',
    ]);
  });

  it('is nothing while it was only said later: whoever looks back knows better', () => {
    expect(judged([said(89, { band: 'red' }), said(30, { band: 'red' })])).toEqual([]);
  });

  it('counts back from the day on which the term was decided, wherever that was expected before', () => {
    const expected = addDays(DECIDED, 60);
    expect(judged([said(80, { band: 'red', decisionOn: expected })])).toEqual([]);
  });

  it('is nothing where it was said too long before, or without a band', () => {
    expect(judged([said(136, { band: 'red' })])).toEqual([]);
    expect(judged([said(135, { band: 'red' })])).toEqual(['red']);
    expect(judged([said(95, { band: 'grey' })])).toEqual([]);
    expect(judged([said(95, {})])).toEqual([]);
  });

  it('belongs to its own term', () => {
    expect(judged([said(95, { band: 'red', termId: toTermId('t2') })])).toEqual([]);
  });
});
