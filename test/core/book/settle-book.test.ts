import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { BookEntry } from '../../../src/core/book/entry.ts';
import { settleBook } from '../../../src/core/book/settle-book.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import { entry, eur } from './builders.ts';

const settle = (entries: readonly BookEntry[]) => settleBook(entries, 'EUR', defaultConfiguration);
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
