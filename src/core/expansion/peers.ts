import type { Money } from '../model/money.ts';
import type { ExchangeRates } from '../model/rates.ts';
import { toHomeCurrency } from '../model/rates.ts';
import type { Account, Segment } from '../model/records.ts';
import type { AccountSnapshot, PeerFacts, PeerProduct } from '../model/snapshot.ts';
import type { ExpansionConfiguration } from './configuration.ts';
import { ownedProducts, productKey } from './owned-products.ts';

/** Products of a group that are remembered; what fewer own is far below any share that counts. */
const MOST_KEPT = 50;

/** Names of a group that are counted: a longer list is one of serial numbers. */
const MOST_NAMES = 20_000;

/** Customers of one segment and about one size are peers. Null for a company whose size is not known. */
export function peerGroupOf(
  { employees }: Pick<Account, 'employees'>,
  segment: Segment,
  { whitespace: { sizesFrom } }: Pick<ExpansionConfiguration, 'whitespace'>,
): string | null {
  const at = employees === null ? -1 : sizesFrom.findLastIndex((from) => employees >= from);
  const from = sizesFrom[at];
  if (from === undefined) return null;
  const next = sizesFrom[at + 1];
  return `${segment} ${next === undefined ? `${from}+` : `${from}-${next - 1}`}`;
}

interface CountedProduct {
  name: string;
  owners: number;
  readonly arrs: number[];
}

interface CountedGroup {
  readonly employees: number[];
  readonly products: Map<string, CountedProduct>;
}

/** What a walk over the customers finds out about each group of peers. */
export class PeerCount {
  readonly #groups = new Map<string, CountedGroup>();
  readonly #currency: string;
  readonly #rates: ExchangeRates;

  /** Prices are compared in the home currency, ISO 4217; one whose rate is not known is left out. */
  constructor(currency: string, rates: ExchangeRates) {
    this.#currency = currency;
    this.#rates = rates;
  }

  /** Counts a customer whose products are known; others are nobody's peers. */
  note(snapshot: AccountSnapshot, group: string | null): void {
    const { employees } = snapshot.account;
    if (group === null || employees === null) return;
    const owned = ownedProducts(snapshot);
    if (owned === null) return;
    const counted = this.#groups.get(group) ?? { employees: [], products: new Map<string, CountedProduct>() };
    this.#groups.set(group, counted);
    counted.employees.push(employees);
    for (const [key, { name, arr }] of owned.products) {
      const known = counted.products.get(key);
      if (known === undefined && counted.products.size >= MOST_NAMES) continue;
      const product = known ?? { name, owners: 0, arrs: [] };
      counted.products.set(key, product);
      product.owners += 1;
      if (name < product.name) product.name = name;
      const atHome = arr === null ? null : toHomeCurrency(arr, this.#currency, this.#rates);
      if (atHome !== null && atHome.minor > 0) product.arrs.push(atHome.minor);
    }
  }

  /** By group. The order in which customers were counted makes no difference. */
  facts(): Readonly<Record<string, PeerFacts>> {
    return Object.fromEntries(
      [...this.#groups].map(([group, { employees, products }]): [string, PeerFacts] => [
        group,
        {
          accounts: employees.length,
          employees: medianOf(employees) ?? 0,
          products: [...products.values()]
            .sort((a, b) => b.owners - a.owners || (a.name < b.name ? -1 : 1))
            .slice(0, MOST_KEPT)
            .map(({ name, owners, arrs }) => {
              const minor = medianOf(arrs);
              return {
                name,
                owners,
                priced: arrs.length,
                medianArr: minor === null ? null : { minor: Math.round(minor), currency: this.#currency },
              };
            }),
        },
      ]),
    );
  }
}

/** What enough of the peers own and this account does not, the most owned first, as many as points are given for. */
export function lackingProducts(
  owned: ReadonlyMap<string, unknown>,
  peers: PeerFacts,
  { whitespace }: Pick<ExpansionConfiguration, 'whitespace'>,
): readonly PeerProduct[] {
  const { points, limit, share, leastPeers } = whitespace;
  if (peers.accounts < leastPeers || points <= 0) return [];
  return peers.products
    .filter(({ name, owners }) => owners >= peers.accounts * share - 1e-9 && !owned.has(productKey(name)))
    .slice(0, Math.ceil(limit / points));
}

/**
 * What peers pay for these products in a year, brought to the size of this company. Null where the price of none is known
 * from enough of them; a product without a price adds nothing.
 */
export function priceOf(
  products: readonly PeerProduct[],
  { account: { employees }, book: { peers } }: AccountSnapshot,
  { whitespace: { leastPriced, scale } }: Pick<ExpansionConfiguration, 'whitespace'>,
): Money | null {
  const priced = products.flatMap(({ priced, medianArr }) => (priced >= leastPriced && medianArr ? [medianArr] : []));
  const [first] = priced;
  if (first === undefined || employees === null || peers == null || peers.employees <= 0) return null;
  const times = Math.min(scale.most, Math.max(scale.least, employees / peers.employees));
  const minor = Math.round(priced.reduce((sum, arr) => sum + arr.minor, 0) * times);
  return { minor, currency: first.currency };
}

function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
