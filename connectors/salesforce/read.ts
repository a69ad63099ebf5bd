import type { RawRecord } from '../contract/record.ts';
import { toBatches } from '../kit/batches.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { askMore, askRecords } from './query.ts';
import { isTrue, toRawRecord } from './records.ts';
import { isIn } from './soql.ts';

/** Ids that are asked for in one call. */
export const READ_AT_ONCE = 1_000;

/** Those of the records that still exist, with their fields. */
export async function readRecords(
  org: Org,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly RawRecord[]> {
  const facts = factsOf(object);
  const records: RawRecord[] = [];
  const purpose = `read ${object}`;
  for (const batch of toBatches([...new Set(ids)], READ_AT_ONCE)) {
    // Archived activities are hidden from a plain query, but they have not gone.
    const includesDeleted = facts.isArchived;
    let page = await askRecords(org, { facts, fields, links: [], where: isIn('Id', batch), includesDeleted, purpose });
    for (;;) {
      const alive = page.records.filter((row) => !isTrue(row['IsDeleted']));
      records.push(...alive.map((row) => toRawRecord(object, row, fields, {})));
      if (page.done || !page.nextRecordsUrl) break;
      page = await askMore(org, page.nextRecordsUrl, purpose);
    }
  }
  return records;
}
