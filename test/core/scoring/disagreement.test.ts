import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import type { Assessment } from '../../../src/core/model/assessment.ts';
import type { BandOverride } from '../../../src/core/model/records.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import {
  disagreementChanges,
  verdictOf,
  wayOf,
  type Disagreement,
  type DisagreementChange,
} from '../../../src/core/scoring/disagreement.ts';
import { ago, healthyCustomer, later, TODAY } from './account-builder.ts';

const RED: BandOverride = { band: 'red', untilOn: null, by: 'Ana', reason: 'Price: they want a tenth off' };

const customer = (override: BandOverride | null, more: Partial<AccountSnapshot['account']> = {}): AccountSnapshot => {
  const healthy = healthyCustomer();
  return { ...healthy, account: { ...healthy.account, ...more, override } };
};

/** So many days after the first: what the record says of the band, and of the account otherwise. */
type Look = readonly [day: number, override: BandOverride | null | 'gone', more?: Partial<AccountSnapshot['account']>];

/** What became of the disagreement at each look at the account. */
function follow(...looks: readonly Look[]): readonly (readonly DisagreementChange[])[] {
  let before: Assessment | null = null;
  return looks.map(([day, override, more]) => {
    const seen: AccountSnapshot = later(customer(override === 'gone' ? null : override, more), day, {
      history: before?.history ?? null,
    });
    const after: Assessment | null = override === 'gone' ? null : assess(seen, defaultConfiguration);
    const changes = disagreementChanges(seen.account.id, before, after, seen.today);
    before = after;
    return changes;
  });
}

/** The one that is open after a change. */
function withChange(open: Disagreement | null, change: DisagreementChange): Disagreement | null {
  if (change.kind === 'ended') return null;
  if (change.kind === 'begun') return change.disagreement.end === null ? change.disagreement : null;
  return open && { ...open, untilOn: change.untilOn, by: change.by };
}

describe('a disagreement', () => {
  it('begins with the first look at the band, and nothing is said of it on most days', () => {
    const [none, begun, same, another] = follow([0, null], [1, RED], [1, RED], [2, RED]);
    expect(none).toEqual([]);
    expect(begun).toMatchObject([
      {
        kind: 'begun',
        disagreement: { band: 'red', code: 'price', computed: { band: 'green', score: expect.any(Number) }, end: null },
      },
    ]);
    expect([same, another]).toEqual([[], []]);
  });

  it.each<readonly [string, Look, string, number]>([
    ['the field is emptied', [3, null], 'taken-back', 3],
    ['its reason is made unreadable', [3, { ...RED, reason: 'because' }], 'taken-back', 3],
    ['its last day is set to one that has passed', [3, { ...RED, untilOn: TODAY }], 'expired', 3],
    ['thirty days have passed, whoever looked', [40, RED], 'expired', 30],
    ['the field is emptied after it had run out', [40, null], 'expired', 30],
    ['the account is gone', [3, 'gone'], 'account-gone', 3],
  ])('ends when %s', (_, look, by, day) => {
    const on = later(healthyCustomer(), day).today;
    expect(follow([0, RED], look)[1]).toEqual([{ kind: 'ended', accountId: '100', end: { on, by } }]);
  });

  it('ends when the score comes to say the same', () => {
    const gaveNotice = (day: number): Look => [day, RED, { cancelledOn: TODAY }];
    const changes = follow([0, RED], ...[1, 2, 3].map(gaveNotice)).flat();
    expect(changes.filter(({ kind }) => kind === 'ended')).toMatchObject([{ kind: 'ended', end: { by: 'agreed' } }]);
  });

  it('is over at once where the score says the same already', () => {
    const [begun] = follow([0, { ...RED, band: 'green' }]);
    expect(begun).toMatchObject([{ kind: 'begun', disagreement: { band: 'green', end: { on: TODAY, by: 'agreed' } } }]);
  });

  it('is another one with another band or note, and the same with another day or hand', () => {
    const kinds = (next: Partial<BandOverride>) =>
      follow([0, RED], [1, { ...RED, ...next }])[1]?.map(({ kind }) => kind);
    expect(kinds({ band: 'yellow' })).toEqual(['begun']);
    expect(kinds({ reason: 'Price: a fifth' })).toEqual(['begun']);
    expect(kinds({ reason: 'PRICE:they want a tenth off' })).toEqual([]);
    expect(kinds({ by: 'Bo' })).toEqual(['restated']);
  });

  it('has a way, and a verdict once a term is decided', () => {
    const one = (band: Disagreement['band'], computed: Disagreement['computed']['band']) => ({
      band,
      computed: { band: computed, score: null },
    });
    const cases = [one('green', 'red'), one('red', 'yellow'), one('red', 'red'), one('green', 'grey')];
    expect(cases.map(wayOf)).toEqual(['better', 'worse', 'same', 'unscored']);
    expect(cases.map((of) => verdictOf(of, 'renewed'))).toEqual(['person', 'score', null, null]);
    expect(cases.map((of) => verdictOf(of, 'churned'))).toEqual(['score', 'person', null, null]);
    expect(cases.map((of) => verdictOf(of, null))).toEqual([null, null, null, null]);
  });

  it('is open only while its band is in force, whatever people do', () => {
    const override = fc.option(
      fc.record<BandOverride>({
        band: fc.constantFrom('green', 'yellow', 'red'),
        untilOn: fc.option(
          fc.integer({ min: -5, max: 60 }).map((days) => later(healthyCustomer(), days).today),
          {
            nil: null,
          },
        ),
        by: fc.constantFrom(null, 'Ana'),
        reason: fc.constantFrom(null, 'Price: high', 'price:  high', 'Price: higher', 'Price', 'high'),
      }),
      { nil: null },
    );
    const looks = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 40 }), override, isGone: fc.boolean(), quiet: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(looks, (given) => {
        let day = 0;
        let before: Assessment | null = null;
        let open: Disagreement | null = null;
        for (const { after, override: set, isGone, quiet } of given) {
          day += after;
          const pulse = { overdueDays: quiet ? 0 : 70, csmPulse: quiet ? 4 : 1, csmPulseAt: ago(-day) };
          const seen: AccountSnapshot = later(customer(set, pulse), day, { history: before?.history ?? null });
          const now: Assessment | null = isGone ? null : assess(seen, defaultConfiguration);
          open = disagreementChanges(seen.account.id, before, now, seen.today).reduce(withChange, open);
          before = now;
          if (open === null) continue;
          const { band, code, note, untilOn } = open;
          expect(now?.health.override).toMatchObject({ band, code, note, untilOn });
          expect(now?.history.band).not.toBe(band);
        }
      }),
    );
  });
});
