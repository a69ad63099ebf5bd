import { toHoldfastKey, type HoldfastKey } from '../core/model/ids.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import { mustGoOn, type DefinedLine } from './line.ts';

const BATCH = 500;
const READ_A_CALL = 100;

/**
 * Tasks whose creation was cut short are looked up by what they are linked to, not by search, whose index lags. Found
 * ones are taken over; the others were never made and may be planned again.
 */
export async function recoverTasks(line: DefinedLine): Promise<number> {
  let recovered = 0;
  for (;;) {
    mustGoOn(line);
    const creating = await line.store.ledger.byState(['creating'], null, BATCH);
    if (creating.length === 0) return recovered;
    const found = await lookUp(line, creating);
    await line.store.ledger.put(
      creating.map((entry): LedgerTask => {
        const task = found.get(entry.key);
        const updatedAt = line.clock.now();
        if (task === undefined) return { ...entry, state: 'undone', updatedAt };
        recovered += 1;
        return { ...entry, state: 'open', crmId: task.id, written: { ...entry.written, ...task.fields }, updatedAt };
      }),
    );
  }
}

async function lookUp(
  line: DefinedLine,
  entries: readonly LedgerTask[],
): Promise<ReadonlyMap<HoldfastKey, { readonly id: string; readonly fields: LedgerTask['written'] }>> {
  const { accountObject, taskObject } = line.mapping;
  const accounts = [...new Set(entries.map((entry) => entry.accountId))];
  const links = await line.session.links(accountObject, taskObject, accounts);
  const ids = [...new Set([...links.values()].flat())];
  const known = new Set((await line.store.ledger.byCrmIds(ids)).map((entry) => entry.crmId));
  const unknown = ids.filter((id) => !known.has(id));
  const found = new Map<HoldfastKey, { readonly id: string; readonly fields: LedgerTask['written'] }>();
  for (let start = 0; start < unknown.length; start += READ_A_CALL) {
    const tasks = await line.session.read(
      taskObject,
      unknown.slice(start, start + READ_A_CALL),
      line.mapping.taskFields,
    );
    for (const task of tasks) {
      const key = line.mapping.taskKeyIn(task.fields);
      if (key !== null) found.set(toHoldfastKey(key), { id: task.id, fields: task.fields });
    }
  }
  return found;
}
