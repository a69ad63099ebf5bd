import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayAt, daysBetween } from '../../../connectors/kit/sandbox/world-days.ts';
import { generateWorld } from '../../../connectors/kit/sandbox/world.ts';
import { messRates } from '../../../connectors/kit/sandbox/world-setting.ts';
import { stories } from '../../../connectors/kit/sandbox/world-stories.ts';
import { MOST_ACCOUNTS, type World, type WorldAccount } from '../../../connectors/kit/sandbox/world-model.ts';

const now = '2026-03-04T12:00:00.000Z';
const DAY_MS = 86_400_000;

const worldOf = (accounts: number, seed = 1, at = now): World => generateWorld({ seed, now: at, accounts });

function accountOf(world: World, name: string): WorldAccount {
  for (const account of world.accounts) if (account.name === name) return account;
  throw new Error(`there is no account '${name}'`);
}

const recordsOf = (account: WorldAccount) => [
  account,
  ...account.contacts,
  ...account.deals,
  ...account.tickets,
  ...account.tasks,
  ...account.activities,
];

describe('a made-up world', () => {
  it('is the same to the last value for the same seed and moment, at every reading', () => {
    const world = worldOf(80);
    const once = JSON.stringify([...world.accounts]);
    expect(JSON.stringify([...world.accounts])).toBe(once);
    expect(JSON.stringify([...worldOf(80).accounts])).toBe(once);
    expect(JSON.stringify([...worldOf(80, 2).accounts])).not.toBe(once);
  });

  it('keeps its first customers as they are when it grows', () => {
    const small = [...worldOf(100).accounts];
    const large = [...worldOf(300).accounts].slice(0, 100);
    expect(large).toEqual(small);
  });

  it('makes customers only as they are asked for', () => {
    const first = [];
    for (const account of worldOf(MOST_ACCOUNTS).accounts) {
      first.push(account.key);
      if (first.length === 3) break;
    }
    expect(first).toEqual([1, 2, 3]);
  });

  it('refuses a moment, a seed or a size that makes no sense, and says what would', () => {
    expect(() => worldOf(10, 1, 'yesterday')).toThrow("now is 'yesterday'; give an instant");
    expect(() => worldOf(10, 0.5)).toThrow('seed is 0.5; give a whole number');
    expect(() => worldOf(-1)).toThrow(`accounts is -1; give a whole number from 0 to ${MOST_ACCOUNTS}`);
  });

  it('holds nothing that was made or changed after its present moment', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (seed, at) => {
          for (const account of worldOf(40, seed, at.toISOString()).accounts) {
            for (const { createdAt, modifiedAt, deletedAt } of recordsOf(account)) {
              expect(createdAt).toBeLessThanOrEqual(modifiedAt);
              expect(modifiedAt).toBeLessThanOrEqual(at.getTime());
              expect(deletedAt ?? modifiedAt).toBe(modifiedAt);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives no two records of a kind the same key, and no two people the same e-mail', () => {
    const accounts = [...worldOf(3_000).accounts];
    for (const kind of ['contacts', 'deals', 'tickets', 'tasks', 'activities'] as const) {
      const keys = accounts.flatMap((account) => account[kind].map(({ key }) => key));
      expect(new Set(keys).size).toBe(keys.length);
    }
    const emails = accounts.flatMap(({ contacts }) => contacts.flatMap(({ email }) => email?.toLowerCase() ?? []));
    expect(new Set(emails).size).toBe(emails.length);
  });

  it('knows only people, owners and accounts that exist', () => {
    const world = worldOf(400);
    const owners = new Set(world.owners.map(({ key }) => key));
    const accounts = [...world.accounts];
    const keys = new Set(accounts.map(({ key }) => key));
    for (const account of accounts) {
      const people = new Set(account.contacts.map(({ key }) => key));
      expect(account.parentKey === null || keys.has(account.parentKey)).toBe(true);
      expect(account.contacts.flatMap(({ alsoAtKeys }) => alsoAtKeys).every((key) => keys.has(key))).toBe(true);
      for (const { contactKeys, ownerKey } of [...account.deals, ...account.tickets, ...account.activities]) {
        expect(contactKeys.every((key) => people.has(key))).toBe(true);
        expect(ownerKey === null || owners.has(ownerKey)).toBe(true);
      }
    }
  });
});

describe('the mess of the real world', () => {
  const world = worldOf(2_000);
  const accounts = [...world.accounts].slice(stories.length);
  const customers = accounts.filter(({ status }) => status === 'customer');
  const contacts = accounts.flatMap((account) => account.contacts);
  const deals = accounts.flatMap((account) => account.deals);
  const share = <T>(all: readonly T[], isSo: (one: T) => boolean): number => all.filter(isSo).length / all.length;

  it.each([
    ['renewal dates are blank', share(customers, (a) => a.renewalOn === null), messRates.renewalDateBlank],
    [
      'renewal dates lie before the start',
      share(customers, (a) => a.renewalOn !== null && a.termStartOn !== null && a.renewalOn < a.termStartOn),
      messRates.renewalDateBeforeStart,
    ],
    ['notice periods are blank', share(customers, (a) => a.noticeDays === null), messRates.noticeBlank],
    ['owners are blank', share(accounts, (a) => a.ownerKey === null), messRates.ownerBlank],
    ['accounts were merged', share(accounts, (a) => a.mergedKeys.length > 0), messRates.merged],
    ['accounts lie in the bin', share(accounts, (a) => a.deletedAt !== null), messRates.deleted],
    ['deals hang on no account', share(deals, (d) => !d.isLinked), messRates.dealWithoutAccount],
    ['people belong to two accounts', share(contacts, (c) => c.alsoAtKeys.length > 0), messRates.contactAtTwoAccounts],
    ['e-mails are in capitals', share(contacts, (c) => /[A-Z]/.test(c.email ?? '')), messRates.emailInCapitals],
  ])('%s, as often as stated', (_, found, stated) => {
    expect(found).toBeGreaterThan(stated / 2);
    expect(found).toBeLessThan(stated * 2);
  });

  it('has companies twice, under one domain', () => {
    const domains = accounts.flatMap(({ domain }) => domain ?? []);
    expect(domains.length - new Set(domains).size).toBeGreaterThan(20);
  });

  it('has owners who left and still own companies', () => {
    const left = new Set(world.owners.filter(({ isArchived }) => isArchived).map(({ key }) => key));
    expect(accounts.some(({ ownerKey }) => ownerKey !== null && left.has(ownerKey))).toBe(true);
  });

  it('has ARR on companies that their deals contradict', () => {
    const contradicting = customers.filter((account) => {
      const sold = account.deals.findLast(
        ({ outcome, kind, arr }) => outcome === 'won' && kind !== 'upsell' && arr !== null,
      );
      return account.arr !== null && sold?.currency === 'USD' && Math.abs(account.arr / (sold.arr ?? 1) - 1) > 0.3;
    });
    expect(contradicting.length).toBeGreaterThan(10);
  });

  it.each([
    ['emoji', /\p{Extended_Pictographic}/u],
    ['right-to-left script', /\p{Script=Arabic}|\p{Script=Hebrew}/u],
    ['Chinese or Japanese', /\p{Script=Han}/u],
    ['an apostrophe', /'/],
    ['a leading formula sign', /^=/],
    ['markup', /<b>/],
    ['more than 200 characters', /.{200}/],
  ])('has company names with %s', (_, pattern) => {
    expect(accounts.some(({ name }) => pattern.test(name))).toBe(true);
  });

  it('has one company with more than 100 contacts and one with more than 100 deals, from 500 accounts on', () => {
    const most = (size: number, kind: 'contacts' | 'deals'): number =>
      Math.max(...[...worldOf(size).accounts].map((account) => account[kind].length));
    expect([most(500, 'contacts'), most(500, 'deals')]).toEqual([140, 130]);
    expect(Math.max(most(499, 'contacts'), most(499, 'deals'))).toBeLessThan(100);
  });

  it('has many records that an import changed in one and the same moment', () => {
    const importedAt = Date.parse(now) - 200 * DAY_MS;
    expect(deals.filter(({ modifiedAt }) => modifiedAt === importedAt).length).toBeGreaterThan(200);
  });
});

describe('the customers whose story is known', () => {
  const world = worldOf(stories.length);
  const told = (name: string): WorldAccount => accountOf(world, name);
  const lastTwoWayDaysAgo = ({ activities }: WorldAccount): number =>
    Math.min(
      ...activities
        .filter(({ kind, direction, outcome }) =>
          kind === 'meeting' ? outcome === 'happened' : direction === 'inbound' && outcome === 'happened',
        )
        .map(({ at }) => daysBetween(dayAt(at, world.timeZone), world.today)),
    );

  it('are at least a dozen and open every world', () => {
    expect(stories.length).toBeGreaterThanOrEqual(12);
    expect(worldOf(5).stories).toEqual(stories.slice(0, 5));
    expect([...worldOf(700).accounts].slice(0, stories.length).map(({ name }) => name)).toEqual(
      stories.map(({ account }) => account),
    );
  });

  it('renew as many days from today as the story says, in leap years and at midnight too', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2023-01-01'), max: new Date('2033-01-01'), noInvalidDate: true }), (at) => {
        const then = generateWorld({ seed: 1, now: at.toISOString(), accounts: stories.length });
        for (const { account: name, expect: expected } of stories) {
          const { renewalOn, noticeDays, cancelledOn, deals } = accountOf(then, name);
          const ends = [renewalOn, ...deals.map(({ termEndOn }) => termEndOn)].filter((day) => day !== null);
          if (expected.renewalInDays === null) {
            expect(cancelledOn !== null || ends.length === 0, `${name} has nothing to renew`).toBe(true);
            continue;
          }
          expect(ends).toContain(addDays(then.today, expected.renewalInDays));
          expect(expected.renewalInDays - (noticeDays ?? 0)).toBe(expected.decisionInDays);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('Harbour & Finch: the champion has left and is not replaced', () => {
    const { contacts, activities } = told('Harbour & Finch Logistics');
    const champions = contacts.filter(({ role }) => role === 'champion');
    expect(champions.map(({ hasLeft, bounces }) => [hasLeft, bounces])).toEqual([[true, true]]);
    const sinceThen = activities.filter(({ at }) => at > Date.parse(now) - 42 * DAY_MS);
    expect(sinceThen.every(({ direction }) => direction === 'outbound')).toBe(true);
  });

  it('Calder Steelworks: two urgent tickets are open', () => {
    const { tickets } = told('Calder Steelworks');
    expect(tickets.filter(({ priority, closedAt }) => priority === 'urgent' && closedAt === null)).toHaveLength(2);
  });

  it('Quiet Harbor: silent for 121 days, however often we wrote; Juniper Row: spoke to us this week', () => {
    expect(lastTwoWayDaysAgo(told('Quiet Harbor Insurance'))).toBe(121);
    expect(lastTwoWayDaysAgo(told('Juniper Row Botanicals'))).toBeLessThan(7);
  });

  it('Lindqvist: the next year is won before this one ends', () => {
    const { renewalOn, deals } = told('Lindqvist Robotics');
    const won = deals.find(({ kind, outcome }) => kind === 'renewal' && outcome === 'won');
    expect(daysBetween(renewalOn ?? '', won?.termStartOn ?? '')).toBe(1);
  });

  it('Oakline: the date has passed and the renewal is open', () => {
    const { deals } = told('Oakline Dental Group');
    const open = deals.filter(({ outcome }) => outcome === 'open');
    expect(open.map(({ kind, closeAt }) => [kind, (closeAt ?? 0) < Date.parse(now)])).toEqual([['renewal', true]]);
  });

  it('Brightpath: all of its 100 seats are used', () => {
    const { seatsPurchased, seatsUsed } = told('Brightpath Learning');
    expect([seatsPurchased, seatsUsed]).toEqual([100, 100]);
  });

  it('Vega: everything belongs to somebody who left', () => {
    const { ownerKey, csmKey, deals } = told('Vega Aerospace Components');
    const left = new Set(world.owners.filter(({ isArchived }) => isArchived).map(({ key }) => key));
    expect([ownerKey, csmKey, ...deals.map((deal) => deal.ownerKey)].every((key) => left.has(key ?? 0))).toBe(true);
  });

  it('Aldgate: the company and its deal name two different days', () => {
    const { renewalOn, deals } = told('Aldgate Legal LLP');
    expect(daysBetween(renewalOn ?? '', deals[0]?.termEndOn ?? '')).toBe(60);
  });

  it('Kestrel: they have given notice and owe us money', () => {
    const { cancelledOn, daysOverdue } = told('Kestrel Freight');
    expect([daysBetween(cancelledOn ?? '', world.today), daysOverdue]).toEqual([6, 40]);
  });

  it('Pemberton: an invoice is overdue for more than a month, and no notice was given', () => {
    const { cancelledOn, daysOverdue } = told('Pemberton Catering');
    expect([cancelledOn, daysOverdue]).toEqual([null, 37]);
  });

  it('Copperfield: neither the company nor a deal has a date', () => {
    const { renewalOn, termStartOn, deals } = told('Copperfield Media');
    expect([renewalOn, termStartOn, ...deals.map(({ termEndOn }) => termEndOn)]).toEqual([null, null, null]);
  });

  it('Fairweather: a second record was merged into it; Sato: its deals are in two currencies', () => {
    expect(told('Fairweather Foods').mergedKeys).toHaveLength(1);
    expect(told('Sato & Ōmura Precision 佐藤精密').deals.map(({ currency }) => currency)).toEqual(['JPY', 'EUR']);
  });
});

describe('what the product saw of the customers', () => {
  const world = worldOf(60);
  const workspaces = [...world.usage];
  const workspaceOf = (name: string) => {
    const found = workspaces.find((workspace) => workspace.name === name);
    if (found === undefined) throw new Error(`'${name}' does not use the product`);
    return found;
  };
  const usersBetween = (name: string, mostDaysAgo: number, leastDaysAgo: number): number => {
    const [from, to] = [addDays(world.today, -mostDaysAgo), addDays(world.today, -leastDaysAgo)];
    const days = [...workspaceOf(name).days].filter(({ on }) => on >= from && on <= to);
    return new Set(days.flatMap(({ users }) => (typeof users === 'number' ? [] : users))).size;
  };

  it('is the same at every reading, is not from the future, and leaves the accounts as they are', () => {
    const read = () => JSON.stringify([...world.usage].map((workspace) => [workspace.id, [...workspace.days]]));
    expect(read()).toBe(read());
    for (const { days } of workspaces) for (const { on } of days) expect(on < world.today).toBe(true);
  });

  it('is of customers alone, as many people as the account has seats in use', () => {
    const accounts = new Map([...world.accounts].map((account) => [account.key, account]));
    for (const { accountKey, days } of workspaces) {
      const account = accounts.get(accountKey);
      expect(account?.status).toBe('customer');
      const people = new Set([...days].flatMap(({ users }) => (typeof users === 'number' ? [] : users)));
      const most = account?.seatsUsed ?? account?.seatsPurchased ?? 0;
      expect(people.size).toBeLessThanOrEqual(Math.round(most * 1.5));
    }
    expect(usersBetween('Juniper Row Botanicals', 28, 1)).toBe(58);
  });

  it('Tidewater: 41 people worked with it until four weeks ago, and 28 since', () => {
    expect([usersBetween('Tidewater Analytics', 56, 29), usersBetween('Tidewater Analytics', 28, 1)]).toEqual([41, 28]);
  });

  it('Brightpath: as many people as there are seats work with it', () => {
    expect(usersBetween('Brightpath Learning', 28, 1)).toBe(100);
  });
});
