import type { Expansion, ExpansionDeal } from '../model/assessment.ts';
import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { openChanges } from '../measures/facts/commercial-changes.ts';

/** What a signal says that they would buy more of. */
const BY_SIGNAL: Readonly<Record<string, ExpansionDeal['type']>> = {
  E1: 'seats',
  E2: 'usage',
  E3: 'tier',
  E6: 'cross_sell',
};

/** The open deals that would expand the account, by id, and what each would add. */
export function expansionDealsOf(
  snapshot: AccountSnapshot,
  { signals }: Pick<Expansion, 'signals'>,
): readonly ExpansionDeal[] {
  const bySignal = signals.map(({ id }) => BY_SIGNAL[id] ?? null).find((type) => type !== null) ?? null;
  const typeOf = ({ kind, seats }: Deal): ExpansionDeal['type'] => {
    if (kind === 'cross_sell') return 'cross_sell';
    return bySignal ?? (seats === null ? null : 'seats');
  };
  return openChanges(snapshot, 'expansion').map((deal) => ({ dealId: deal.id, type: typeOf(deal) }));
}
