import type { CalendarDate, Instant } from '../../../src/core/model/calendar-date.ts';
import { addDays, calendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import type { Account, Activity, Contact, Deal, Ticket } from '../../../src/core/model/records.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';

/** Everything in these tests happens on this day, a Monday in Berlin. */
export const TODAY = calendarDate('2026-03-02');
const NOW = '2026-03-02T09:00:00.000Z';
const ID = toAccountId('100');

/** The calendar day so many days ago. */
export const dayAgo = (days: number): CalendarDate => addDays(TODAY, -days);
/** Eight in the morning UTC so many days ago. */
export const ago = (days: number): Instant => `${dayAgo(days)}T08:00:00.000Z`;

/** A customer of two years with EUR 48,000 a year, of which nothing else is known. */
export function account(more: Partial<Account> = {}): Account {
  return {
    id: ID,
    name: 'Acme',
    domain: 'acme.example',
    externalId: null,
    parentId: null,
    type: 'customer',
    segment: 'mid',
    lifecycle: null,
    industry: null,
    employees: null,
    region: null,
    ownerId: 'owner-1',
    csmId: null,
    customerSinceOn: dayAgo(730),
    liveOn: null,
    arr: money(48_000, 'EUR'),
    seatsPaid: null,
    seatsUsed: null,
    contractStartOn: null,
    renewalOn: null,
    autoRenew: null,
    noticeDays: null,
    termMonths: null,
    contractId: null,
    cancelledOn: null,
    overdueDays: null,
    csmPulse: null,
    csmPulseAt: null,
    override: null,
    createdAt: ago(730),
    modifiedAt: ago(1),
    ...more,
  };
}

export function contact(id: string, more: Partial<Contact> = {}): Contact {
  return {
    id,
    accountId: ID,
    email: `${id}@acme.example`,
    name: id,
    title: null,
    roles: [],
    status: 'active',
    departedAt: null,
    lastTwoWayAt: null,
    createdAt: ago(400),
    modifiedAt: ago(1),
    ...more,
  };
}

export function deal(id: string, outcome: 'open' | 'won' | 'lost', more: Partial<Deal> = {}): Deal {
  return {
    id,
    accountId: ID,
    name: id,
    pipeline: 'default',
    stage: { outcome, raw: outcome, label: outcome, probability: null },
    kind: null,
    amount: null,
    arr: null,
    closeOn: null,
    ownerId: null,
    termStartOn: null,
    termEndOn: null,
    termMonths: null,
    autoRenew: null,
    noticeDays: null,
    seats: null,
    contractId: null,
    priorContractId: null,
    lostReason: null,
    upliftPercent: null,
    contactIds: [],
    createdAt: null,
    modifiedAt: ago(1),
    ...more,
  };
}

export function ticket(id: string, more: Partial<Ticket> = {}): Ticket {
  return {
    id,
    accountId: ID,
    subject: null,
    openedAt: ago(100),
    closedAt: ago(99),
    isOpen: false,
    priority: 'medium',
    escalated: null,
    category: null,
    csat: null,
    modifiedAt: ago(1),
    ...more,
  };
}

export const openTicket = (id: string, daysOpen: number, more: Partial<Ticket> = {}): Ticket =>
  ticket(id, { openedAt: ago(daysOpen), closedAt: null, isOpen: true, priority: 'urgent', ...more });

/** A meeting that took place. */
export function meeting(id: string, daysAgo: number, contactIds: readonly string[] = []): Activity {
  return activity(id, daysAgo, { kind: 'meeting', direction: null, happened: true, contactIds });
}

/** A reply of the customer. */
export function activity(id: string, daysAgo: number, more: Partial<Activity> = {}): Activity {
  return {
    id,
    accountId: ID,
    contactIds: [],
    kind: 'email',
    at: ago(daysAgo),
    direction: 'inbound',
    happened: null,
    modifiedAt: ago(daysAgo),
    ...more,
  };
}

/** Nothing connected but the account itself, read this morning. */
export function snapshot(more: Partial<AccountSnapshot> = {}): AccountSnapshot {
  return {
    account: account(),
    contacts: null,
    deals: null,
    contracts: null,
    tickets: null,
    activities: null,
    usage: null,
    surveys: null,
    invoices: null,
    milestones: null,
    ownTasks: null,
    asOf: NOW,
    today: TODAY,
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    sources: { accounts: { readAt: NOW, error: null } },
    history: null,
    book: { medianHealth: null, meanCsat: null, accounts: 0, closedTerms: 0, churnedTerms: 0 },
    ...more,
  };
}

/** A customer in good shape by everything that a CRM tells; renewal in 200 days. */
export function healthyCustomer(more: Partial<AccountSnapshot> = {}): AccountSnapshot {
  return snapshot({
    account: account({ overdueDays: 0, csmPulse: 4, csmPulseAt: ago(10), renewalOn: addDays(TODAY, 200) }),
    contacts: [
      contact('Ana', { roles: ['champion'] }),
      contact('Bo', { roles: ['exec_sponsor'] }),
      contact('Cy'),
      contact('Di'),
    ],
    deals: [deal('first', 'won', { kind: 'new', closeOn: dayAgo(730) })],
    tickets: [ticket('t1', { openedAt: ago(60), closedAt: ago(59), csat: 5 })],
    activities: [
      meeting('m1', 5, ['Ana', 'Bo']),
      activity('e1', 12, { contactIds: ['Cy'] }),
      activity('e2', 20, { contactIds: ['Di'] }),
    ],
    ...more,
  });
}

/** The same snapshot seen so many days later, all sources read again. */
export function later(base: AccountSnapshot, days: number, more: Partial<AccountSnapshot> = {}): AccountSnapshot {
  const today = addDays(base.today, days);
  const asOf = `${today}T09:00:00.000Z`;
  return { ...base, today, asOf, sources: { accounts: { readAt: asOf, error: null } }, ...more };
}
