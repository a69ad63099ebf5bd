import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import type { SalesforceFault, SalesforceSandboxOptions } from '../../connectors/salesforce/sandbox/index.ts';
import type { OrgFeatures, SeedRow } from '../../connectors/salesforce/sandbox/org-seed.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { connectOrg, type CustomerOrg } from '../support/customer-org.ts';
import { ids, orgSeed } from '../support/sandbox-org.ts';

const NOW = Date.parse('2026-11-20T17:00:00.000Z');
const DAY_MS = 86_400_000;
const CUSTOMERS = 25;
/** So many that a bulk job is cheaper than pages, also after the first page. */
const CASES = 22_500;
/** Runs that may fail before the work has to be done. */
const MOST_RUNS = 4;

function row(object: string, id: string, daysAgo: number, values: SeedRow['values']): SeedRow {
  const createdAt = NOW - daysAgo * DAY_MS;
  return { object, id, values, createdAt, modifiedAt: createdAt, deletedAt: null };
}

const customers = Array.from({ length: CUSTOMERS }, (_, at) =>
  row('Account', ids.account(at + 1), 800, { Name: `Customer ${at + 1}`, Type: 'Customer - Direct' }),
);
const cases = Array.from({ length: CASES }, (_, at) =>
  row('Case', toId('500', at + 1), 1 + (at % 700), {
    AccountId: ids.account(1 + (at % CUSTOMERS)),
    Subject: `Question ${at + 1}, "quoted"`,
    Status: at % 900 === 0 ? 'Working' : 'Closed',
    Priority: ['High', 'Medium', 'Low'][at % 3] ?? 'Low',
  }),
);
const contracts = Array.from({ length: CUSTOMERS }, (_, at) =>
  row('Contract', toId('800', at + 1), 300, {
    AccountId: ids.account(at + 1),
    Status: 'Activated',
    StartDate: '2026-01-01',
    EndDate: '2026-12-31',
  }),
);

type Faults = readonly (SalesforceFault & { readonly purpose: string; readonly nth?: number })[];

interface LargeOrg extends Partial<SalesforceSandboxOptions> {
  readonly features?: Partial<OrgFeatures>;
  readonly faults?: Faults;
}

/** An org of many cases after its first sync, approval and the sync that writes, whatever failed in between. */
async function settle({ features, faults = [], ...options }: LargeOrg = {}): Promise<CustomerOrg> {
  const org = await connectOrg({
    ...options,
    bulkPageRows: 10_000,
    seed: orgSeed([...customers, ...contracts, ...cases], { features: { contractEnds: 'typed', ...features } }),
  });
  for (const { purpose, nth, ...fault } of faults) {
    org.sandbox.faults.add({ ...fault, match: { purpose, ...(nth === undefined ? {} : { nth }) } });
  }
  await untilDone(org);
  await org.approve();
  await untilDone(org);
  expect(org.sandbox.faults.waiting, 'every fault has happened').toBe(0);
  return org;
}

async function untilDone(org: CustomerOrg): Promise<void> {
  for (let run = 1; ; run += 1) {
    try {
      await org.sync();
      return;
    } catch (error) {
      if (!(error instanceof ConnectorError) || run === MOST_RUNS) throw error;
    }
  }
}

/** What stands in the org and in the store in the end. */
async function endState({ sandbox, store }: CustomerOrg): Promise<object> {
  const stored = await store.records.page('Case', null, 100_000);
  const all = createHash('sha256');
  for (const { raw, inputs, accountId } of stored) all.update(JSON.stringify([raw.id, inputs, accountId]));
  const ours = (fields: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => name.startsWith('Holdfast_')));
  return {
    cases: stored.length,
    content: all.digest('hex'),
    accounts: sandbox.org.all('Account').map(({ id, fields }) => [id, ours(fields)]),
    tasks: sandbox.org
      .all('Task')
      .map(({ fields }) => [fields['Subject'], fields['ActivityDate'], fields['Holdfast_Key__c']].join())
      .sort(),
  };
}

let undisturbed: object | null = null;

/** What stands there when nothing fails; found out once, by whichever test comes first. */
async function endStateUndisturbed(): Promise<object> {
  if (undisturbed !== null) return undisturbed;
  const org = await settle();
  expect(org.sandbox.calls.perPurpose).toHaveProperty('bulk query results');
  undisturbed = await endState(org);
  expect(undisturbed).toMatchObject({ cases: CASES });
  return undisturbed;
}

describe('a book that is so large that it is read in bulk stands in the end as it would without:', () => {
  it.for<[title: string, org: LargeOrg]>([
    ['an edition that has no bulk API', { features: { bulkApi: false } }],
    ['a job that Salesforce gives up', { failingBulkJobs: 1 }],
    [
      'a beginning whose answer is lost, a state that cannot be told, results that are cut off, and a job that is gone before its last page',
      {
        faults: [
          { kind: 'reset', afterWrite: true, purpose: 'create bulk query Case' },
          { kind: 'status', status: 503, purpose: 'bulk query state' },
          { kind: 'cut', purpose: 'bulk query results', nth: 2 },
          { kind: 'status', status: 404, errorCode: 'NOT_FOUND', purpose: 'bulk query results', nth: 3 },
        ],
      },
    ],
  ])('%s', { timeout: 240_000 }, async ([, options]) => {
    const org = await settle(options);
    expect(await endState(org)).toEqual(await endStateUndisturbed());
    expect(await org.sync()).toMatchObject({ writes: { records: 0, tasksOpened: 0, tasksClosed: 0 } });
  });
});
