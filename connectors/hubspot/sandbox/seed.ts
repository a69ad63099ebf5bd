import type {
  World,
  WorldAccount,
  WorldActivity,
  WorldContact,
  WorldDeal,
  WorldRole,
  WorldTask,
  WorldTicket,
} from '../../kit/sandbox/world-model.ts';
import type { PortalSeed, SeedLink, SeedRow } from './portal-seed.ts';
import { customProperties, pipelines } from './seed-definitions.ts';
import { ownerId, ownerUserId, recordId } from './seed-ids.ts';

const PORTAL_ID = 48_201_735;

/**
 * The world as a HubSpot portal holds it: HubSpot's property names, ids and stages, blank values left out. Rows and links
 * are made while they are iterated over, each account's after another; what is in the bin has no links.
 */
export function toPortalSeed(world: World, portalId: number = PORTAL_ID): PortalSeed {
  return {
    facts: {
      portalId,
      timeZone: world.timeZone,
      companyCurrency: world.homeCurrency,
      additionalCurrencies: world.otherCurrencies,
      uiDomain: 'app.hubspot.com',
      accountType: 'STANDARD',
    },
    owners: world.owners.map((owner) => ({
      id: ownerId(owner.key),
      userId: ownerUserId(owner.key),
      email: owner.email,
      firstName: owner.firstName,
      lastName: owner.lastName,
      type: 'PERSON',
      archived: owner.isArchived,
    })),
    pipelines,
    properties: customProperties,
    rows: {
      *[Symbol.iterator]() {
        for (const account of world.accounts) yield* rowsOf(account);
      },
    },
    links: {
      *[Symbol.iterator]() {
        const alive = new Set<number>();
        for (const account of world.accounts) {
          if (account.deletedAt === null) alive.add(account.key);
          yield* linksOf(account, alive);
        }
      },
    },
  };
}

type Values = Readonly<Record<string, string | number | boolean | null>>;

interface Life {
  readonly key: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly deletedAt: number | null;
}

function row(object: string, record: Life, values: Values): SeedRow {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) properties[name] = String(value);
  }
  return {
    object,
    id: recordId(record.key),
    properties,
    createdAt: record.createdAt,
    updatedAt: record.modifiedAt,
    archivedAt: record.deletedAt,
  };
}

const dateTime = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const owner = (key: number | null): string | null => (key === null ? null : ownerId(key));
const merged = (keys: readonly number[]): string | null => (keys.length === 0 ? null : keys.map(recordId).join(';'));

function* rowsOf(account: WorldAccount): Generator<SeedRow> {
  yield companyRow(account);
  const repliedAt = lastReplies(account.activities);
  for (const contact of account.contacts) yield contactRow(contact, repliedAt.get(contact.key) ?? null);
  for (const deal of account.deals) yield dealRow(deal);
  for (const ticket of account.tickets) yield ticketRow(ticket);
  for (const task of account.tasks) yield taskRow(task);
  for (const activity of account.activities) yield activityRow(activity);
}

const SEGMENTS = { enterprise: 'Enterprise', mid: 'Mid-Market', smb: 'SMB' } as const;
const STATUSES = { prospect: 'Prospect', customer: 'Customer', former: 'Former customer' } as const;
const STAGES_OF_LIFE = { prospect: 'opportunity', customer: 'customer', former: 'other' } as const;

function companyRow(account: WorldAccount): SeedRow {
  return row('companies', account, {
    name: account.name,
    domain: account.domain,
    // HubSpot's industries are their English names in capitals: 'Hospital & Health Care' is HOSPITAL_HEALTH_CARE.
    industry: account.industry?.toUpperCase().replaceAll(/[^A-Z]+/g, '_') ?? null,
    numberofemployees: account.employees,
    state: account.region,
    lifecyclestage: account.status === null ? null : STAGES_OF_LIFE[account.status],
    hubspot_owner_id: owner(account.ownerKey),
    hs_parent_company_id: account.parentKey === null ? null : recordId(account.parentKey),
    hs_merged_object_ids: merged(account.mergedKeys),
    customer_status: account.status === null ? null : STATUSES[account.status],
    customer_segment: account.segment === null ? null : SEGMENTS[account.segment],
    csm_owner: owner(account.csmKey),
    contract_start_date: account.termStartOn,
    renewal_date: account.renewalOn,
    contract_term_months: account.termMonths,
    auto_renew: account.autoRenew,
    notice_period_days: account.noticeDays,
    arr: account.arr,
    seats_purchased: account.seatsPurchased,
    seats_used: account.seatsUsed,
    cancellation_notice_date: account.cancelledOn,
    days_overdue: account.daysOverdue,
  });
}

const ROLES: Readonly<Record<WorldRole, string>> = {
  champion: 'Champion',
  exec_sponsor: 'Executive sponsor',
  economic_buyer: 'Economic buyer',
  admin: 'Admin',
  user: 'User',
  billing: 'Billing',
};

function contactRow(contact: WorldContact, repliedAt: number | null): SeedRow {
  return row('contacts', contact, {
    firstname: contact.firstName,
    lastname: contact.lastName,
    email: contact.email,
    jobtitle: contact.title,
    stakeholder_role: contact.role === null ? null : ROLES[contact.role],
    left_company: contact.hasLeft,
    hs_email_hard_bounce_reason_enum: contact.bounces ? 'UNKNOWN_USER' : null,
    hs_sales_email_last_replied: dateTime(repliedAt),
    hs_merged_object_ids: merged(contact.mergedKeys),
  });
}

/** When each contact last wrote to us: HubSpot keeps this roll-up itself. */
function lastReplies(activities: readonly WorldActivity[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { kind, direction, at, contactKeys } of activities) {
    if (kind !== 'email' || direction !== 'inbound') continue;
    for (const key of contactKeys) found.set(key, Math.max(at, found.get(key) ?? at));
  }
  return found;
}

const OPEN_STAGES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  pipelines.deals.map(({ id, stages }) => [
    id,
    stages.filter((stage) => stage.metadata['isClosed'] === 'false').map((stage) => stage.id),
  ]),
);

function dealRow(deal: WorldDeal): SeedRow {
  const pipeline = deal.kind === 'renewal' ? 'renewals' : 'default';
  return row('deals', deal, {
    dealname: deal.name,
    pipeline,
    dealstage: stageOf(deal, pipeline),
    dealtype: deal.kind === 'new' ? 'newbusiness' : 'existingbusiness',
    amount: deal.amount,
    deal_currency_code: deal.currency,
    closedate: dateTime(deal.closeAt),
    hubspot_owner_id: owner(deal.ownerKey),
    closed_lost_reason: deal.lostReason,
    contract_start_date: deal.termStartOn,
    contract_end_date: deal.termEndOn,
    arr: deal.arr,
    seats: deal.seats,
    auto_renew: deal.autoRenew,
    notice_period_days: deal.noticeDays,
  });
}

function stageOf(deal: WorldDeal, pipeline: 'default' | 'renewals'): string {
  if (deal.outcome !== 'open') return `${pipeline === 'renewals' ? 'renewal_' : 'closed'}${deal.outcome}`;
  const stages = OPEN_STAGES[pipeline] ?? [];
  const place = Math.min(stages.length - 1, Math.floor(deal.progress * stages.length));
  return stages[place] ?? '';
}

const CATEGORIES = {
  product: 'PRODUCT_ISSUE',
  billing: 'BILLING_ISSUE',
  feature: 'FEATURE_REQUEST',
  general: 'GENERAL_INQUIRY',
} as const;

function ticketRow(ticket: WorldTicket): SeedRow {
  return row(
    'tickets',
    { ...ticket, createdAt: ticket.openedAt },
    {
      subject: ticket.subject,
      hs_pipeline: '0',
      hs_pipeline_stage: ticket.closedAt === null ? '3' : '4',
      hs_ticket_priority: ticket.priority?.toUpperCase() ?? null,
      hs_ticket_category: ticket.category === null ? null : CATEGORIES[ticket.category],
      closed_date: dateTime(ticket.closedAt),
      csat: ticket.csat,
      hubspot_owner_id: owner(ticket.ownerKey),
    },
  );
}

function taskRow(task: WorldTask): SeedRow {
  return row('tasks', task, {
    hs_task_subject: task.subject,
    hs_task_status: task.isDone ? 'COMPLETED' : 'NOT_STARTED',
    hs_task_type: 'TODO',
    hs_task_priority: task.priority?.toUpperCase() ?? null,
    hs_timestamp: dateTime(task.dueAt),
    hubspot_owner_id: owner(task.ownerKey),
  });
}

const OBJECTS = { email: 'emails', call: 'calls', meeting: 'meetings', note: 'notes' } as const;
const MEETING_OUTCOMES = {
  happened: 'COMPLETED',
  missed: 'NO_SHOW',
  cancelled: 'CANCELED',
  planned: 'SCHEDULED',
} as const;
const HALF_AN_HOUR_MS = 1_800_000;

function activityRow(activity: WorldActivity): SeedRow {
  return row(OBJECTS[activity.kind], activity, {
    hs_timestamp: dateTime(activity.at),
    hubspot_owner_id: owner(activity.ownerKey),
    ...ACTIVITY_VALUES[activity.kind](activity),
  });
}

const ACTIVITY_VALUES: Readonly<Record<WorldActivity['kind'], (activity: WorldActivity) => Values>> = {
  email: ({ direction, title }) => ({
    hs_email_direction: direction === 'inbound' ? 'INCOMING_EMAIL' : 'EMAIL',
    hs_email_status: 'SENT',
    hs_email_subject: title,
  }),
  call: ({ direction, outcome, title }) => ({
    hs_call_direction: direction === 'inbound' ? 'INBOUND' : 'OUTBOUND',
    hs_call_status: outcome === 'happened' ? 'COMPLETED' : 'NO_ANSWER',
    hs_call_title: title,
  }),
  meeting: ({ outcome, at, title }) => ({
    hs_meeting_outcome: MEETING_OUTCOMES[outcome],
    hs_meeting_start_time: dateTime(at),
    hs_meeting_end_time: dateTime(at + HALF_AN_HOUR_MS),
    hs_meeting_title: title,
  }),
  note: ({ title }) => ({ hs_note_body: title }),
};

function* linksOf(account: WorldAccount, alive: ReadonlySet<number>): Generator<SeedLink> {
  const companyId = alive.has(account.key) ? recordId(account.key) : null;
  const contacts = new Set(account.contacts.filter((contact) => contact.deletedAt === null).map(({ key }) => key));
  const link = (fromObject: string, from: Life, toObject: string, toId: string, isPrimary: boolean): SeedLink => ({
    fromObject,
    fromId: recordId(from.key),
    toObject,
    toId,
    isPrimary,
  });
  const linksToContacts = (object: string, from: Life, keys: readonly number[]): SeedLink[] =>
    keys.filter((key) => contacts.has(key)).map((key) => link(object, from, 'contacts', recordId(key), false));

  for (const contact of account.contacts) {
    if (contact.deletedAt !== null) continue;
    if (companyId !== null) yield link('contacts', contact, 'companies', companyId, true);
    for (const key of contact.alsoAtKeys) {
      if (alive.has(key)) yield link('contacts', contact, 'companies', recordId(key), companyId === null);
    }
  }
  for (const deal of account.deals) {
    if (deal.deletedAt !== null) continue;
    if (companyId !== null && deal.isLinked) yield link('deals', deal, 'companies', companyId, true);
    yield* linksToContacts('deals', deal, deal.contactKeys);
  }
  for (const ticket of account.tickets) {
    if (ticket.deletedAt !== null) continue;
    if (companyId !== null) yield link('tickets', ticket, 'companies', companyId, true);
    yield* linksToContacts('tickets', ticket, ticket.contactKeys);
  }
  for (const task of account.tasks) {
    if (task.deletedAt === null && companyId !== null) yield link('tasks', task, 'companies', companyId, false);
  }
  for (const activity of account.activities) {
    const object = OBJECTS[activity.kind];
    if (companyId !== null) yield link(object, activity, 'companies', companyId, false);
    yield* linksToContacts(object, activity, activity.contactKeys);
  }
}
