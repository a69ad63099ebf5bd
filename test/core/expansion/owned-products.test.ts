import { describe, expect, it } from 'vitest';
import { ownedProducts } from '../../../src/core/expansion/owned-products.ts';
import { money } from '../../../src/core/model/money.ts';
import type { Contract, Deal } from '../../../src/core/model/records.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { account, ago, dayAgo, deal, snapshot } from '../scoring/account-builder.ts';

/** A line of a contract, from a year ago until a year ahead. */
const line = (id: string, product: string | null, more: Partial<Contract> = {}): Contract => ({
  id,
  keptAs: 'subscription',
  accountId: null,
  name: id,
  product,
  startOn: dayAgo(365),
  endOn: dayAgo(-365),
  termMonths: null,
  autoRenew: null,
  noticeDays: null,
  status: null,
  arr: null,
  seats: null,
  ownerId: null,
  modifiedAt: ago(1),
  ...more,
});
const won = (id: string, products: readonly string[] | null, more: Partial<Deal> = {}): Deal =>
  deal(id, 'won', { products, kind: 'new', closeOn: dayAgo(100), ...more });

const namesOf = (of: Partial<AccountSnapshot>): readonly string[] | null => {
  const owned = ownedProducts(snapshot(of));
  return owned === null ? null : [...owned.products.values()].map(({ name }) => name);
};

describe('what a customer owns', () => {
  it('is what its record says, what contract lines sell, and what deals sold, each once however it is spelled', () => {
    const of = {
      account: account({ products: ['Core', 'analytics '] }),
      contracts: [line('1', 'Analytics'), line('2', 'Archive')],
      deals: [won('d', ['core', 'Alerts'])],
    };
    expect(namesOf(of)).toEqual(['Alerts', 'Analytics', 'Archive', 'Core']);
  });

  it('is not known where no record names a product', () => {
    expect(namesOf({ contracts: [line('1', null)], deals: [won('d', null)] })).toBeNull();
    expect(namesOf({})).toBeNull();
  });

  it('is no longer what ran out, was ended or is only a draft', () => {
    const contracts = [
      line('1', 'Runs until today', { endOn: dayAgo(0) }),
      line('2', 'Ran out', { endOn: dayAgo(1) }),
      line('3', 'Ran out by its length', { startOn: dayAgo(800), endOn: null, termMonths: 24 }),
      line('4', 'Cancelled', { status: 'cancelled' }),
      line('5', 'Draft', { status: 'draft' }),
    ];
    expect(namesOf({ contracts })).toEqual(['Runs until today']);
    expect(namesOf({ contracts: contracts.slice(1) })).toEqual([]);
  });

  it('is also what begins later, renews by itself, or says nothing of an end', () => {
    const contracts = [
      line('1', 'Begins later', { startOn: dayAgo(-30) }),
      line('2', 'Renews', { endOn: dayAgo(10), autoRenew: true }),
      line('3', 'No end', { startOn: null, endOn: null }),
    ];
    expect(namesOf({ contracts, deals: [won('d', ['Add-on'])] })).toEqual([
      'Add-on',
      'Begins later',
      'No end',
      'Renews',
    ]);
  });

  it('is not what an amendment took back', () => {
    const contracts = [
      line('1', 'Archive', { seats: 10 }),
      line('2', 'Archive', { seats: -10 }),
      line('3', 'Core', { seats: 10 }),
      line('4', 'Core', { seats: -4 }),
    ];
    expect(namesOf({ contracts })).toEqual(['Core']);
  });

  it('is not what is offered, was lost, or is about to go', () => {
    const deals = [
      deal('a', 'open', { products: ['Offered'] }),
      deal('b', 'lost', { products: ['Lost'] }),
      won('c', ['Less of it'], { kind: 'downsell' }),
      won('d', ['Core'], { termEndOn: dayAgo(-30) }),
    ];
    expect(namesOf({ deals })).toEqual(['Core']);
  });

  it('goes on with a renewal that does not name it again', () => {
    const first = won('first', ['Core'], { closeOn: dayAgo(500), termMonths: 12 });
    expect(namesOf({ deals: [first] })).toEqual([]);
    const renewal = won('second', null, { kind: 'renewal', closeOn: dayAgo(140), termMonths: 12 });
    expect(namesOf({ deals: [first, renewal] })).toEqual(['Core']);
    expect(namesOf({ deals: [first, { ...renewal, products: ['Core Plus'] }] })).toEqual(['Core Plus']);
  });

  it('has a price where every line of it says what is paid in a year', () => {
    const eur = (amount: number) => ({ arr: money(amount, 'EUR') });
    const contracts = [
      line('1', 'Core', eur(9_000)),
      line('2', 'Core', eur(1_000)),
      line('3', 'Archive', eur(500)),
      line('4', 'Archive'),
    ];
    const owned = ownedProducts(snapshot({ contracts }));
    expect(owned?.products.get('core')?.arr).toEqual(money(10_000, 'EUR'));
    expect(owned?.products.get('archive')?.arr).toBeNull();
  });
});
