import type { Access } from '../contract/connector.ts';
import type { RawRecord } from '../contract/record.ts';
import { toBatches } from '../kit/batches.ts';
import { callHubSpot } from './client.ts';
import { factsOf } from './objects.ts';
import { toProperties, toRawRecord } from './records.ts';
import { recordBatch } from './wire.ts';
import type { WireRecord } from './wire.ts';

const INPUTS = 100;

/**
 * The records that still exist, each once, in HubSpot's order; what is gone is absent. An id that was merged may be
 * answered by the record that survived, under its own id.
 */
export async function readWire(
  access: Access,
  object: string,
  ids: readonly string[],
  properties: readonly string[],
  state: 'live' | 'archived' = 'live',
): Promise<readonly WireRecord[]> {
  const found = new Map<string, WireRecord>();
  for (const batch of toBatches([...new Set(ids)], INPUTS)) {
    const answer = await callHubSpot(
      access,
      {
        method: 'POST',
        path: `/crm/objects/2026-09/${object}/batch/read`,
        query: { archived: String(state === 'archived') },
        // `errors` beside the results name what is gone, which its absence says already.
        body: { inputs: batch.map((id) => ({ id })), properties, propertiesWithHistory: [] },
        purpose: `read ${object}`,
        scope: factsOf(object).readScope,
      },
      recordBatch,
    );
    for (const record of answer.results) found.set(record.id, record);
  }
  return [...found.values()];
}

export async function readRecords(
  access: Access,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly RawRecord[]> {
  const records = await readWire(access, object, ids, toProperties(object, fields, []));
  return records.map((record) => toRawRecord(object, record, fields, {}));
}
