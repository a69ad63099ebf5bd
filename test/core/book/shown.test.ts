import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { shownHealth } from '../../../src/core/book/shown.ts';
import { withStanding } from '../../../src/core/book/standing.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { toHealthDay } from '../../../src/core/history/health-day.ts';
import { ACCOUNT_OUTPUTS } from '../../../src/core/mapping/outputs.ts';
import type { Assessment, RollUp } from '../../../src/core/model/assessment.ts';
import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { healthyCustomer, TODAY } from '../scoring/account-builder.ts';

const alone = assess(healthyCustomer(), defaultConfiguration);
const { health } = alone;
const group: RollUp = {
  method: 'arr_weighted',
  score: 63.5,
  band: 'yellow',
  accounts: 2,
  because: 'The group.',
  course: {
    on: TODAY,
    bandSinceOn: calendarDate('2026-02-20'),
    trend: 'declining',
    delta28d: -7.5,
    days: [],
    before: null,
  },
};
const beside = (rollUp: RollUp | null): Assessment =>
  withStanding(alone, { savePriority: null, isBeyondCapacity: false, isBeyondBest: false, rollUp });
const inCrm = (of: Assessment, name: string) => ACCOUNT_OUTPUTS[name]?.read({ ...of, openPlay: null, recordUrl: '' });

describe('the health that people see', () => {
  it('is the account’s own without others below it', () => {
    const { score, band, bandSinceOn, trend, delta28d, reason } = health;
    const own = { score, band, computedBand: band, bandSinceOn, trend, delta28d, reason, own: null };
    expect(shownHealth(alone)).toEqual(own);
    expect(shownHealth(beside(null))).toEqual(own);
  });

  it('is that of the whole group with others below it, and says what the account is by itself', () => {
    expect(shownHealth(beside(group))).toEqual({
      score: 63.5,
      band: 'yellow',
      computedBand: 'yellow',
      bandSinceOn: '2026-02-20',
      trend: 'declining',
      delta28d: -7.5,
      reason: `The group. Own score ${health.score}, green: ${health.reason}`,
      own: { score: health.score, band: 'green' },
    });
  });

  it('is the same in the CRM’s fields and in the history', () => {
    const parent = beside(group);
    const shown = shownHealth(parent);
    expect(
      ['score', 'band', 'bandSinceOn', 'trend', 'delta28d', 'reason'].map((name) => inCrm(parent, `health.${name}`)),
    ) //
      .toEqual([shown.score, shown.band, shown.bandSinceOn, shown.trend, shown.delta28d, shown.reason]);
    expect(toHealthDay(parent, TODAY)).toMatchObject({ score: 63.5, band: 'yellow', raw: health.raw });
  });

  it('is the band that a person set by hand, since it was set, beside the group’s score', () => {
    const parent = beside(group);
    const override = {
      band: 'red',
      untilOn: TODAY,
      because: 'Price',
      code: 'price',
      note: 'Told me',
      by: null,
    } as const;
    const bandSinceOn = calendarDate('2026-02-27');
    const shown = shownHealth({ ...parent, health: { ...health, band: 'red', bandSinceOn, override } });
    expect(shown).toMatchObject({ score: 63.5, band: 'red', computedBand: 'yellow', bandSinceOn });
    expect(shown.own).toEqual({ score: health.score, band: 'green' });
  });

  it('does not take its own trend for the group’s where that is not known yet', () => {
    const { course: _, ...without } = group;
    expect(shownHealth(beside(without))).toMatchObject({ bandSinceOn: null, trend: null, delta28d: null });
  });

  it.each([
    ['nothing below it has a score', { accounts: 0 }],
    ['the group is told by its parent alone', { method: 'parent_only' }],
  ] as const)('is its own where %s, and says so', (_, more) => {
    expect(shownHealth(beside({ ...group, ...more }))).toEqual({
      ...shownHealth(alone),
      reason: `The group. ${health.reason}`,
    });
  });
});
