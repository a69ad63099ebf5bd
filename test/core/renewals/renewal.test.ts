import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../src/core/model/calendar-date.ts';
import { money } from '../../../src/core/model/money.ts';
import type { Contract, Deal, DealKind } from '../../../src/core/model/records.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { renewalOf, withBand } from '../../../src/core/renewals/renewal.ts';
import { termIdOf } from '../../../src/core/renewals/term-id.ts';
import { configuration, contract, deal, on, snapshot } from './builders.ts';

const read = (of: AccountSnapshot) => renewalOf(of, configuration);

describe('the renewal date', () => {
  it('is the date on the account when nothing else states one', () => {
    const renewal = read(snapshot('2026-01-10', { renewalOn: on('2026-03-31') }));
    expect(renewal.next).toMatchObject({
      endOn: '2026-03-31',
      decisionOn: '2026-03-31',
      type: 'manual',
      outcome: 'open',
      source: "the account's renewal date",
      targetArr: money(48_000, 'EUR'),
    });
    expect(renewal.status).toBe('in_window');
    expect(renewal.gaps).toEqual([]);
  });

  it('is the last day of the term: twelve months from 1 April end on 31 March', () => {
    const renewal = read(snapshot('2026-01-10', { contractStartOn: on('2025-04-01'), termMonths: 12 }));
    expect(renewal.next?.endOn).toBe('2026-03-31');
  });

  it('comes from the won deal when the account has none', () => {
    const won = deal('won', 'new', '2025-03-20', { termStartOn: on('2025-04-01'), termMonths: 12 });
    const renewal = read(snapshot('2026-01-10', {}, { deals: [won] }));
    expect(renewal.next).toMatchObject({ endOn: '2026-03-31', source: "won deal 'Deal d1'" });
  });

  it('is one renewal when account and deal agree', () => {
    const won = deal('won', 'new', '2025-03-20', { termEndOn: on('2026-03-31') });
    const renewal = read(snapshot('2026-01-10', { renewalOn: on('2026-04-01') }, { deals: [won] }));
    expect(renewal.terms).toHaveLength(1);
    expect(renewal.gaps).toEqual([]);
    expect(renewal.next?.evidence.map(({ kind }) => kind)).toEqual(['deal', 'account']);
  });

  it('is the account’s when an old deal contradicts it, and both dates are named', () => {
    const won = deal('won', 'new', '2025-03-20', { termEndOn: on('2026-06-30') });
    const renewal = read(snapshot('2026-01-10', { renewalOn: on('2026-03-31') }, { deals: [won] }));
    expect(renewal.next?.endOn).toBe('2026-03-31');
    expect(renewal.gaps.join()).toMatch(/31 March 2026.*30 June 2026.*account/);
  });

  it('is the signed renewal’s when the account was not brought up to date', () => {
    const won = deal('won', 'renewal', '2026-03-10', { termStartOn: on('2026-04-01'), termEndOn: on('2027-03-31') });
    const renewal = read(snapshot('2026-05-01', { renewalOn: on('2026-03-31') }, { deals: [won] }));
    expect(renewal.next?.endOn).toBe('2027-03-31');
    expect(renewal.gaps.join()).toMatch(/31 March 2026.*31 March 2027/);
  });

  it('is unknown, and said to be, when no record states one', () => {
    const renewal = read(snapshot('2026-01-10'));
    expect(renewal).toMatchObject({ terms: [], next: null, status: null });
    expect(renewal.gaps).toEqual(['No end date: neither the account nor a contract nor a won deal states one.']);
  });

  it('is not taken from a deal whose end is before its start', () => {
    const won = deal('won', 'new', '2025-03-20', { termStartOn: on('2025-04-01'), termEndOn: on('2024-03-31') });
    const renewal = read(snapshot('2026-01-10', {}, { deals: [won] }));
    expect(renewal.next).toBeNull();
    expect(renewal.gaps[0]).toMatch(/31 March 2024.*before the start on 1 April 2025/);
  });

  it('comes from contracts where the CRM keeps them, whatever the account says', () => {
    const renewal = read(
      snapshot(
        '2026-01-10',
        { renewalOn: on('2026-09-30') },
        { contracts: [contract('c', '2025-04-01', '2026-03-31')] },
      ),
    );
    expect(renewal.next?.endOn).toBe('2026-03-31');
    expect(renewal.gaps.join()).toMatch(/30 September 2026/);
  });
});

describe('the decision date', () => {
  it('is the end date less the notice period', () => {
    const renewal = read(snapshot('2026-01-10', { renewalOn: on('2026-03-31'), noticeDays: 60 }));
    expect(renewal.next).toMatchObject({ decisionOn: '2026-01-30', noticeAssumed: false });
  });

  it('assumes 30 days for a contract that renews by itself and does not say, and tells so', () => {
    const renewal = read(snapshot('2026-01-10', { renewalOn: on('2026-03-31'), autoRenew: true }));
    expect(renewal.next).toMatchObject({ decisionOn: '2026-03-01', noticeAssumed: true, type: 'auto_renew' });
    expect(renewal.gaps.join()).toMatch(/no notice period is stated: 30 days are assumed/);
  });

  it('does not believe a notice period of minus five days', () => {
    const renewal = read(snapshot('2026-01-10', { renewalOn: on('2026-03-31'), noticeDays: -5 }));
    expect(renewal.next?.decisionOn).toBe('2026-03-31');
    expect(renewal.gaps.join()).toMatch(/notice period of -5 days/);
  });
});

describe('a term of thirty years', () => {
  it('is taken for a typing error, unless an admin sells such', () => {
    const of = snapshot('2026-01-10', { contractStartOn: on('2024-01-01'), termMonths: 360 });
    expect(read(of)).toMatchObject({ next: null });
    expect(read(of).gaps.join()).toMatch(/term of 360 months on the account was not used: it should be 1 to 240/);
    expect(renewalOf(of, { ...configuration, longestTermMonths: 480 }).next?.endOn).toBe('2053-12-31');
  });
});

describe('the outcome of a term', () => {
  const first = deal('won', 'new', '2025-03-20', { id: 'd1', termStartOn: on('2025-04-01'), termMonths: 12 });

  it('is renewed when its renewal deal is won, also early', () => {
    const second = deal('won', 'renewal', '2025-12-15', { id: 'd2', termMonths: 12 });
    const renewal = read(snapshot('2026-01-10', {}, { deals: [first, second] }));
    expect(renewal.terms.map(({ endOn, outcome }) => [endOn, outcome])).toEqual([
      ['2027-03-31', 'open'],
      ['2026-03-31', 'renewed'],
    ]);
    expect(renewal.terms[1]?.renewalDealId).toBe('d2');
  });

  it('is renewed by the renewal that came next, not by a later one, whatever their ids', () => {
    const second = deal('won', 'renewal', '2024-03-15', { id: 'd9', termStartOn: on('2024-04-01'), termMonths: 12 });
    const oldest = deal('won', 'new', '2023-03-20', { id: 'd5', termStartOn: on('2023-04-01'), termMonths: 12 });
    const third = deal('won', 'renewal', '2025-03-20', { id: 'd1', termStartOn: on('2025-04-01'), termMonths: 12 });
    const renewal = read(snapshot('2026-01-10', {}, { deals: [third, oldest, second] }));
    const renewedBy = Object.fromEntries(renewal.terms.map(({ endOn, renewalDealId }) => [endOn, renewalDealId]));
    expect(renewedBy).toMatchObject({ '2024-03-31': 'd9', '2025-03-31': 'd1' });
  });

  it('is renewed, without a next date, when the won renewal does not say how long it runs', () => {
    const second = deal('won', 'renewal', '2026-03-15', { id: 'd2' });
    const renewal = read(snapshot('2026-04-10', {}, { deals: [first, second] }));
    expect(renewal).toMatchObject({ next: null, status: 'renewed' });
  });

  describe('on a contract, renewed by a deal that is signed before its own contract is on record', () => {
    const running = contract('c', '2025-04-01', '2026-03-31');

    it('is followed by the term that the deal states, so that the next renewal is never empty', () => {
      const signed = deal('won', 'renewal', '2026-03-15', { termMonths: 24 });
      const renewal = read(snapshot('2026-04-10', {}, { contracts: [running], deals: [signed] }));
      expect(renewal.next).toMatchObject({ startOn: '2026-04-01', endOn: '2028-03-31', source: "won deal 'Deal d1'" });
      expect(renewal.status).toBe('not_due');
      expect(renewal.terms.map(({ endOn, outcome }) => [endOn, outcome])).toEqual([
        ['2028-03-31', 'open'],
        ['2026-03-31', 'renewed'],
      ]);
      expect(renewal.gaps).toEqual([]);
    });

    it('is taken to go on for as long as before where the deal does not say, and that is told', () => {
      const signed = deal('won', 'renewal', '2026-03-15');
      const renewal = read(snapshot('2026-04-10', {}, { contracts: [running], deals: [signed] }));
      expect(renewal.next).toMatchObject({ endOn: '2027-03-31', outcome: 'open' });
      expect(renewal.gaps.join()).toMatch(/Deal d1.*12 months are assumed, to 31 March 2027/);
    });

    it('gives way to the contract as soon as that is on record', () => {
      const signed = deal('won', 'renewal', '2026-03-15', { termMonths: 24 });
      const made = contract('d', '2026-04-01', '2027-03-31');
      const renewal = read(snapshot('2026-04-10', {}, { contracts: [running, made], deals: [signed] }));
      expect(renewal.next).toMatchObject({ endOn: '2027-03-31', source: "contract 'Contract d'" });
      expect(renewal.terms).toHaveLength(2);
    });
  });

  it('is churned when its renewal deal is lost', () => {
    const second = deal('lost', 'renewal', '2026-03-15', { id: 'd2' });
    expect(read(snapshot('2026-03-20', {}, { deals: [first, second] })).status).toBe('lost');
  });

  it('is open while somebody tries again after a lost deal', () => {
    const deals = [
      first,
      deal('lost', 'renewal', '2026-02-15', { id: 'd2' }),
      deal('open', 'renewal', '2026-03-31', { id: 'd3' }),
    ];
    const renewal = read(snapshot('2026-03-20', {}, { deals }));
    expect(renewal).toMatchObject({ status: 'on_track', next: { renewalDealId: 'd3' } });
  });

  it('is churned when the customer gave notice in this term, not in an earlier one', () => {
    const said = { contractStartOn: on('2025-04-01'), renewalOn: on('2026-03-31') };
    expect(read(snapshot('2026-01-10', { ...said, cancelledOn: on('2026-01-05') })).status).toBe('lost');
    expect(read(snapshot('2026-01-10', { ...said, cancelledOn: on('2024-01-05') })).status).toBe('in_window');
  });

  it('is not renewed by a product that is bought besides', () => {
    const addOn = deal('won', 'cross_sell', '2025-10-01', { id: 'd2', termEndOn: on('2026-09-30') });
    const renewal = read(snapshot('2026-01-10', {}, { deals: [first, addOn] }));
    expect(renewal.terms.map(({ endOn, outcome }) => [endOn, outcome])).toEqual([
      ['2026-03-31', 'open'],
      ['2026-09-30', 'open'],
    ]);
  });

  it('does not take the deal that sold a term for the one that renews it', () => {
    const quarterly = deal('won', 'renewal', '2026-01-01', { id: 'd1', termStartOn: on('2026-01-01'), termMonths: 3 });
    expect(read(snapshot('2026-02-01', {}, { deals: [quarterly] })).next).toMatchObject({
      endOn: '2026-03-31',
      renewalDealId: null,
    });
  });

  it('stays open and late after the end, for nothing was said', () => {
    expect(read(snapshot('2026-04-20', { renewalOn: on('2026-03-31') }))).toMatchObject({
      status: 'late',
      next: { endOn: '2026-03-31' },
    });
    const forgotten = read(snapshot('2026-07-01', { renewalOn: on('2026-03-31') }));
    expect(forgotten).toMatchObject({ status: 'late', next: null });
    expect(forgotten.gaps.join()).toMatch(/nothing says how it went/);
  });
});

describe('the contract before that a renewal deal names', () => {
  const running = contract('800A', '2025-04-01', '2026-03-31');
  const other = contract('800B', '2025-10-01', '2026-09-30');
  const onDeal = (priorContractId: string | null, outcome: 'open' | 'won' = 'open') =>
    deal(outcome, 'renewal', '2026-03-20', { priorContractId });
  const dealOf = (contracts: readonly Contract[], renewal: Deal) =>
    Object.fromEntries(
      read(snapshot('2026-03-25', {}, { contracts, deals: [renewal] })).terms.map((term) => [
        term.contractId,
        term.renewalDealId,
      ]),
    );

  it.each([
    ['is a number in a field of text', '00000123'],
    ['is not there', null],
    ['is the one that ends', '800A'],
  ])('leaves the deal to the term that it closes with when it %s', (_, prior) => {
    expect(dealOf([running, other], onDeal(prior))).toEqual({ '800A': 'd1', '800B': null });
    const signed = read(snapshot('2026-04-10', {}, { contracts: [running], deals: [onDeal(prior, 'won')] }));
    expect(signed).toMatchObject({ status: 'not_due', next: { endOn: '2027-03-31' } });
  });

  it('gives the deal to that contract, wherever it closes, when it is another one of the account', () => {
    expect(dealOf([running, other], onDeal('800B'))).toEqual({ '800A': null, '800B': 'd1' });
  });

  it('keeps the deal from a contract when it is one without a date', () => {
    const undated = { ...other, startOn: null, endOn: null };
    expect(dealOf([running, undated], onDeal('800B'))).toEqual({ '800A': null });
  });

  it('tells nothing where the lines of that contract are what ends', () => {
    const undated = { ...running, endOn: null };
    const lines = ['a1', 'a2'].map((id) => contract(id, '2025-04-01', '2026-03-31', { keptAs: 'subscription' }));
    for (const prior of ['800A', 'a1', 'a2']) {
      expect(dealOf([undated, ...lines], onDeal(prior)), prior).toEqual({ a1: 'd1' });
    }
  });

  it('does not keep a won renewal from following a term when it is in other words', () => {
    const first = deal('won', 'new', '2025-03-20', {
      id: 'd0',
      contractId: 'k1',
      termStartOn: on('2025-04-01'),
      termMonths: 12,
    });
    const second = deal('won', 'renewal', '2026-03-20', { termMonths: 12, priorContractId: 'K-0001' });
    expect(read(snapshot('2026-04-10', {}, { deals: [first, second] })).terms.map(({ outcome }) => outcome)).toEqual([
      'open',
      'renewed',
    ]);
  });
});

describe('a term that renews by itself', () => {
  it('is renewed once the notice window is closed, and the next one follows', () => {
    const said = { renewalOn: on('2026-03-31'), autoRenew: true, noticeDays: 30, termMonths: 12 };
    expect(read(snapshot('2026-03-01', said)).next?.endOn).toBe('2026-03-31');
    const renewal = read(snapshot('2026-03-02', said));
    expect(renewal.next).toMatchObject({ startOn: '2026-04-01', endOn: '2027-03-31' });
    expect(renewal.terms[1]).toMatchObject({ endOn: '2026-03-31', outcome: 'renewed' });
  });

  it('is not renewed against the customer’s notice', () => {
    const said = { renewalOn: on('2026-03-31'), autoRenew: true, cancelledOn: on('2026-02-01') };
    expect(read(snapshot('2026-05-02', said))).toMatchObject({ next: null, status: 'lost' });
  });

  it('is followed up to today from an end date that nobody kept', () => {
    const renewal = read(snapshot('2026-05-02', { renewalOn: on('2021-03-31'), autoRenew: true, noticeDays: 0 }));
    expect(renewal.next?.endOn).toBe('2027-03-31');
    expect(renewal.gaps.join()).toMatch(/31 March 2021.*31 March 2027/);
  });

  it('goes from month to month without a window', () => {
    const renewal = read(snapshot('2026-05-02', { contractStartOn: on('2026-01-15'), termMonths: 1 }));
    expect(renewal).toMatchObject({ status: 'not_due', next: { type: 'monthly', endOn: '2026-05-14' } });
  });
});

describe('several terms', () => {
  it('that end within 30 days are one renewal, decided with the first', () => {
    const contracts = [contract('a', '2025-04-01', '2026-03-31'), contract('b', '2025-04-16', '2026-04-15')];
    const renewal = read(snapshot('2026-01-10', { arr: null }, { contracts }));
    expect(renewal.next).toMatchObject({ type: 'co_term', decisionOn: '2026-03-31', targetArr: money(40_000, 'EUR') });
    expect(renewal.terms.map(({ outcome }) => outcome)).toEqual(['open', 'superseded']);
  });

  it('that end within 30 days are renewed each on its own where the admin wants it so', () => {
    const contracts = [contract('a', '2025-04-01', '2026-03-31'), contract('b', '2025-04-16', '2026-04-15')];
    const alone = renewalOf(snapshot('2026-01-10', { arr: null }, { contracts }), {
      ...configuration,
      coTermDays: null,
    });
    expect(alone.terms.map(({ outcome, type }) => [outcome, type])).toEqual([
      ['open', 'manual'],
      ['open', 'manual'],
    ]);
  });

  it('further apart are renewed each on its own, the next decision first', () => {
    const contracts = [contract('a', '2025-10-01', '2026-09-30'), contract('b', '2025-04-01', '2026-03-31')];
    const renewal = read(snapshot('2026-01-10', {}, { contracts }));
    expect(renewal.terms.map(({ endOn, targetArr }) => [endOn, targetArr])).toEqual([
      ['2026-03-31', money(20_000, 'EUR')],
      ['2026-09-30', money(20_000, 'EUR')],
    ]);
  });

  describe('that are renewed together', () => {
    const first = contract('a', '2025-04-01', '2026-03-31');
    const second = contract('b', '2025-04-01', '2026-04-20');
    const outcomes = (deals: readonly Deal[], of: Partial<AccountSnapshot> = {}, by = configuration) => {
      const told = snapshot('2026-03-25', { arr: null }, { contracts: [first, second], deals });
      const { terms } = renewalOf({ ...told, ...of }, by);
      return Object.fromEntries(
        terms.flatMap(({ contractId, outcome, renewalDealId }) =>
          contractId == null ? [] : [[contractId, `${outcome} ${renewalDealId ?? ''}`.trim()]],
        ),
      );
    };

    it.each(['2026-03-20', '2026-03-31', '2026-04-10', '2026-04-20', '2026-05-01'])(
      'are decided by one deal, which closes on %s',
      (closeOn) => {
        expect(outcomes([deal('won', 'co_term', closeOn)])).toEqual({ a: 'renewed d1', b: 'renewed d1' });
        expect(outcomes([deal('lost', 'renewal', closeOn)])).toEqual({ a: 'churned d1', b: 'churned d1' });
        expect(outcomes([deal('open', 'renewal', closeOn)])).toEqual({ a: 'open d1', b: 'superseded d1' });
      },
    );

    it('go on from the last of them, worth as much as all of them', () => {
      const told = (more: Partial<Deal>) =>
        read(
          snapshot(
            '2026-03-25',
            { arr: null },
            { contracts: [first, second], deals: [deal('won', 'co_term', '2026-03-20', more)] },
          ),
        );
      expect(told({ termMonths: 24 }).next).toMatchObject({
        startOn: '2026-04-21',
        endOn: '2028-04-20',
        targetArr: money(40_000, 'EUR'),
      });
      expect(told({ arr: money(35_000, 'EUR') }).next).toMatchObject({
        endOn: '2027-04-20',
        targetArr: money(35_000, 'EUR'),
      });
    });

    it('are decided each by its own deal where each has one', () => {
      const deals = [
        deal('won', 'renewal', '2026-03-30', { id: 'd1' }),
        deal('open', 'renewal', '2026-04-20', { id: 'd2' }),
      ];
      expect(outcomes(deals)).toEqual({ a: 'renewed d1', b: 'open d2' });
    });

    it.each(['won', 'lost'] as const)(
      'are not when the deal that is %s names the contract of one of them',
      (outcome) => {
        const decided = { won: 'renewed', lost: 'churned' }[outcome];
        const naming = (priorContractId: string) =>
          outcomes([deal(outcome, 'renewal', '2026-03-25', { priorContractId })]);
        expect(naming('a')).toEqual({ a: `${decided} d1`, b: 'open' });
        expect(naming('b')).toEqual({ a: 'open', b: `${decided} d1` });
      },
    );

    it('are decided by the deal that Holdfast opened for the one that leads', () => {
      const base = { kind: 'contract', id: 'a', startOn: first.startOn } as const;
      const ownDeals = [{ dealId: 'd1', termId: termIdOf(base, on('2026-03-31')) }];
      expect(outcomes([deal('won', null, '2026-03-20')], { ownDeals })).toEqual({ a: 'renewed d1', b: 'renewed d1' });
    });

    it('are renewed by the one contract that comes after them', () => {
      const contracts = [first, second, contract('c', '2026-04-01', '2027-03-31')];
      const renewed = snapshot('2026-03-25', {}, { contracts });
      expect(read(renewed).terms.map(({ contractId, outcome }) => [contractId, outcome])).toEqual([
        ['c', 'open'],
        ['b', 'renewed'],
        ['a', 'renewed'],
      ]);
    });

    it('are decided apart where the admin wants it so, or one of them was cancelled', () => {
      const won = deal('won', 'renewal', '2026-03-31');
      expect(outcomes([won], {}, { ...configuration, coTermDays: null })).toEqual({ a: 'renewed d1', b: 'open' });
      const contracts = [{ ...first, status: 'cancelled' as const }, second];
      expect(outcomes([deal('lost', 'renewal', '2026-03-31')], { contracts })).toEqual({ a: 'churned d1', b: 'open' });
    });
  });

  describe('that are not renewed together', () => {
    const first = contract('a', '2025-04-01', '2026-03-31');
    const apart = fc.oneof(
      fc.record({ days: fc.integer({ min: 31, max: 120 }), coTermDays: fc.constant<number | null>(30) }),
      fc.record({ days: fc.integer({ min: 0, max: 120 }), coTermDays: fc.constant(null) }),
    );
    const madeForFirst = {
      dealId: 'd1',
      termId: termIdOf({ kind: 'contract', id: 'a', startOn: first.startOn }, on('2026-03-31')),
    };

    it.each([
      ['closes on the day on which it ends', {}, []],
      ['names its contract', { priorContractId: 'a' }, []],
      ['was opened for it by Holdfast', {}, [madeForFirst]],
    ])('are never decided by the deal of the first one, which %s', (_, more, ownDeals) => {
      fc.assert(
        fc.property(apart, fc.constantFrom('open', 'won', 'lost'), ({ days, coTermDays }, outcome) => {
          const second = contract('b', '2025-04-01', addDays(on('2026-03-31'), days));
          const deals = [deal(outcome, 'renewal', '2026-03-31', more)];
          const of = { ...snapshot('2026-03-20', {}, { contracts: [first, second], deals }), ownDeals };
          const { terms } = renewalOf(of, { ...configuration, coTermDays });
          const found = (id: string) => terms.find(({ contractId }) => contractId === id);
          expect(found('a')).toMatchObject({
            outcome: { open: 'open', won: 'renewed', lost: 'churned' }[outcome],
            renewalDealId: 'd1',
          });
          expect(found('b')).toMatchObject({ outcome: 'open', renewalDealId: null });
        }),
      );
    });

    it('are renewed each by the contract that goes on where it ended', () => {
      const whichGoesOn = fc.constantFrom<readonly ('a' | 'b')[]>([], ['a'], ['b'], ['a', 'b']);
      const startsLate = fc.integer({ min: 1, max: 15 });
      fc.assert(
        fc.property(apart, whichGoesOn, startsLate, ({ days, coTermDays }, goOn, late) => {
          // Both of the same day: nothing tells whose the only one is that comes after them.
          fc.pre(days > 2 * late);
          const ends = { a: on('2026-03-31'), b: addDays(on('2026-03-31'), days) };
          const after = goOn.map((id) => contract(`${id}2`, addDays(ends[id], late), addDays(ends[id], 365)));
          const contracts = [first, contract('b', '2025-04-01', ends.b), ...after];
          const { terms } = renewalOf(snapshot('2026-03-20', {}, { contracts }), { ...configuration, coTermDays });
          const outcomeOf = (id: string) => terms.find(({ contractId }) => contractId === id)?.outcome;
          expect([outcomeOf('a'), outcomeOf('b')]).toEqual(
            (['a', 'b'] as const).map((id) => (goOn.includes(id) ? 'renewed' : 'open')),
          );
        }),
      );
    });

    it('are renewed both when two contracts come after them later than they should', () => {
      const contracts = [first, contract('b', '2025-05-01', '2026-05-10')];
      const after = ['c', 'd'].map((id) => contract(id, '2026-05-11', '2027-05-10'));
      const { terms } = read(snapshot('2026-06-01', {}, { contracts: [...contracts, ...after] }));
      const outcomes = terms.map(({ contractId, outcome }) => `${contractId} ${outcome}`);
      expect(outcomes).toEqual(expect.arrayContaining(['a renewed', 'b renewed']));
    });
  });

  it('of three years are told apart from yearly ones', () => {
    const said = { contractStartOn: on('2025-04-01'), termMonths: 36 };
    expect(read(snapshot('2026-01-10', said)).next?.type).toBe('multi_year');
  });
});

describe('the renewal status', () => {
  it('is at risk when the account is red, once the renewal is in its window', () => {
    const inWindow = read(snapshot('2026-01-10', { renewalOn: on('2026-03-31') }));
    expect(withBand(inWindow, 'red').status).toBe('at_risk');
    expect(withBand(inWindow, 'yellow').status).toBe('in_window');
    const early = read(snapshot('2026-01-10', { renewalOn: on('2026-12-31') }));
    expect(withBand(early, 'red').status).toBe('not_due');
  });
});

describe('a deal that renews a term and states one of its own', () => {
  it('is one term, although both begin on the same day', () => {
    const more = { termMonths: null, autoRenew: null, noticeDays: null, termStartOn: on('2024-01-01') };
    const deals = [
      deal('won', 'new', null, { id: 'd0', ...more, termEndOn: on('2024-02-16') }),
      deal('won', 'co_term', on('2024-01-02'), { id: 'd1', ...more, termEndOn: on('2024-02-17') }),
    ];
    const { terms } = read({ ...snapshot('2024-01-01', {}, { deals }), contracts: null });
    expect(terms.map(({ id }) => id)).toEqual(['deal/d1/2024-02-17', 'deal/d0/2024-02-16']);
  });
});

describe('whatever the records say', () => {
  const day = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays(on('2024-01-01'), days));
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
  const kind: fc.Arbitrary<DealKind | null> = fc.constantFrom('new', 'renewal', 'upsell', 'co_term', 'other', null);
  const contractTerms = {
    termMonths: maybe(fc.constantFrom(1, 3, 12, 36, -4, 12.5)),
    autoRenew: maybe(fc.boolean()),
    noticeDays: maybe(fc.constantFrom(0, 30, 90, -1, 9_999)),
  };
  const deals = fc.array(
    fc
      .record({
        outcome: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
        kind,
        closeOn: maybe(day),
        more: fc.record({ ...contractTerms, termStartOn: maybe(day), termEndOn: maybe(day) }),
      })
      .map(({ outcome, kind, closeOn, more }) => ({ outcome, kind, closeOn, more })),
    { maxLength: 5 },
  );
  const contracts = fc.array(fc.record({ startOn: maybe(day), endOn: maybe(day), ...contractTerms }), { maxLength: 3 });
  const said = fc.record({
    ...contractTerms,
    renewalOn: maybe(day),
    contractStartOn: maybe(day),
    cancelledOn: maybe(day),
  });
  const world = fc.record({ said, deals, contracts: maybe(contracts), today: day });

  const build = (w: typeof world extends fc.Arbitrary<infer T> ? T : never) => ({
    deals: w.deals.map((d, i): Deal => deal(d.outcome, d.kind, d.closeOn, { id: `d${i}`, ...d.more })),
    contracts:
      w.contracts?.map((c, i): Contract => ({ ...contract(`c${i}`, '2025-01-01', '2025-12-31'), ...c })) ?? null,
  });

  it('dates are in order, each term comes once, and the next one is not over', () => {
    fc.assert(
      fc.property(world, (w) => {
        const { deals, contracts } = build(w);
        const renewal = read({ ...snapshot(w.today, w.said, { deals }), contracts });
        for (const term of renewal.terms) {
          expect(term.decisionOn <= term.endOn).toBe(true);
          expect(term.startOn === null || term.startOn <= term.endOn).toBe(true);
        }
        const ids = renewal.terms.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        if (renewal.next !== null) {
          expect(renewal.next.outcome).toBe('open');
          expect(daysBetween(renewal.next.endOn, w.today)).toBeLessThanOrEqual(configuration.lateDays);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('the order in which the records arrive does not matter', () => {
    fc.assert(
      fc.property(world, (w) => {
        const { deals, contracts } = build(w);
        const one = { ...snapshot(w.today, w.said, { deals }), contracts };
        const other = { ...one, deals: deals.toReversed(), contracts: contracts?.toReversed() ?? null };
        expect(read(other)).toEqual(read(one));
      }),
      { numRuns: 300 },
    );
  });
});
