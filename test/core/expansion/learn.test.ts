import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExpansionConfiguration } from '../../../src/core/expansion/configuration.ts';
import { chanceAt, curveOf, learnExpansion, type ExpansionCount } from '../../../src/core/expansion/learn.ts';
import { changedExpansions, wonExpansionsOf } from '../../../src/core/expansion/won-expansions.ts';
import { dayAgo, deal, snapshot, TODAY } from '../scoring/account-builder.ts';

const { probability } = defaultExpansionConfiguration;
const SCORES = [0, 10, 30, 50, 70, 100];

const learn = (counts: readonly ExpansionCount[], expansions: number, by = probability) =>
  learnExpansion(counts, expansions, TODAY, by);
const chances = (counts: readonly ExpansionCount[], expansions: number) =>
  SCORES.map((score) => chanceAt(score, curveOf(learn(counts, expansions), probability)));
const byDefault = SCORES.map((score) => chanceAt(score, probability));

/** Accounts at the end of months, as often as the default curve expects them to win. */
const asExpected = (accounts: number): readonly ExpansionCount[] =>
  SCORES.map((score) => ({ score, accounts, won: accounts * chanceAt(score, probability) }));

const someCounts = fc.array(
  fc
    .record({
      score: fc.integer({ min: 0, max: 100 }),
      accounts: fc.integer({ min: 0, max: 2_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ score, accounts, share }) => ({ score, accounts, won: Math.floor(accounts * share) })),
  { maxLength: 20 },
);

/** In two orders. */
const countsTwice = someCounts.chain((counts) =>
  fc.tuple(fc.constant(counts), fc.shuffledSubarray(counts, { minLength: counts.length })),
);

describe('the chance of an expansion', () => {
  it('is the default one before anything was seen, and where no expansion ever was', () => {
    expect(SCORES.map((score) => chanceAt(score, curveOf(null, probability)))).toEqual(byDefault);
    expect(chances([], 0)).toEqual(byDefault);
    expect(chances([{ score: 0, accounts: 10_000, won: 0 }], 0)).toEqual(byDefault);
  });

  it('is drawn to what was seen by a prior of fifty accounts, while fewer than thirty expansions were seen', () => {
    // Three months look ahead to each day, so that each of their rows counts a third.
    const share = 365.25 / 12 / probability.learning.withinDays;
    const [accounts, won] = [300, 60];
    const { curve } = learn([{ score: 30, accounts, won }], 29);
    expect(curve).toBeNull();
    const at = (50 * 0.08 + won * share) / (50 + accounts * share);
    const [, , atPivot = 0, at50 = 0] = chances([{ score: 30, accounts, won }], 29);
    expect(atPivot).toBeCloseTo(at, 12);
    expect(at50).toBeCloseTo(chanceAt(50, { ...probability, at }), 12);
  });

  it('stays as it is while accounts of all scores win as often as it says', () => {
    chances(asExpected(200), 29).forEach((chance, index) => expect(chance).toBeCloseTo(byDefault[index] ?? 0, 10));
    chances(asExpected(200), 200).forEach((chance, index) => expect(chance).toBeCloseTo(byDefault[index] ?? 0, 6));
  });

  it('is learned from thirty expansions on: how high it is, and how it grows with the score', () => {
    const steep: readonly ExpansionCount[] = [
      { score: 0, accounts: 3_000, won: 6 },
      { score: 30, accounts: 600, won: 90 },
      { score: 60, accounts: 300, won: 210 },
    ];
    expect(learn(steep, 29).curve).toBeNull();
    const { curve } = learn(steep, 30);
    expect(curve?.perPoint).toBeGreaterThan(probability.perPoint);
    const [none = 1, , middle = 0] = chances(steep, 30);
    expect(none).toBeLessThan(0.01);
    expect(middle).toBeGreaterThan(0.1);
    expect(chanceAt(60, curveOf(learn(steep, 30), probability))).toBeGreaterThan(0.5);
  });

  it('is the same for all scores where accounts with many signs win less often', () => {
    const falling: readonly ExpansionCount[] = [
      { score: 0, accounts: 1_000, won: 200 },
      { score: 60, accounts: 1_000, won: 20 },
    ];
    const { curve } = learn(falling, 30);
    expect(curve?.perPoint).toBe(0);
    expect(curve?.at).toBeGreaterThan(0.08);
    expect(curve?.at).toBeLessThan(0.2);
  });

  it('never falls with the score, is never certain, and does not depend on the order of what was seen', () => {
    fc.assert(
      fc.property(countsTwice, fc.integer({ min: 0, max: 60 }), ([counts, shuffled], expansions) => {
        const told = chances(counts, expansions);
        told.forEach((chance, index) => {
          expect(chance).toBeGreaterThan(0);
          expect(chance).toBeLessThanOrEqual(1);
          expect(chance).toBeGreaterThanOrEqual(told[index - 1] ?? 0);
        });
        expect(learn(shuffled, expansions)).toEqual(learn(counts, expansions));
      }),
    );
  });
});

describe('an expansion that was won', () => {
  const deals = [
    deal('b', 'won', { kind: 'cross_sell', closeOn: dayAgo(3) }),
    deal('a', 'won', { kind: 'upsell', closeOn: dayAgo(9) }),
    deal('open', 'open', { kind: 'upsell', closeOn: dayAgo(1) }),
    deal('lost', 'lost', { kind: 'upsell', closeOn: dayAgo(1) }),
    deal('renewal', 'won', { kind: 'renewal', closeOn: dayAgo(1) }),
    deal('undated', 'won', { kind: 'upsell' }),
  ];
  const won = [
    { dealId: 'a', wonOn: dayAgo(9) },
    { dealId: 'b', wonOn: dayAgo(3) },
  ];

  it('is a won deal for more, with a day', () => {
    expect(wonExpansionsOf({ deals })).toEqual(won);
    expect(wonExpansionsOf({ deals: [] })).toEqual([]);
    expect(wonExpansionsOf({ deals: null })).toBeNull();
  });

  it('is news once: when it comes, gets another day, or is taken back; and never while deals cannot be read', () => {
    const of = snapshot({ deals });
    const accountId = of.account.id;
    expect(changedExpansions(of, won, [])).toEqual({ accountId, won, seenOn: TODAY });
    expect(changedExpansions(of, won, won)).toBeNull();
    expect(changedExpansions(of, [], [])).toBeNull();
    const moved = [{ dealId: 'a', wonOn: dayAgo(8) }, ...won.slice(1)];
    expect(changedExpansions(of, moved, won)?.won).toEqual(moved);
    expect(changedExpansions(of, [], won)?.won).toEqual([]);
    expect(changedExpansions({ ...of, deals: null }, [], won)).toBeNull();
  });
});
