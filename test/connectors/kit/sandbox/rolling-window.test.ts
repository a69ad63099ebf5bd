import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingWindow } from '../../../../connectors/kit/sandbox/rolling-window.ts';

describe('a rolling window', () => {
  it('never lets more through in any stretch of its length, and never refuses while there is room', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 6 }), (waitsMs, calls) => {
        const window = new RollingWindow(calls, 100);
        const passedAt: number[] = [];
        let nowMs = 0;
        for (const waitMs of waitsMs) {
          nowMs += waitMs;
          const inWindow = passedAt.filter((at) => at > nowMs - 100).length;
          const isLetThrough = window.take(nowMs);
          expect(isLetThrough).toBe(inWindow < calls);
          if (isLetThrough) passedAt.push(nowMs);
        }
      }),
    );
  });
});
