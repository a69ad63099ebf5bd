import type { PortalSeed, SeedLink, SeedProperty, SeedRow } from '../../connectors/hubspot/sandbox/portal-seed.ts';
import { portalSeed, supportPipeline } from './sandbox-portal.ts';

/** A company as a customer's admin keeps it. What is left out is empty there. */
export interface CustomerCompany {
  readonly id: string;
  readonly name: string;
  /** Days as `2026-05-01`. */
  readonly renewalOn?: string;
  readonly arr?: number;
  readonly segment?: 'Enterprise' | 'Mid-Market' | 'SMB';
  /** Owner's id: `11` is Ana, `12` is Bo, who left, `13` is Cleo, `14` is Dan. */
  readonly ownerId?: string;
  readonly csmId?: string;
  readonly status?: 'Prospect' | 'Customer' | 'Former customer';
  /** Any further property. */
  readonly more?: Readonly<Record<string, string>>;
}

const property = (name: string, label: string, type: SeedProperty['type'], fieldType: string): SeedProperty => ({
  name,
  label,
  groupName: 'contract',
  type,
  fieldType,
  options: [],
});

const options = (name: string, label: string, values: readonly string[]): SeedProperty => ({
  ...property(name, label, 'enumeration', 'select'),
  options: values.map((value) => ({ label: value, value })),
});

const renewalPipeline = {
  id: 'renewals',
  label: 'Renewals',
  stages: [
    { id: 'renewal-open', label: 'In talks', metadata: { isClosed: 'false', probability: '0.5' } },
    { id: 'renewal-won', label: 'Renewed', metadata: { isClosed: 'true', probability: '1.0' } },
    { id: 'renewal-lost', label: 'Lost', metadata: { isClosed: 'true', probability: '0.0' } },
  ],
};

const salesPipeline = {
  id: 'default',
  label: 'Sales',
  stages: [
    { id: 'open', label: 'Open', metadata: { isClosed: 'false', probability: '0.4' } },
    { id: 'closedwon', label: 'Closed won', metadata: { isClosed: 'true', probability: '1.0' } },
    { id: 'closedlost', label: 'Closed lost', metadata: { isClosed: 'true', probability: '0.0' } },
  ],
};

/**
 * The portal of a customer in Berlin who keeps renewals by hand: the companies given, and whatever else hangs on them.
 * Everything in it was last changed a day before `now` (epoch milliseconds).
 */
export function customerPortal(
  portalId: number,
  now: number,
  companies: readonly CustomerCompany[],
  rest: { readonly rows?: readonly SeedRow[]; readonly links?: readonly SeedLink[] } = {},
): PortalSeed {
  const changedAt = now - 86_400_000;
  const rows = companies.map((company) => ({
    object: 'companies',
    id: company.id,
    properties: toProperties(company),
    createdAt: changedAt,
    updatedAt: changedAt,
    archivedAt: null,
  }));
  const base = portalSeed([...rows, ...(rest.rows ?? [])], rest.links ?? []);
  const person = (id: string, firstName: string, archived: boolean) => ({
    id,
    userId: 1_000 + Number(id),
    email: `${firstName.toLowerCase()}@us.example`,
    firstName,
    lastName: 'Example',
    type: 'PERSON' as const,
    archived,
  });
  return {
    ...base,
    facts: { ...base.facts, portalId },
    owners: [
      person('11', 'Ana', false),
      person('12', 'Bo', true),
      person('13', 'Cleo', false),
      person('14', 'Dan', false),
    ],
    pipelines: { deals: [salesPipeline, renewalPipeline], tickets: [supportPipeline] },
    properties: {
      companies: [
        property('renewal_date', 'Renewal date', 'date', 'date'),
        property('arr', 'ARR', 'number', 'number'),
        property('csm_owner', 'CSM', 'string', 'text'),
        property('notice_period_days', 'Notice period', 'number', 'number'),
        options('customer_segment', 'Segment', ['Enterprise', 'Mid-Market', 'SMB']),
        options('customer_status', 'Status', ['Prospect', 'Customer', 'Former customer']),
      ],
      deals: [property('contract_end_date', 'Contract end', 'date', 'date')],
    },
  };
}

/** Midnight UTC of a day, as HubSpot stores dates. */
export function dateValue(day: string): string {
  return String(Date.parse(`${day}T00:00:00Z`));
}

function toProperties(company: CustomerCompany): Record<string, string> {
  const { name, renewalOn, arr, segment, ownerId, csmId, status = 'Customer', more } = company;
  return {
    name,
    customer_status: status,
    ...(renewalOn === undefined ? {} : { renewal_date: renewalOn }),
    ...(arr === undefined ? {} : { arr: String(arr) }),
    ...(segment === undefined ? {} : { customer_segment: segment }),
    ...(ownerId === undefined ? {} : { hubspot_owner_id: ownerId }),
    ...(csmId === undefined ? {} : { csm_owner: csmId }),
    ...more,
  };
}
