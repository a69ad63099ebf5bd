import { describe, expect, it } from 'vitest';
import type { RollUpConfiguration } from '../../../src/core/book/roll-up.ts';
import { defaultRollUpConfiguration, rollUpOf } from '../../../src/core/book/roll-up.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import { bandOf } from '../../../src/core/scoring/bands.ts';
import { money } from '../../../src/core/model/money.ts';

const { bands } = defaultHealthConfiguration;
const member = (score: number | null, amount: number | null, currency = 'EUR') => ({
  score,
  band: score === null ? ('grey' as const) : bandOf(score, bands),
  revenue: amount === null ? null : money(amount, currency),
});
const rolled = (
  own: ReturnType<typeof member>,
  below: readonly ReturnType<typeof member>[],
  more: Partial<RollUpConfiguration> = {},
) => rollUpOf(own, below, 'EUR', { ...defaultRollUpConfiguration, ...more }, bands);

describe('the health of a group of companies', () => {
  it('is the mean by revenue', () => {
    expect(rolled(member(90, 100), [member(60, 300), member(80, 100)])).toMatchObject({
      score: 70,
      band: 'yellow',
      accounts: 2,
      because: '2 accounts below this one, EUR 500 a year in all: the mean of their health by revenue.',
    });
  });

  it('may be the plain mean, the worst, or the parent’s alone', () => {
    const below = [member(60, 300), member(30, 100)];
    expect(rolled(member(90, 100), below, { method: 'mean' }).score).toBe(60);
    expect(rolled(member(90, 100), below, { method: 'worst' })).toMatchObject({ score: 30, band: 'red' });
    expect(rolled(member(90, 100), below, { method: 'parent_only' })).toMatchObject({ score: 90, band: 'green' });
  });

  it('is no better than yellow with 30% of the revenue in red accounts', () => {
    expect(rolled(member(95, 700), [member(40, 300)])).toMatchObject({
      score: 78.5,
      band: 'yellow',
      because:
        '1 account below this one, EUR 1,000 a year in all: the mean of their health by revenue. 30% of it is in red accounts.',
    });
    expect(rolled(member(95, 701), [member(40, 299)]).band).toBe('green');
  });

  it('leaves out accounts without a score and those whose revenue cannot be compared, and says so', () => {
    expect(rolled(member(90, 100), [member(null, 900), member(10, 900, 'USD'), member(70, 100)])).toMatchObject({
      score: 80,
      accounts: 1,
      because: expect.stringMatching(/ 2 accounts could not be counted\.$/),
    });
  });

  it('is grey when nothing in it has a score', () => {
    expect(rolled(member(null, 100), [member(null, 100)])).toMatchObject({ score: null, band: 'grey' });
  });

  it('counts all alike where no revenue is known', () => {
    expect(rolled(member(null, null), [member(90, null), member(60, null)]).score).toBe(75);
  });
});
