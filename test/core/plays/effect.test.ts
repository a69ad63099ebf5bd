import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectOf } from '../../../src/core/plays/effect.ts';

const LEAST = 30;
const NINETEEN_IN_TWENTY = 1.96;

describe('what the tasks of a play change', () => {
  it('is the difference between how often the reason went away with them and without, and how sure that is', () => {
    // 56 of 70 against 48 of 80: the example (a) of Newcombe (1998), whose method 10 gives 0.0524 to 0.3339.
    const treat = { recovered: 40, resolved: 16, expired: 14 };
    const { uplift, ...arms } = effectOf(
      { treat, holdout: { resolved: 48, expired: 30, left: 2 } },
      LEAST,
      NINETEEN_IN_TWENTY,
    );
    expect(uplift?.share).toBeCloseTo(0.2, 6);
    expect(uplift?.low).toBeCloseTo(0.0524, 4);
    expect(uplift?.high).toBeCloseTo(0.3339, 4);
    expect(arms.treat).toMatchObject({ firings: 70, gone: 56, rate: { share: 0.8 } });
    expect(arms.holdout).toMatchObject({ firings: 80, gone: 48, rate: { share: 0.6 } });
  });

  it('is not said of fewer than thirty firings on either side', () => {
    const enough = { resolved: 30 };
    const few = { resolved: 29 };
    expect(effectOf({ treat: enough, holdout: enough }, LEAST, NINETEEN_IN_TWENTY).uplift).toMatchObject({ share: 0 });
    expect(effectOf({ treat: few, holdout: few }, 29, NINETEEN_IN_TWENTY).uplift).toMatchObject({ share: 0 });
    for (const arms of [{ treat: few, holdout: enough }, { treat: enough, holdout: few }, { treat: enough }, {}]) {
      const { treat, holdout, uplift } = effectOf(arms, LEAST, NINETEEN_IN_TWENTY);
      expect([treat.rate, holdout.rate, uplift]).toEqual([null, null, null]);
    }
  });

  it('leaves out what another play or the admin ended, and never counts what a person ended as a success', () => {
    const treat = { recovered: 30, done: 5, dismissed: 3, snoozed: 2, superseded: 7, 'switched-off': 9 };
    const effect = effectOf({ treat, holdout: { resolved: 20, expired: 20 } }, LEAST, NINETEEN_IN_TWENTY);
    expect(effect.treat).toMatchObject({ firings: 40, gone: 30, rate: { share: 0.75 } });
  });

  it('lies within its interval, and the interval between all and nothing', () => {
    const outcomes = fc.record({ resolved: fc.nat(400), expired: fc.nat(400) });
    fc.assert(
      fc.property(outcomes, outcomes, fc.double({ min: 0.5, max: 3, noNaN: true }), (treat, holdout, deviations) => {
        const { uplift } = effectOf({ treat, holdout }, LEAST, deviations);
        if (uplift === null) return;
        expect(uplift.low).toBeLessThanOrEqual(uplift.share + 1e-12);
        expect(uplift.high).toBeGreaterThanOrEqual(uplift.share - 1e-12);
        expect(uplift.low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(uplift.high).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
