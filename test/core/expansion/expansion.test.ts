import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExpansionConfiguration as configuration } from '../../../src/core/expansion/configuration.ts';
import type { ExpansionContext } from '../../../src/core/expansion/expansion.ts';
import { assessExpansion } from '../../../src/core/expansion/expansion.ts';
import { expansionDealsOf } from '../../../src/core/expansion/expansion-deals.ts';
import { chanceAt } from '../../../src/core/expansion/learn.ts';
import { signalsOf } from '../../../src/core/expansion/signals.ts';
import type { Health } from '../../../src/core/model/assessment.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { money } from '../../../src/core/model/money.ts';
import { noExchangeRates } from '../../../src/core/model/rates.ts';
import type { Account, Contact, Contract } from '../../../src/core/model/records.ts';
import type { AccountHistory, AccountSnapshot, PeerFacts } from '../../../src/core/model/snapshot.ts';
import { defaultUsageConfiguration } from '../../../src/core/usage/configuration.ts';
import type { LedgerState } from '../../../src/core/plan/step.ts';
import { defaultRenewalConfiguration } from '../../../src/core/renewals/configuration.ts';
import { renewalOf } from '../../../src/core/renewals/renewal.ts';
import {
  account,
  ago,
  contact,
  dayAgo,
  deal,
  meeting,
  openTicket,
  snapshot,
  ticket,
  TODAY,
} from '../scoring/account-builder.ts';
import { answer, renewalTask, usage, usageDays } from '../scoring/signals-builder.ts';

const renewal = { terms: [], next: null, status: null, gaps: [] };
const green = { band: 'green', override: null, profile: 'steady' } as const;
const { windows: usageWindows } = defaultUsageConfiguration;

function expansion(of: AccountSnapshot, more: Partial<ExpansionContext> = {}) {
  return assessExpansion(
    {
      snapshot: of,
      health: { ...green, score: 85 },
      renewal,
      churn: { probability90d: 0.1 },
      rates: noExchangeRates,
      usageWindows,
      ...more,
    },
    configuration,
  );
}

const seats = (used: number, paid: number, more: Partial<Account> = {}) =>
  snapshot({ account: account({ seatsUsed: used, seatsPaid: paid, ...more }) });

function remembered(held: Partial<NonNullable<AccountHistory['held']>>): AccountHistory {
  return {
    lastOn: dayAgo(1),
    ewma: 85,
    band: 'green',
    bandSinceOn: dayAgo(50),
    daysWorse: 0,
    daysBetter: 0,
    days: [],
    lastGood: {},
    held: {
      seen: [],
      profile: 'steady',
      decisionOn: null,
      caps: [],
      override: null,
      signals: [],
      seatsHighSinceOn: null,
      ...held,
    },
  };
}

describe('the chance of an expansion', () => {
  it('grows with the score', () => {
    const chance = (score: number) => Math.round(chanceAt(score, configuration.probability) * 1000) / 1000;
    expect([10, 30, 50, 70].map(chance)).toEqual([0.031, 0.08, 0.191, 0.391]);
  });
});

describe('signs of room to grow', () => {
  it('are seats that run out', () => {
    expect(expansion(seats(97, 100)).expansion.signals).toMatchObject([
      { id: 'E1', points: 25, because: '97 of 100 paid seats are used (97%).' },
    ]);
    expect(expansion(seats(104, 100)).expansion.score).toBe(30);
    expect(expansion(seats(79, 100)).expansion.score).toBe(0);
  });

  it('are seats at 80% only once that has lasted for two weeks', () => {
    const first = expansion(seats(85, 100));
    expect(first.expansion.score).toBe(0);
    expect(first.held.seatsHighSinceOn).toBe(TODAY);
    const lasting = { ...seats(85, 100), history: remembered({ seatsHighSinceOn: dayAgo(14) }) };
    expect(expansion(lasting).expansion.score).toBe(15);
  });

  it('are a recent word with an executive and a new champion', () => {
    const of = snapshot({
      contacts: [
        contact('Bo', { roles: ['economic_buyer'] }),
        contact('Ana', { roles: ['champion'], createdAt: ago(5) }),
      ],
      activities: [meeting('m', 30, ['Bo'])],
    });
    expect(expansion(of).expansion.signals).toMatchObject([
      { id: 'E7-champion', points: 5, because: 'Ana became a champion 5 days ago.' },
      { id: 'E7-executive', points: 5, because: 'Two-way contact with Bo on 31 January.' },
    ]);
  });

  it('are an old contact whom somebody marks as champion, told from the day on which that was seen', () => {
    const of = (roles: Contact['roles']) => snapshot({ contacts: [contact('Ana', { roles, createdAt: ago(400) })] });
    const champion = of(['champion']);
    const told = (champions: NonNullable<AccountHistory['held']>['champions']) =>
      expansion({ ...champion, history: remembered(champions === undefined ? {} : { champions }) });
    expect(told(undefined).expansion.signals).toEqual([]);
    const { champions = [] } = expansion(of([])).held;
    expect(told(champions).expansion.signals).toMatchObject([
      { id: 'E7-champion', points: 5, because: 'Ana became a champion today.' },
    ]);
    expect(told(champions).held.champions).toEqual([{ id: 'Ana', sinceOn: TODAY }]);
    const since = (days: number) => told([{ id: 'Ana', sinceOn: dayAgo(days) }]).expansion.signals;
    expect([since(14).length, since(15).length]).toEqual([1, 0]);
    const unread = { ...champion, contacts: null, history: remembered({ champions: [{ id: 'Ana', sinceOn: null }] }) };
    expect(expansion(unread).held.champions).toEqual([{ id: 'Ana', sinceOn: null }]);
  });

  it('are metered limits that come near: at 70% only after two cycles', () => {
    const stored = (last: number, before: number) => {
      const days = usageDays(60, (daysAgo) => ({ metered: { storage: daysAgo < 30 ? last : before } }));
      return snapshot({ usage: usage({ days, limits: [{ metric: 'storage', limit: 100 }] }) });
    };
    expect(expansion(stored(75, 50)).expansion.signals).toEqual([]);
    expect(expansion(stored(75, 70)).expansion.signals).toMatchObject([
      { id: 'E2', points: 15, because: '75% of the limit on storage is used.' },
    ]);
    expect(expansion(stored(95, 10)).expansion.score).toBe(20);
    expect(expansion(stored(120, 10)).expansion.score).toBe(25);
  });

  it('add up what is metered by the day', () => {
    const days = usageDays(60, () => ({ metered: { calls: 3 } }));
    const of = snapshot({ usage: usage({ days, limits: [{ metric: 'calls', limit: 90 }], summed: ['calls'] }) });
    expect(expansion(of).expansion.signals).toMatchObject([{ id: 'E2', points: 25 }]);
  });

  it('are users who want what they have not bought', () => {
    const days = usageDays(60, (daysAgo) => ({ gates: daysAgo === 10 ? { reports: 3 } : {} }));
    expect(expansion(snapshot({ usage: usage({ days }) })).expansion.signals).toMatchObject([
      {
        id: 'E3',
        points: 15,
        because: '3 users wanted reports, which is not in their plan, in the last 30 days.',
      },
    ]);
    expect(expansion(snapshot({ usage: usage({ days, gateUsers30d: { reports: 2 } }) })).expansion.score).toBe(0);
  });

  it('are only those within the days that an admin looks back', () => {
    const days = usageDays(60, (daysAgo) => ({ gates: daysAgo === 10 ? { reports: 3 } : {} }));
    const of = snapshot({ usage: usage({ days, gateUsers30d: { reports: 3 } }) });
    const within = (withinDays: number) =>
      signalsOf(of, 'green', usageWindows, {
        ...configuration,
        gatedFeature: { ...configuration.gatedFeature, withinDays },
      }).found;
    expect([30, 20, 7].map((days) => within(days).map(({ because }) => because))).toEqual([
      ['3 users wanted reports, which is not in their plan, in the last 30 days.'],
      ['3 users wanted reports, which is not in their plan, in the last 20 days.'],
      [],
    ]);
  });

  it('are more users, and departments that were not there before', () => {
    expect(expansion(snapshot({ usage: usage({ users28d: 44 }) })).expansion.signals).toMatchObject([
      { id: 'E4', points: 10, because: 'Active users rose 10% in 28 days (40 → 44).' },
    ]);
    const days = usageDays(150, (daysAgo) => ({
      departments: daysAgo < 50 ? { sales: 9, finance: 3, legal: 4 } : { sales: 8 },
    }));
    expect(expansion(snapshot({ usage: usage({ days }) })).expansion.signals).toMatchObject([
      { id: 'E5', points: 10, because: '2 more departments use the product: finance, legal.' },
    ]);
    expect(expansion(snapshot({ usage: usage({ days: days.slice(-100) }) })).expansion.score).toBe(0);
  });

  it('are metered amounts that grow, where two whole cycles are known', () => {
    const growing = (before: number, now: number, daysKnown = 60) => {
      const days = usageDays(daysKnown, (daysAgo) => ({ metered: { calls: daysAgo < 30 ? now : before } }));
      const limits = [{ metric: 'calls', limit: 9_000 }];
      return expansion(snapshot({ usage: usage({ days, limits, summed: ['calls'] }) })).expansion.signals;
    };
    expect(growing(100, 110)).toMatchObject([
      { id: 'E4', points: 10, because: 'Metered use of calls rose 10% in 30 days.' },
    ]);
    expect(growing(100, 109)).toEqual([]);
    expect(growing(100, 110, 45)).toEqual([]);
  });

  it('are a promoter, growth of the company, and a wish for more in a ticket', () => {
    expect(
      expansion(snapshot({ surveys: [answer('ana', 9, 90), answer('bo', 10, 91)] })).expansion.signals,
    ).toMatchObject([{ id: 'E7-promoter', points: 5, because: 'Somebody recommends us: 9 of 10 on 2 December 2025.' }]);
    const grown = {
      ...snapshot({ account: account({ employees: 110 }) }),
      history: remembered({ headcounts: [{ on: dayAgo(120), employees: 100 }] }),
    };
    expect(expansion(grown).expansion.signals).toMatchObject([
      { id: 'E8', points: 5, because: 'The number of employees rose 10% since 2 November 2025 (100 → 110).' },
    ]);
    const asked = ticket('t', { openedAt: ago(3), category: 'Upgrade', subject: 'Ten more seats' });
    expect(expansion(snapshot({ tickets: [asked] })).expansion.signals).toMatchObject([
      { id: 'E10', points: 30, because: 'The customer asked for more on 27 February (Ten more seats).' },
    ]);
  });

  it('are visits of the pricing page, but only while health is green', () => {
    const days = usageDays(30, (daysAgo) => ({ pricingVisits: daysAgo < 2 ? 1 : 0 }));
    const of = snapshot({ usage: usage({ days }) });
    expect(expansion(of).expansion.signals).toMatchObject([{ id: 'E9', points: 5 }]);
    const yellow = { health: { ...green, score: 70, band: 'yellow' as const } };
    expect(expansion(of, yellow).expansion.signals).toEqual([]);
  });

  it('fade over 45 days once they are gone', () => {
    const signal = { id: 'E1', points: 30, because: 'Full.', trueOn: dayAgo(15) };
    const faded = expansion({ ...seats(50, 100), history: remembered({ signals: [signal] }) });
    expect(faded.expansion.signals).toMatchObject([{ points: 20, because: 'Last true on 15 February: Full.' }]);
    const gone = { ...signal, trueOn: dayAgo(45) };
    expect(expansion({ ...seats(50, 100), history: remembered({ signals: [gone] }) }).held.signals).toEqual([]);
  });
});

/** Forty customers like this one, and how many of them own each product. */
const like = (owners: Readonly<Record<string, number>>, more: Partial<PeerFacts> = {}): PeerFacts => ({
  accounts: 40,
  employees: 100,
  products: Object.entries(owners)
    .map(([name, count]) => ({ name, owners: count, priced: 0, medianArr: null }))
    .sort((a, b) => b.owners - a.owners),
  ...more,
});
const among = (peers: PeerFacts | null, of: Partial<Account>, more: Partial<AccountSnapshot> = {}): AccountSnapshot =>
  snapshot({ account: account({ employees: 100, ...of }), book: { ...snapshot().book, peers }, ...more });
const signalOf = (id: string, of: AccountSnapshot) =>
  expansion(of).expansion.signals.find((signal) => signal.id === id);

describe('what peers own and the customer does not', () => {
  const peers = like({ Core: 40, Analytics: 14, Archive: 12, Alerts: 11 });

  it('is a sign of room to grow from three of ten on', () => {
    expect(signalOf('E6', among(peers, { products: ['Core', 'Archive'] }))).toEqual({
      id: 'E6',
      points: 5,
      because: '14 of 40 customers of this segment and size own Analytics; this one does not.',
      evidence: [{ kind: 'account', id: account().id }],
    });
    expect(signalOf('E6', among(peers, { products: ['core', 'analytics'] }))).toMatchObject({
      because: '12 of 40 customers of this segment and size own Archive; this one does not.',
    });
    expect(signalOf('E6', among(peers, { products: ['Core', 'Analytics', 'Archive'] }))).toBeUndefined();
  });

  it('counts for three products at most, the most owned first', () => {
    const many = like({ Core: 40, A: 30, B: 29, C: 28, D: 27 });
    expect(signalOf('E6', among(many, { products: ['Core'] }))).toMatchObject({
      points: 15,
      because:
        'Customers of this segment and size own what this one does not: A (30 of 40), B (29 of 40), C (28 of 40).',
    });
  });

  it('is not told by fewer than twenty peers, nor of a customer whose products or size are not known', () => {
    expect(signalOf('E6', among(like({ Core: 19 }, { accounts: 19 }), { products: ['Archive'] }))).toBeUndefined();
    expect(signalOf('E6', among(like({ Core: 20 }, { accounts: 20 }), { products: ['Archive'] }))).toBeDefined();
    expect(signalOf('E6', among(peers, { products: null }))).toBeUndefined();
    expect(signalOf('E6', among(null, { products: ['Core'] }))).toBeUndefined();
  });

  it('makes an open deal a cross-sell where nothing says more', () => {
    const open = deal('More', 'open', { kind: 'upsell' });
    const typesOf = (of: AccountSnapshot) => expansionDealsOf(of, expansion(of).expansion).map(({ type }) => type);
    expect(typesOf(among(peers, { products: ['Core'] }, { deals: [open] }))).toEqual(['cross_sell']);
    const full = { products: ['Core'], seatsUsed: 104, seatsPaid: 100 };
    expect(typesOf(among(peers, full, { deals: [open] }))).toEqual(['seats']);
  });

  const priced = (name: string, owners: number, amount: number, count: number) => ({
    name,
    owners,
    priced: count,
    medianArr: money(amount, 'EUR'),
  });
  const withPrices = like({}, { products: [priced('Core', 40, 9_000, 40), priced('Analytics', 14, 4_800, 5)] });
  const valueOf = (of: AccountSnapshot) => expansion(of).expansion.expectedValue;
  const worth = (score: number, amount: number) => ({
    minor: Math.round(chanceAt(score, configuration.probability) * 0.9 * amount * 100),
    currency: 'EUR',
  });

  it('is worth what peers pay for it, brought to the size of the customer, a quarter to four times', () => {
    const sized = (employees: number) => among(withPrices, { employees, products: ['Core'] });
    expect(valueOf(sized(100))).toEqual(worth(5, 4_800));
    expect(valueOf(sized(150))).toEqual(worth(5, 7_200));
    expect(valueOf(sized(10))).toEqual(worth(5, 1_200));
    expect(valueOf(sized(9_000))).toEqual(worth(5, 19_200));
  });

  it('comes on top of the seats that are missing', () => {
    const both = among(withPrices, { products: ['Core'], seatsUsed: 97, seatsPaid: 100 });
    expect(valueOf(both)?.minor).toBe(worth(30, 10_560).minor + worth(30, 4_800).minor);
  });

  it('has no price while fewer than five peers say what they pay', () => {
    const few = like({}, { products: [priced('Analytics', 14, 4_800, 4)] });
    expect(signalOf('E6', among(few, { products: ['Core'] }))).toBeDefined();
    expect(valueOf(among(few, { products: ['Core'] }))).toBeNull();
    expect(valueOf(among(peers, { products: ['Core'] }))).toBeNull();
  });

  it('is not said of what only lost records told, for as long as they are lost', () => {
    const sold = [deal('d', 'won', { products: ['Analytics'] })];
    const first = among(peers, { products: ['Core', 'Archive'] }, { deals: sold });
    expect(signalOf('E6', first)).toBeUndefined();
    const history = remembered(expansion(first).held);
    expect(signalOf('E6', { ...first, deals: null, history })).toBeUndefined();
    expect(signalOf('E6', { ...first, deals: [deal('d', 'won')], history })).toBeUndefined();
    expect(signalOf('E6', { ...first, account: account({ employees: 100, products: null }), history })).toBeUndefined();
    // A deal that somebody deleted told of nothing that is left.
    expect(signalOf('E6', { ...first, deals: [], history })).toMatchObject({ because: /own Analytics/ });
  });

  it('never says more when records stop telling what is owned', () => {
    const names = fc.subarray(['Core', 'Analytics', 'Archive', 'Alerts']);
    const line = (product: string): Contract => ({ ...soldLine, id: product, product });
    const known = fc.record({
      products: fc.option(names, { nil: null }),
      contracts: fc.option(
        names.map((all) => all.map(line)),
        { nil: null },
      ),
      deals: fc.option(
        names.map((all) => all.map((name) => deal(name, 'won', { products: [name] }))),
        { nil: null },
      ),
    });
    const lost = fc.subarray(['products', 'contracts', 'deals'] as const, { minLength: 1 });
    const scoreOf = (of: AccountSnapshot) => expansion(of).expansion.score;
    fc.assert(
      fc.property(known, lost, ({ products, contracts, deals }, gone) => {
        const before = among(peers, { products }, { contracts, deals });
        const history = remembered(expansion(before).held);
        const after = among(
          peers,
          { products: gone.includes('products') ? null : products },
          {
            contracts: gone.includes('contracts') ? null : contracts,
            deals: gone.includes('deals') ? null : deals,
            history,
          },
        );
        expect(scoreOf(after)).toBeLessThanOrEqual(scoreOf({ ...before, history }));
      }),
    );
  });

  it('is the same in whatever order records come', () => {
    const contracts = ['Archive', 'Beta', 'archive'].map((product, id) => ({ ...soldLine, id: `${id}`, product }));
    const deals = ['Core', 'Alerts'].map((name) => deal(name, 'won', { products: [name, 'core'] }));
    const of = among(peers, {}, { contracts, deals });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(contracts, { minLength: 3 }),
        fc.shuffledSubarray(deals, { minLength: 2 }),
        (lines, won) => {
          expect(expansion({ ...of, contracts: lines, deals: won })).toEqual(expansion(of));
        },
      ),
    );
  });
});

const soldLine: Contract = {
  id: '1',
  keptAs: 'subscription',
  accountId: null,
  name: null,
  startOn: null,
  endOn: null,
  termMonths: null,
  autoRenew: null,
  noticeDays: null,
  status: null,
  arr: null,
  seats: null,
  ownerId: null,
  modifiedAt: ago(1),
};
describe('news of the company', () => {
  const news = (of: Partial<Account>, grown = false) =>
    expansion({
      ...snapshot({ account: account({ employees: 120, ...of }) }),
      ...(grown && { history: remembered({ headcounts: [{ on: dayAgo(120), employees: 100 }] }) }),
    }).expansion;

  it('is money raised and another company bought, for 90 days', () => {
    expect(news({ fundedOn: dayAgo(90) }).signals).toMatchObject([
      { id: 'E8-funding', points: 5, because: 'The company raised money on 2 December 2025.' },
    ]);
    expect(news({ acquisitionOn: dayAgo(10) }).signals).toMatchObject([
      { id: 'E8-acquisition', points: 5, because: 'The company bought another on 20 February.' },
    ]);
    expect(news({ fundedOn: dayAgo(91), acquisitionOn: dayAgo(-1) }).score).toBe(0);
  });

  it('makes no more than 10 points together', () => {
    const all = news({ fundedOn: dayAgo(5), acquisitionOn: dayAgo(5) }, true);
    expect(all.score).toBe(10);
    expect(all.signals.reduce((sum, { points }) => sum + points, 0)).toBe(10);
  });

  it('fades one by one', () => {
    const signal = { id: 'E8-funding', points: 5, because: 'The company raised money.', trueOn: dayAgo(9) };
    const of = snapshot({ account: account({ acquisitionOn: dayAgo(5) }) });
    expect(expansion({ ...of, history: remembered({ signals: [signal] }) }).expansion.score).toBe(9);
  });
});
describe('room to grow', () => {
  const asked = (daysAgo: number) => ticket('t', { openedAt: ago(daysAgo), category: 'upgrade', subject: 'More' });

  it('is hot from 50 points on, warm from 30 and cold below', () => {
    const band = (of: AccountSnapshot) => {
      const { score, band } = expansion(of).expansion;
      return `${score} ${band}`;
    };
    expect(band({ ...seats(92, 100), tickets: [asked(1)] })).toBe('55 hot');
    expect(band(snapshot({ tickets: [asked(1)] }))).toBe('30 warm');
    expect(band(seats(92, 100))).toBe('25 cold');
  });

  it('never has more than 100 points', () => {
    const days = usageDays(60, () => ({ metered: { calls: 9 }, gates: { reports: 5 }, pricingVisits: 1 }));
    const limits = [{ metric: 'calls', limit: 90 }];
    const all = {
      ...seats(104, 100),
      usage: usage({ days, users28d: 60, limits, summed: ['calls'] }),
      tickets: [asked(1)],
      surveys: [answer('ana', 10, 5)],
    };
    expect(expansion(all).expansion.score).toBe(100);
  });
});

describe('what stands in the way of asking', () => {
  const full = seats(104, 100);

  it('is nothing for a healthy customer whose seats ran out', () => {
    expect(expansion(full).expansion).toMatchObject({ band: 'warm', blocker: null });
  });

  it('is health, with room for a yellow customer whose seats ran out', () => {
    const health = (score: number | null) => ({ health: { ...green, score, band: 'yellow' as const } });
    expect(expansion(full, health(60)).expansion.blocker).toBeNull();
    expect(expansion(full, health(49)).expansion).toMatchObject({
      band: 'blocked',
      blocker: 'Health is 49; expansion waits for 50.',
    });
    expect(expansion(seats(97, 100), health(60)).expansion.blocker).toBe('Health is 60; expansion waits for 75.');
    expect(expansion(full, health(null)).expansion.blocker).toMatch(/Too little is known/);
  });

  it('is red health, whatever the score: set by a person, or not yet out of the red', () => {
    const more = ticket('t', { openedAt: ago(1), category: 'upgrade', subject: 'More' });
    const asking = { ...full, tickets: [more] };
    const red = (score: number | null, override: Health['override'] = null) =>
      expansion(asking, { health: { ...green, score, band: 'red', override } }).expansion;
    expect(expansion(asking).expansion).toMatchObject({ score: 60, band: 'hot', blocker: null });
    expect(red(54)).toMatchObject({
      band: 'blocked',
      blocker: 'Health is still red, at 54; expansion waits until it is out of the red.',
    });
    expect(red(48).blocker).toBe('Health is 48; expansion waits for 50.');
    const byHand = {
      band: 'red',
      untilOn: addDays(TODAY, 20),
      because: 'Relationship: their CFO is furious',
      code: 'relationship',
      note: 'their CFO is furious',
      by: 'Ana',
    } as const;
    for (const score of [80, 48, null]) {
      expect(red(score, byHand)).toMatchObject({
        band: 'blocked',
        blocker: 'Health is set to red by hand until 22 March; expansion waits.',
      });
    }
    const greenByHand = { ...green, score: 80, override: { ...byHand, band: 'green' } } as const;
    expect(expansion(asking, { health: greenByHand }).expansion.blocker).toBeNull();
  });

  it('is an urgent ticket, an overdue invoice, onboarding, or an ask that is open or was just declined', () => {
    expect(expansion({ ...full, tickets: [openTicket('t', 2)] }).expansion.blocker).toBe(
      '1 urgent ticket is open, for 2 days now.',
    );
    expect(expansion(seats(104, 100, { overdueDays: 16 })).expansion.blocker).toBe('An invoice is 16 days overdue.');
    expect(expansion(full, { health: { ...green, score: 85, profile: 'onboarding' } }).expansion.blocker).toBe(
      'Onboarding is not done.',
    );
    expect(expansion({ ...full, deals: [deal('Seats', 'open', { kind: 'upsell' })] }).expansion.blocker).toBe(
      'An expansion deal is open already (Seats).',
    );
    const lost = deal('Seats', 'lost', { kind: 'upsell', closeOn: dayAgo(90) });
    expect(expansion({ ...full, deals: [lost] }).expansion.blocker).toBe(
      'An expansion was declined on 2 December 2025.',
    );
  });

  it('is a rescue under way, or an ask that somebody made less than 45 days ago', () => {
    const task = (play: string, state: LedgerState, days: number) =>
      renewalTask('ask', days, { play, state, updatedAt: ago(days) });
    const withTasks = (...ownTasks: ReturnType<typeof renewalTask>[]) =>
      expansion({ ...full, ownTasks }).expansion.blocker;
    expect(withTasks(task('04', 'open', 3))).toBe('A rescue of the account is under way.');
    expect(withTasks(task('04', 'done', 3), task('04', 'creating', 0))).toBe('A rescue of the account is under way.');
    // A person threw it out, or it came to its end: nobody is rescuing any more.
    expect(withTasks(task('04', 'deleted', 3), task('04', 'closed', 3))).toBeNull();
    expect(withTasks(task('13', 'done', 45))).toBe('The customer was asked on 16 January.');
    expect(withTasks(task('13', 'done', 46), task('04', 'done', 1))).toBeNull();
    // The first of its tasks is done, and the next one waits for somebody: the same ask goes on.
    expect(withTasks(task('13', 'done', 3), task('13', 'open', 1))).toBeNull();
    expect(withTasks(task('13', 'done', 3), task('14', 'open', 1))).toBe('The customer was asked on 27 February.');
  });

  it('is a renewal that is decided within 30 days: the ask belongs there', () => {
    const decided = (days: number, more: Partial<Account> = {}) => {
      const of = seats(104, 100, { renewalOn: addDays(TODAY, days), noticeDays: 0, ...more });
      return expansion(of, { renewal: renewalOf(of, defaultRenewalConfiguration) }).expansion.blocker;
    };
    expect(decided(30)).toBe('The renewal is decided on 1 April; bundle it there.');
    expect(decided(0)).toMatch(/bundle it there/);
    expect(decided(31)).toBeNull();
    // From month to month there is always a renewal ahead.
    expect(decided(20, { termMonths: 1 })).toBeNull();
  });

  it('is not named when there is nothing to ask for', () => {
    expect(expansion(seats(10, 100), { health: { ...green, score: 20, band: 'red' } }).expansion).toMatchObject({
      band: 'cold',
      blocker: null,
    });
  });
});

describe('the expected value', () => {
  it('is the chance times the price of the missing seats, if the account stays', () => {
    // 97 used seats want 122 paid ones; 22 more at EUR 480 are EUR 10,560, at 6.3% and 90% to stay.
    expect(expansion(seats(97, 100)).expansion.expectedValue).toEqual({
      minor: Math.round(chanceAt(25, configuration.probability) * 1_056_000 * 0.9),
      currency: 'EUR',
    });
  });

  it('is the price of the use that will go beyond its limit, where that is more', () => {
    const metered = (now: number, before: number, more: Partial<Account> = {}) => {
      const days = usageDays(60, (daysAgo) => ({ metered: { storage: daysAgo < 30 ? now : before } }));
      const of = seats(50, 100, more);
      return expansion({ ...of, usage: usage({ users28d: 10, days, limits: [{ metric: 'storage', limit: 100 }] }) });
    };
    // From 90% to 105% of the limit; at that pace 120% next, so 20% of EUR 48,000 are lacking.
    const { score, expectedValue } = metered(105, 90).expansion;
    const chance = chanceAt(score, configuration.probability) * 0.9;
    expect(expectedValue).toEqual({ minor: Math.round(chance * 960_000), currency: 'EUR' });
    expect(metered(96, 98).expansion.expectedValue?.minor).toBe(0);
    expect(metered(60, 50).expansion.expectedValue).toBeNull();
    // 97 of 100 seats want 22 more, which is more than 20% of use.
    const both = metered(105, 90, { seatsUsed: 97 }).expansion;
    const chanceOfBoth = chanceAt(both.score, configuration.probability) * 0.9;
    expect(both.expectedValue?.minor).toBe(Math.round(chanceOfBoth * 1_056_000));
  });

  it('is in the home currency where the rate is known, else in its own', () => {
    const dollars = seats(97, 100, { arr: money(48_000, 'USD') });
    const own = expansion(dollars).expansion.expectedValue;
    const home = expansion(dollars, { rates: { on: null, perUnit: { USD: 0.5 } } }).expansion.expectedValue;
    expect(own?.currency).toBe('USD');
    expect(home).toEqual({ minor: Math.round((own?.minor ?? 0) / 2), currency: 'EUR' });
  });

  it('is not guessed without a price per seat or a churn probability', () => {
    expect(expansion(seats(97, 100, { arr: null })).expansion.expectedValue).toBeNull();
    expect(expansion(seats(97, 100), { churn: { probability90d: null } }).expansion.expectedValue).toBeNull();
  });
});
