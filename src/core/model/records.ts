import type { RiskReason } from './assessment.ts';
import type { CalendarDate, Instant } from './calendar-date.ts';
import type { AccountId } from './ids.ts';
import type { Money } from './money.ts';

/**
 * Canonical records: ours, the same whichever CRM they came from. `null` means that the CRM holds no value (or one that
 * could not be read); it never means zero. Source: the product's canonical model, the parts that CRM records carry.
 */

export type Segment = 'enterprise' | 'mid' | 'smb';

export interface Account {
  readonly id: AccountId;
  readonly name: string | null;
  readonly domain: string | null;
  /** The customer's id in the product, where the CRM keeps it: usage and invoices name customers by it. */
  readonly externalId: string | null;
  readonly parentId: AccountId | null;
  readonly type: 'prospect' | 'customer' | 'churned' | 'partner' | 'other' | null;
  readonly segment: Segment | null;
  readonly lifecycle: 'onboarding' | 'steady' | 'renewal' | 'churned' | null;
  readonly industry: string | null;
  readonly employees: number | null;
  readonly region: string | null;
  /** Owner ids of the CRM. */
  readonly ownerId: string | null;
  readonly csmId: string | null;
  readonly customerSinceOn: CalendarDate | null;
  readonly liveOn: CalendarDate | null;
  readonly arr: Money | null;
  readonly seatsPaid: number | null;
  readonly seatsUsed: number | null;
  /** Names of the products that the customer owns, as the CRM shows them; absent or null where it does not tell. */
  readonly products?: readonly string[] | null;
  /** The contract as the company record states it, for CRMs without contracts. The end date is the renewal date. */
  readonly contractStartOn: CalendarDate | null;
  readonly renewalOn: CalendarDate | null;
  readonly autoRenew: boolean | null;
  readonly noticeDays: number | null;
  readonly termMonths: number | null;
  readonly contractId: string | null;
  /** The customer has said that it will not renew. */
  readonly cancelledOn: CalendarDate | null;
  /** A competitor that the customer talks to, and that their budget is cut or they are merged; absent where it is not told. */
  readonly competitor?: string | null;
  readonly budgetAtRisk?: boolean | null;
  readonly overdueDays: number | null;
  /** The last day of the card or mandate on file; absent where the CRM does not tell. */
  readonly paymentMethodEndsOn?: CalendarDate | null;
  /** When the company last raised money, and last bought another one; absent where the CRM does not tell. */
  readonly fundedOn?: CalendarDate | null;
  readonly acquisitionOn?: CalendarDate | null;
  /** What humans enter on our own fields. */
  readonly csmPulse: number | null;
  readonly csmPulseAt: Instant | null;
  readonly override: BandOverride | null;
  readonly createdAt: Instant | null;
  readonly modifiedAt: Instant;
}

export interface BandOverride {
  readonly band: 'green' | 'yellow' | 'red';
  readonly untilOn: CalendarDate | null;
  readonly by: string | null;
  readonly reason: string | null;
}

export type ContactRole = 'champion' | 'exec_sponsor' | 'economic_buyer' | 'admin' | 'user' | 'billing';

export interface Contact {
  readonly id: string;
  readonly accountId: AccountId | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly title: string | null;
  readonly roles: readonly ContactRole[];
  readonly status: 'active' | 'departed' | null;
  readonly departedAt: Instant | null;
  /** The company that they went to; absent where the CRM does not tell. */
  readonly newCompany?: string;
  /** The CRM's own roll-ups of customer-side contact, where it keeps them. */
  readonly lastTwoWayAt: Instant | null;
  readonly createdAt: Instant | null;
  readonly modifiedAt: Instant;
}

export type DealKind = 'new' | 'renewal' | 'upsell' | 'cross_sell' | 'downsell' | 'co_term' | 'other';

/** How somebody sees a renewal. */
export type RenewalCall = 'good' | 'at_risk' | 'monitor';

export interface Deal {
  readonly id: string;
  readonly accountId: AccountId | null;
  readonly name: string | null;
  readonly pipeline: string | null;
  /** Theirs beside ours: the outcome, the CRM's stage id and what its people call it. */
  readonly stage: {
    readonly outcome: 'open' | 'won' | 'lost';
    readonly raw: string;
    readonly label: string;
    readonly probability: number | null;
  } | null;
  readonly kind: DealKind | null;
  readonly amount: Money | null;
  readonly arr: Money | null;
  readonly closeOn: CalendarDate | null;
  readonly ownerId: string | null;
  /** The contract that the deal sells, where the deal carries it. */
  readonly termStartOn: CalendarDate | null;
  readonly termEndOn: CalendarDate | null;
  readonly termMonths: number | null;
  readonly autoRenew: boolean | null;
  readonly noticeDays: number | null;
  readonly seats: number | null;
  /** Names of what the deal sells; absent or null where the CRM does not tell. */
  readonly products?: readonly string[] | null;
  readonly contractId: string | null;
  readonly priorContractId: string | null;
  readonly lostReason: string | null;
  readonly upliftPercent: number | null;
  /** Why it was lost, coded; absent where the CRM does not tell. */
  readonly churnReason?: RiskReason | null;
  /** What people enter on our own fields: the CSM's view of the renewal, and the commit call. */
  readonly csmCall?: RenewalCall | null;
  readonly finalCall?: RenewalCall | null;
  readonly contactIds: readonly string[];
  readonly createdAt: Instant | null;
  readonly modifiedAt: Instant;
}

/** A contract of its own, in CRMs that keep them apart from accounts and deals. */
export interface Contract {
  readonly id: string;
  /** Absent for a contract proper; else what stands in for one: a subscription line, or an asset that runs out. */
  readonly keptAs?: 'subscription' | 'asset';
  readonly accountId: AccountId | null;
  readonly name: string | null;
  /** What was sold by it; absent or null where it does not tell. */
  readonly product?: string | null;
  readonly startOn: CalendarDate | null;
  readonly endOn: CalendarDate | null;
  readonly termMonths: number | null;
  readonly autoRenew: boolean | null;
  readonly noticeDays: number | null;
  readonly status: 'draft' | 'active' | 'ended' | 'cancelled' | null;
  readonly arr: Money | null;
  readonly seats: number | null;
  readonly ownerId: string | null;
  readonly modifiedAt: Instant;
}

export interface Ticket {
  readonly id: string;
  readonly accountId: AccountId | null;
  readonly subject: string | null;
  readonly openedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly isOpen: boolean | null;
  readonly priority: 'urgent' | 'high' | 'medium' | 'low' | null;
  readonly escalated: boolean | null;
  readonly category: string | null;
  /** 1 to 5. */
  readonly csat: number | null;
  readonly modifiedAt: Instant;
}

export interface Activity {
  readonly id: string;
  readonly accountId: AccountId | null;
  readonly contactIds: readonly string[];
  readonly kind: 'email' | 'call' | 'meeting' | 'note';
  readonly at: Instant | null;
  /** `inbound` when the customer acted: an e-mail received, a call taken in. */
  readonly direction: 'inbound' | 'outbound' | null;
  /** A meeting that took place, a call that was answered; null when the CRM does not say. */
  readonly happened: boolean | null;
  readonly modifiedAt: Instant;
}

/** A to-do in the CRM, ours or anybody's. */
export interface Task {
  readonly id: string;
  readonly accountId: AccountId | null;
  readonly subject: string | null;
  readonly isDone: boolean | null;
  readonly status: string | null;
  readonly dueAt: Instant | null;
  readonly ownerId: string | null;
  /** Our key, where the record carries it. */
  readonly key: string | null;
  /** What people enter on our own fields: until when the matter can wait, and why. */
  readonly snoozeUntilOn?: CalendarDate | null;
  readonly snoozeReason?: string | null;
  readonly modifiedAt: Instant;
}

/** A user of the CRM who can own records. */
export interface Owner {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly isActive: boolean;
  readonly timeZone: string | null;
  /** Owner id of whom they report to; absent where the CRM does not tell. */
  readonly managerId?: string | null;
}
