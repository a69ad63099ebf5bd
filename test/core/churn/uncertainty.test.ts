import { describe, expect, it } from 'vitest';
import { aucInterval, rateInterval, shareWithin } from '../../../src/core/churn/uncertainty.ts';

describe('how sure a figure is', () => {
  it.each([
    [10, 90, 0.18],
    [20, 80, 0.13],
    [50, 250, 0.08],
    [200, 500, 0.04],
  ])('an AUC of 0.75 from %i lost and %i kept terms: ± %d', (lost, kept, half) => {
    const found = aucInterval(0.75, lost, kept, 1.96);
    expect(((found?.high ?? 0) - (found?.low ?? 0)) / 2).toBeCloseTo(half, 1.9);
  });

  it('a rate of 3 in 20 lies between 5% and 36%', () => {
    const found = rateInterval(3, 20, 1.96);
    expect(found?.low).toBeCloseTo(0.0524, 3);
    expect(found?.high).toBeCloseTo(0.3604, 3);
    expect(rateInterval(0, 0, 1.96)).toBeNull();
    const narrower = rateInterval(3, 20, 1.2816);
    expect((narrower?.high ?? 1) - (narrower?.low ?? 0)).toBeLessThan(0.25);
  });

  it('holds the true value as often as the width of its interval says', () => {
    expect([0, 1, 1.2816, 1.96, 3].map((width) => shareWithin(width).toFixed(4))).toEqual([
      '0.0000',
      '0.6827',
      '0.8000',
      '0.9500',
      '0.9973',
    ]);
  });
});
