import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { learnChurn } from '../../../src/core/churn/learn.ts';
import { defaultConfiguration, type ModelConfiguration } from '../../../src/core/configuration.ts';
import { chanceAt, curveOf, learnExpansion } from '../../../src/core/expansion/learn.ts';
import { isGroup, listChanges } from '../../../src/core/configuration/changes.ts';
import { changesOf, openWhole, parseWhole, type ConfigurationWhole } from '../../../src/core/configuration/parse.ts';
import { withValueAt } from '../../../src/core/configuration/path.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import type { AccountUsage } from '../../../src/core/model/signals.ts';
import type { AccountHistory, AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { signalPlaysOf } from '../../../src/core/plays/index.ts';
import { toAccountUsage } from '../../../src/core/usage/account-usage.ts';
import { usageViewOf } from '../../../src/core/usage/look-back.ts';
import type { DayUsage } from '../../../src/core/usage/usage-ledger.ts';
import { account, ago, dayAgo, healthyCustomer, later, TODAY } from '../scoring/account-builder.ts';

const { version, ...defaults } = defaultConfiguration;

const configured = (path: string, value: unknown): ModelConfiguration => ({
  version,
  ...parseWhole(withValueAt(defaults, path, value)),
});

/** What an account used, as the store puts it together for a configuration; `on` says what was special so many days ago. */
function used(
  by: ModelConfiguration,
  historyDays: number,
  on: (daysAgo: number) => DayUsage = () => ({}),
): AccountUsage {
  const counted = Array.from({ length: historyDays + 1 }, (_, daysAgo) => {
    const day = dayAgo(daysAgo);
    return { month: day.slice(0, 7), days: { [day.slice(8)]: { events: 9, userCount: 10, ...on(daysAgo) } } };
  });
  const users = { recent: 0, active: 0, before: 0, season: 0, recentKey: 0 };
  const firstOn = dayAgo(historyDays);
  const kept = { workspaces: [{ counted, imported: [] }], users, firstOn, lastActiveAt: ago(0) };
  return toAccountUsage({ ...kept, limits: [], coreFeatures: [] }, usageViewOf({ today: TODAY, endOn: TODAY }, by));
}

/** A healthy customer as it is judged day by day, so many days from today on. */
function dayByDay(
  by: ModelConfiguration,
  days: number,
  of: (day: number) => Partial<AccountSnapshot> = () => ({}),
): AccountHistory | undefined {
  let history: AccountHistory | undefined;
  for (let day = 0; day < days; day += 1) {
    ({ history } = assess(later(healthyCustomer(), day, { ...of(day), history: history ?? null }), by));
  }
  return history;
}

const sayings = (measure: string, usage: AccountUsage, by: ModelConfiguration): string | undefined =>
  assess(healthyCustomer({ account: account({ seatsPaid: 20 }), usage }), by).health.drivers.find(
    (driver) => driver.measure === measure,
  )?.because;

const signal = (id: string, usage: AccountUsage, by: ModelConfiguration): string | undefined =>
  assess(healthyCustomer({ usage }), by).expansion.signals.find((one) => one.id === id)?.because;

const play = (id: string, usage: AccountUsage, by: ModelConfiguration) => {
  const snapshot = healthyCustomer({ usage });
  const assessment = assess(snapshot, by);
  const { renewal } = assessment;
  const facts = { snapshot, assessment, renewal, configuration: by, owners: new Map(), topArrFrom: null };
  return signalPlaysOf(by.plays)
    .find((one) => one.id === id)
    ?.look({ ...facts, isIntentAsked: false });
};

type Row = readonly [
  what: string,
  path: string,
  value: unknown,
  judged: (by: ModelConfiguration) => unknown,
  byDefault: unknown,
  changed: unknown,
];

const growing = (daysAgo: number): DayUsage => ({ userCount: daysAgo < 20 ? 30 : 10, keyActions: 1, keyUserCount: 5 });

const rows: readonly Row[] = [
  [
    'how long somebody counts as here of late, for the share of key actions',
    'usage.windows.recentDays',
    7,
    (by) =>
      sayings(
        'U5',
        used(by, 60, (daysAgo) => ({ keyUserCount: daysAgo < 7 ? 2 : 6, keyActions: 1 })),
        by,
      ),
    '6 of 10 active users did a key action in the last 14 days (60%).',
    '2 of 10 active users did a key action in the last 7 days (20%).',
  ],
  [
    'how long somebody counts as here of late, for an account that comes back',
    'usage.windows.recentDays',
    7,
    (by) =>
      play(
        '02',
        used(by, 60, (daysAgo) => ({ userCount: daysAgo < 7 ? 2 : 6 })),
        by,
      ),
    { state: 'over', because: '6 people used the product in the last 14 days.' },
    { state: 'between' },
  ],
  [
    'over how many days a change of use is told',
    'usage.windows.activeDays',
    20,
    (by) => sayings('U2', used(by, 60, growing), by),
    'Key actions did not change in 28 days (28).',
    'Key actions did not change in 20 days (20).',
  ],
  [
    'over how many days people hold a seat',
    'usage.windows.activeDays',
    20,
    (by) =>
      sayings(
        'U1',
        used(by, 60, (daysAgo) => ({ userCount: daysAgo < 20 ? 5 : 10 })),
        by,
      ),
    '10 of 20 paid seats were active in the last 28 days (50%).',
    '5 of 20 paid seats were active in the last 20 days (25%).',
  ],
  [
    'over how many days the growth of use is told',
    'usage.windows.activeDays',
    31,
    (by) =>
      signal(
        'E4',
        used(by, 80, (daysAgo) => ({ userCount: daysAgo < 30 ? 30 : 10 })),
        by,
      ),
    undefined,
    'Active users rose 200% in 31 days (10 → 30).',
  ],
  [
    'over how many days use has to fall for play 01',
    'usage.windows.activeDays',
    20,
    (by) =>
      play(
        '01',
        used(by, 60, (daysAgo) => ({ userCount: daysAgo < 22 ? 5 : 20 })),
        by,
      )?.state,
    'over',
    'fires',
  ],
  [
    'how far back the earlier season lies',
    'usage.windows.seasonWeeks',
    26,
    (by) =>
      sayings(
        'U2',
        used(by, 400, (daysAgo) => ({ userCount: daysAgo < 28 ? 10 : daysAgo > 300 ? 9 : 12 })),
        by,
      ),
    'Active users fell 17% in 28 days (12 → 10). Active users rose 11% against the same 28 days a year ago (9 → 10).',
    'Active users fell 17% in 28 days (12 → 10).',
  ],
  [
    'from how much history on the season is compared with',
    'usage.windows.seasonFromDays',
    401,
    (by) => used(by, 400).users28dLastYear,
    10,
    null,
  ],
  [
    'when an account counts as one without key actions',
    'health.measures.keyAction.seenDays',
    40,
    (by) =>
      sayings(
        'U5',
        used(by, 90, (daysAgo) => (daysAgo === 50 ? { keyActions: 1, keyUserCount: 1 } : {})),
        by,
      ),
    '0 of 10 active users did a key action in the last 14 days (0%).',
    'No key action was seen in the last 40 days.',
  ],
  [
    'how far back a department must not have been there',
    'expansion.newDepartments.beforeDays',
    90,
    (by) => {
      const departments = (daysAgo: number) => ({
        Legal: daysAgo < 30 ? 4 : 0,
        Sales: daysAgo < 30 || daysAgo > 99 ? 4 : 0,
      });
      return signal(
        'E5',
        used(by, 130, (daysAgo) => ({ departments: departments(daysAgo) })),
        by,
      );
    },
    '2 more departments use the product: Legal, Sales.',
    undefined,
  ],
  [
    'how often the number of employees is remembered',
    'expansion.headcount.everyDays',
    7,
    (by) => {
      const history = dayByDay(by, 15, (day) => ({ account: account({ employees: 100 + day }) }));
      return history?.held?.headcounts?.map(({ employees }) => employees);
    },
    [100],
    [100, 107, 114],
  ],
  [
    'of which day before the decision the score is kept',
    'renewals.earlierScore.daysBefore',
    60,
    (by) =>
      [90, 60].map((days) => {
        const renewalOn = addDays(TODAY, days);
        return assess(healthyCustomer({ account: account({ renewalOn, csmPulse: 4 }) }), by).history.atT90?.length;
      }),
    [1, 0],
    [0, 1],
  ],
  [
    'within how many days the score of that day is taken',
    'renewals.earlierScore.withinDays',
    3,
    (by) => {
      const renewalOn = addDays(TODAY, 86);
      return assess(healthyCustomer({ account: account({ renewalOn, csmPulse: 4 }) }), by).history.atT90?.length;
    },
    1,
    0,
  ],
  [
    'for how long scores are remembered, for a fall that is looked for over many days',
    'health.bands.fall.days',
    60,
    (by) => dayByDay(by, 80)?.days.length,
    36,
    68,
  ],
  [
    'how far calibration may bend what was learned',
    'churn.learning.calibrationSpread',
    0.001,
    (by) => {
      const rows = Array.from({ length: 200 }, (_, index) => ({
        accountId: toAccountId(`a${index}`),
        baseRate: 0.15,
        health: index % 2 === 0 ? 90 : 50,
        effects: [],
        isLost: index % 4 === 1,
      }));
      const slope = learnChurn(rows, TODAY, by.churn)?.calibration.slope ?? 0;
      return Math.abs(slope - 1) < 0.01;
    },
    false,
    true,
  ],
  [
    'after how many won expansions the chance of one is learned',
    'expansion.probability.learning.leastExpansions',
    40,
    ({ expansion: { probability } }) =>
      learnExpansion([{ score: 30, accounts: 400, won: 90 }], 35, TODAY, probability).curve === null,
    false,
    true,
  ],
  [
    'how much the default chance of an expansion counts before',
    'expansion.probability.learning.priorAccounts',
    1,
    ({ expansion: { probability } }) => {
      const few = learnExpansion([{ score: 30, accounts: 100, won: 20 }], 20, TODAY, probability);
      return Math.round(chanceAt(30, curveOf(few, probability)) * 100);
    },
    13,
    20,
  ],
  [
    'how far the learned chance of an expansion may lie from the default',
    'expansion.probability.learning.priorSpread',
    0.01,
    ({ expansion: { probability } }) => {
      const many = learnExpansion([{ score: 30, accounts: 400, won: 200 }], 60, TODAY, probability);
      return Math.round(chanceAt(30, curveOf(many, probability)) * 10);
    },
    4,
    1,
  ],
];

describe.each(rows)('an admin may say %s', (_what, path, value, judged, byDefault, changed) => {
  it(`by ${path}, which is judged by from then on`, () => {
    expect(judged(defaultConfiguration)).toEqual(byDefault);
    expect(judged(configured(path, value))).toEqual(changed);
  });
});

describe('every number of the model', () => {
  /** The paths of all numbers, those in lists among them. */
  const numbersIn = (value: unknown, path: string): readonly (readonly [path: string, number: number])[] => {
    if (typeof value === 'number') return [[path, value]];
    if (Array.isArray(value)) return value.flatMap((one: unknown, index) => numbersIn(one, `${path}[${index}]`));
    if (!isGroup(value)) return [];
    return Object.entries(value).flatMap(([key, one]) => numbersIn(one, path === '' ? key : `${path}.${key}`));
  };
  const taken = (whole: unknown): readonly ConfigurationWhole[] => {
    try {
      return [openWhole(whole)];
    } catch {
      return [];
    }
  };

  it('can be another one, and shows up as a change under its path', () => {
    const numbers = numbersIn(defaults, '');
    expect(numbers.length).toBeGreaterThan(300);
    for (const [path, number] of numbers) {
      const others = [number + 1, number - 1, number * 0.9].values();
      const [other] = others.flatMap((one) => taken(withValueAt(defaults, path, one)));
      if (other === undefined) throw new Error(`${path} cannot be changed`);
      const [change, ...more] = listChanges(defaults, changesOf(other));
      expect(path.startsWith(change?.path ?? 'none'), path).toBe(true);
      expect(more, path).toEqual([]);
    }
  });
});
