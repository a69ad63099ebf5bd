import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Band } from '../../../src/core/model/assessment.ts';
import { defaultValidationConfiguration as defaults } from '../../../src/core/validation/configuration.ts';
import { checkGates, type GateId, type GateReport } from '../../../src/core/validation/gates.ts';
import { gateInWords, lackingOf, verdictInWords } from '../../../src/core/validation/in-words.ts';
import type { JudgedTerm } from '../../../src/core/validation/judged-terms.ts';

const VERSION = 'HF-Health v1 / default 1';
const BOOK: Readonly<Record<Band, number>> = { green: 70, yellow: 20, red: 10, grey: 5 };
const NOBODY: typeof BOOK = { green: 0, yellow: 0, red: 0, grey: 0 };

interface Kind {
  readonly band: JudgedTerm['band'];
  readonly terms: number;
  readonly lost: number;
  /** The chance of a loss that was told of each. */
  readonly told: number | null;
}

const history = (...kinds: readonly Kind[]): readonly JudgedTerm[] =>
  kinds.flatMap(({ band, terms, lost, told }) =>
    Array.from({ length: terms }, (_, index) => ({
      band,
      probability: told,
      isLost: index < lost,
      modelVersion: VERSION,
    })),
  );

const check = (judged: readonly JudgedTerm[], bands = BOOK, configuration = defaults): GateReport =>
  checkGates({ judged, decided: judged.length, bands, modelVersion: VERSION }, configuration);
const gateOf = ({ gates }: GateReport, id: GateId) => gates.find((gate) => gate.id === id);
const inWords = (report: GateReport): string => verdictInWords({ verdict: report.verdict, lacking: lackingOf(report) });
const passedOf = ({ gates }: GateReport) => gates.filter(({ state }) => state === 'passed').map(({ id }) => id);

/** 20 of 200 renewals were lost, 14 of them of accounts that were red a quarter before. */
const RED: Kind = { band: 'red', terms: 40, lost: 14, told: 0.35 };
const YELLOW: Kind = { band: 'yellow', terms: 40, lost: 4, told: 0.1 };
const GREEN: Kind = { band: 'green', terms: 120, lost: 2, told: 0.02 };

describe('a score is validated', () => {
  it('when it passes all five gates on the customer’s own renewals', () => {
    const report = check(history(RED, YELLOW, GREEN));
    expect(report).toMatchObject({
      verdict: 'validated',
      terms: { decided: 200, judged: 200, lost: 20, byEarlierVersions: 0 },
      gates: [
        { id: 'losses', state: 'passed', figure: 20, need: 20 },
        { id: 'red_losses', state: 'passed', figure: 3.5, need: 3, low: { need: 1.5 } },
        { id: 'losses_below_green', state: 'passed', figure: 0.9, need: 2 / 3 },
        { id: 'green_accounts', state: 'passed', figure: 0.7, need: 0.8 },
        { id: 'brier_skill', state: 'passed', need: 0 },
      ],
    });
    expect(inWords(report)).toBe('Validated on your own renewals');
    expect(report.gates.map((gate) => gateInWords(gate, report.leadDays))).toEqual([
      '20 losses seen, 20 needed',
      'red accounts were lost 3.5 times as often as all, 3 needed (lower bound 2.61, 1.5 needed)',
      '90% of the lost were below green 90 days before, 66.7% needed',
      '70% of the accounts are green, 80% at most',
      expect.stringMatching(/^chances of loss have a skill of 0\.\d+, more than 0 needed$/),
    ]);
  });

  it('by no rate of fewer than twenty losses, however well it told them', () => {
    const report = check(history({ ...RED, lost: 13 }, YELLOW, GREEN));
    expect(report.verdict).toBe('unvalidated');
    expect(inWords(report)).toBe('Unvalidated: 19 of 20 losses seen');
    expect(report.gates.map(({ state }) => state)).toEqual(['failed', 'unknown', 'unknown', 'passed', 'unknown']);
    expect(gateOf(report, 'losses_below_green')?.figure).toBeCloseTo(17 / 19);
  });

  it('by nothing at all', () => {
    const report = check([], NOBODY);
    expect(passedOf(report)).toEqual([]);
    expect(inWords(report)).toBe('Unvalidated: 0 of 20 losses seen');
  });
});

describe('a score is not validated', () => {
  it('when red accounts are not lost three times as often as all', () => {
    const report = check(history({ ...RED, terms: 50 }, YELLOW, GREEN));
    expect(gateOf(report, 'red_losses')).toMatchObject({ state: 'failed', figure: 2.94 });
    expect(report.verdict).toBe('unvalidated');
  });

  it('when so few accounts were red that they may have been lost by chance', () => {
    const report = check(history({ band: 'red', terms: 2, lost: 1, told: 0.35 }, { ...YELLOW, lost: 19 }, GREEN));
    expect(gateOf(report, 'red_losses')).toMatchObject({ state: 'failed', low: { need: 1.5 } });
    expect(lackingOf(report)).toContain(
      'red accounts were lost 3.68 times as often as all, 3 needed (lower bound 1.21, 1.5 needed)',
    );
  });

  it('when no account was red, for then nothing tells what red is worth', () => {
    const report = check(history({ ...YELLOW, terms: 80, lost: 20, told: 0.2 }, GREEN));
    expect(gateOf(report, 'red_losses')).toMatchObject({ state: 'unknown', figure: null });
    expect(lackingOf(report)).toEqual(['no red account was lost or kept yet, 3 times as many losses as of all needed']);
  });

  it('when more than a third of the lost were green 90 days before', () => {
    const report = check(history(RED, { ...YELLOW, lost: 0 }, { ...GREEN, lost: 8, terms: 200 }));
    expect(report.verdict).toBe('unvalidated');
    expect(lackingOf(report)).toEqual(['63.6% of the lost were below green 90 days before, 66.7% needed']);
  });

  it('when it calls nearly everybody healthy today', () => {
    const report = check(history(RED, YELLOW, GREEN), { green: 81, yellow: 10, red: 9, grey: 900 });
    expect(lackingOf(report)).toEqual(['81% of the accounts are green, 80% at most']);
    expect(report.verdict).toBe('unvalidated');
  });

  it('when its chances of loss tell no more than the rate of loss alone', () => {
    const rate = 0.1;
    const report = check(history({ ...RED, told: rate }, { ...YELLOW, told: rate }, { ...GREEN, told: rate }));
    expect(gateOf(report, 'brier_skill')).toMatchObject({ state: 'failed', figure: 0 });
    expect(lackingOf(report)).toEqual(['chances of loss have a skill of 0, more than 0 needed']);
  });

  it('when no chances were told', () => {
    const report = check(history({ ...RED, told: null }, { ...YELLOW, told: null }, { ...GREEN, told: null }));
    expect(gateOf(report, 'brier_skill')).toMatchObject({ state: 'unknown', figure: null });
    expect(report.verdict).toBe('unvalidated');
  });
});

it('9 of 20 red accounts lost at a base of 15% are three times as many: 1.7 to 4.4, nineteen times in twenty', () => {
  const judged = history({ ...RED, terms: 20, lost: 9 }, { ...GREEN, terms: 80, lost: 6 });
  const gate = gateOf(check(judged, BOOK, { ...defaults, leastLosses: 15, intervalWidth: 1.96 }), 'red_losses');
  expect(gate?.figure).toBe(3);
  expect(gate?.low?.figure).toBeCloseTo(1.72, 2);
  expect(gate?.state).toBe('passed');
});

it('a score says how many of the renewals it was judged by were told by an earlier version', () => {
  const [first, ...others] = history(RED, YELLOW, GREEN);
  const judged = first === undefined ? [] : [{ ...first, modelVersion: 'HF-Health v1 / version 3' }, ...others];
  expect(check(judged).terms.byEarlierVersions).toBe(1);
});

describe('whatever the history', () => {
  const told = fc.option(fc.integer({ min: 2, max: 97 }).map((percent) => percent / 100));
  const one = (band: JudgedTerm['band'], isLost: boolean) =>
    told.map((probability): JudgedTerm => ({ band, probability, isLost, modelVersion: VERSION }));
  // As in a book that is told apart: most are green and stay, most of the lost were not.
  const term = fc.oneof(
    { weight: 12, arbitrary: one('green', false) },
    { weight: 1, arbitrary: one('green', true) },
    { weight: 3, arbitrary: one('yellow', false) },
    { weight: 1, arbitrary: one('yellow', true) },
    { weight: 1, arbitrary: one('red', false) },
    { weight: 2, arbitrary: one('red', true) },
  );
  const terms = fc.array(term, { minLength: 20, maxLength: 150, size: 'max' });
  const lenient = { ...defaults, leastLosses: 5 };
  const bands = fc.record({ green: fc.nat(50), yellow: fc.nat(50), red: fc.nat(50), grey: fc.nat(50) });

  it('the order of terms makes no difference', () => {
    fc.assert(
      fc.property(
        terms.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        bands,
        ([all, shuffled], book) => {
          expect(check(shuffled, book)).toEqual(check(all, book));
        },
      ),
    );
  });

  it('a score of fewer than twenty losses is never validated', () => {
    fc.assert(
      fc.property(terms, bands, (all, book) => {
        const losses = all.filter(({ isLost }) => isLost).slice(0, 19);
        const kept = all.filter(({ isLost }) => !isLost);
        const report = check([...losses, ...kept], book);
        expect(report.verdict).toBe('unvalidated');
        expect(passedOf(report).filter((id) => id !== 'green_accounts')).toEqual([]);
      }),
    );
  });

  it('had one of the lost been red instead of green, no gate would be lost', () => {
    fc.assert(
      fc.property(terms, bands, (all, book) => {
        const index = all.findIndex(({ isLost, band }) => isLost && band === 'green');
        fc.pre(index >= 0);
        const seen = all.map((one, at) => (at === index ? { ...one, band: 'red' as const } : one));
        expect(passedOf(check(seen, book, lenient))).toEqual(
          expect.arrayContaining(passedOf(check(all, book, lenient))),
        );
      }),
    );
  });

  it('one more green account that renewed costs neither of the gates of losses', () => {
    fc.assert(
      fc.property(terms, bands, (all, book) => {
        const more = check([...all, ...history({ band: 'green', terms: 1, lost: 0, told: null })], book, lenient);
        expect(passedOf(more)).toEqual(expect.arrayContaining(passedOf(check(all, book, lenient))));
      }),
    );
  });

  it('the same once more costs no gate: more of it only makes it surer', () => {
    fc.assert(
      fc.property(terms, bands, (all, book) => {
        expect(passedOf(check([...all, ...all], book, lenient))).toEqual(
          expect.arrayContaining(passedOf(check(all, book, lenient))),
        );
      }),
    );
  });
});
