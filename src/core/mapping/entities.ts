import type { RiskReason } from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { Money } from '../model/money.ts';
import type { Account, Activity, Contact, Contract, Deal, Owner, RenewalCall, Task, Ticket } from '../model/records.ts';

/** How a value is read. `mappings/README.md` shows each of them by example. */
export type FieldType =
  | 'text'
  | 'id'
  | 'email'
  | 'number'
  | 'integer'
  | 'percent'
  | 'money'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'enumeration'
  | 'multi-enumeration'
  | 'name-list'
  | 'stage';

/** One field of a canonical record that a mapping can fill. */
export interface CanonicalField {
  readonly type: FieldType;
  /** What people call it: in messages, in the console, in answers to "where does this come from". */
  readonly title: string;
  /** Of enumerations: every value that the core knows. */
  readonly values?: readonly string[];
  /** The entity is of no use without it: a mapping must fill it, and it is an error when all its places are gone. */
  readonly required?: true;
}

const CALLS = ['good', 'at_risk', 'monitor'] as const satisfies readonly RenewalCall[];

/** Source: the two-level list of the product's playbook catalogue. */
export const RISK_REASONS = [
  'payment',
  'closure',
  'onboarding',
  'adoption',
  'value',
  'product_gap',
  'support',
  'relationship',
  'price',
  'competitor',
  'strategy_change',
  'budget',
  'merger',
  'bad_fit',
  'unknown',
] as const satisfies readonly RiskReason[];

const ROLES = ['champion', 'exec_sponsor', 'economic_buyer', 'admin', 'user', 'billing'] as const;

const ACTIVITY_FIELDS = {
  at: { type: 'datetime', title: 'Time', required: true },
  direction: { type: 'enumeration', title: 'Direction', values: ['inbound', 'outbound'] },
  happened: { type: 'boolean', title: 'Took place' },
} as const satisfies Record<string, CanonicalField>;

const CONTRACT_FIELDS = {
  name: { type: 'text', title: 'Name' },
  product: { type: 'text', title: 'Product' },
  startOn: { type: 'date', title: 'Start' },
  endOn: { type: 'date', title: 'End' },
  termMonths: { type: 'integer', title: 'Term in months' },
  autoRenew: { type: 'boolean', title: 'Renews by itself' },
  noticeDays: { type: 'integer', title: 'Notice period in days' },
  status: { type: 'enumeration', title: 'Status', values: ['draft', 'active', 'ended', 'cancelled'] },
  arr: { type: 'money', title: 'Annual recurring revenue' },
  seats: { type: 'integer', title: 'Seats' },
  ownerId: { type: 'id', title: 'Owner' },
} as const satisfies Record<string, CanonicalField>;

/**
 * Every entity, in the order in which a CRM is read (owners first, so that records find theirs), and the fields that a
 * mapping may fill. Source: the canonical records in `../model/records.ts`; what a record knows by itself (its id, its
 * links, when it was made and changed) is not mapped.
 */
export const ENTITIES = {
  owner: {
    fields: {
      name: { type: 'text', title: 'Name' },
      email: { type: 'email', title: 'E-mail' },
      isActive: { type: 'boolean', title: 'Active' },
      timeZone: { type: 'text', title: 'Time zone' },
      managerId: { type: 'id', title: 'Manager' },
    },
  },
  account: {
    fields: {
      name: { type: 'text', title: 'Name', required: true },
      domain: { type: 'text', title: 'Domain' },
      externalId: { type: 'text', title: 'Id in the product' },
      parentId: { type: 'id', title: 'Parent' },
      type: {
        type: 'enumeration',
        title: 'Customer or not',
        values: ['prospect', 'customer', 'churned', 'partner', 'other'],
      },
      segment: { type: 'enumeration', title: 'Segment', values: ['enterprise', 'mid', 'smb'] },
      lifecycle: {
        type: 'enumeration',
        title: 'Phase as a customer',
        values: ['onboarding', 'steady', 'renewal', 'churned'],
      },
      industry: { type: 'text', title: 'Industry' },
      employees: { type: 'integer', title: 'Employees' },
      region: { type: 'text', title: 'Region' },
      ownerId: { type: 'id', title: 'Owner' },
      csmId: { type: 'id', title: 'Customer success manager' },
      customerSinceOn: { type: 'date', title: 'Customer since' },
      liveOn: { type: 'date', title: 'Live since' },
      arr: { type: 'money', title: 'Annual recurring revenue' },
      seatsPaid: { type: 'integer', title: 'Seats paid for' },
      seatsUsed: { type: 'integer', title: 'Seats in use' },
      products: { type: 'name-list', title: 'Products owned' },
      contractStartOn: { type: 'date', title: 'Contract start' },
      renewalOn: { type: 'date', title: 'Renewal date' },
      autoRenew: { type: 'boolean', title: 'Renews by itself' },
      noticeDays: { type: 'integer', title: 'Notice period in days' },
      termMonths: { type: 'integer', title: 'Term in months' },
      contractId: { type: 'id', title: 'Contract' },
      cancelledOn: { type: 'date', title: 'Notice of cancellation' },
      competitor: { type: 'text', title: 'Competitor named' },
      budgetAtRisk: { type: 'boolean', title: 'Budget cut or merger' },
      overdueDays: { type: 'integer', title: 'Days overdue' },
      paymentMethodEndsOn: { type: 'date', title: 'Payment method valid until' },
      fundedOn: { type: 'date', title: 'Last funding' },
      acquisitionOn: { type: 'date', title: 'Last acquisition of another company' },
      csmPulse: { type: 'integer', title: 'CSM pulse' },
      csmPulseAt: { type: 'datetime', title: 'CSM pulse given at' },
      overrideBand: { type: 'enumeration', title: 'Manual band', values: ['green', 'yellow', 'red'] },
      overrideUntilOn: { type: 'date', title: 'Manual band until' },
      overrideBy: { type: 'text', title: 'Manual band by' },
      overrideReason: { type: 'text', title: 'Manual band because' },
    },
  },
  contact: {
    fields: {
      email: { type: 'email', title: 'E-mail' },
      name: { type: 'text', title: 'Name' },
      title: { type: 'text', title: 'Job title' },
      roles: { type: 'multi-enumeration', title: 'Roles', values: ROLES },
      status: { type: 'enumeration', title: 'Still there', values: ['active', 'departed'] },
      departedAt: { type: 'datetime', title: 'Left at' },
      newCompany: { type: 'text', title: 'New company' },
      lastTwoWayAt: { type: 'datetime', title: 'Last answer' },
    },
  },
  deal: {
    fields: {
      name: { type: 'text', title: 'Name' },
      pipeline: { type: 'text', title: 'Pipeline' },
      stage: { type: 'stage', title: 'Stage', required: true },
      kind: {
        type: 'enumeration',
        title: 'Kind',
        values: ['new', 'renewal', 'upsell', 'cross_sell', 'downsell', 'co_term', 'other'],
      },
      amount: { type: 'money', title: 'Amount' },
      arr: { type: 'money', title: 'Annual recurring revenue' },
      closeOn: { type: 'date', title: 'Close date' },
      ownerId: { type: 'id', title: 'Owner' },
      termStartOn: { type: 'date', title: 'Term start' },
      termEndOn: { type: 'date', title: 'Term end' },
      termMonths: { type: 'integer', title: 'Term in months' },
      autoRenew: { type: 'boolean', title: 'Renews by itself' },
      noticeDays: { type: 'integer', title: 'Notice period in days' },
      seats: { type: 'integer', title: 'Seats' },
      products: { type: 'name-list', title: 'Products sold' },
      contractId: { type: 'id', title: 'Contract' },
      priorContractId: { type: 'id', title: 'Contract before' },
      lostReason: { type: 'text', title: 'Lost because' },
      upliftPercent: { type: 'percent', title: 'Price increase' },
      churnReason: { type: 'enumeration', title: 'Lost because, coded', values: RISK_REASONS },
      csmCall: { type: 'enumeration', title: 'CSM call', values: CALLS },
      finalCall: { type: 'enumeration', title: 'Final call', values: CALLS },
    },
  },
  contract: { fields: { ...CONTRACT_FIELDS, endOn: { ...CONTRACT_FIELDS.endOn, required: true } } },
  subscription: { fields: CONTRACT_FIELDS },
  asset: { fields: CONTRACT_FIELDS },
  ticket: {
    fields: {
      subject: { type: 'text', title: 'Subject' },
      openedAt: { type: 'datetime', title: 'Opened' },
      closedAt: { type: 'datetime', title: 'Closed' },
      isOpen: { type: 'boolean', title: 'Open', required: true },
      priority: { type: 'enumeration', title: 'Priority', values: ['urgent', 'high', 'medium', 'low'] },
      escalated: { type: 'boolean', title: 'Escalated' },
      category: { type: 'text', title: 'Category' },
      csat: { type: 'number', title: 'Satisfaction (1 to 5)' },
    },
  },
  email: { fields: ACTIVITY_FIELDS },
  call: { fields: ACTIVITY_FIELDS },
  meeting: { fields: ACTIVITY_FIELDS },
  note: { fields: ACTIVITY_FIELDS },
  task: {
    fields: {
      subject: { type: 'text', title: 'Subject' },
      isDone: { type: 'boolean', title: 'Done', required: true },
      status: { type: 'text', title: 'Status' },
      dueAt: { type: 'datetime', title: 'Due' },
      ownerId: { type: 'id', title: 'Owner' },
      key: { type: 'text', title: 'Our key' },
      snoozeUntilOn: { type: 'date', title: 'Snooze until' },
      snoozeReason: { type: 'text', title: 'Snooze because' },
    },
  },
} as const satisfies Record<string, { readonly fields: Readonly<Record<string, CanonicalField>> }>;

export type EntityName = keyof typeof ENTITIES;

/** In the order in which a CRM is read. */
export const ENTITY_NAMES = Object.keys(ENTITIES) as readonly EntityName[];

/** The canonical record that each entity becomes. */
export interface EntityRecords {
  readonly owner: Owner;
  readonly account: Account;
  readonly contact: Contact;
  readonly deal: Deal;
  readonly contract: Contract;
  /** What was sold by the line, where an org keeps it by the line: a line of a contract, a thing that a customer has. */
  readonly subscription: Contract;
  readonly asset: Contract;
  readonly ticket: Ticket;
  readonly email: Activity;
  readonly call: Activity;
  readonly meeting: Activity;
  readonly note: Activity;
  readonly task: Task;
}

/** What a canonical field holds when the CRM says something. */
export type ValueOf<Field extends CanonicalField> = ValuesByType<Field>[Field['type']];

interface ValuesByType<Field extends CanonicalField> {
  readonly text: string;
  readonly id: string;
  readonly email: string;
  readonly number: number;
  readonly integer: number;
  readonly percent: number;
  readonly money: Money;
  readonly date: CalendarDate;
  readonly datetime: Instant;
  readonly boolean: boolean;
  readonly enumeration: OneOf<Field>;
  readonly 'multi-enumeration': readonly OneOf<Field>[];
  readonly 'name-list': readonly string[];
  readonly stage: NonNullable<Deal['stage']>;
}

type OneOf<Field> = Field extends { readonly values: readonly (infer Value)[] } ? Value : never;

/** The canonical fields of an entity, by name. */
export function fieldsOf(entity: EntityName): Readonly<Record<string, CanonicalField>> {
  return ENTITIES[entity].fields;
}
