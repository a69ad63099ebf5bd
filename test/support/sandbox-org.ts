import { onTestFinished } from 'vitest';
import type { Values } from '../../connectors/salesforce/sandbox/field-definition.ts';
import { date, text } from '../../connectors/salesforce/sandbox/field-definition.ts';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import { startSalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { SalesforceSandbox, SalesforceSandboxOptions } from '../../connectors/salesforce/sandbox/index.ts';
import type { OrgSeed, SeedRow } from '../../connectors/salesforce/sandbox/org-seed.ts';

export const orgToken = '00D5e000000orgTk!static.token.of.a.test';

/** Noon, UTC, of the day on which the sandbox orgs of the tests stand. */
export const orgNow = Date.UTC(2026, 2, 2, 12);
const DAY_MS = 86_400_000;

/** Ids of an object's records by their number: `ids.account(1)`. */
export const ids = {
  account: (number: number): string => toId('001', number),
  contact: (number: number): string => toId('003', number),
  opportunity: (number: number): string => toId('006', number),
  role: (number: number): string => toId('00K', number),
  task: (number: number): string => toId('00T', number),
  user: (number: number): string => toId('005', number),
};

/** A record that was last changed a day before the org's now, unless told. */
export function row(object: string, id: string, values: Values = {}, modifiedAt = orgNow - DAY_MS): SeedRow {
  return { object, id, values, createdAt: Math.min(modifiedAt, orgNow - DAY_MS), modifiedAt, deletedAt: null };
}

export function accounts(count: number, modifiedAt?: number): readonly SeedRow[] {
  return Array.from({ length: count }, (_, at) =>
    row('Account', ids.account(at + 1), { Name: `Customer ${at + 1}` }, modifiedAt),
  );
}

export function orgSeed(
  rows: Iterable<SeedRow>,
  options: { readonly features?: Partial<OrgSeed['features']>; readonly seed?: Partial<OrgSeed> } = {},
): OrgSeed {
  return {
    facts: {
      organizationId: toId('00D', 1),
      name: 'Northwind GmbH',
      edition: 'Enterprise Edition',
      isSandbox: false,
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      fiscalYearStartMonth: 1,
      integrationUserId: ids.user(1),
      adminUserId: ids.user(2),
    },
    features: {
      personAccounts: false,
      multiCurrency: true,
      cpq: false,
      contactRelations: false,
      bulkApi: true,
      contractEnds: 'calculated',
      ...options.features,
    },
    users: [person(1, 'Holdfast', 'Integration', true), person(2, 'Ana', 'Ruiz', true), person(3, 'Bo', 'Lund', false)],
    queues: [],
    recordTypes: [],
    currencies: [
      { isoCode: 'EUR', conversionRate: 1 },
      { isoCode: 'USD', conversionRate: 1.1 },
    ],
    fields: {
      Account: [date('Renewal_Date__c', 'Renewal date'), text('CSM_Notes__c', 'CSM notes', 255)],
    },
    picklistValues: {},
    rows,
    ...options.seed,
  };
}

function person(number: number, firstName: string, lastName: string, isActive: boolean): OrgSeed['users'][number] {
  const email = `${firstName}.${lastName}@us.example`.toLowerCase();
  return { id: ids.user(number), username: email, firstName, lastName, email, isActive, userType: 'Standard' };
}

/** A sandbox org that lives as long as the test, and answers to `orgToken`. */
export async function openOrg(
  seed: OrgSeed,
  options: Partial<SalesforceSandboxOptions> = {},
): Promise<SalesforceSandbox> {
  const sandbox = await startSalesforceSandbox({ seed, staticTokens: [orgToken], now: () => orgNow, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}
