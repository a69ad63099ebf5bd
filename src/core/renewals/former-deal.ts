import type { ForecastCategory, TermResult } from '../model/assessment.ts';
import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { isSettled, renewedTogether } from './progress.ts';
import { renewalOf } from './renewal.ts';
import { lossOf, resultOf } from './term-result.ts';

/** How a renewal went, for its deal to show. */
export interface Settlement {
  readonly category: Extract<ForecastCategory, 'closed' | 'omitted'>;
  /** Null where that is not known: what stands there stays. */
  readonly result: TermResult | null;
}

/** A deal that shows something of ours and is neither the renewal of a term that is looked at nor an open expansion. */
export interface FormerDeal {
  /** Can it still go either way? Nothing is said of it then. What a decided one showed of the time before stays. */
  readonly isOpen: boolean;
  /** Null for an open one, and for one that was no renewal. */
  readonly settlement: Settlement | null;
}

/** What is known of such a deal. */
export interface KnownOfDeal {
  /** The outcome and the category that it shows, `''` for none. */
  readonly shown: { readonly outcome: string; readonly category: string };
  /** How its term went, by `settledDeals`; null where that was not asked or is not known. */
  readonly settlement: Settlement | null;
  /** False where the terms of its account are known and it belongs to none of them. */
  readonly mayHaveTerm: boolean;
}

export function formerDealOf(deal: Deal, { shown, settlement, mayHaveTerm }: KnownOfDeal): FormerDeal {
  if (settlement !== null) return { isOpen: false, settlement };
  const outcome = deal.stage?.outcome ?? null;
  // Contracts also end while their deal is left open.
  const isDecided = outcome !== 'open' || (shown.outcome !== '' && mayHaveTerm);
  if (!isDecided) return { isOpen: true, settlement: null };
  // Why a customer left is often entered weeks later.
  if (shown.outcome === 'churned' && outcome !== 'won') {
    return { isOpen: false, settlement: { category: 'omitted', result: lossOf(deal) } };
  }
  const isRenewal = shown.category !== '' && (outcome === 'won' || outcome === 'lost');
  const category = outcome === 'won' ? 'closed' : 'omitted';
  return { isOpen: false, settlement: isRenewal ? { category, result: null } : null };
}

/**
 * How the settled terms of an account went, by the id of the deal that was to renew each: also of an account that is not
 * assessed, since it is no customer any more.
 */
export function settledDeals(
  snapshot: AccountSnapshot,
  configuration: RenewalConfiguration,
): ReadonlyMap<string, Settlement> {
  const deals = new Map((snapshot.deals ?? []).map((deal) => [deal.id, deal]));
  const settled = new Map<string, Settlement>();
  const renewal = renewalOf(snapshot, configuration);
  for (const term of renewal.terms) {
    const deal = deals.get(term.renewalDealId ?? '') ?? null;
    if (deal === null || settled.has(deal.id) || !isSettled(term, deal, snapshot)) continue;
    const category = term.outcome === 'churned' ? 'omitted' : 'closed';
    settled.set(deal.id, { category, result: resultOf(renewedTogether(term, renewal), deal, configuration) });
  }
  return settled;
}
