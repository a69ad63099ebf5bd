import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { addDays, calendarDate, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { daysIn, toAccountUsage, windowsOf, type KeptUsage } from '../../../src/core/usage/account-usage.ts';
import { attribute, type KnownUser } from '../../../src/core/usage/attribute.ts';
import { usageViewOf } from '../../../src/core/usage/look-back.ts';
import type { MessageUsage, UsageMessage } from '../../../src/core/usage/message.ts';
import { UsageLedger, type DayUsage } from '../../../src/core/usage/usage-ledger.ts';
import { mergeTraits, NO_TRAITS, type WorkspaceTraits } from '../../../src/core/usage/workspace-traits.ts';
import { usageViewOn } from '../../support/usage-view.ts';

const TODAY = calendarDate('2026-03-10');

const usageOf = (said: Partial<MessageUsage> = {}): MessageUsage => ({
  events: 1,
  keyActions: 0,
  userKeys: ['ann'],
  keyUserKeys: [],
  userCount: 0,
  features: {},
  metered: {},
  levels: {},
  gate: null,
  pricingVisits: 0,
  ...said,
});

const track = (on: CalendarDate, said: Partial<MessageUsage> = {}, more: Partial<UsageMessage> = {}): UsageMessage => ({
  type: 'track',
  messageKey: null,
  at: `${on}T12:00:00.000Z`,
  userKey: said.userKeys?.[0] ?? 'ann',
  userDomain: null,
  department: null,
  groupId: 'acme',
  group: null,
  usage: usageOf(said),
  ...more,
});

/** What is kept after these requests, each of which is added to what was kept before. */
function ledgerAfter(...requests: readonly (readonly UsageMessage[])[]): UsageLedger {
  return requests.reduce(
    (before, messages) => {
      const ledger = new UsageLedger(before.months(), before.users(), 100);
      for (const one of attribute(messages, new Map()).contributions)
        ledger.add(one, calendarDate(one.at.slice(0, 10)));
      return ledger;
    },
    new UsageLedger([], [], 100),
  );
}

const daysOf = (ledger: UsageLedger): Readonly<Record<string, DayUsage>> =>
  Object.fromEntries(
    ledger
      .months()
      .flatMap(({ month, days }) => Object.entries(days).map(([day, usage]) => [`${month}-${day}`, usage])),
  );

describe('daily sums', () => {
  it('count events, and each user once a day', () => {
    const on = calendarDate('2026-03-01');
    const ledger = ledgerAfter([
      track(on, { features: { chart: 1 } }),
      track(on, { features: { chart: 1 } }),
      track(on, { userKeys: ['bob'], keyUserKeys: ['bob'], keyActions: 1, features: { report: 1 } }),
    ]);
    expect(daysOf(ledger)).toEqual({
      '2026-03-01': { events: 3, users: 2, keyActions: 1, keyUsers: 1, features: { chart: 2, report: 1 } },
    });
  });

  it('add up what is metered, and keep the newest of what is a level', () => {
    const on = calendarDate('2026-03-01');
    const early = track(on, { metered: { calls: 5 }, levels: { storage: 40 } }, { at: `${on}T08:00:00.000Z` });
    const late = track(on, { metered: { calls: 7 }, levels: { storage: 30 } }, { at: `${on}T18:00:00.000Z` });
    expect(daysOf(ledgerAfter([late], [early]))['2026-03-01']).toMatchObject({
      metered: { calls: 12 },
      levels: { storage: [30, `${on}T18:00:00.000Z`] },
    });
  });

  it('count users by department, and users who met a gate, once a day each', () => {
    const on = calendarDate('2026-03-01');
    const person = (key: string, department: string) => track(on, { userKeys: [key], gate: 'SSO' }, { department });
    const days = daysOf(ledgerAfter([person('ann', 'Sales'), person('ann', 'Sales'), person('bob', 'Finance')]));
    expect(days['2026-03-01']).toMatchObject({ departments: { Sales: 1, Finance: 1 }, gates: { SSO: 2 } });
  });

  it('hold features by any name, and beyond a hundred a day together', () => {
    const on = calendarDate('2026-03-01');
    expect(daysOf(ledgerAfter([track(on, { features: { constructor: 2 } })]))['2026-03-01']?.features).toEqual({
      constructor: 2,
    });
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`f${index}`, 1]));
    const features = daysOf(ledgerAfter([track(on, { features: many })]))['2026-03-01']?.features ?? {};
    expect(Object.keys(features)).toHaveLength(101);
    expect(features['(other)']).toBe(30);
  });

  it('are the same in whatever order and requests the messages come', () => {
    const day = fc.integer({ min: 0, max: 40 }).map((daysAgo) => addDays(TODAY, -daysAgo));
    const message = fc
      .record({
        on: day,
        user: fc.constantFrom('ann', 'bob', 'cleo'),
        feature: fc.constantFrom('chart', 'report'),
        isKey: fc.boolean(),
        gate: fc.constantFrom(null, 'SSO'),
        level: fc.integer({ min: 0, max: 9 }),
        hour: fc.integer({ min: 10, max: 20 }),
      })
      .map(({ on, user, feature, isKey, gate, level, hour }) =>
        track(
          on,
          {
            userKeys: [user],
            keyUserKeys: isKey ? [user] : [],
            keyActions: isKey ? 1 : 0,
            features: { [feature]: 1 },
            gate,
            levels: { storage: level },
          },
          { at: `${on}T${hour}:00:00.000Z` },
        ),
      );
    const shuffled = fc
      .array(message, { maxLength: 30 })
      .chain((messages) =>
        fc.tuple(
          fc.constant(messages),
          fc.shuffledSubarray(messages, { minLength: messages.length, maxLength: messages.length }),
          fc.nat({ max: 30 }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([messages, other, cut]) => {
        const once = ledgerAfter(messages);
        const inTwo = ledgerAfter(other.slice(0, cut), other.slice(cut));
        expect(daysOf(inTwo)).toEqual(daysOf(once));
        const sorted = (ledger: UsageLedger) =>
          ledger
            .users()
            .map((one) => JSON.stringify(one))
            .sort();
        expect(sorted(inTwo).map((one) => JSON.parse(one) as unknown)).toEqual(
          sorted(once).map((one) => JSON.parse(one) as unknown),
        );
      }),
    );
  });
});

describe('whose a message is', () => {
  const on = calendarDate('2026-03-01');
  const identify = (userKey: string, more: Partial<UsageMessage>): UsageMessage =>
    track(on, {}, { type: 'identify', userKey, groupId: null, usage: null, ...more });
  const event = (userKey: string, more: Partial<UsageMessage> = {}): UsageMessage =>
    track(on, { userKeys: [userKey] }, { groupId: null, ...more });
  const placesOf = (messages: readonly UsageMessage[], known: ReadonlyMap<string, KnownUser> = new Map()) =>
    attribute(messages, known).contributions.map(({ workspaceId }) => workspaceId);

  it("is the group's that it names, else that into which its user was put, else that of the user's domain", () => {
    const joins = identify('ann', { type: 'group', groupId: 'acme' });
    expect(placesOf([joins, event('ann'), event('ann', { groupId: 'globex' }), event('ann')])).toEqual([
      'group:acme',
      'group:globex',
      'group:acme',
    ]);
    expect(placesOf([identify('bob', { userDomain: 'acme.com' }), event('bob')])).toEqual(['domain:acme.com']);
    expect(placesOf([event('cleo')])).toEqual(['user:cleo']);
  });

  it('is remembered from one request to the next', () => {
    const { users } = attribute([identify('ann', { type: 'group', groupId: 'acme', department: 'Sales' })], new Map());
    expect(placesOf([event('ann')], users)).toEqual(['group:acme']);
  });

  it('does not change by what comes late, but a group goes before a domain whenever it is told', () => {
    const at = (day: string) => ({ at: `${day}T12:00:00.000Z` });
    const now = identify('ann', { type: 'group', groupId: 'globex', department: 'Sales', ...at('2026-03-01') });
    const late = identify('ann', { type: 'group', groupId: 'acme', department: 'Support', ...at('2025-09-01') });
    expect(attribute([now, late], new Map()).users.get('ann')).toEqual({
      workspaceId: 'group:globex',
      placedAt: now.at,
      department: 'Sales',
      departmentAt: now.at,
    });
    expect(placesOf([identify('bob', { userDomain: 'globex.com', ...at('2026-03-01') }), event('bob')])).toEqual([
      'domain:globex.com',
    ]);
    const { users } = attribute([identify('bob', { userDomain: 'globex.com', ...at('2026-03-01') })], new Map());
    const lateGroup = identify('bob', { groupId: 'acme', ...at('2025-09-01') });
    expect(placesOf([lateGroup, event('bob')], users)).toEqual(['group:acme']);
  });

  it('is the same in whatever order and requests users and groups are told of', () => {
    const told = fc.record({
      user: fc.constantFrom('ann', 'bob'),
      groupId: fc.constantFrom('acme', 'globex', null),
      userDomain: fc.constantFrom('acme.com', 'globex.com', null),
      department: fc.constantFrom('Sales', 'Support', null),
      seats: fc.option(fc.nat({ max: 9 })),
      calls: fc.option(fc.nat({ max: 9 })),
      name: fc.constantFrom('Acme', 'Globex', null),
      coreFeatures: fc.constantFrom(['chart'], ['chart', 'report'], null),
      domain: fc.constantFrom('acme.com', 'eu.acme.com', 'globex.com', 'initech.com', null),
      crmId: fc.constantFrom('1', '2', '3', null),
    });
    const shuffled = fc
      .array(told, { maxLength: 20 })
      .map((all) =>
        all.map(({ user, seats, calls, name, coreFeatures, domain, crmId, ...more }, index) => {
          const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
          if (more.groupId === null) return identify(user, { ...more, at });
          const limits = { ...(seats !== null && { seats }), ...(calls !== null && { calls }) };
          const group = { name, domain, crmId, limits, coreFeatures };
          return identify(user, { ...more, type: 'group', group, at });
        }),
      )
      .chain((messages) =>
        fc.tuple(
          fc.constant(messages),
          fc.shuffledSubarray(messages, { minLength: messages.length }),
          fc.nat({ max: 20 }),
        ),
      );
    const learntOf = (...requests: readonly (readonly UsageMessage[])[]) => {
      const users = new Map<string, KnownUser>();
      const traits = new Map<string, WorkspaceTraits>();
      for (const messages of requests) {
        const learnt = attribute(messages, new Map(users));
        for (const [key, user] of learnt.users) users.set(key, user);
        for (const { id, traits: said } of learnt.workspaces.values()) {
          // The other places are named only as long as nobody knows better, and have no traits.
          if (id.startsWith('group:')) traits.set(id, mergeTraits(traits.get(id) ?? NO_TRAITS, said));
        }
      }
      // Whoever is known to belong to a group adds their address to what it is found by, from then on.
      const named = ({ keys }: WorkspaceTraits) => keys.filter((key) => !key.startsWith('mail:'));
      return { users, traits: new Map([...traits].map(([id, one]) => [id, { ...one, keys: named(one) }])) };
    };
    fc.assert(
      fc.property(shuffled, ([messages, other, cut]) => {
        expect(learntOf(other.slice(0, cut), other.slice(cut))).toEqual(learntOf(messages));
      }),
    );
  });

  it('follows the user who is put into a group only later', () => {
    const { joined } = attribute([event('ann'), identify('ann', { type: 'group', groupId: 'acme' })], new Map());
    expect(joined).toEqual(new Map([['user:ann', 'group:acme']]));
  });
});

describe("an account's usage", () => {
  const view = usageViewOn(TODAY);
  const nobody = { recent: 0, active: 0, before: 0, season: 0, recentKey: 0 };
  const kept = (said: Partial<KeptUsage>): KeptUsage => ({
    workspaces: [],
    users: nobody,
    firstOn: null,
    lastActiveAt: null,
    limits: [],
    coreFeatures: [],
    ...said,
  });
  const march = (days: Readonly<Record<string, DayUsage>>) => [{ month: '2026-03', days }];

  it('adds its workspaces up day by day; an imported day takes the place of what messages said', () => {
    const usage = toAccountUsage(
      kept({
        workspaces: [
          { counted: march({ '01': { events: 4, users: 2 }, '02': { events: 5, users: 3 } }), imported: [] },
          { counted: march({ '01': { events: 9 } }), imported: march({ '01': { events: 1, userCount: 1 } }) },
        ],
        limits: [{ calls: 100 }, { calls: 50, seats: 5 }],
        coreFeatures: [null, ['chart']],
      }),
      view,
    );
    expect(usage.days.map(({ on, events, activeUsers }) => [on, events, activeUsers])).toEqual([
      ['2026-03-01', 5, 3],
      ['2026-03-02', 5, 3],
    ]);
    expect(usage.limits).toEqual([
      { metric: 'calls', limit: 150 },
      { metric: 'seats', limit: 5 },
    ]);
    expect(usage.coreFeatures).toEqual(['chart']);
  });

  it('has no fewer users in a window than on its busiest day, for senders that only count them', () => {
    const days = march({ '01': { userCount: 12 }, '02': { userCount: 9 } });
    const usage = toAccountUsage(kept({ workspaces: [{ counted: days, imported: [] }] }), view);
    expect([usage.users14d, usage.users28d, usage.usersPrior28d]).toEqual([12, 12, 0]);
  });

  it('is compared with a year ago only after thirteen months', () => {
    const users = { ...nobody, season: 17 };
    expect(toAccountUsage(kept({ users, firstOn: addDays(TODAY, -394) }), view).users28dLastYear).toBeNull();
    expect(toAccountUsage(kept({ users, firstOn: addDays(TODAY, -395) }), view).users28dLastYear).toBe(17);
  });

  it('is not compared with a season of which a part is forgotten already', () => {
    const ofUsage = kept({ users: { ...nobody, season: 17 }, firstOn: addDays(TODAY, -700) });
    const lastYear = (retentionDays: number, endOn = TODAY) => {
      const usage = { ...defaultConfiguration.usage, retentionDays };
      const seen = usageViewOf({ today: TODAY, endOn }, { ...defaultConfiguration, usage });
      return toAccountUsage(ofUsage, seen).users28dLastYear;
    };
    expect([391, 390].map((days) => lastYear(days))).toEqual([17, null]);
    // Files come once a quarter: what they told last ends long ago.
    expect([9, 10].map((days) => lastYear(400, addDays(TODAY, -days)))).toEqual([17, null]);
  });

  it('is counted over windows of 14 and 28 whole days that end today', () => {
    const { recent, active, before } = windowsOf(view);
    expect([recent, active, before]).toEqual([
      ['2026-02-25', '2026-03-10'],
      ['2026-02-11', '2026-03-10'],
      ['2026-01-14', '2026-02-10'],
    ]);
    expect(daysIn('2026-03', recent).toString(2)).toBe('1111111111');
  });
});
