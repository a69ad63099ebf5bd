import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { BookEntry } from '../../../src/core/book/entry.ts';
import { settleBook } from '../../../src/core/book/settle-book.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { addDays, calendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import { entry, eur } from './builders.ts';

const TODAY = calendarDate('2026-03-02');
const settle = (entries: readonly BookEntry[]) => settleBook(entries, 'EUR', TODAY, defaultConfiguration);
const standingOf = (entries: readonly BookEntry[], id: string) => settle(entries).standings.get(toAccountId(id));

const atRisk = (id: string, amount: number, more: Parameters<typeof entry>[1] = {}) =>
  entry(id, { riskAlone: 'high', arrAtRisk: eur(amount), saveValue: eur(amount * 0.4), ...more });

describe('an owner’s hands', () => {
  it('are enough for a tenth of the accounts, three at least; those with the most at risk come first', () => {
    const entries = [10, 20, 30, 40, 50].map((amount) => atRisk(`a${amount}`, amount));
    const beyond = [...settle(entries).standings].filter(([, standing]) => standing?.isBeyondCapacity);
    expect(beyond.map(([id]) => id)).toEqual(['a10', 'a20']);
    const calm = Array.from({ length: 46 }, (_, index) => entry(`calm${index}`));
    expect(standingOf([...entries, ...calm], 'a10')?.isBeyondCapacity).toBe(false);
  });

  it('are each owner’s own', () => {
    const mine = [10, 20, 30, 40].map((amount) => atRisk(`a${amount}`, amount));
    const others = mine.map(({ accountId, churn }) => entry(`b${accountId}`, { ...churn, ownerId: 'bo' }));
    const beyond = [...settle([...mine, ...others]).standings].filter(([, standing]) => standing?.isBeyondCapacity);
    expect(beyond.map(([id]) => id)).toEqual(['a10', 'ba10']);
  });

  it('are not asked about an account that gave notice, and it takes nobody’s place', () => {
    const entries = [5, 20, 30, 40].map((amount) => atRisk(`a${amount}`, amount, { hasNotice: amount === 5 }));
    for (const { accountId } of entries) expect(standingOf(entries, accountId)?.isBeyondCapacity).toBe(false);
  });
});

describe('whom to save first', () => {
  it('is ranked by what can be averted, over all owners', () => {
    const entries = [atRisk('a', 100), atRisk('b', 300, { ownerId: 'bo' }), entry('c'), atRisk('d', 200)];
    expect(['a', 'b', 'c', 'd'].map((id) => standingOf(entries, id)?.savePriority)).toEqual([3, 1, undefined, 2]);
  });

  it('leaves out what cannot be compared, and says in which currency', () => {
    const dollars = money(900, 'USD');
    const entries = [atRisk('a', 100), atRisk('b', 0, { saveValue: dollars, arrAtRisk: dollars, revenue: dollars })];
    expect(standingOf(entries, 'b')).toBeNull();
    expect(settle(entries).unknownCurrencies).toEqual(new Map([['USD', 1]]));
    const inTwo = entry('c', { revenue: null, arrAtRisk: dollars, expectedValue: money(5, 'JPY') });
    expect(settle([...entries, inTwo]).unknownCurrencies).toEqual(
      new Map([
        ['USD', 2],
        ['JPY', 1],
      ]),
    );
  });
});

describe('hot accounts', () => {
  it('are the ten of an owner that are worth most', () => {
    const entries = Array.from({ length: 12 }, (_, index) =>
      entry(`a${index + 10}`, { bandAlone: 'hot', expectedValue: index === 3 ? null : eur(index) }),
    );
    const beyond = [...settle(entries).standings].filter(([, standing]) => standing?.isBeyondBest);
    expect(beyond.map(([id]) => id)).toEqual(['a10', 'a13']);
  });
});

describe('the course of a group of companies', () => {
  const parent = toAccountId('p');
  /** The book is walked once a day, or oftener; `below` is the score of the company below on each walk. */
  const walk = (walks: readonly (readonly [day: number, below: number | null])[]) => {
    let standing: BookEntry['standing'] = null;
    for (const [day, below] of walks) {
      const book = [entry('p', { standing }), entry('c', { parent: 'p', score: below })];
      const settled = settleBook(book, 'EUR', addDays(TODAY, day), defaultConfiguration);
      standing = settled.standings.get(parent) ?? null;
    }
    return standing?.rollUp ?? null;
  };

  it('tells since when it is in its band: the first day with others below it at the earliest', () => {
    expect(walk([[0, 80]])).toMatchObject({ band: 'green', course: { bandSinceOn: '2026-03-02', trend: null } });
    const fallen = [
      [0, 80],
      [1, 80],
      [2, 40],
      [3, 42],
    ] as const;
    expect(walk(fallen)).toMatchObject({ band: 'yellow', score: 61, course: { bandSinceOn: '2026-03-04' } });
  });

  it('tells how its score has moved, not how the parent’s own has', () => {
    const month = Array.from({ length: 29 }, (_, day) => [day, 80 - day] as const);
    expect(walk(month)).toMatchObject({ score: 66, course: { trend: 'declining', delta28d: -14 } });
  });

  it('remembers no more than it looks back to, and nothing new of a day that changes nothing', () => {
    const still = Array.from({ length: 60 }, (_, day) => [day, 80] as const);
    expect(walk(still)).toEqual(walk(still.slice(0, 40)));
    expect(walk(still)?.course).toMatchObject({ bandSinceOn: '2026-03-02', trend: 'stable', delta28d: 0 });
    const restless = still.map(([day]) => [day, day % 2 === 0 ? 80 : 81] as const);
    expect(walk(restless)?.course?.days).toHaveLength(29);
    const atLast = [...still, [60, 60] as const];
    expect(walk(atLast)?.course).toMatchObject({ on: '2026-05-01', trend: 'declining', delta28d: -10 });
  });

  it('does not change its band back and forth about an edge, and shows a fall within days', () => {
    const noise = Array.from({ length: 120 }, (_, day) => [day, day % 3 === 2 ? 66 : 74] as const);
    expect(walk(noise)).toMatchObject({ band: 'green', course: { bandSinceOn: '2026-03-02' } });
    const fallen = [...noise.slice(0, 30), ...[30, 31, 32, 33].map((day) => [day, 40] as const)];
    expect(walk(fallen)).toMatchObject({ band: 'yellow' });
  });

  it('is held down by what holds the parent itself: one that gave notice is not green by those below it', () => {
    const book = [{ ...entry('p', { score: 20 }), limit: 20 }, entry('c', { parent: 'p', score: 90 })];
    const settled = settleBook(book, 'EUR', TODAY, defaultConfiguration);
    expect(settled.standings.get(parent)?.rollUp).toMatchObject({
      score: 20,
      band: 'red',
      because: expect.stringContaining('Limited to 20 by what holds this account.'),
    });
  });

  it('is told the same however often a day is walked', () => {
    const told = (walks: Parameters<typeof walk>[0]) => {
      const { on: _, before: __, state, ...course } = walk(walks)?.course ?? { on: null, before: null };
      return { ...course, state: { ...state, lastOn: null } };
    };
    const once = [
      [0, 80],
      [1, 80],
      [2, 40],
    ] as const;
    expect(told([once[0], [1, 40], once[1]])).toEqual(told(once.slice(0, 2)));
    expect(told([once[0], [1, 40], once[1], [2, 90], once[2]])).toEqual(told(once));
    expect(told(once)).toMatchObject({ bandSinceOn: '2026-03-04' });
  });

  it('begins anew when nothing below the parent had a score in between', () => {
    expect(
      walk([
        [0, 80],
        [1, null],
      ]),
    ).not.toHaveProperty('course');
    expect(
      walk([
        [0, 80],
        [1, null],
        [2, 80],
      ]),
    ).toMatchObject({ course: { bandSinceOn: '2026-03-04' } });
  });
});

describe('a book', () => {
  const entries = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 100, max: 140 }).map(String),
      parent: fc.option(fc.integer({ min: 100, max: 140 }).map(String), { nil: null }),
      ownerId: fc.constantFrom('ana', 'bo', null),
      riskAlone: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
      arrAtRisk: fc.option(fc.integer({ min: 0, max: 9 }).map(eur), { nil: null }),
      score: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
    }),
    { selector: ({ id }) => id, maxLength: 40 },
  );

  it('says the same in whatever order its accounts come, and every group’s health is within 0 and 100', () => {
    fc.assert(
      fc.property(entries, (many) => {
        const book = many.map(({ id, parent, ...more }) => entry(id, parent === null ? more : { ...more, parent }));
        const settled = settle(book);
        expect(settle([...book].reverse())).toEqual({
          ...settled,
          standings: new Map([...settled.standings].reverse()),
        });
        for (const standing of settled.standings.values()) {
          const score = standing?.rollUp?.score ?? 50;
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 200 },
    );
  });
});
