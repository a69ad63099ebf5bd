import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import type { MeasureContext, Reading } from '../../../src/core/measures/measure.ts';
import { defaultMeasureConfiguration, measuresOf } from '../../../src/core/measures/index.ts';
import type { CustomMeasureSettings } from '../../../src/core/measures/custom-measure.ts';
import { addDays, instantOn } from '../../../src/core/model/calendar-date.ts';
import type { AccountUsage } from '../../../src/core/model/signals.ts';
import type { AccountHistory, AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { account, ago, dayAgo, snapshot } from '../scoring/account-builder.ts';
import { noUsage, usage, usageDays } from '../scoring/signals-builder.ts';

const context: MeasureContext = {
  term: null,
  decisionOn: null,
  isTermLost: false,
  isOnboarding: false,
  usageWindows: defaultConfiguration.usage.windows,
};

function read(
  id: string,
  of: AccountSnapshot,
  more: Partial<MeasureContext> = {},
  custom: CustomMeasureSettings[] = [],
) {
  const measure = measuresOf({ ...defaultMeasureConfiguration, custom }).find((one) => one.id === id);
  if (measure === undefined) throw new Error(`there is no measure ${id}`);
  return measure.read(of, { ...context, ...more });
}

const using = (more: Partial<AccountUsage> = {}, seatsPaid: number | null = 50) =>
  snapshot({ account: account({ seatsPaid }), usage: usage(more) });
const valueOf = (reading: Reading) => (reading.state === 'ok' ? reading.value : null);

const sawUsage: AccountHistory = {
  lastOn: dayAgo(1),
  ewma: 80,
  band: 'green',
  bandSinceOn: dayAgo(30),
  daysWorse: 0,
  daysBetter: 0,
  days: [],
  lastGood: {},
  held: {
    seen: ['usage'],
    profile: 'steady',
    decisionOn: null,
    caps: [],
    override: null,
    signals: [],
    seatsHighSinceOn: null,
  },
};

describe('every measure of use', () => {
  const ids = ['U1', 'U2', 'U3', 'U4', 'U5'];

  it('does not apply without a usage source, seats that the account states apart', () => {
    expect(ids.slice(1).map((id) => read(id, snapshot()).state)).toEqual(['na', 'na', 'na', 'na']);
    const stated = snapshot({ account: account({ seatsUsed: 40, seatsPaid: 50 }) });
    expect(read('U1', stated)).toMatchObject({ state: 'ok', value: 0.8, score: 75 });
  });

  it('is missing for an account that never used the product', () => {
    const of = snapshot({ account: account({ seatsPaid: 50 }), usage: { ...noUsage, coreFeatures: ['boards'] } });
    expect(ids.map((id) => read(id, of).state)).toEqual(['missing', 'missing', 'missing', 'missing', 'missing']);
  });

  it('is lost, not inapplicable, when a source that was there cannot be read', () => {
    const of = snapshot({ account: account({ seatsUsed: 50, seatsPaid: 50 }), history: sawUsage });
    for (const id of ids) expect(read(id, of)).toMatchObject({ state: 'missing', isLost: true });
  });
});

describe('seat use', () => {
  it('is people active in four weeks against seats paid, whatever the account states', () => {
    const of = { ...using(), account: account({ seatsUsed: 50, seatsPaid: 50 }) };
    expect(read('U1', of)).toMatchObject({
      value: 0.8,
      score: 75,
      because: '40 of 50 paid seats were active in the last 28 days (80%).',
    });
  });

  it('is told the right way round when more people are active than seats are paid for', () => {
    expect(read('U1', { ...using({ users28d: 14 }), account: account({ seatsPaid: 13 }) })).toMatchObject({
      because: '14 people were active in the last 28 days, on 13 paid seats (107%).',
    });
    expect(read('U1', snapshot({ account: account({ seatsUsed: 14, seatsPaid: 13 }) }))).toMatchObject({
      because: '14 seats are used and 13 are paid for (107%).',
    });
  });

  it('is an error where the account states fewer than none, so that the last good number stands in for it', () => {
    expect(read('U1', snapshot({ account: account({ seatsUsed: -3, seatsPaid: 50 }) }))).toMatchObject({
      state: 'error',
      because: 'The account states -3 used of 50 paid seats; there cannot be fewer than none.',
    });
  });

  it('expects less of a customer who is being brought on board, by how long that has gone on', () => {
    const of = (days: number) => ({
      ...using({ users28d: 10 }),
      account: account({ seatsPaid: 20, customerSinceOn: dayAgo(days) }),
    });
    const score = (days: number) => read('U1', of(days), { isOnboarding: true });
    expect(score(80)).toMatchObject({ score: 75 });
    expect(score(200)).toMatchObject({ score: 50 });
    expect(read('U1', of(80))).toMatchObject({ score: 50 });
  });
});

describe('change in use', () => {
  it('is told as a customer would be told', () => {
    expect(read('U2', using({ users28d: 28, usersPrior28d: 41 }))).toMatchObject({
      state: 'ok',
      value: expect.closeTo(-0.317, 3),
      because: 'Active users fell 32% in 28 days (41 → 28).',
    });
    expect(read('U2', using())).toMatchObject({ because: 'Active users did not change in 28 days (40).' });
  });

  it('is the fall in key actions where these fell further', () => {
    const days = usageDays(180, (daysAgo) => ({ keyActions: daysAgo < 28 ? 5 : 10 }));
    expect(read('U2', using({ days, users28d: 44 }))).toMatchObject({
      value: -0.5,
      score: 0,
      because: 'Key actions fell 50% in 28 days (280 → 140).',
    });
  });

  it('does not take a season for a decline when last year shows the same', () => {
    const august = read('U2', using({ users28d: 28, usersPrior28d: 41, users28dLastYear: 29 }));
    expect(august).toMatchObject({
      value: expect.closeTo(-0.034, 3),
      because:
        'Active users fell 32% in 28 days (41 → 28). Active users fell 3% against the same 28 days a year ago (29 → 28).',
    });
  });

  it('waits for eight weeks of history and for somebody to compare with', () => {
    expect(read('U2', using({ firstOn: dayAgo(54) })).state).toBe('missing');
    expect(read('U2', using({ firstOn: dayAgo(55) })).state).toBe('ok');
    expect(read('U2', using({ usersPrior28d: 0 })).state).toBe('missing');
  });
});

describe('last use', () => {
  it('counts days since anybody was there', () => {
    expect(read('U3', using({ lastActiveAt: ago(22) }))).toMatchObject({
      value: 22,
      score: 25,
      because: 'Nobody has used the product for 22 days.',
    });
    expect(read('U3', using())).toMatchObject({ score: 100, because: 'The product was used today.' });
    // After a weekend the sentence stands among the good news.
    expect(read('U3', using({ lastActiveAt: ago(3) }))).toMatchObject({
      because: 'The product was last used 3 days ago.',
    });
  });

  it('does not hold a silent source against the customer', () => {
    const of = using({ lastActiveAt: ago(22) });
    const stopped = { ...of, sources: { ...of.sources, usage: { readAt: ago(21), error: null } } };
    expect(valueOf(read('U3', stopped))).toBe(1);
  });
});

describe('usage that comes in files', () => {
  /** The same account so many days after the file's last day, which is today. */
  const seen = (daysLater: number): AccountSnapshot => {
    const days = usageDays(180, () => ({ features: { boards: 2, exports: 1 } }));
    const of = using({ days, coreFeatures: ['boards'], users28d: 36 });
    const today = addDays(of.today, daysLater);
    const readAt = instantOn(addDays(of.today, 1), 0, of.timeZone);
    return { ...of, today, asOf: instantOn(today, 9, of.timeZone), sources: { usage: { readAt, error: null } } };
  };
  const exports: CustomMeasureSettings = {
    id: 'X-exports',
    title: 'Exports',
    dimension: 'usage',
    weight: 0.2,
    of: { kind: 'feature', feature: 'exports' },
    as: 'change',
    windowDays: 7,
    breakpoints: [
      [-1, 0],
      [0, 100],
    ],
  };

  it.each(['U1', 'U2', 'U3', 'U4', 'U5', 'X-exports'])('reads %s on the days between as on the last one', (id) => {
    const onLast = read(id, seen(0), {}, [exports]);
    expect(onLast.state).toBe('ok');
    for (const daysLater of [1, 4, 7, 30]) {
      expect(read(id, seen(daysLater), {}, [exports])).toMatchObject({ value: valueOf(onLast) });
    }
  });

  it('says up to which day it tells, once that is longer ago than yesterday', () => {
    const because = (id: string, daysLater: number): string => read(id, seen(daysLater)).because;
    expect(because('U2', 1)).toBe('Active users fell 10% in 28 days (40 → 36).');
    expect(because('U2', 5)).toBe('Active users fell 10% in 28 days up to 2 March (40 → 36).');
    expect(because('U1', 5)).toBe('36 of 50 paid seats were active in the last 28 days up to 2 March (72%).');
    expect(because('U3', 1)).toBe('The product was last used yesterday.');
    expect(because('U3', 5)).toBe('The product was used on 2 March, the last day known.');
  });
});

describe('features and key actions', () => {
  it('is the share of licensed core features that were used in four weeks', () => {
    const days = usageDays(180, (daysAgo) => ({ features: daysAgo < 28 ? { boards: 2 } : { boards: 2, reports: 1 } }));
    const coreFeatures = ['boards', 'reports', 'exports'];
    expect(read('U4', using({ days, coreFeatures }))).toMatchObject({
      value: expect.closeTo(1 / 3, 9),
      because: '1 of 3 core features were used in the last 28 days.',
    });
    expect(read('U4', using({ days })).state).toBe('na');
  });

  it('is the share of active users who did the key action, where there is one', () => {
    expect(read('U5', using())).toMatchObject({
      value: 0.5,
      because: '15 of 30 active users did a key action in the last 14 days (50%).',
    });
    const none = usageDays(180, () => ({ keyActions: 0 }));
    expect(read('U5', using({ days: none })).state).toBe('na');
  });
});

describe('a measure of the customer’s own', () => {
  const exports: CustomMeasureSettings = {
    id: 'X-exports',
    title: 'Exports',
    dimension: 'usage',
    weight: 0.2,
    of: { kind: 'feature', feature: 'exports' },
    as: 'sum',
    windowDays: 7,
    breakpoints: [
      [0, 0],
      [14, 100],
    ],
  };
  const days = usageDays(60, (daysAgo) => ({
    features: { exports: daysAgo < 7 ? 1 : 2 },
    metered: { storage: daysAgo },
  }));

  it('counts what the product sends', () => {
    expect(read('X-exports', using({ days }), {}, [exports])).toMatchObject({
      value: 7,
      score: 50,
      because: 'Exports came to 7 in the last 7 days.',
    });
  });

  it('is one of forty at most', () => {
    const many = Array.from({ length: 41 }, (_, index) => ({ ...exports, id: `X${index}` }));
    expect(measuresOf({ ...defaultMeasureConfiguration, custom: many.slice(1) })).toHaveLength(
      measuresOf(defaultMeasureConfiguration).length + 40,
    );
    expect(() => measuresOf({ ...defaultMeasureConfiguration, custom: many })).toThrow(/at most 40/);
  });

  it('may look at a change, or at the newest level', () => {
    expect(read('X-exports', using({ days }), {}, [{ ...exports, as: 'change' }])).toMatchObject({
      value: -0.5,
      because: 'Exports fell 50% in 7 days (14 → 7).',
    });
    const level: CustomMeasureSettings = { ...exports, of: { kind: 'metric', metric: 'storage' }, as: 'newest' };
    expect(read('X-exports', using({ days: days.slice(0, -3) }), {}, [level])).toMatchObject({
      value: 3,
      because: 'Exports stood at 3 when last told.',
    });
  });
});
