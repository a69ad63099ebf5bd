import { z } from 'zod';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import { startSalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { OrgSeed, SeedRow } from '../../connectors/salesforce/sandbox/org-seed.ts';
import { orgFacts, standingUsers } from '../../connectors/salesforce/sandbox/seed-org.ts';
import { BENCH_TOKEN } from './crm-process.ts';
import type { CrmCounts } from './crm-process.ts';

/** The child of `startCrmProcess` for an order of cases. Ends when its parent lets go of it. */
const order = z.object({ cases: z.number() }).parse(JSON.parse(process.argv[2] ?? ''));

/** Forty cases a customer: accounts are judged 200 at a time, with all that hangs on them. */
const CUSTOMERS = order.cases / 40;
const DAY_MS = 86_400_000;
const now = Date.now();

function row(object: string, id: string, daysAgo: number, values: SeedRow['values']): SeedRow {
  const createdAt = now - daysAgo * DAY_MS;
  return { object, id, values, createdAt, modifiedAt: createdAt, deletedAt: null };
}

function* rows(): Generator<SeedRow> {
  for (let customer = 1; customer <= CUSTOMERS; customer += 1) {
    yield row('Account', toId('001', customer), 800, { Name: `Customer ${customer}`, Type: 'Customer - Direct' });
  }
  for (let at = 1; at <= order.cases; at += 1) {
    yield row('Case', toId('500', at), 1 + (at % 700), {
      AccountId: toId('001', 1 + (at % CUSTOMERS)),
      Subject: `Question ${at} about the export of reports at the end of the month`,
      Status: at % 5 === 0 ? 'Working' : 'Closed',
      Priority: ['High', 'Medium', 'Low'][at % 3] ?? 'Low',
    });
  }
}

const seed: OrgSeed = {
  facts: orgFacts('Europe/Berlin', 'EUR'),
  features: {
    personAccounts: false,
    multiCurrency: false,
    cpq: false,
    contactRelations: false,
    bulkApi: true,
    contractEnds: 'calculated',
  },
  users: standingUsers,
  queues: [],
  recordTypes: [],
  currencies: [{ isoCode: 'EUR', conversionRate: 1 }],
  fields: {},
  picklistValues: {},
  rows: { [Symbol.iterator]: rows },
};

const sandbox = await startSalesforceSandbox({ seed, staticTokens: [BENCH_TOKEN] });

process.on('message', () => {
  const { counted, overLimit } = sandbox.calls;
  process.send?.({ general: counted, rateLimited: overLimit } satisfies CrmCounts);
});
process.on('disconnect', () => void sandbox.close());
process.send?.({ url: sandbox.url, records: { Account: CUSTOMERS, Case: sandbox.org.count('Case') } });
