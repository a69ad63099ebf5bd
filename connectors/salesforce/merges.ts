import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { toBatches } from '../kit/batches.ts';
import { askRecords } from './query.ts';
import { idOf, isTrue } from './records.ts';
import { isIn } from './soql.ts';
import type { WireRecord } from './wire.ts';

/** A survivor may have been merged into another one since, and that one again; longer chains end here. */
const LONGEST_CHAIN = 5;
const IDS = 500;

export interface Survivor {
  readonly row: WireRecord;
  /** What it took over, directly or through others. */
  readonly mergedIds: readonly string[];
}

/**
 * The living records that took over the merged ones. `losers` are ids with their `MasterRecordId`; those whose survivor
 * is gone as well are left out.
 */
export async function findSurvivors(
  org: Org,
  object: string,
  fields: readonly string[],
  links: readonly string[],
  losers: ReadonlyMap<string, string>,
): Promise<readonly Survivor[]> {
  const alive = new Map<string, { row: WireRecord; mergedIds: string[] }>();
  let open = new Map(losers);
  for (let step = 0; step < LONGEST_CHAIN && open.size > 0; step += 1) {
    const rows = await readRows(org, object, fields, links, [...new Set(open.values())]);
    const next = new Map<string, string>();
    for (const [loser, master] of open) {
      const row = rows.get(master);
      if (row === undefined) continue;
      const further = row['MasterRecordId'];
      if (isTrue(row['IsDeleted'])) {
        if (typeof further === 'string' && further !== '') next.set(loser, further);
        continue;
      }
      const survivor = alive.get(master) ?? { row, mergedIds: [] };
      survivor.mergedIds.push(loser);
      alive.set(master, survivor);
    }
    open = next;
  }
  return [...alive.values()];
}

/** Ids that are gone, with the living record that each was merged into; those that were only deleted are left out. */
export async function whereMergedInto(
  org: Org,
  object: string,
  gone: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (gone.length === 0 || !factsOf(object).isMergeable) return new Map();
  const losers = new Map<string, string>();
  for (const [id, row] of await readRows(org, object, [], [], gone)) {
    const master = row['MasterRecordId'];
    if (typeof master === 'string' && master !== '') losers.set(id, master);
  }
  const survivors = await findSurvivors(org, object, [], [], losers);
  return new Map(survivors.flatMap(({ row, mergedIds }) => mergedIds.map((id) => [id, idOf(row)] as const)));
}

/** Records by id, deleted ones too. */
async function readRows(
  org: Org,
  object: string,
  fields: readonly string[],
  links: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, WireRecord>> {
  const rows = new Map<string, WireRecord>();
  for (const batch of toBatches(ids, IDS)) {
    const page = await askRecords(org, {
      facts: factsOf(object),
      fields,
      links,
      where: isIn('Id', batch),
      includesDeleted: true,
      purpose: `read what ${object} were merged into`,
    });
    for (const row of page.records) rows.set(row.Id, row);
  }
  return rows;
}
