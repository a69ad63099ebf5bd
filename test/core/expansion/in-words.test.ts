import { describe, expect, it } from 'vitest';
import { outlookInWords } from '../../../src/core/expansion/in-words.ts';
import { money } from '../../../src/core/model/money.ts';

describe('the chance of an expansion', () => {
  it('is told in words only once it was learned; what it is worth before is provisional', () => {
    const expectedValue = money(1_200, 'EUR');
    expect(outlookInWords({ expectedValue: null })).toBeNull();
    expect(outlookInWords({ expectedValue })).toBe('EUR 1,200 expected (provisional)');
    const chance = { probability: 0.124, days: 90 };
    expect(outlookInWords({ expectedValue: null, chance })).toBe('12% likely to expand within 90 days');
    expect(outlookInWords({ expectedValue, chance })).toBe('12% likely to expand within 90 days; EUR 1,200 expected');
  });
});
