import { describe, expect, it } from 'vitest';
import { aucInterval, rateInterval } from '../../../src/core/churn/uncertainty.ts';

describe('how sure a figure is', () => {
  it.each([
    [10, 90, 0.18],
    [20, 80, 0.13],
    [50, 250, 0.08],
    [200, 500, 0.04],
  ])('an AUC of 0.75 from %i lost and %i kept terms: ± %d', (lost, kept, half) => {
    const found = aucInterval(0.75, lost, kept);
    expect(((found?.high ?? 0) - (found?.low ?? 0)) / 2).toBeCloseTo(half, 1.9);
  });

  it('a rate of 3 in 20 lies between 5% and 36%', () => {
    const found = rateInterval(3, 20);
    expect(found?.low).toBeCloseTo(0.0524, 3);
    expect(found?.high).toBeCloseTo(0.3604, 3);
    expect(rateInterval(0, 0)).toBeNull();
  });
});
