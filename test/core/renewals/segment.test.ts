import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { money } from '../../../src/core/model/money.ts';
import { segmentOf, segmentOfTerm } from '../../../src/core/renewals/segment.ts';
import { on, snapshot } from './builders.ts';

const rates = { on: on('2026-11-01'), perUnit: { JPY: 0.0061, INR: 0.0105, IDR: 0.00006, USD: 0.92, GBP: 1.17 } };
const configuration = { ...defaultConfiguration, rates };
const paying = (major: number, currency: string) =>
  snapshot('2027-01-01', { segment: null, arr: money(major, currency) });

describe('the segment of a customer for whom the CRM names none', () => {
  it.each([
    [5_000_000, 'JPY', 'mid'],
    [900_000, 'INR', 'smb'],
    [60_000_000, 'IDR', 'smb'],
    [105_000, 'USD', 'mid'],
    [90_000, 'GBP', 'enterprise'],
    [100_000, 'EUR', 'mid'],
    [9_999, 'EUR', 'smb'],
  ])('goes by what %d %s are worth at home: %s', (major, currency, segment) => {
    expect(segmentOf(paying(major, currency), configuration)).toBe(segment);
  });

  it('goes by the figure where no rate is known, and is mid-market where no amount is', () => {
    expect(segmentOf(paying(5_000_000, 'KRW'), configuration)).toBe('enterprise');
    expect(segmentOf(snapshot('2027-01-01', { segment: null, arr: null }), configuration)).toBe('mid');
  });

  it('is the one that the CRM names, whatever is paid', () => {
    expect(segmentOf(snapshot('2027-01-01', { segment: 'smb' }), configuration)).toBe('smb');
  });

  it('goes, for a renewal, by what is up for it', () => {
    const of = paying(90_000, 'GBP');
    const segment = (targetArr: ReturnType<typeof money> | null) => segmentOfTerm(of, { targetArr }, configuration);
    expect(segment(money(900_000, 'INR'))).toBe('smb');
    expect(segment(null)).toBe('enterprise');
  });
});
