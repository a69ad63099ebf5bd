import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { withStanding } from '../../../src/core/book/standing.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import type { Standing } from '../../../src/core/model/assessment.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { ACCOUNT_OUTPUTS } from '../../../src/core/mapping/outputs.ts';
import { account, ago, contact, healthyCustomer, TODAY } from '../scoring/account-builder.ts';

const nothing: Standing = { savePriority: null, isBeyondCapacity: false, isBeyondBest: false, rollUp: null };

/** Red before its renewal, because the champion left. */
const inTrouble = healthyCustomer({
  account: account({ renewalOn: addDays(TODAY, 60), overdueDays: 0 }),
  contacts: [contact('Lee', { roles: ['champion'], status: 'departed', departedAt: ago(20) })],
});

describe('an account beside the others', () => {
  const alone = assess(inTrouble, defaultConfiguration);

  it('is at medium risk when its owner has no hands for it, and keeps what it deserves alone', () => {
    expect(alone.churn).toMatchObject({ risk: 'high', riskAlone: 'high', reason: 'relationship' });
    const held = withStanding(alone, { ...nothing, isBeyondCapacity: true });
    expect(held.churn).toMatchObject({ risk: 'medium', riskAlone: 'high' });
    expect(withStanding(held, null)).toEqual(alone);
  });

  it('stays as the last walk over the book left it when it is judged again', () => {
    const standing = { ...nothing, isBeyondCapacity: true, savePriority: 4 };
    expect(assess({ ...inTrouble, standing }, defaultConfiguration)).toEqual(withStanding(alone, standing));
  });

  it('is worth saving for what is at risk and can be averted', () => {
    const { arrAtRisk, saveValue } = alone.churn;
    expect(saveValue).toEqual({ minor: Math.round((arrAtRisk?.minor ?? 0) * 0.4), currency: 'EUR' });
    expect(assess(healthyCustomer(), defaultConfiguration).churn).toMatchObject({ reason: null, saveValue: null });
  });

  it('shows the health of the whole group in the CRM, unless a person set its band', () => {
    const group = { method: 'arr_weighted', score: 63.5, band: 'yellow', accounts: 2, because: 'The group.' } as const;
    const parent = withStanding(alone, { ...nothing, rollUp: group });
    const shown = (name: string, of = parent) => ACCOUNT_OUTPUTS[name]?.read({ ...of, openPlay: null, recordUrl: '' });
    expect(shown('health.score')).toBe(63.5);
    expect(shown('health.band')).toBe('yellow');
    expect(shown('health.reason')).toBe(
      `The group. Own score ${alone.health.score}, ${alone.health.band}: ${alone.health.reason}`,
    );
    const override = {
      band: 'red' as const,
      untilOn: TODAY,
      because: 'Price: They told me',
      code: 'price',
      note: 'They told me',
      by: null,
    };
    expect(shown('health.band', { ...parent, health: { ...parent.health, band: 'red', override } })).toBe('red');
  });
});
