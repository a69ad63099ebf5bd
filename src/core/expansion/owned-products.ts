import type { CalendarDate } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import type { Contract, Deal } from '../model/records.ts';
import type { AccountSnapshot, ProductTeller } from '../model/snapshot.ts';
import { lastDayOf, sumOf } from '../renewals/stated-term.ts';

export interface OwnedProducts {
  /** By `productKey`. */
  readonly products: ReadonlyMap<string, OwnedProduct>;
  /** Which records name products at all, in alphabetical order. */
  readonly toldBy: readonly ProductTeller[];
}

export interface OwnedProduct {
  /** As the first record in alphabetical order spells it. */
  readonly name: string;
  /** What is paid for it in a year, where every contract line of it says so in one currency. */
  readonly arr: Money | null;
}

/**
 * The products that an account owns: what it says itself, and what was sold by contracts, their lines and won deals that
 * are not over. Null where no record names any, which is not the same as owning none.
 */
export function ownedProducts({ account, contracts, deals, today }: AccountSnapshot): OwnedProducts | null {
  const stated = account.products ?? [];
  const lines = (contracts ?? []).flatMap((line) => (line.product == null ? [] : [{ ...line, product: line.product }]));
  const sold = (deals ?? []).filter(({ stage }) => stage?.outcome === 'won');
  const named = sold.flatMap((deal) => (deal.products == null ? [] : [{ ...deal, products: deal.products }]));
  const toldBy: ProductTeller[] = [];
  if (stated.length > 0) toldBy.push('account');
  if (lines.length > 0) toldBy.push('contracts');
  if (named.length > 0) toldBy.push('deals');
  if (toldBy.length === 0) return null;

  const running = Map.groupBy(
    lines.filter((line) => isSold(line) && !isOver(line, line.startOn, line.endOn, today)),
    ({ product }) => productKey(product),
  );
  const arrs = new Map<string, Money | null>();
  const names = [...stated];
  for (const [key, own] of running) {
    if (isTakenBack(own)) continue;
    arrs.set(key, sumOf(own.map(({ arr }) => arr)));
    names.push(...own.map(({ product }) => product));
  }
  const goesOn = sold.some((deal) => deal.kind === 'renewal' && deal.products == null && !isDealOver(deal, today));
  for (const deal of named) {
    // A deal that takes something away names what it is about, not what is left.
    if (deal.kind !== 'downsell' && (goesOn || !isDealOver(deal, today))) names.push(...deal.products);
  }
  const products = new Map<string, OwnedProduct>();
  for (const name of names.sort()) {
    const key = productKey(name);
    if (!products.has(key)) products.set(key, { name, arr: arrs.get(key) ?? null });
  }
  return { products, toldBy };
}

/** By what a product is the same, however it is spelled: case and spaces make no difference. */
export function productKey(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, ' ');
}

function isSold({ status }: Contract): boolean {
  return status === null || status === 'active';
}

function isDealOver(deal: Deal, today: CalendarDate): boolean {
  return isOver(deal, deal.termStartOn ?? deal.closeOn, deal.termEndOn, today);
}

/** What does not say when it ends goes on, as does what renews by itself; what begins later is sold already. */
function isOver(
  { autoRenew, termMonths }: Pick<Contract, 'autoRenew' | 'termMonths'>,
  startOn: CalendarDate | null,
  endOn: CalendarDate | null,
  today: CalendarDate,
): boolean {
  const hasLength = startOn !== null && termMonths !== null && termMonths >= 1;
  const lastOn = endOn ?? (hasLength ? lastDayOf(startOn, termMonths) : null);
  return lastOn !== null && lastOn < today && autoRenew !== true;
}

/** An amendment is a line of its own: one with a negative quantity takes back what the others sold. */
function isTakenBack(lines: readonly Pick<Contract, 'seats'>[]): boolean {
  const quantities = lines.map(({ seats }) => seats ?? 0);
  return quantities.some((seats) => seats < 0) && quantities.reduce((sum, seats) => sum + seats, 0) <= 0;
}
