import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { interpolate } from '../../../src/core/measures/interpolate.ts';

const curve = [
  [7, 100],
  [30, 75],
  [90, 50],
  [150, 0],
] as const;

describe('a curve from days to a score', () => {
  it('is exact on its points and straight between them', () => {
    expect(interpolate(30, curve)).toBe(75);
    expect(interpolate(60, curve)).toBe(62.5);
    expect(interpolate(120, curve)).toBe(25);
  });

  it('is flat outside', () => {
    expect(interpolate(0, curve)).toBe(100);
    expect(interpolate(1000, curve)).toBe(0);
  });

  it('never turns: more days never give a better score', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (a, b) => {
        expect(interpolate(Math.max(a, b), curve)).toBeLessThanOrEqual(interpolate(Math.min(a, b), curve));
      }),
    );
  });

  it('refuses an empty curve', () => {
    expect(() => interpolate(1, [])).toThrow(/at least one point/);
  });
});
