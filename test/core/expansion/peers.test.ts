import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExpansionConfiguration as configuration } from '../../../src/core/expansion/configuration.ts';
import { PeerCount, peerGroupOf } from '../../../src/core/expansion/peers.ts';
import { money } from '../../../src/core/model/money.ts';
import { noExchangeRates, type ExchangeRates } from '../../../src/core/model/rates.ts';
import type { AccountSnapshot, PeerFacts } from '../../../src/core/model/snapshot.ts';
import { account, ago, snapshot } from '../scoring/account-builder.ts';

const customer = (employees: number | null, products: readonly string[] | null): AccountSnapshot =>
  snapshot({ account: account({ employees, products }) });

/** A customer who pays so much a year for one product. */
const paying = (product: string, amount: number, currency = 'EUR'): AccountSnapshot => ({
  ...customer(100, null),
  contracts: [
    {
      id: product,
      keptAs: 'subscription',
      accountId: null,
      name: null,
      product,
      startOn: null,
      endOn: null,
      termMonths: null,
      autoRenew: null,
      noticeDays: null,
      status: null,
      arr: money(amount, currency),
      seats: null,
      ownerId: null,
      modifiedAt: ago(1),
    },
  ],
});

function countOf(customers: readonly AccountSnapshot[], rates: ExchangeRates = noExchangeRates): PeerFacts | undefined {
  const count = new PeerCount('EUR', rates);
  for (const one of customers) count.note(one, peerGroupOf(one.account, 'mid', configuration));
  return count.facts()['mid 50-249'];
}

describe('peers', () => {
  it('are customers of one segment and about one size', () => {
    const group = (employees: number | null, segment: 'mid' | 'smb' = 'mid') =>
      peerGroupOf({ employees }, segment, configuration);
    expect([1, 49, 50, 249, 250, 999, 1_000, 90_000].map((employees) => group(employees))).toEqual([
      'mid 1-49',
      'mid 1-49',
      'mid 50-249',
      'mid 50-249',
      'mid 250-999',
      'mid 250-999',
      'mid 1000+',
      'mid 1000+',
    ]);
    expect(group(60, 'smb')).toBe('smb 50-249');
  });

  it('are nobody for a company whose size is not known', () => {
    expect(peerGroupOf({ employees: null }, 'mid', configuration)).toBeNull();
    expect(peerGroupOf({ employees: 0 }, 'mid', configuration)).toBeNull();
  });

  it('are counted with what they own, those left out of whom that is not known', () => {
    expect(
      countOf([
        customer(60, ['Core']),
        customer(100, ['core', 'Archive']),
        customer(200, ['Core']),
        customer(100, null),
        customer(null, ['Core']),
        customer(900, ['Core']),
      ]),
    ).toEqual({
      accounts: 3,
      employees: 100,
      products: [
        { name: 'Core', owners: 3, priced: 0, medianArr: null },
        { name: 'Archive', owners: 1, priced: 0, medianArr: null },
      ],
    });
  });

  it('pay the median of what their contracts say, in the home currency', () => {
    const rates = { on: null, perUnit: { USD: 0.5 } };
    const facts = countOf(
      [
        paying('Core', 100),
        paying('Core', 300),
        paying('Core', 1_000, 'USD'),
        paying('Core', 900),
        paying('Core', 5, 'CHF'),
      ],
      rates,
    );
    expect(facts?.products).toEqual([{ name: 'Core', owners: 5, priced: 4, medianArr: money(400, 'EUR') }]);
  });

  it('are the same in whatever order customers come', () => {
    const names = fc.constantFrom('Core', 'core', 'CORE ', 'Archive', 'Alerts');
    const customers = fc.array(
      fc.oneof(
        fc
          .tuple(fc.integer({ min: 50, max: 249 }), fc.array(names))
          .map(([size, products]) => customer(size, products)),
        fc.tuple(names, fc.integer({ min: 1, max: 9_999 })).map(([product, amount]) => paying(product, amount)),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        customers.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(countOf(shuffled)).toEqual(countOf(all));
        },
      ),
    );
  });
});
