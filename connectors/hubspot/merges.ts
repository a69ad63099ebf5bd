import type { Access } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import { callHubSpot } from './client.ts';
import { factsOf } from './objects.ts';
import { singleRecord } from './wire.ts';

/** Each look costs a call, and one for a deleted record counts as an error in HubSpot's statistics of the app. */
const MAX_LOOKS = 10;

interface Named {
  readonly object: string;
  readonly id: string;
}

/**
 * For records that are gone, the id of the one that they were merged into: a single read of the old id is answered by the
 * survivor, under its own id. Records that were deleted, and those beyond the first ten, are left out.
 */
export async function findSurvivors<Change extends Named>(
  access: Access,
  gone: readonly Change[],
): Promise<ReadonlyMap<Change, string>> {
  const survivors = new Map<Change, string>();
  for (const record of gone.filter(({ object }) => factsOf(object).canMerge).slice(0, MAX_LOOKS)) {
    const answering = await findAnswering(access, record);
    if (answering !== null && answering !== record.id) survivors.set(record, answering);
  }
  return survivors;
}

async function findAnswering(access: Access, record: Named): Promise<string | null> {
  const call = {
    method: 'GET',
    path: `/crm/objects/2026-09/${record.object}/${encodeURIComponent(record.id)}`,
    query: { properties: 'hs_object_id' },
    purpose: `look for what became of ${record.object}`,
    scope: factsOf(record.object).readScope,
  } as const;
  try {
    return (await callHubSpot(access, call, singleRecord)).id;
  } catch (error) {
    if (error instanceof ConnectorError && (error.code === 'record-gone' || error.code === 'request-refused'))
      return null;
    throw error;
  }
}
