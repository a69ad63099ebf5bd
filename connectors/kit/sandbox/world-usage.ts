import { chanceOf, seedOf, type Chance } from './world-chance.ts';
import { addDays, type Day } from './world-days.ts';
import type { Setting } from './world-setting.ts';
import type { WorldAccount } from './world-model.ts';

/** A customer's place in the product that the made-up business sells. */
export interface WorldWorkspace {
  /** Key of the account whose it is. */
  readonly accountKey: number;
  /** The product's own id of it: `ws-17`. */
  readonly id: string;
  readonly name: string;
  readonly domain: string | null;
  /** Metric → how much of it a month they have bought. */
  readonly limits: Readonly<Record<string, number>>;
  /** Features that make the product worth its price. */
  readonly coreFeatures: readonly string[];
  /** Oldest first; days on which nobody did anything are left out. Made while they are iterated over. */
  readonly days: Iterable<WorldUsageDay>;
}

export interface WorldUsageDay {
  readonly on: Day;
  /** Ids of those who were active; only their number where nobody published more. */
  readonly users: readonly string[] | number;
  /** Those of them who did what the product is bought for. */
  readonly keyUsers: readonly string[];
  readonly keyActions: number;
  /** Feature → events. */
  readonly features: Readonly<Record<string, number>>;
  /** Metric → amount of the day. */
  readonly metered: Readonly<Record<string, number>>;
  readonly pricingVisits: number;
}

/** What became of a customer's usage lately: `fell` for those who lost a third of their users within four weeks. */
export type UsageStory = 'steady' | 'fell';

/** So far back goes what the product remembers: two spans of four weeks to compare, and a little more. */
const DAYS = 70;

const FELL_DAYS_AGO = 28;
/** 28 users where there were 41. */
const FELL_FROM = 41 / 28;

const KEY_FEATURE = 'Report Run';
const FEATURES = [KEY_FEATURE, 'Dashboard Viewed', 'Report Shared', 'Alert Set', 'Export Created', 'Comment Added'];
const API_CALLS = 'api_calls';
const CALLS_A_SEAT = 900;

/** A seed of its own, so that usage leaves all else in the world as it was. */
const USAGE_PART = 0x75736167;

/** The usage of a customer, as many people as the account has seats in use; null for those who are none. */
export function makeWorkspace(setting: Setting, account: WorldAccount, story: UsageStory): WorldWorkspace | null {
  const { key, seatsPurchased, seatsUsed } = account;
  const seats = seatsPurchased ?? seatsUsed;
  if (account.status !== 'customer' || account.deletedAt !== null || seats === null || seats === 0) return null;
  const people = seatsUsed ?? Math.ceil(seats / 2);
  const id = `ws-${key}`;
  return {
    accountKey: key,
    id,
    name: account.name,
    domain: account.domain,
    limits: { [API_CALLS]: seats * CALLS_A_SEAT },
    coreFeatures: FEATURES.slice(0, 5),
    days: {
      *[Symbol.iterator](): Generator<WorldUsageDay> {
        const chance = chanceOf(seedOf(seedOf(setting.seed, USAGE_PART), key));
        // Those who use little of what they pay for also use few features.
        const known = FEATURES.slice(0, Math.max(2, Math.round((people / seats) * FEATURES.length)));
        for (let daysAgo = DAYS; daysAgo >= 1; daysAgo -= 1) {
          const had = story === 'fell' && daysAgo > FELL_DAYS_AGO ? Math.round(people * FELL_FROM) : people;
          const day = makeDay(chance, addDays(setting.today, -daysAgo), id, had, known);
          if (day !== null) yield day;
        }
      },
    },
  };
}

function makeDay(chance: Chance, on: Day, id: string, people: number, known: readonly string[]): WorldUsageDay | null {
  const weekday = new Date(`${on}T00:00:00Z`).getUTCDay();
  const share = weekday === 0 || weekday === 6 ? 0.04 : 0.45;
  const users: string[] = [];
  const keyUsers: string[] = [];
  for (let person = 1; person <= people; person += 1) {
    if (!chance.is(share)) continue;
    users.push(`${id}-u${person}`);
    if (chance.is(0.4)) keyUsers.push(`${id}-u${person}`);
  }
  if (users.length === 0) return null;
  const events = users.length * chance.int(4, 9);
  const keyActions = keyUsers.length * chance.int(1, 3);
  const others = known.slice(1);
  const features = Object.fromEntries(others.map((feature) => [feature, Math.ceil(events / others.length)]));
  return {
    on,
    users,
    keyUsers,
    keyActions,
    features: keyActions === 0 ? features : { [KEY_FEATURE]: keyActions, ...features },
    metered: { [API_CALLS]: users.length * chance.int(20, 60) },
    pricingVisits: chance.is(0.01) ? 1 : 0,
  };
}
