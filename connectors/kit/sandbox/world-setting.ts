import { type Chance, chanceOf, seedOf } from './world-chance.ts';
import { DAY_MS, type Day } from './world-days.ts';
import { personName, slug } from './world-names.ts';
import type { WorldOwner } from './world-model.ts';

/** What every account of a world shares. */
export interface Setting {
  readonly seed: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly today: Day;
  readonly owners: readonly WorldOwner[];
  /** Has just begun: owns what stories give them, and therefore has room for every task. */
  readonly newcomer: WorldOwner;
}

/**
 * How much of the world is not as it should be, as shares of the records concerned. Guesses from what CRM administrators
 * complain of, not measurements; kept in one place so that they can be argued about.
 */
export const messRates = {
  renewalDateBlank: 0.06,
  renewalDateBeforeStart: 0.015,
  termStartBlank: 0.1,
  autoRenewBlank: 0.15,
  noticeBlank: 0.25,
  segmentBlank: 0.08,
  statusBlank: 0.04,
  ownerBlank: 0.04,
  csmBlank: 0.2,
  arrBlank: 0.05,
  arrUnlikeDeal: 0.04,
  domainBlank: 0.03,
  roleBlank: 0.25,
  emailBlank: 0.03,
  emailInCapitals: 0.06,
  contactAtTwoAccounts: 0.02,
  dealWithoutAccount: 0.02,
  dealWithoutDates: 0.15,
  deleted: 0.01,
  merged: 0.02,
  importedTogether: 0.15,
} as const;

/** One owner per 40 accounts, from 10 to 200; every eighth has left. */
export function makeOwners(seed: number, accounts: number): readonly WorldOwner[] {
  const chance = chanceOf(seedOf(seed, 0));
  return Array.from({ length: Math.min(200, Math.max(10, Math.ceil(accounts / 40))) }, (_, index) => {
    const [firstName, lastName] = personName(chance);
    const front = [slug(firstName), slug(lastName), String(index + 1)].filter((part) => part !== '').join('.');
    return {
      key: index + 1,
      firstName,
      lastName,
      email: `${front}@holdfast-sandbox.example`,
      isArchived: (index + 1) % 8 === 0,
    };
  });
}

/** Comes after all other owners, whose companies stay theirs. */
export function makeNewcomer(owners: readonly WorldOwner[]): WorldOwner {
  return {
    key: owners.length + 1,
    firstName: 'Noor',
    lastName: 'Haddad',
    email: 'noor.haddad@holdfast-sandbox.example',
    isArchived: false,
  };
}

/** An owner's key; those who have left still own their share. */
export function ownerKey(setting: Setting, chance: Chance): number | null {
  return chance.is(messRates.ownerBlank) ? null : chance.pick(setting.owners).key;
}

/**
 * When a record was made and last changed, given when it came to be and when it last had a reason to change (both epoch
 * milliseconds). Imports leave many records with one and the same moment.
 */
export function lifeOf(
  setting: Setting,
  chance: Chance,
  bornAt: number,
  touchedAt: number = bornAt,
): { readonly createdAt: number; readonly modifiedAt: number; readonly deletedAt: number | null } {
  const createdAt = bornAt < setting.now ? bornAt : setting.now - chance.int(1, 30) * DAY_MS;
  const leastAt = Math.max(createdAt, touchedAt < setting.now ? touchedAt : createdAt);
  const importedAt = setting.now - 200 * DAY_MS;
  const wasImported = chance.is(messRates.importedTogether) && leastAt < importedAt;
  const changedAt = leastAt + Math.floor((setting.now - leastAt) * (1 - chance.next() ** 2));
  const modifiedAt = wasImported ? importedAt : changedAt;
  if (!chance.is(messRates.deleted)) return { createdAt, modifiedAt, deletedAt: null };
  // CRMs empty their bins in time, so what lies there went there lately.
  const deletedAt = Math.max(modifiedAt, setting.now - chance.int(1, 80) * DAY_MS);
  return { createdAt, modifiedAt: deletedAt, deletedAt };
}
