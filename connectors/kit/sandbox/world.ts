import type { Instant } from '../../contract/record.ts';
import { makeAccount, type Places } from './world-account.ts';
import { dayAt } from './world-days.ts';
import { HOME_CURRENCY, OTHER_CURRENCIES } from './world-deals.ts';
import { makeNewcomer, makeOwners, type Setting } from './world-setting.ts';
import { makeStoryAccount, stories, usageStoryOf } from './world-stories.ts';
import { makeWorkspace, type WorldWorkspace } from './world-usage.ts';
import { MOST_ACCOUNTS, type World, type WorldAccount } from './world-model.ts';

export type { Story, World, WorldAccount } from './world-model.ts';
export { stories } from './world-stories.ts';

export interface WorldOptions {
  /** A whole number; the same seed, moment and size give the same world, value for value. */
  readonly seed: number;
  readonly now: Instant;
  /** How many companies, 0 to `MOST_ACCOUNTS`. About 13 further records come with each. */
  readonly accounts: number;
}

const TIME_ZONE = 'America/New_York';

/**
 * A world of customers. The first accounts are those of `stories`, in their order, as far as `accounts` goes; from 500
 * accounts on one has 140 contacts and one 130 deals. Accounts are made while they are iterated over and not kept.
 * Throws a RangeError for options that are out of range.
 */
export function generateWorld(options: WorldOptions): World {
  const { seed, accounts } = options;
  const now = Date.parse(options.now);
  if (Number.isNaN(now))
    throw new RangeError(`now is '${options.now}'; give an instant such as 2026-03-01T12:00:00.000Z`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed is ${seed}; give a whole number`);
  if (!Number.isInteger(accounts) || accounts < 0 || accounts > MOST_ACCOUNTS) {
    throw new RangeError(`accounts is ${accounts}; give a whole number from 0 to ${MOST_ACCOUNTS}`);
  }
  const owners = makeOwners(seed, accounts);
  const setting: Setting = { seed, now, today: dayAt(now, TIME_ZONE), owners, newcomer: makeNewcomer(owners) };
  const isLarge = accounts >= 500;
  const places: Places = {
    firstKey: stories.length + 1,
    manyContactsKey: isLarge ? 101 : null,
    manyDealsKey: isLarge ? 102 : null,
  };
  function* makeAccounts(): Generator<WorldAccount> {
    for (let key = 1; key <= accounts; key += 1) {
      yield key <= stories.length ? makeStoryAccount(setting, key) : makeAccount(setting, places, key);
    }
  }
  return {
    now: options.now,
    today: setting.today,
    timeZone: TIME_ZONE,
    homeCurrency: HOME_CURRENCY,
    otherCurrencies: OTHER_CURRENCIES,
    owners: [...setting.owners, setting.newcomer],
    stories: stories.slice(0, accounts),
    accounts: { [Symbol.iterator]: makeAccounts },
    usage: {
      *[Symbol.iterator](): Generator<WorldWorkspace> {
        for (const account of makeAccounts()) {
          const workspace = makeWorkspace(setting, account, usageStoryOf(account.key));
          if (workspace !== null) yield workspace;
        }
      },
    },
  };
}
