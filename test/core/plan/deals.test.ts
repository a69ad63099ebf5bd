import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { toHoldfastKey } from '../../../src/core/model/ids.ts';
import type { Contract, Deal } from '../../../src/core/model/records.ts';
import { planDeals, type DealWords } from '../../../src/core/plan/deals.ts';
import type { LedgerDeal } from '../../../src/core/plan/step.ts';
import { dealWishesOf } from '../../../src/core/plays/renewal-deals.ts';
import { assessment, configuration, contract, deal, on, snapshot } from '../renewals/builders.ts';
import { context } from './planning-office.ts';

const words: DealWords = { object: 'deals', fieldsOf: () => ({}), watched: [], isSame: () => true };
const asked = {
  ...context,
  configuration: { ...context.configuration, renewals: { ...configuration, openDeals: true } },
};

/** The terms for which deals are opened on a day, given those for which one was made. */
function opened(
  today: string,
  contracts: readonly Contract[],
  made: readonly string[],
  deals: readonly Deal[] = [],
): readonly string[] {
  const of = snapshot(today, {}, { contracts, deals });
  const assessed = assessment(of);
  const accountId = of.account.id;
  const { terms } = assessed.renewal;
  const ledger = made.map((contractId): LedgerDeal => {
    const term = terms.find((term) => term.contractId === contractId);
    if (term === undefined) throw new Error(`no term is on contract ${contractId}`);
    return {
      key: toHoldfastKey(contractId),
      accountId,
      termId: term.id,
      state: 'deleted',
      crmId: null,
      name: contractId,
      written: {},
      createdAt: of.asOf,
      updatedAt: of.asOf,
    };
  });
  const wishes = dealWishesOf(assessed, of, asked);
  return planDeals(wishes, ledger, new Map([[accountId, terms]]), configuration.movedDays, words)
    .map(({ wish }) => terms.find(({ id }) => id === wish.termId)?.contractId ?? wish.termId)
    .toSorted();
}

describe('the deals of an account with two contracts', () => {
  const ending = (days: number) => [
    contract('a', '2026-04-01', '2027-03-31'),
    contract('b', '2026-04-01', addDays(on('2027-03-31'), days)),
  ];

  it('are opened for each, however near to each other they end, once for each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 31, max: 60 }), (days) => {
        const today = '2027-02-01';
        expect(opened(today, ending(days), [])).toEqual(['a', 'b']);
        expect(opened(today, ending(days), ['a'])).toEqual(['b']);
        expect(opened(today, ending(days), ['b'])).toEqual(['a']);
        expect(opened(today, ending(days), ['a', 'b'])).toEqual([]);
      }),
    );
  });

  it('are opened for the second one while somebody works on the deal of the first', () => {
    const forTheFirst = deal('open', 'renewal', '2027-03-31');
    expect(opened('2027-02-01', ending(40), [], [forTheFirst])).toEqual(['b']);
  });

  it('are one where they are renewed together, and none where either of them had one', () => {
    expect(opened('2027-02-01', ending(20), [])).toEqual(['a']);
    expect(opened('2027-02-01', ending(20), ['a'])).toEqual([]);
    expect(opened('2027-02-01', ending(20), ['b'])).toEqual([]);
  });
});
