import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace, type Visit } from '../../src/limits/pace.ts';

const PER_MS = 1_000;

/** One call: how late we were to start it, how long it took, and when within that time the CRM counted it. */
const anyCall = fc.record({
  lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
  tookMs: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 5_000 })),
  arrived: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('However late we start calls and however long they are on their way', () => {
  it('the CRM never counts more of them in a window than it allows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.array(anyCall, { minLength: 1, maxLength: 150 }),
        (limit, share, calls) => {
          const pace = new Pace({ calls: limit, perMs: PER_MS }, share);
          const underWay: { visit: Visit; endsAt: number }[] = [];
          const arrivals: number[] = [];
          let now = 0;
          const passTo = (later: number): void => {
            now = later;
            for (const { visit, endsAt } of underWay) {
              if (visit.endedAt === null && endsAt <= now) pace.end(visit, endsAt);
            }
          };
          for (const call of calls) {
            passTo(now + call.lateMs);
            for (let waitMs = pace.waitMs(now); waitMs > 0; waitMs = pace.waitMs(now)) passTo(now + Math.ceil(waitMs));
            underWay.push({ visit: pace.begin(now), endsAt: now + call.tookMs });
            arrivals.push(now + call.tookMs * call.arrived);
          }
          const inOneWindow = arrivals.map((end) => arrivals.filter((at) => at > end - PER_MS && at <= end).length);
          expect(Math.max(...inOneWindow)).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 200 },
    );
  });
});
