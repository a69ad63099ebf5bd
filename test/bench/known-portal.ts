import { customProperties, pipelines } from '../../connectors/hubspot/sandbox/seed-definitions.ts';
import { ownerId, ownerUserId, recordId } from '../../connectors/hubspot/sandbox/seed-ids.ts';
import type { PortalSeed, SeedLink, SeedRow } from '../../connectors/hubspot/sandbox/portal-seed.ts';

/** A portal whose every record and link is known beforehand, so that the least possible number of calls is known too. */
export interface KnownPortal {
  readonly seed: PortalSeed;
  readonly companyIds: readonly string[];
  readonly dealIds: readonly string[];
  /** Calls for all records with all links: pages of 100, and one for each kind of link that a page does not show whole. */
  readonly leastCalls: number;
}

const PAGE = 100;
const DAY_MS = 86_400_000;

/**
 * `size` companies, twice as many contacts, as many deals; at least 400. Everybody is a customer of a year whose contract
 * ends in 300 days. One company has more than 150 contacts and one more than 130 deals, one contact is at 120 companies and
 * one deal has 130 contacts: more than the 100 links that HubSpot shows with a record.
 */
export function knownPortal(size: number, now: number): KnownPortal {
  const keys = numbers(1, size);
  const contactKeys = numbers(1, 2 * size);
  const seed: PortalSeed = {
    facts: {
      portalId: 2_000,
      timeZone: 'Europe/Berlin',
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      uiDomain: 'app.hubspot.com',
      accountType: 'STANDARD',
    },
    owners: numbers(1, 20).map((key) => ({
      id: ownerId(key),
      userId: ownerUserId(key),
      email: `owner${key}@us.example`,
      firstName: `Owner ${key}`,
      lastName: 'Berg',
      type: 'PERSON',
      archived: false,
    })),
    pipelines,
    properties: customProperties,
    rows: [
      ...keys.map((key) => company(key, now)),
      ...contactKeys.map((key) => contact(key, now)),
      ...keys.map((key) => deal(key, now)),
    ],
    links: [...links(size)],
  };
  return {
    seed,
    companyIds: keys.map(recordId),
    dealIds: keys.map(recordId),
    leastCalls: pages(size) + pages(2 * size) + pages(size) + 2,
  };
}

function* links(size: number): Generator<SeedLink> {
  const link = (from: string, key: number, to: string, toKey: number, isPrimary = false): SeedLink => ({
    fromObject: from,
    fromId: recordId(key),
    toObject: to,
    toId: recordId(toKey),
    isPrimary,
  });
  const isAtMany = 1;
  const hasManyContacts = 1;
  for (const key of numbers(1, 2 * size)) {
    const own = Math.ceil(key / 2);
    yield link('contacts', key, 'companies', own, true);
    if (key === isAtMany) for (const other of numbers(2, 120)) yield link('contacts', key, 'companies', other);
    else if (key % 10 === 0) yield link('contacts', key, 'companies', (own % size) + 1);
    if (key > 240 && key <= 390) yield link('contacts', key, 'companies', 3);
  }
  for (const key of numbers(1, size)) {
    yield link('deals', key, 'companies', key, true);
    if (key % 10 === 0) yield link('deals', key, 'companies', (key % size) + 1);
    if (key > 240 && key <= 370) yield link('deals', key, 'companies', 4);
    for (const other of key === hasManyContacts ? numbers(1, 130) : [2 * key - 1, 2 * key]) {
      yield link('deals', key, 'contacts', other);
    }
  }
}

export function companyName(key: number): string {
  return `Company ${key}`;
}

function company(key: number, now: number): SeedRow {
  return row('companies', key, now, {
    name: companyName(key),
    domain: `company${key}.example`,
    hubspot_owner_id: ownerId((key % 20) + 1),
    lifecyclestage: 'customer',
    customer_status: 'Customer',
    customer_segment: ['Enterprise', 'Mid-Market', 'SMB'][key % 3] ?? '',
    arr: String(12_000 + key * 10),
    seats_purchased: '100',
    seats_used: String(40 + (key % 60)),
    renewal_date: dayIn(now, 300),
    contract_start_date: dayIn(now, -65),
    contract_term_months: '12',
    days_overdue: '0',
  });
}

function contact(key: number, now: number): SeedRow {
  return row('contacts', key, now, {
    firstname: 'Kim',
    lastname: `Number ${key}`,
    email: `kim${key}@company${Math.ceil(key / 2)}.example`,
    jobtitle: 'Head of Operations',
    stakeholder_role: key % 2 === 0 ? 'Champion' : 'User',
    hs_sales_email_last_replied: new Date(now - (5 + (key % 90)) * DAY_MS).toISOString(),
  });
}

function deal(key: number, now: number): SeedRow {
  return row('deals', key, now, {
    dealname: `First contract of company ${key}`,
    pipeline: 'default',
    dealstage: 'closedwon',
    dealtype: 'newbusiness',
    amount: String(12_000 + key * 10),
    closedate: new Date(now - 65 * DAY_MS).toISOString(),
    hubspot_owner_id: ownerId((key % 20) + 1),
    contract_end_date: dayIn(now, 300),
  });
}

function row(object: string, key: number, now: number, properties: Readonly<Record<string, string>>): SeedRow {
  const createdAt = now - 400 * DAY_MS;
  return { object, id: recordId(key), properties, createdAt, updatedAt: now - 30 * DAY_MS, archivedAt: null };
}

function dayIn(now: number, days: number): string {
  return new Date(now + days * DAY_MS).toISOString().slice(0, 10);
}

function pages(records: number): number {
  return Math.ceil(records / PAGE);
}

function numbers(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
