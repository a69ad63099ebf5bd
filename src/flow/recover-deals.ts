import type { HoldfastKey } from '../core/model/ids.ts';
import type { LedgerDeal } from '../core/plan/step.ts';
import { mustGoOn, type DefinedLine } from './line.ts';

const BATCH = 500;
const READ_A_CALL = 100;

/**
 * Deals whose creation was cut short are looked up among those of their accounts, as tasks are. Found ones are taken over;
 * the others were never made and may be planned again.
 */
export async function recoverDeals(line: DefinedLine): Promise<void> {
  for (;;) {
    mustGoOn(line);
    const creating = await line.store.dealLedger.byState(['creating'], null, BATCH);
    if (creating.length === 0) return;
    const found = await lookUp(line, creating);
    const updatedAt = line.clock.now();
    await line.store.dealLedger.put(
      creating.map((entry): LedgerDeal => {
        const deal = found.get(entry.key);
        if (deal === undefined) return { ...entry, state: 'undone', updatedAt };
        return { ...entry, state: 'open', crmId: deal.id, written: deal.fields, updatedAt };
      }),
    );
  }
}

interface FoundDeal {
  readonly id: string;
  readonly fields: LedgerDeal['written'];
}

async function lookUp(line: DefinedLine, entries: readonly LedgerDeal[]): Promise<ReadonlyMap<HoldfastKey, FoundDeal>> {
  const { accountObject, dealObject, dealFields } = line.mapping;
  const accounts = [...new Set(entries.map(({ accountId }) => accountId))];
  const links = await line.session.links(accountObject, dealObject, accounts);
  const ids = [...new Set([...links.values()].flat())];
  const found = new Map<HoldfastKey, FoundDeal>();
  for (let start = 0; start < ids.length; start += READ_A_CALL) {
    for (const { id, fields } of await line.session.read(
      dealObject,
      ids.slice(start, start + READ_A_CALL),
      dealFields,
    )) {
      const key = line.mapping.dealKeyIn(fields);
      if (key !== null) found.set(key, { id, fields });
    }
  }
  return found;
}
