import { describe, expect, it } from 'vitest';
import type { Values } from '../../connectors/salesforce/sandbox/field-definition.ts';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import type { OrgFeatures, SeedRow } from '../../connectors/salesforce/sandbox/org-seed.ts';
import type { Renewal } from '../../src/core/model/assessment.ts';
import { connectOrg } from '../support/customer-org.ts';
import { ids, orgSeed } from '../support/sandbox-org.ts';

const NOW = Date.parse('2026-11-20T17:00:00.000Z');
const DAY_MS = 86_400_000;

function row(object: string, id: string, values: Values): SeedRow {
  const at = NOW - 100 * DAY_MS;
  return { object, id, values, createdAt: at, modifiedAt: at, deletedAt: null };
}

const customer = row('Account', ids.account(1), { Name: 'Acme', Type: 'Customer - Direct' });
const contract = (number: number, values: Values): SeedRow =>
  row('Contract', toId('800', number), { AccountId: ids.account(1), Status: 'Activated', ...values });
const subscription = (number: number, values: Values): SeedRow =>
  row('SBQQ__Subscription__c', toId('a0F', number), {
    SBQQ__Account__c: ids.account(1),
    SBQQ__ProductName__c: `Product ${number}`,
    SBQQ__SubscriptionStartDate__c: '2026-01-01',
    ...values,
  });
const asset = (number: number, values: Values): SeedRow =>
  row('Asset', toId('02i', number), { AccountId: ids.account(1), Name: `Plan ${number}`, ...values });

/** The renewal of Acme as it stands after the first sync of an org with these records. */
async function renewalIn(rows: readonly SeedRow[], features: Partial<OrgFeatures> = {}): Promise<Renewal | undefined> {
  const org = await connectOrg({
    seed: orgSeed([customer, ...rows], { features: { contractEnds: 'typed', ...features } }),
  });
  await org.sync();
  const [acme] = await org.store.assessments.page(null, 10);
  expect(await org.store.problems.list(10)).toEqual([]);
  return acme?.assessment.renewal;
}

describe('the next renewal of a customer in Salesforce', () => {
  it('stands on its contract', async () => {
    const renewal = await renewalIn([
      contract(1, { Name: 'Framework', StartDate: '2026-01-01', EndDate: '2026-12-31' }),
      asset(1, { UsageEndDate: '2027-05-31' }),
    ]);
    expect(renewal?.next).toMatchObject({ endOn: '2026-12-31', source: expect.stringContaining('contract') });
  });

  it('stands on the lines of CPQ where the contract has no end, all lines of a day as one', async () => {
    const renewal = await renewalIn(
      [
        contract(1, { StartDate: '2026-01-01' }),
        subscription(1, { SBQQ__SubscriptionEndDate__c: '2027-03-31' }),
        subscription(2, { SBQQ__SubscriptionEndDate__c: '2027-03-31' }),
      ],
      { cpq: true },
    );
    expect(renewal?.next).toMatchObject({ endOn: '2027-03-31', source: '2 subscriptions' });
    expect(renewal?.gaps).toEqual([]);
  });

  it('is not that of a line that was ended early', async () => {
    const renewal = await renewalIn(
      [
        subscription(1, { SBQQ__SubscriptionEndDate__c: '2027-03-31' }),
        subscription(2, { SBQQ__SubscriptionEndDate__c: '2027-02-28', SBQQ__TerminatedDate__c: '2026-06-30' }),
      ],
      { cpq: true },
    );
    expect(renewal?.next).toMatchObject({ endOn: '2027-03-31', source: "subscription 'Product 1'" });
  });

  it('stands on an asset where nothing else states one', async () => {
    const renewal = await renewalIn([asset(1, { PurchaseDate: '2026-02-01', UsageEndDate: '2027-01-31' })]);
    expect(renewal?.next).toMatchObject({ startOn: '2026-02-01', endOn: '2027-01-31', source: "asset 'Plan 1'" });
  });

  it('is unknown, and nothing is told to be missing, in an org without CPQ, contracts and assets', async () => {
    const renewal = await renewalIn([]);
    expect(renewal?.next).toBeNull();
  });

  it('goes on from a signed renewal while its contract is still to be made', async () => {
    const renewal = await renewalIn([
      contract(1, { Name: 'Framework', StartDate: '2026-01-01', EndDate: '2026-12-31' }),
      row('Opportunity', ids.opportunity(1), {
        AccountId: ids.account(1),
        Name: 'Acme renewal 2027',
        Type: 'Renewal',
        StageName: 'Closed Won',
        CloseDate: '2026-11-10',
      }),
    ]);
    expect(renewal?.next).toMatchObject({
      startOn: '2027-01-01',
      endOn: '2027-12-31',
      source: "won deal 'Acme renewal 2027'",
    });
  });
});
