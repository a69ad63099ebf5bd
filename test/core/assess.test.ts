import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, isCustomer } from '../../src/core/assess.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import type { Assessment } from '../../src/core/model/assessment.ts';
import { addDays } from '../../src/core/model/calendar-date.ts';
import { money, type Money } from '../../src/core/model/money.ts';
import type { Account, Activity, Contact, Contract, Deal, Ticket } from '../../src/core/model/records.ts';
import type { AccountUsage, Invoice, Milestone, SurveyResponse } from '../../src/core/model/signals.ts';
import type { AccountSnapshot, OwnTask, SourceFreshness, SourceName } from '../../src/core/model/snapshot.ts';
import { PROFILE_IDS } from '../../src/core/scoring/profiles.ts';
import {
  account,
  activity,
  ago,
  contact,
  dayAgo,
  deal,
  healthyCustomer,
  later,
  meeting,
  openTicket,
  snapshot,
  ticket,
  TODAY,
} from './scoring/account-builder.ts';
import { answer, invoice, milestone, renewalTask, usage, usageDays } from './scoring/signals-builder.ts';

const see = (of: AccountSnapshot): Assessment => assess(of, defaultConfiguration);
const seeAfter = (before: Assessment, of: AccountSnapshot): Assessment => see({ ...of, history: before.history });

describe('an account known from its CRM alone', () => {
  it('is green, with medium confidence, when everything there is well', () => {
    const { health, modelVersion, dataAsOf } = see(healthyCustomer());
    expect(health).toMatchObject({
      band: 'green',
      profile: 'crm_only',
      coverage: 1,
      confidence: 'medium',
      caps: [],
      reason:
        'No invoice is overdue. The last two-way contact was a meeting on 25 February, 5 days ago. The champion, Ana, is in touch.',
    });
    expect(health.score).toBeGreaterThan(85);
    expect(modelVersion).toBe('HF-Health v1 / default 1');
    expect(dataAsOf).toBe(healthyCustomer().asOf);
  });

  it('is red before its renewal when the champion left, and says so first', () => {
    const left = contact('Lee', { roles: ['champion'], status: 'departed', departedAt: ago(20) });
    const of = healthyCustomer({
      account: account({ overdueDays: 0, csmPulse: 4, csmPulseAt: ago(10), renewalOn: addDays(TODAY, 60) }),
      contacts: [left, contact('Bo', { roles: ['exec_sponsor'] })],
    });
    const { health, renewal, churn } = see(of);
    expect(health).toMatchObject({ band: 'red', score: 49, profile: 'renewal_window+crm_only' });
    expect(health.reason).toMatch(
      /^Held at 49: the champion, Lee, left on 10 February and no other has been met since\. The renewal decision is due on 1 May\. /,
    );
    expect(renewal.status).toBe('at_risk');
    expect(churn.risk).toBe('high');
  });

  it('is grey, and says what is missing, when next to nothing can be read', () => {
    const { health, churn } = see(snapshot());
    expect(health).toMatchObject({ band: 'grey', score: null, raw: null, confidence: 'none' });
    expect(health.reason).toMatch(/^No score: only 0% of what it needs could be read, and it takes 40%\. /);
    expect(churn).toMatchObject({ probability90d: null, risk: 'unknown' });
  });

  it('counts seats where the CRM keeps them', () => {
    const seats = { seatsUsed: 20, seatsPaid: 100 };
    const of = healthyCustomer({ account: account({ overdueDays: 0, ...seats }) });
    const { health } = see(of);
    expect(health.profile).toBe('steady');
    expect(health.dimensions.usage).toBe(20);
    expect(health.reason).toMatch(/^20 of 100 paid seats are used \(20%\)\. /);
  });

  it('is trusted no more than medium, even where the CRM counts its seats and everything else is known', () => {
    const seats = { seatsUsed: 90, seatsPaid: 100, liveOn: dayAgo(700) };
    const of = healthyCustomer({
      account: account({
        overdueDays: 0,
        csmPulse: 4,
        csmPulseAt: ago(10),
        segment: 'enterprise',
        arr: null,
        ...seats,
      }),
      surveys: [answer('s1', 9, 20)],
    });
    const { health } = see(of);
    expect(health.profile).toBe('enterprise');
    expect(health.coverage).toBeGreaterThan(0.8);
    expect(health.confidence).toBe('medium');
  });

  it('is onboarding for 90 days after its first won deal', () => {
    const since = (days: number) =>
      healthyCustomer({
        account: account({ customerSinceOn: null }),
        deals: [deal('first', 'won', { kind: 'new', closeOn: dayAgo(days) })],
      });
    expect(see(since(90)).health.profile).toBe('onboarding+crm_only');
    expect(see(since(91)).health.profile).toBe('crm_only');
  });

  it('trusts old records less and less, and bad ones no more than before', () => {
    const of = healthyCustomer();
    const unread = (days: number) => ({
      ...later(of, days),
      sources: { ...of.sources, activities: { readAt: of.asOf, error: 'the token was revoked' } },
    });
    const driver = (assessed: Assessment) => assessed.health.drivers.find(({ measure }) => measure === 'R4');
    expect(driver(see(unread(2)))).toMatchObject({ state: 'ok', score: 100 });
    expect(driver(see(unread(30)))).toMatchObject({ state: 'stale', score: 80 });
    expect(driver(see(unread(40)))?.because).toMatch(/This is old and counts less\.$/);
  });
});

describe('an account that pays in another currency', () => {
  it('is judged as one that pays the same in the home currency', () => {
    const rates = { on: TODAY, perUnit: { JPY: 0.0061 } };
    const judged = (arr: Money) => {
      const of = healthyCustomer({ account: account({ segment: null, arr, renewalOn: addDays(TODAY, 170) }) });
      const { health, churn, renewal } = assess(of, { ...defaultConfiguration, rates });
      return { profile: health.profile, churn, step: renewal.progress?.[0]?.nextAction };
    };
    const inYen = judged(money(5_000_000, 'JPY'));
    expect(inYen).toEqual(judged(money(30_500, 'EUR')));
    expect(inYen.profile).toBe('crm_only');
    expect(inYen.step?.dueOn).toBe(addDays(TODAY, 50));
    expect(judged(money(30_500_000, 'JPY')).profile).toBe('enterprise+crm_only');
  });
});

describe('from day to day', () => {
  const overdue = (days: number) => ({
    account: account({ overdueDays: days, csmPulse: 4, csmPulseAt: ago(10), renewalOn: addDays(TODAY, 200) }),
  });

  it('an assessment repeated on the same day changes nothing', () => {
    const monday = see(healthyCustomer());
    const tuesday = seeAfter(monday, later(healthyCustomer(overdue(20)), 1));
    const again = seeAfter(tuesday, later(healthyCustomer(overdue(20)), 1));
    expect(again).toEqual(tuesday);
    expect(tuesday.health.score).toBeLessThan(monday.health.score ?? 0);
  });

  it('a later assessment of the same day replaces the earlier one', () => {
    const monday = see(healthyCustomer());
    const morning = seeAfter(monday, later(healthyCustomer(overdue(20)), 1));
    const evening = seeAfter(morning, later(healthyCustomer(), 1));
    expect(evening.health.score).toBe(seeAfter(monday, later(healthyCustomer(), 1)).health.score);
  });

  it('remembers since when a band has held and what it was before', () => {
    const monday = see(healthyCustomer());
    const cancelled = { account: account({ ...healthyCustomer().account, cancelledOn: TODAY }) };
    const tuesday = seeAfter(monday, later(healthyCustomer(cancelled), 1));
    const friday = seeAfter(tuesday, later(healthyCustomer(cancelled), 4));
    expect(tuesday.health).toMatchObject({ band: 'red', score: 20, previousBand: 'green' });
    expect(friday.health).toMatchObject({
      band: 'red',
      bandSinceOn: addDays(TODAY, 1),
      previousBand: 'green',
    });
  });

  it('knows the trend after four weeks', () => {
    let assessed = see(healthyCustomer());
    for (let day = 1; day <= 28; day += 1) {
      const worse = day > 5 ? overdue(29) : {};
      const { activities } = healthyCustomer();
      assessed = seeAfter(assessed, later(healthyCustomer({ ...worse, activities }), day));
    }
    expect(assessed.health.trend).toBe('declining');
    expect(assessed.health.delta28d).toBeLessThan(-5);
  });

  it('keeps five weeks of scores at most', () => {
    let assessed = see(healthyCustomer());
    for (let day = 1; day <= 60; day += 1) assessed = seeAfter(assessed, later(healthyCustomer(), day));
    expect(assessed.history.days.length).toBe(36);
  });
});

describe('an account known from its product too', () => {
  const at = (days: number, more: Partial<AccountUsage> = {}) => {
    const moved = later(healthyCustomer({ account: { ...healthyCustomer().account, seatsPaid: 50 } }), days);
    return {
      ...moved,
      sources: { ...moved.sources, usage: { readAt: moved.asOf, error: null } },
      usage: usage({ days: usageDays(180, () => ({ keyActions: 0 })), lastActiveAt: moved.asOf, ...more }),
    };
  };

  it('can be green with high confidence', () => {
    const { health } = see(at(0));
    expect(health).toMatchObject({ profile: 'steady', band: 'green', confidence: 'high' });
    expect(health.dimensions.usage).toBeGreaterThan(75);
  });

  it('is held at 40 when nobody has used the product for a month, and the reason says so once', () => {
    const { health } = see(at(0, { lastActiveAt: ago(31), users28d: 0, users14d: 0 }));
    expect(health).toMatchObject({ band: 'red', caps: [{ id: 'zero_usage', limit: 40 }] });
    expect(health.reason).toMatch(/^Held at 40: nobody has used the product for 31 days\. /);
    expect(health.reason.match(/31 days/g)).toHaveLength(1);
  });

  it('is told what moved its score over four weeks', () => {
    let assessed = see(at(0));
    expect(assessed.health.movers).toEqual([]);
    for (let day = 1; day <= 35; day += 1) {
      const fell = day > 20 ? { users28d: 20, usersPrior28d: 40 } : {};
      assessed = seeAfter(assessed, at(day, fell));
    }
    const [first, second] = assessed.health.movers;
    expect(first).toMatchObject({ measure: 'U2', because: 'Active users fell 50% in 28 days (40 → 20).' });
    expect(first?.change).toBeLessThan(-5);
    expect(second).toMatchObject({ because: expect.any(String) });
    expect(assessed.health.movers.length).toBeLessThanOrEqual(3);
    expect(assessed.history.points?.length).toBeLessThanOrEqual(6);
  });
});

describe('when another profile begins', () => {
  const renewing = (days: number) => {
    const base = healthyCustomer();
    return later({ ...base, account: { ...base.account, renewalOn: addDays(TODAY, 121), overdueDays: 20 } }, days);
  };

  it('its weights come in over 14 days, and that is said', () => {
    let assessed = see(renewing(0));
    expect(assessed.health.profile).toBe('crm_only');
    const profiles: string[] = [];
    const weights: number[] = [];
    for (let day = 1; day <= 15; day += 1) {
      assessed = seeAfter(assessed, renewing(day));
      profiles.push(assessed.health.profile);
      weights.push(assessed.health.drivers.find(({ measure }) => measure === 'C1')?.weight ?? 0);
    }
    expect(profiles[0]).toBe('renewal_window+crm_only (from crm_only)');
    expect(profiles[12]).toBe('renewal_window+crm_only (from crm_only)');
    expect(profiles.slice(13)).toEqual(['renewal_window+crm_only', 'renewal_window+crm_only']);
    const steps = weights.map((weight, index) => weight - (weights[index - 1] ?? weight));
    expect(Math.max(...steps.map(Math.abs))).toBeLessThan(0.01);
  });

  it('a day that is judged twice is one day of it', () => {
    const before = see(renewing(0));
    const once = seeAfter(before, renewing(1));
    expect(seeAfter(once, renewing(1))).toEqual(once);
  });
});

describe('a band set by hand', () => {
  const override = { band: 'red' as const, untilOn: null, by: 'Ana', reason: 'Competitor: they look around' };
  const byHand = (more: Partial<typeof override> = {}) =>
    healthyCustomer({ account: { ...healthyCustomer().account, override: { ...override, ...more } } });

  it('replaces the band, not the score, and is told with the band that the score alone gives', () => {
    const { health, history } = see(byHand());
    expect(health.band).toBe('red');
    expect(health.score).toBe(see(healthyCustomer()).health.score);
    expect(history.band).toBe('green');
    expect(health.reason).toMatch(
      /^Set to red by hand until 1 April: Competitor: they look around \(Ana\)\. The score alone says green\. /,
    );
  });

  it('runs out after 30 days unless it says when, and after 90 in any case', () => {
    const first = see(byHand());
    expect(seeAfter(first, later(byHand(), 30)).health.band).toBe('red');
    expect(seeAfter(first, later(byHand(), 31)).health).toMatchObject({ band: 'green', override: null });
    const long = byHand();
    const nextYear = {
      ...long,
      account: { ...long.account, override: { ...override, untilOn: addDays(TODAY, 365) } },
    };
    const firstOfLong = see(nextYear);
    expect(firstOfLong.health.override?.untilOn).toBe(addDays(TODAY, 90));
    expect(seeAfter(firstOfLong, later(nextYear, 91)).health.override).toBeNull();
  });

  it('that is given a later last day once its 90 days are over says why it is not used', () => {
    const until = (day: number, more: object = {}) => {
      const of = byHand();
      return { ...of, account: { ...of.account, override: { ...override, untilOn: addDays(TODAY, day), ...more } } };
    };
    const ranOut = seeAfter(see(until(85)), later(until(85), 86));
    expect(ranOut.health).toMatchObject({ override: null });
    expect(ranOut.health.overrideProblem).toBeUndefined();
    const extended = seeAfter(ranOut, later(until(125), 95));
    expect(extended.health.override).toBeNull();
    expect(extended.health.overrideProblem).toBe(
      'The band set by hand is not used: it has stood for 90 days. Write a new note to set it anew, or empty it.',
    );
    expect(extended.health.reason).toMatch(
      /^The band set by hand is not used: it has stood for 90 days\. Write a new note/,
    );
    const anew = seeAfter(extended, later(until(125, { reason: 'Competitor: they have signed there' }), 96));
    expect(anew.health.override?.untilOn).toBe(addDays(TODAY, 125));
  });

  it('holds as long as before when somebody corrects the letters of its reason, and anew with another note', () => {
    const untilOf = (reason: string) => {
      const long = (of: AccountSnapshot) => {
        const set = { ...override, reason, untilOn: addDays(TODAY, 365) };
        return { ...of, account: { ...of.account, override: set } };
      };
      const first = see(long(healthyCustomer()));
      const before = {
        ...byHand(),
        account: { ...byHand().account, override: { ...override, untilOn: addDays(TODAY, 365) } },
      };
      return [first, seeAfter(see(before), later(long(healthyCustomer()), 10))].map(
        ({ health }) => health.override?.untilOn,
      );
    };
    expect(untilOf('COMPETITOR :  they look around ')).toEqual([addDays(TODAY, 90), addDays(TODAY, 90)]);
    expect(untilOf('Competitor: they have signed there')).toEqual([addDays(TODAY, 90), addDays(TODAY, 100)]);
  });

  it.each([
    [null, 'it has no reason'],
    [' ', 'it has no reason'],
    ['They look around', 'what was given as its reason begins with none of the known ones'],
    ['Rivals: they look around', 'what was given as its reason begins with none of the known ones'],
    ['Competitor', 'its reason lacks a note'],
    ['competitor: ', 'its reason lacks a note'],
  ])('is not used for the reason %j, which is said with the remedy', (reason, because) => {
    const { health } = see(byHand({ reason } as Partial<typeof override>));
    expect(health).toMatchObject({ override: null, band: 'green' });
    const said = `The band set by hand is not used: ${because}. Write it as 'Relationship: your note'`;
    expect(health.reason.slice(0, said.length + 1)).toBe(`${said}.`);
    expect(health.overrideProblem).toBe(
      `${said}; the known reasons are Relationship, Adoption, Value, Product gap, Quality and support, Price, ` +
        'Competitor, Change of strategy, Known plan, Passing event, Wrong data, Other.',
    );
  });
});

describe('who is a customer', () => {
  it('is what the account type says', () => {
    const won = [deal('d', 'won')];
    expect(isCustomer(account({ type: 'customer', arr: null }), [])).toBe(true);
    for (const type of ['prospect', 'churned', 'partner', 'other'] as const) {
      expect(isCustomer(account({ type }), won)).toBe(false);
    }
  });

  it('is told by revenue, a won deal or a renewal date when the type is blank', () => {
    const blank = (more: Partial<Account> = {}) => account({ type: null, arr: null, ...more });
    expect(isCustomer(blank(), null)).toBe(false);
    expect(isCustomer(blank({ arr: money(0, 'EUR') }), [deal('d', 'open'), deal('e', 'lost')])).toBe(false);
    expect(isCustomer(blank({ arr: money(1, 'EUR') }), null)).toBe(true);
    expect(isCustomer(blank(), [deal('d', 'won')])).toBe(true);
    expect(isCustomer(blank({ renewalOn: TODAY }), [])).toBe(true);
  });
});

/* Rules that hold for every account, however odd its records. */

const days = fc.integer({ min: -20, max: 400 });
const instant = fc.option(days.map(ago), { nil: null });
const day = fc.option(days.map(dayAgo), { nil: null });
const future = fc.option(
  fc.integer({ min: -60, max: 400 }).map((n) => addDays(TODAY, n)),
  { nil: null },
);
const people = fc.constantFrom('c1', 'c2', 'c3', 'c4');

const contacts: fc.Arbitrary<Contact[]> = fc
  .uniqueArray(
    fc.record({
      id: people,
      roles: fc.subarray(['champion', 'exec_sponsor', 'economic_buyer', 'user'] as const),
      status: fc.constantFrom('active' as const, 'departed' as const, null),
      departedAt: instant,
      lastTwoWayAt: instant,
      createdAt: instant,
    }),
    { selector: ({ id }) => id, maxLength: 4 },
  )
  .map((many) => many.map(({ id, ...more }) => contact(id, more)));

const activities: fc.Arbitrary<Activity[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('email' as const, 'call' as const, 'meeting' as const, 'note' as const),
      at: instant,
      direction: fc.constantFrom('inbound' as const, 'outbound' as const, null),
      happened: fc.constantFrom(true, false, null),
      contactIds: fc.subarray(['c1', 'c2', 'c3', 'c4']),
    }),
    { maxLength: 8 },
  )
  .map((many) => many.map((more, index) => activity(`a${index}`, 0, more)));

const tickets: fc.Arbitrary<Ticket[]> = fc
  .array(
    fc.record({
      openedAt: instant,
      closedAt: instant,
      isOpen: fc.constantFrom(true, false, null),
      priority: fc.constantFrom('urgent' as const, 'high' as const, 'low' as const, null),
      escalated: fc.constantFrom(true, false, null),
      csat: fc.option(fc.integer({ min: 0, max: 6 }), { nil: null }),
    }),
    { maxLength: 8 },
  )
  .map((many) => many.map((more, index) => ticket(`t${index}`, more)));

const deals: fc.Arbitrary<Deal[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
      fc.record({
        kind: fc.constantFrom('new' as const, 'renewal' as const, 'upsell' as const, 'downsell' as const, null),
        closeOn: day,
        termStartOn: day,
        termEndOn: future,
        upliftPercent: fc.constantFrom(null, 3, 12),
      }),
    ),
    { maxLength: 5 },
  )
  .map((many) => many.map(([outcome, more], index) => deal(`d${index}`, outcome, more)));

const contracts: fc.Arbitrary<Contract[]> = fc
  .array(
    fc.record(
      {
        keptAs: fc.constantFrom('subscription' as const, 'asset' as const),
        startOn: day,
        endOn: future,
        termMonths: fc.constantFrom(null, 1, 12, 36),
        autoRenew: fc.constantFrom(true, false, null),
        noticeDays: fc.constantFrom(null, 0, 30, 90),
        status: fc.constantFrom('draft' as const, 'active' as const, 'ended' as const, 'cancelled' as const, null),
        arr: fc.option(
          fc.integer({ min: 0, max: 300_000 }).map((n) => money(n, 'EUR')),
          { nil: null },
        ),
        seats: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
      },
      { requiredKeys: ['startOn', 'endOn', 'termMonths', 'autoRenew', 'noticeDays', 'status', 'arr', 'seats'] },
    ),
    { maxLength: 3 },
  )
  .map((many) =>
    many.map((more, index) => ({
      ...more,
      id: `k${index}`,
      accountId: account().id,
      name: null,
      ownerId: null,
      modifiedAt: ago(1),
    })),
  );

const accounts: fc.Arbitrary<Account> = fc
  .record({
    liveOn: fc.option(days.map(dayAgo), { nil: null, freq: 2 }),
    lifecycle: fc.constantFrom('onboarding' as const, 'steady' as const, null, null, null),
    segment: fc.constantFrom('enterprise' as const, 'mid' as const, 'smb' as const, null),
    customerSinceOn: day,
    arr: fc.option(
      fc.integer({ min: 0, max: 500_000 }).map((n) => money(n, 'EUR')),
      { nil: null },
    ),
    seatsPaid: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
    seatsUsed: fc.option(fc.integer({ min: 0, max: 130 }), { nil: null }),
    contractStartOn: day,
    renewalOn: future,
    autoRenew: fc.constantFrom(true, false, null),
    competitor: fc.constantFrom(null, null, 'Rival'),
    cancelledOn: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: day }),
    overdueDays: fc.option(fc.integer({ min: 0, max: 90 }), { nil: null }),
    csmPulse: fc.option(fc.integer({ min: 0, max: 6 }), { nil: null }),
    csmPulseAt: instant,
  })
  .map((more) => account(more));

const usages: fc.Arbitrary<AccountUsage> = fc
  .record({
    users28d: fc.integer({ min: 0, max: 60 }),
    usersPrior28d: fc.integer({ min: 0, max: 60 }),
    users28dLastYear: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
    users14d: fc.integer({ min: 0, max: 40 }),
    keyUsers14d: fc.integer({ min: 0, max: 40 }),
    lastActiveAt: fc.option(fc.integer({ min: 0, max: 60 }).map(ago), { nil: null }),
    coreFeatures: fc.constantFrom(null, [], ['boards', 'reports']),
    days: fc
      .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 12 }), fc.subarray(['boards', 'reports']))
      .map(([length, keyActions, used]) =>
        usageDays(length, () => ({ keyActions, features: Object.fromEntries(used.map((name) => [name, 1])) })),
      ),
  })
  .map((more) => usage(more));

const surveys: fc.Arbitrary<SurveyResponse[]> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: -5, max: 300 }), people), { maxLength: 4 })
  .map((many) =>
    many.map(([score, daysAgo, who], index) =>
      answer(`s${index}`, score, daysAgo, { contactEmail: `${who}@acme.example` }),
    ),
  );

const invoices: fc.Arbitrary<Invoice[]> = fc
  .array(fc.tuple(fc.integer({ min: -40, max: 90 }), day, instant), { maxLength: 4 })
  .map((many) =>
    many.map(([dueDaysAgo, paidOn, failedAt], index) => invoice(`i${index}`, dueDaysAgo, { paidOn, failedAt })),
  );

const milestones: fc.Arbitrary<Milestone[]> = fc
  .array(fc.record({ kind: fc.constantFrom('onboarding' as const, 'goal' as const), dueOn: day, doneOn: day }), {
    maxLength: 5,
  })
  .map((many) => many.map((more, index) => milestone(`m${index}`, false, more)));

const ownTasks: fc.Arbitrary<OwnTask[]> = fc
  .array(fc.tuple(fc.integer({ min: -40, max: 90 }), fc.constantFrom('open' as const, 'done' as const)), {
    maxLength: 4,
  })
  .map((many) => many.map(([dueDaysAgo, state], index) => renewalTask(`R${index}`, dueDaysAgo, { state })));

/** Every source read today, lately or long ago, and some that failed since. */
const sources: fc.Arbitrary<Partial<Record<SourceName, SourceFreshness>>> = fc.dictionary(
  fc.constantFrom<SourceName>(
    'contacts',
    'deals',
    'contracts',
    'tickets',
    'activities',
    'usage',
    'surveys',
    'billing',
    'milestones',
  ),
  fc.record({
    readAt: fc.constantFrom(ago(0), ago(3), ago(40)),
    error: fc.constantFrom(null, null, null, 'the token was revoked'),
  }),
);

const snapshots: fc.Arbitrary<AccountSnapshot> = fc
  .record({
    account: accounts,
    contacts: fc.option(contacts, { nil: null, freq: 8 }),
    activities: fc.option(activities, { nil: null, freq: 8 }),
    tickets: fc.option(tickets, { nil: null, freq: 8 }),
    deals: fc.option(deals, { nil: null, freq: 8 }),
    usage: fc.option(usages, { nil: null, freq: 3 }),
    surveys: fc.option(surveys, { nil: null, freq: 3 }),
    invoices: fc.option(invoices, { nil: null, freq: 3 }),
    milestones: fc.option(milestones, { nil: null, freq: 3 }),
    ownTasks: fc.option(ownTasks, { nil: null, freq: 8 }),
    contracts: fc.option(contracts, { nil: null, freq: 3 }),
    medianHealth: fc.option(fc.integer({ min: 30, max: 90 }), { nil: null }),
    sources,
  })
  .map(({ medianHealth, sources, ...more }) =>
    snapshot({
      ...withTermOfTasks(more),
      sources: { ...sources, accounts: { readAt: ago(0), error: null } },
      book: { ...snapshot().book, medianHealth },
    }),
  );

const lists = [
  'contracts',
  'contacts',
  'activities',
  'tickets',
  'deals',
  'usage',
  'surveys',
  'invoices',
  'milestones',
  'ownTasks',
] as const;

/** Our tasks are steps of the account's next term. */
function withTermOfTasks<Parts extends Partial<AccountSnapshot>>(parts: Parts): Parts {
  const { next } = see(snapshot(parts)).renewal;
  const tasks = parts.ownTasks ?? null;
  return tasks === null ? parts : { ...parts, ownTasks: tasks.map((task) => ({ ...task, termId: next?.id ?? null })) };
}

/** Fields of the account that a score or a risk is read from. A person empties the first of them to say something. */
const saying = ['cancelledOn', 'lifecycle', 'competitor', 'budgetAtRisk'] as const satisfies readonly (keyof Account)[];
const accountFields = [
  ...saying,
  'segment',
  'customerSinceOn',
  'liveOn',
  'arr',
  'seatsPaid',
  'seatsUsed',
  'contractStartOn',
  'renewalOn',
  'autoRenew',
  'noticeDays',
  'termMonths',
  'overdueDays',
  'csmPulse',
  'csmPulseAt',
] as const satisfies readonly (keyof Account)[];

/** Takes away whole sources, and fields of the account that cannot be read any more or are empty. */
const losses: fc.Arbitrary<(of: AccountSnapshot) => AccountSnapshot> = fc
  .tuple(fc.subarray([...lists]), fc.subarray([...accountFields]), fc.boolean())
  .map(([lost, fields, isUnreadable]) => (of) => {
    const gone = fields.filter((field) => isUnreadable || !saying.some((one) => one === field));
    return {
      ...of,
      ...Object.fromEntries(lost.map((list) => [list, null])),
      account: { ...of.account, ...Object.fromEntries(gone.map((field) => [field, null])) },
      ...(isUnreadable && { unreadable: gone }),
    };
  });

/** What raises the risk by what records tell, beside the fall of the score itself. */
const effectsIn = ({ history }: Assessment): string[] =>
  (history.held?.effects ?? [])
    .map(({ id }) => id)
    .filter((id) => !['auto_renew', 'expanded', 'sharp_decline'].includes(id));

const isBetter = (one: number | null, than: number | null): boolean => one !== null && (than === null || one > than);

describe('for every account', () => {
  it('means for accounts of every profile, band and confidence, with every measure in every state it can have', () => {
    const seen = new Set<string>();
    const kinds = fc.sample(snapshots, { numRuns: 500, seed: 1 });
    for (const of of kinds) {
      const first = see(of);
      for (const { health } of [first, seeAfter(first, { ...of, usage: null, tickets: null })]) {
        seen
          .add(health.profile.replace(/\+crm_only$/, ''))
          .add(health.band)
          .add(health.confidence);
        for (const { measure, state } of health.drivers) seen.add(`${measure} ${state}`);
      }
    }
    const measures = 'U1 U2 U3 U4 U5 R1 R2 R3 R4 S1 S2 S3 S4 N1 N2 C1 C2 C3 O1 O2'.split(' ');
    const expected = [
      ...PROFILE_IDS,
      'green',
      'yellow',
      'red',
      'grey',
      'high',
      'medium',
      'low',
      'none',
      ...measures.map((measure) => `${measure} ok`),
      'U1 missing',
      'R4 missing',
      'S2 stale',
      'U2 stale',
      'N1 stale',
      'N2 error',
    ];
    expect(expected.filter((kind) => !seen.has(kind))).toEqual([]);
  });

  it('losing what could be read before never raises the score, on that day or any later one', () => {
    fc.assert(
      fc.property(snapshots, losses, fc.integer({ min: 1, max: 120 }), (of, lose, days) => {
        const without = lose(of);
        const full = see(of);
        expect(isBetter(seeAfter(full, without).health.score, full.health.score)).toBe(false);
        const sources = of.sources;
        const known = seeAfter(full, later(of, days, { sources }));
        // Days on, readings may also improve or age by themselves; what counts is the same day with and without them.
        const lostThen = seeAfter(known, later(without, days, { sources }));
        expect(isBetter(lostThen.health.score, known.health.score)).toBe(false);
        expect(effectsIn(lostThen)).toEqual(expect.arrayContaining(effectsIn(known)));
      }),
      { numRuns: 400 },
    );
  });

  it('what holds a score down or raises the risk goes on doing so for as long as its source is lost', () => {
    const told = snapshots.filter((of) => see(of).health.caps.length > 0);
    fc.assert(
      fc.property(told, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }), (of, steps) => {
        const first = see(of);
        const nothing = {
          ...of,
          ...Object.fromEntries(lists.map((list) => [list, null])),
          account: { ...of.account, overdueDays: null, cancelledOn: null },
          unreadable: ['overdueDays', 'cancelledOn'],
        };
        const held = ({ health }: Assessment) => health.caps.filter(({ id }) => id !== 'low_coverage');
        let [day, last] = [0, first];
        for (const step of steps) {
          day += step;
          last = seeAfter(last, later(nothing, day));
          expect(held(last).map(({ id, limit }) => [id, limit])).toEqual(
            held(first).map(({ id, limit }) => [id, limit]),
          );
          // A first term comes to its end whatever is lost.
          const lasting = effectsIn(first).filter((id) => id !== 'first_renewal');
          expect(effectsIn(last)).toEqual(expect.arrayContaining(lasting));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('deleting those who left makes nobody a champion, nor a sponsor', () => {
    fc.assert(
      fc.property(snapshots, fc.integer({ min: 1, max: 120 }), (of, days) => {
        const deleted = { ...of, contacts: of.contacts?.filter(({ status }) => status !== 'departed') ?? null };
        const before = see(of);
        const [kept, gone] = [of, deleted].map((one) => seeAfter(before, later(one, days)));
        const limits = (of?: Assessment) =>
          of?.health.caps.filter(({ id }) => id === 'champion_departed').map(({ limit }) => limit);
        expect(limits(gone)).toEqual(limits(kept));
        expect(gone?.history.held?.departed).toEqual(kept?.history.held?.departed);
      }),
      { numRuns: 100 },
    );
  });

  it('the order of records makes no difference', () => {
    const shuffled = <T>(list: readonly T[] | null, by: readonly number[]): T[] | null =>
      list &&
      list
        .map((one, index) => ({ one, at: by[index % by.length] ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one)
        .reverse();
    const ranks = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(snapshots, ranks, (of, by) => {
        const turned = {
          ...of,
          contacts: shuffled(of.contacts, by),
          activities: shuffled(of.activities, by),
          tickets: shuffled(of.tickets, by),
          deals: shuffled(of.deals, by),
          contracts: shuffled(of.contracts, by),
          surveys: shuffled(of.surveys, by),
          invoices: shuffled(of.invoices, by),
          milestones: shuffled(of.milestones, by),
          ownTasks: shuffled(of.ownTasks, by),
        };
        expect(see(turned)).toEqual(see(of));
      }),
      { numRuns: 300 },
    );
  });

  it('the same records give the same assessment, and stay as they were', () => {
    fc.assert(
      fc.property(snapshots, (of) => {
        const written = JSON.stringify(of);
        const first = see(of);
        expect(JSON.stringify(of)).toBe(written);
        expect(see(structuredClone(of))).toEqual(first);
        const next = later({ ...of, history: first.history }, 1);
        expect(see(structuredClone(next))).toEqual(see(next));
      }),
      { numRuns: 100 },
    );
  });

  it('numbers stay in their ranges and the reason fits the CRM’s field', () => {
    fc.assert(
      fc.property(snapshots, (of) => {
        const { health, churn, expansion } = see(of);
        expect((health.score === null) === (health.band === 'grey')).toBe(true);
        const scores = health.drivers.map(({ score }) => score);
        for (const value of [
          health.score,
          health.raw,
          expansion.score,
          ...Object.values(health.dimensions),
          ...scores,
        ]) {
          expect(value ?? 0).toBeGreaterThanOrEqual(0);
          expect(value ?? 0).toBeLessThanOrEqual(100);
        }
        expect(health.coverage).toBeLessThanOrEqual(1);
        expect(churn.probability90d ?? 0).toBeGreaterThanOrEqual(0);
        expect(churn.probability90d ?? 0).toBeLessThanOrEqual(0.97);
        expect(health.reason.length).toBeLessThanOrEqual(255);
        expect(health.reason.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it('the drivers explain the whole score: their contributions add up to what it differs from neutral', () => {
    fc.assert(
      fc.property(snapshots, (of) => {
        const { raw, drivers } = see(of).health;
        const sum = drivers.reduce((total, { contribution }) => total + contribution, 0);
        expect(Math.abs((raw ?? 60) - 60 - sum)).toBeLessThanOrEqual(0.15);
      }),
      { numRuns: 200 },
    );
  });

  it('a second assessment of the same day says the same', () => {
    fc.assert(
      fc.property(snapshots, (of) => {
        const first = see(of);
        expect(seeAfter(first, of).health.score).toBe(first.health.score);
        expect(seeAfter(first, of).health.band).toBe(first.health.band);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a value in the CRM that cannot be read', () => {
  const good = healthyCustomer();
  const typo = (days: number) =>
    later(
      snapshot({ ...good, account: { ...good.account, csmPulse: null, csmPulseAt: null }, unreadable: ['csmPulse'] }),
      days,
    );
  const pulseOf = ({ health }: Assessment) => health.drivers.find(({ measure }) => measure === 'N2');

  it('leaves the last good one standing for a week, which then fades; it counts as not read', () => {
    const before = see(good);
    expect(pulseOf(before)).toMatchObject({ state: 'ok', score: 80 });
    const tomorrow = seeAfter(before, typo(1));
    expect(pulseOf(tomorrow)).toMatchObject({
      state: 'error',
      score: 80,
      because: 'What the CRM holds for it cannot be read. The last good reading stands in for it.',
    });
    expect(tomorrow.health.coverage).toBeLessThan(before.health.coverage);
    expect(pulseOf(seeAfter(before, typo(40)))?.score).toBeLessThan(70);
  });

  it('is no score at all where none was ever read', () => {
    expect(pulseOf(see(typo(0)))).toMatchObject({ state: 'error', score: null, contribution: 0 });
  });
});

describe('an account that tells less than before', () => {
  const good = healthyCustomer();
  const left = contact('Lee', { roles: ['champion', 'exec_sponsor'], status: 'departed', departedAt: ago(20) });
  const withoutChampion = healthyCustomer({
    account: { ...good.account, renewalOn: addDays(TODAY, 150) },
    contacts: [left, contact('Bo', { roles: ['exec_sponsor'] })],
  });
  const capsIn = ({ health }: Assessment) => health.caps.map(({ id, limit }) => [id, limit]);

  it('stays cancelled while the day of its notice cannot be read, and is not once somebody empties it', () => {
    const cancelled = { ...good, account: { ...good.account, cancelledOn: dayAgo(3) } };
    const typo = { ...good, unreadable: ['cancelledOn'] };
    const notice = see(cancelled);
    const later60 = seeAfter(seeAfter(notice, later(typo, 1)), later(typo, 60));
    expect(capsIn(later60)).toEqual([['cancellation_notice', 20]]);
    expect(later60.churn).toMatchObject({ risk: 'high', atDecision: 0.97 });
    const withdrawn = seeAfter(notice, later(good, 1));
    expect(capsIn(withdrawn)).toEqual([]);
    expect(withdrawn.churn.risk).toBe('low');
  });

  it('has lost its champion still when the record of that person is deleted, until another champion is met', () => {
    const before = see(withoutChampion);
    const deleted = { ...withoutChampion, contacts: (withoutChampion.contacts ?? []).filter(({ id }) => id !== 'Lee') };
    const after = seeAfter(seeAfter(before, later(deleted, 1)), later(deleted, 45));
    expect(capsIn(after)).toEqual([['champion_departed', 49]]);
    expect(after.people.champion).toBe('departed');
    expect(effectsIn(after).sort()).toEqual(effectsIn(before).sort());
    const succeeded = {
      ...deleted,
      contacts: [...deleted.contacts, contact('Ana', { roles: ['champion'] })],
      activities: [meeting('m', 2, ['Ana'])],
    };
    expect(capsIn(seeAfter(after, later(succeeded, 46)))).toEqual([]);
  });

  it('is judged by its last renewal date while that is empty, and shows none', () => {
    const before = see(withoutChampion);
    const emptied = { ...withoutChampion, account: { ...withoutChampion.account, renewalOn: null } };
    const after = seeAfter(seeAfter(before, later(emptied, 1)), later(emptied, 40));
    expect(capsIn(after)).toEqual([['champion_departed', 49]]);
    expect(after.renewal.next).toBeNull();
  });

  it('keeps what raised its risk while contacts cannot be read, and says of when it knows', () => {
    const before = see(withoutChampion);
    const unread = seeAfter(before, later({ ...withoutChampion, contacts: null }, 1));
    expect(effectsIn(unread)).toEqual(effectsIn(before));
    expect(unread.churn.atDecision).toBeGreaterThanOrEqual(before.churn.atDecision ?? 1);
    expect(unread.churn.because).toContain(
      'Raises the risk: the champion, Lee, left on 10 February and no other has been met since. That was last known on 2 March.',
    );
  });
});

describe('an account in trouble', () => {
  it('names two pieces of good news beside a complaint, or as few of either as an admin wants', () => {
    const of = healthyCustomer({
      account: account({ overdueDays: 0, csmPulse: 1, csmPulseAt: ago(10), renewalOn: addDays(TODAY, 300) }),
      activities: [],
    });
    const told = (explain: { against: number; inFavour: number }) => {
      const { health } = defaultConfiguration;
      const { reason, drivers } = assess(of, { ...defaultConfiguration, health: { ...health, explain } }).health;
      const named = drivers.filter(({ because }) => reason.includes(because));
      return [
        named.filter(({ contribution }) => contribution < 0).length,
        named.filter(({ contribution }) => contribution > 0).length,
      ];
    };
    expect(told(defaultConfiguration.health.explain)).toEqual([1, 2]);
    expect(told({ against: 1, inFavour: 0 })).toEqual([1, 0]);
    expect(told({ against: 0, inFavour: 1 })).toEqual([0, 1]);
  });

  it('is told by what weighs most, in plain words', () => {
    const of = healthyCustomer({
      account: account({ overdueDays: 20, csmPulse: 2, csmPulseAt: ago(10), renewalOn: addDays(TODAY, 300) }),
      activities: [meeting('m', 121, ['Ana'])],
      tickets: [openTicket('t', 3)],
    });
    expect(see(of).health.reason).toBe(
      'Nobody of the account was in two-way contact in the last 90 days. No two-way contact for 121 days; the last was a meeting on 1 November 2025. The CSM pulse is 2 of 5 (20 February). 1 ticket in the last 30 days; up to 2 are nothing unusual.',
    );
  });
});
