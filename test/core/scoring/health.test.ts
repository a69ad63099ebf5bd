import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/core/measures/measure.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import type { ScoringContext } from '../../../src/core/scoring/health.ts';
import { scoreHealth } from '../../../src/core/scoring/health.ts';
import { defaultProfileConfiguration } from '../../../src/core/scoring/profiles.ts';
import { ago, dayAgo } from './account-builder.ts';

const asOf = `${dayAgo(0)}T08:00:00.000Z`;

const read = (state: 'ok' | 'stale', score: number, days = 0): Reading => ({
  state,
  value: score,
  score,
  because: 'Read.',
  evidence: [],
  at: ago(days),
});
const missing: Reading = { state: 'missing', because: 'Nothing there.' };
const error: Reading = { state: 'error', because: 'Not a number.' };
const na: Reading = { state: 'na', because: 'Does not apply.' };

/** Two measures of equal weight in one dimension, and a third alone in another. */
function score(one: Reading, other: Reading, third: Reading, more: Partial<ScoringContext> = {}) {
  const measure = (id: string, dimension: 'relationship' | 'support') => ({ id, title: id, dimension, weight: 0.5 });
  return scoreHealth(
    [
      { measure: measure('one', 'relationship'), reading: one },
      { measure: measure('other', 'relationship'), reading: other },
      { measure: measure('third', 'support'), reading: third },
    ],
    {
      weights: defaultProfileConfiguration.weights.crm_only,
      prior: 65,
      asOf,
      isUsageTold: false,
      lastGood: {},
      caps: [],
      ...more,
    },
    defaultHealthConfiguration,
  );
}

const relationship = (one: Reading, more: Partial<ScoringContext> = {}) =>
  score(one, read('ok', 90), read('ok', 90), more).dimensions.relationship;
const lastGood = (scored: number, days: number) => ({
  lastGood: { one: { value: scored, score: scored, at: ago(days) } },
});

describe('a reading', () => {
  it('that does not apply is left out, of coverage too', () => {
    expect(score(na, read('ok', 90), read('ok', 90))).toMatchObject({ coverage: 1, dimensions: { relationship: 90 } });
  });

  it('that was never there is left out, but counts against coverage', () => {
    const scored = score(missing, read('ok', 90), read('ok', 90));
    expect(scored.dimensions.relationship).toBe(90);
    expect(scored.coverage).toBeCloseTo((35 / 2 + 20) / 55, 9);
  });

  it('that is old has lost half of what it has above 60 after 30 days', () => {
    expect(relationship(read('stale', 100, 30))).toBe((80 + 90) / 2);
    expect(relationship(read('stale', 20, 30))).toBe((20 + 90) / 2);
  });

  it('that was lost counts as its last good score, at most 60', () => {
    expect(relationship(missing, lastGood(95, 5))).toBe((60 + 90) / 2);
    expect(relationship(missing, lastGood(30, 5))).toBe((30 + 90) / 2);
  });

  it('that failed is replaced by the last good one for a week, and fades after that', () => {
    expect(relationship(error, lastGood(100, 7))).toBe((100 + 90) / 2);
    expect(relationship(error, lastGood(100, 30))).toBe((80 + 90) / 2);
    expect(relationship(error)).toBe(90);
  });
});

describe('a score on thin evidence', () => {
  it('is grey below 40% coverage, or with a single dimension', () => {
    expect(score(missing, missing, read('ok', 90))).toMatchObject({ isGrey: true, score: null, confidence: 'none' });
    expect(score(read('ok', 90), read('ok', 90), missing)).toMatchObject({ isGrey: true, score: null });
  });

  it('is drawn to the median of the segment', () => {
    const scored = score(missing, read('ok', 90), read('ok', 90), { prior: 50 });
    expect(scored.shrunk).toBeCloseTo(50 + 40 * ((35 / 2 + 20) / 55 / 0.8), 9);
  });

  it('is not drawn up to the prior by inputs that were lost', () => {
    const full = score(read('ok', 20), read('ok', 20), read('ok', 20));
    const lost = score(missing, read('ok', 20), read('ok', 20), lastGood(20, 0));
    expect(lost.score).toBeLessThanOrEqual(full.score ?? 0);
  });
});

describe('the drivers', () => {
  it('name the strongest effect first, and what each adds or takes', () => {
    const { drivers } = score(read('ok', 10), read('ok', 70), read('ok', 60));
    expect(drivers.map(({ measure }) => measure)).toEqual(['one', 'other', 'third']);
    expect(drivers[0]).toMatchObject({ weight: 0.3182, contribution: -15.91 });
    expect(drivers[2]).toMatchObject({ weight: 0.3636, contribution: 0 });
  });
});
