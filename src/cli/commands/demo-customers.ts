import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DatasetError } from '../../../connectors/kit/sandbox/dataset-csv.ts';
import { loadFightChurn } from '../../../connectors/kit/sandbox/dataset.ts';
import { generateWorld, type World } from '../../../connectors/kit/sandbox/world.ts';
import type { OrgSeed } from '../../../connectors/salesforce/sandbox/org-seed.ts';
import { loadSObjectTrees } from '../../../connectors/salesforce/sandbox/sobject-trees.ts';
import { HoldfastError } from '../../errors.ts';

export type CrmChoice = 'hubspot' | 'salesforce' | 'both';

/** Whom the simulated CRMs hold: a world, which any CRM can, or what was exported from an org, which only Salesforce can. */
export type DemoCustomers =
  | { readonly kind: 'world'; readonly world: World; readonly usualCrm: CrmChoice }
  | { readonly kind: 'org'; readonly seed: OrgSeed };

/** The customers of a world that is made from a seed and the day. */
export function makeCustomers(options: { readonly accounts: number; readonly seed: number }): DemoCustomers {
  const world = generateWorld({ ...options, now: new Date().toISOString() });
  return { kind: 'world', world, usualCrm: 'both' };
}

/**
 * The customers in a folder: the published ones of fight-churn, or sObject trees, as Salesforce's own tools export them.
 *
 * Errors: `input-invalid` for a folder that is neither.
 */
export async function loadCustomers(folder: string): Promise<DemoCustomers> {
  const place = resolve(folder);
  const now = new Date().toISOString();
  try {
    // The published customers are thousands: one CRM shows them in half the time.
    if (await holdsTables(place)) {
      return { kind: 'world', world: await loadFightChurn(place, now), usualCrm: 'hubspot' };
    }
    return { kind: 'org', seed: await loadSObjectTrees(place, now) };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new HoldfastError({ code: 'input-invalid', message: error.message, remedy: error.remedy, cause: error });
  }
}

async function holdsTables(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => name.endsWith('.csv.gz'));
  } catch (error) {
    throw new DatasetError(`The folder ${folder} cannot be read`, 'Give the path of an existing folder.', error);
  }
}
