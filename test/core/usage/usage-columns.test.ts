import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, calendarDate } from '../../../src/core/model/calendar-date.ts';
import type { AccountUsage, UsageDay } from '../../../src/core/model/signals.ts';
import { fromColumns, toColumns } from '../../../src/core/usage/usage-columns.ts';

const FIRST = calendarDate('2026-01-01');

const named = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.nat(), { maxKeys: 3 });
const day = fc.record({
  activeUsers: fc.nat(),
  events: fc.nat(),
  keyActions: fc.nat(),
  keyUsers: fc.nat(),
  features: named,
  metered: named,
  departments: named,
  gates: named,
  pricingVisits: fc.nat(),
});
const days = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 0, max: 91 }), { maxLength: 12 }), fc.infiniteStream(day))
  .map(([after, stream]): readonly UsageDay[] =>
    after
      .toSorted((a, b) => a - b)
      .map((distance) => ({ on: addDays(FIRST, distance), ...(stream.next().value as Omit<UsageDay, 'on'>) })),
  );

const usageOf = (of: readonly UsageDay[]): AccountUsage => ({
  days: of,
  users14d: 3,
  keyUsers14d: 1,
  users28d: 4,
  usersPrior28d: 5,
  users28dLastYear: null,
  lastActiveAt: '2026-03-01T09:00:00.000Z',
  firstOn: FIRST,
  limits: [{ metric: 'calls', limit: 1_000 }],
  coreFeatures: ['reports'],
});

describe('usage in columns', () => {
  it('is the same usage again, whatever days and names there are, also after it was stored as text', () => {
    fc.assert(
      fc.property(days, (of) => {
        const usage = usageOf(of);
        const stored: unknown = JSON.parse(JSON.stringify(toColumns(usage)));
        expect(JSON.parse(JSON.stringify(fromColumns(stored as ReturnType<typeof toColumns>)))).toEqual(
          JSON.parse(JSON.stringify(usage)),
        );
      }),
    );
  });

  it('names a feature once, not once a day', () => {
    const of = Array.from({ length: 90 }, (_, after): UsageDay => ({
      on: addDays(FIRST, after),
      activeUsers: 2,
      events: 12,
      keyActions: 3,
      keyUsers: 1,
      features: { dashboards: 6 },
      metered: {},
      departments: {},
      gates: {},
      pricingVisits: 0,
    }));
    expect(JSON.stringify(toColumns(usageOf(of))).split('dashboards')).toHaveLength(2);
  });

  it('leaves usage as it is that was kept by day', () => {
    const usage = usageOf([]);
    expect(fromColumns(usage)).toBe(usage);
  });
});
