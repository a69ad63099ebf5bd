import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { toAccountId, type AccountId } from '../../src/core/model/ids.ts';
import { makeUsageKey } from '../../src/flow/intake/usage-keys.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { recompute } from '../../src/queries/recompute.ts';
import { MONDAY, openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';

const DAY_MS = 86_400_000;
const dayAfter = (days: number): string => new Date(MONDAY + days * DAY_MS).toISOString().slice(0, 10);

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

let customers = 0;
/** A customer with twenty accounts of all kinds, scored. */
const begin = async (): Promise<Customer> => {
  customers += 1;
  const world = generateWorld({ seed: customers, now: new Date(MONDAY).toISOString(), accounts: 20 });
  const portal = toPortalSeed(world);
  const customer = await office.connect([], {
    seed: { ...portal, facts: { ...portal.facts, portalId: 80_000 + customers } },
  });
  await customer.begin();
  return customer;
};

const accountsOf = async ({ store }: Customer): Promise<readonly AccountId[]> =>
  (await store.assessments.page(null, 1_000)).map(({ assessment }) => assessment.accountId);

/** Each account once more, as it was on a day or last. */
const again = async ({ store }: Customer, accounts: readonly AccountId[], day: string | null = null) => {
  const all = [];
  for (const account of accounts) all.push(await recompute(store, account, day));
  return all;
};

/** So many people of an account use the product on each of these days. */
const use = async (
  { store, clock }: Customer,
  account: AccountId,
  days: readonly number[],
  users: number,
): Promise<void> => {
  const { key } = await makeUsageKey(store, new Date(clock.now()).toISOString(), 'admin');
  const batch = [
    { type: 'group', messageId: `${account}-${users}`, groupId: `w-${account}`, traits: { crmId: account } },
    ...days.flatMap((day) =>
      Array.from({ length: users }, (_one, user) => ({
        type: 'track',
        messageId: `${account}-${day}-${user}`,
        timestamp: `${dayAfter(day)}T08:00:00.000Z`,
        event: 'Report Opened',
        userId: `${account}-${user}`,
        context: { groupId: `w-${account}` },
      })),
    ),
  ];
  const received = await office.app.serverParts().receiveUsage({ type: null, writeKey: key.reveal(), body: { batch } });
  if (received === null || received.refused.length > 0) throw new Error(JSON.stringify(received));
};

describe('a score', () => {
  it('comes out again to the digit and the word, of every account, days later too', async () => {
    const customer = await begin();
    const accounts = await accountsOf(customer);
    for (const { isSame, compared, on } of await again(customer, accounts)) {
      expect({ isSame, compared, on }).toEqual({ isSame: true, compared: 'everything', on: dayAfter(0) });
    }
    await customer.nextDay();
    await customer.nextDay(8);
    for (const one of await again(customer, accounts)) {
      expect(one).toMatchObject({ isSame: true, compared: 'everything', on: dayAfter(9), differences: [] });
    }
    // On the first day every score is news, so that it is kept.
    for (const one of await again(customer, accounts, dayAfter(0))) {
      expect(one).toMatchObject({ isSame: true, compared: 'figures', on: dayAfter(0), differences: [] });
    }
  });

  it('comes out as it was after usage came in, late days among it', async () => {
    const customer = await begin();
    const accounts = await accountsOf(customer);
    const [account = toAccountId('')] = accounts;
    await use(customer, account, [-40, -35, -20, -3, -1], 3);
    await customer.nextDay();
    const [before] = await again(customer, [account]);
    expect(before).toMatchObject({ isSame: true });
    await use(customer, account, [-41, -19, -2, 0, 1], 9);
    await customer.nextDay();
    const [after] = await again(customer, [account]);
    expect(after).toMatchObject({ isSame: true, on: dayAfter(2) });
    const [then] = await again(customer, [account], dayAfter(1));
    // A day that brought nothing new to see is not kept; the one before it says the same in whole points.
    expect(then).toMatchObject({ isSame: true, band: before?.band });
    expect(Math.round(then?.score ?? -1)).toBe(Math.round(before?.score ?? -1));
    expect(then?.on === dayAfter(1) || then?.on === dayAfter(0)).toBe(true);
    expect((await customer.store.inputs.get(account, null))?.snapshot.usage?.days.length).toBeGreaterThan(5);
  });

  it('comes out by the version that made it, after another one was published', async () => {
    const customer = await begin();
    const accounts = await accountsOf(customer);
    const before = await again(customer, accounts);
    customer.clock.advance(DAY_MS);
    await draftConfiguration(customer.store, office.app.clock, {
      changes: {
        health: {
          bands: { smoothing: 1 },
          measures: {
            lastContact: {
              breakpoints: [
                [1, 100],
                [5, 50],
                [10, 0],
              ],
            },
          },
        },
      },
      set: [],
      unset: [],
      note: null,
      actor: 'ana',
    });
    await publishDraft(customer.store, office.app.clock, { actor: 'ana', isUnseenAllowed: true });
    await customer.sync('daily');
    const after = await again(customer, accounts);
    expect(after.every(({ isSame, modelVersion }) => isSame && modelVersion === 'HF-Health v1 / version 1')).toBe(true);
    expect(after.map(({ score }) => score)).not.toEqual(before.map(({ score }) => score));
    const then = await again(customer, accounts, dayAfter(0));
    expect(then.map(({ score, isSame, modelVersion }) => ({ score, isSame, modelVersion }))).toEqual(
      before.map(({ score }) => ({ score, isSame: true, modelVersion: 'HF-Health v1 / default 1' })),
    );
  });

  it('that is not what comes out is named with what differs', async () => {
    const customer = await begin();
    const [account = toAccountId('')] = await accountsOf(customer);
    const stored = (await customer.store.assessments.get([account])).get(account);
    if (stored === undefined) throw new Error('there is no account');
    const { health } = stored.assessment;
    await customer.store.assessments.put([
      { ...stored, assessment: { ...stored.assessment, health: { ...health, score: 99.9, reason: 'All is well.' } } },
    ]);
    expect(await recompute(customer.store, account, null)).toMatchObject({
      isSame: false,
      differences: [
        { path: 'health.reason', stored: 'All is well.', recomputed: health.reason },
        { path: 'health.score', stored: 99.9, recomputed: health.score },
      ],
    });
  });

  it('is kept for the days that the configuration says, and says so when it is asked for an earlier one', async () => {
    const customer = await begin();
    const [account = toAccountId('')] = await accountsOf(customer);
    await expect(recompute(customer.store, account, dayAfter(-1))).rejects.toThrow(
      `Nothing is kept of how ${account} was scored until ${dayAfter(-1)}.`,
    );
    await expect(recompute(customer.store, account, 'yesterday')).rejects.toThrow("'yesterday' is not a day.");
    await customer.nextDay(31);
    await customer.nextDay();
    expect(await customer.store.inputs.days(account)).not.toContain(dayAfter(0));
    expect(await recompute(customer.store, account, null)).toMatchObject({ isSame: true, on: dayAfter(32) });
  });
});
