import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { featuresOf } from '../../../src/core/churn/features.ts';
import { defaultConfiguration as configuration } from '../../../src/core/configuration.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { segmentOf } from '../../../src/core/renewals/segment.ts';
import { account, dayAgo, healthyCustomer, snapshot, TODAY } from '../scoring/account-builder.ts';
import { renewalTask } from '../scoring/signals-builder.ts';

const features = (of: AccountSnapshot) =>
  featuresOf(of, assess(of, configuration), {
    segment: segmentOf(of, configuration),
    churn: configuration.churn,
  });

describe('what is kept of an account for learning', () => {
  const of = healthyCustomer({ account: account({ renewalOn: addDays(TODAY, 90), overdueDays: 40 }) });

  it('is what was known that day: health, measures, effects and the base rate', () => {
    expect(features(of)).toMatchObject({
      accountId: of.account.id,
      on: TODAY,
      knownAt: of.asOf,
      decisionOn: addDays(TODAY, 90),
      renewal: 'manual',
      segment: 'mid',
      baseRate: 0.15,
      effects: ['overdue'],
      measures: { C1: { value: 40 }, R4: { score: 100 } },
      revenue: { minor: 4_800_000, currency: 'EUR' },
    });
  });

  it('tells nothing of the outcome: not after a notice, and not what we did ourselves', () => {
    const noticed = { ...of, account: { ...of.account, cancelledOn: dayAgo(1) } };
    expect(features(noticed)).toBeNull();
    const { next } = assess(of, configuration).renewal;
    const ownTasks = [renewalTask('R1', 10, { termId: next?.id ?? null })];
    const worked = { ...of, ownTasks };
    expect(assess(worked, configuration).health.drivers.find(({ measure }) => measure === 'C3')?.state).toBe('ok');
    expect(features(worked)?.measures).not.toHaveProperty('C3');
  });

  it('is the band that the records make, whatever a person set', () => {
    const set = {
      ...of,
      account: {
        ...of.account,
        override: { band: 'red' as const, reason: 'Other: they are angry', untilOn: null, by: null },
      },
    };
    expect(assess(set, configuration).health.band).toBe('red');
    expect(assess(of, configuration).health.band).toBe('yellow');
    expect(features(set)?.band).toBe('yellow');
  });

  it('is kept under no term where none is known, and for a customer by the month', () => {
    expect(features(healthyCustomer({ account: account({ overdueDays: 0 }) }))).toMatchObject({
      termId: null,
      decisionOn: null,
      renewal: null,
      baseRate: 0.15,
    });
    const monthly = account({ overdueDays: 0, termMonths: 1, renewalOn: addDays(TODAY, 20), segment: 'smb' });
    expect(features(healthyCustomer({ account: monthly }))).toMatchObject({
      termId: null,
      decisionOn: null,
      renewal: 'monthly',
      baseRate: 0.04,
      health: expect.any(Number),
    });
  });

  it('is nothing without a score', () => {
    expect(features(snapshot())).toBeNull();
  });
});
