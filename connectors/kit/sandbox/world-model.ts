import type { Instant } from '../../contract/record.ts';
import type { Day } from './world-days.ts';
import type { WorldWorkspace } from './world-usage.ts';

/**
 * A made-up business whose customers a sandbox CRM holds, in no CRM's words, so that every sandbox can tell the same
 * customers. `null` means that nobody filled the field in.
 */
export interface World {
  readonly now: Instant;
  /** The day of `now` in `timeZone`; all dates of the world hang on it. */
  readonly today: Day;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217, as are `otherCurrencies`. */
  readonly homeCurrency: string;
  readonly otherCurrencies: readonly string[];
  readonly owners: readonly WorldOwner[];
  /** By rising key. May be made anew at each iteration, always the same, so that a large world need not fit in memory. */
  readonly accounts: Iterable<WorldAccount>;
  /** What their product saw of its customers, one after another; made anew at each iteration, like the accounts. */
  readonly usage: Iterable<WorldWorkspace>;
  /** What is known of some of the accounts beforehand, in the order of their keys. */
  readonly stories: readonly Story[];
}

/** What every record has. Moments are epoch milliseconds, never after the world's `now`. */
interface WorldRecord {
  /** Unique among the records of one kind, from 1. */
  readonly key: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When it was moved to the CRM's bin; null while it is alive. */
  readonly deletedAt: number | null;
}

export interface WorldOwner {
  readonly key: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** Has left the company, and may still own records. */
  readonly isArchived: boolean;
}

/** A company, with all that belongs to it. */
export interface WorldAccount extends WorldRecord {
  readonly name: string;
  readonly domain: string | null;
  readonly industry: string | null;
  readonly employees: number | null;
  readonly region: string | null;
  readonly status: 'prospect' | 'customer' | 'former' | null;
  readonly segment: 'enterprise' | 'mid' | 'smb' | null;
  readonly parentKey: number | null;
  readonly ownerKey: number | null;
  readonly csmKey: number | null;
  /** The running contract as the company record states it. */
  readonly termStartOn: Day | null;
  /** Last day of the running contract. */
  readonly renewalOn: Day | null;
  readonly termMonths: number | null;
  readonly autoRenew: boolean | null;
  readonly noticeDays: number | null;
  /** Major units of the home currency, a year. */
  readonly arr: number | null;
  readonly seatsPurchased: number | null;
  readonly seatsUsed: number | null;
  readonly cancelledOn: Day | null;
  readonly daysOverdue: number | null;
  /** Keys of accounts that were merged into this one and are gone. */
  readonly mergedKeys: readonly number[];
  readonly contacts: readonly WorldContact[];
  readonly deals: readonly WorldDeal[];
  readonly tickets: readonly WorldTicket[];
  readonly tasks: readonly WorldTask[];
  readonly activities: readonly WorldActivity[];
}

export type WorldRole = 'champion' | 'exec_sponsor' | 'economic_buyer' | 'admin' | 'user' | 'billing';

export interface WorldContact extends WorldRecord {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | null;
  readonly title: string | null;
  readonly role: WorldRole | null;
  /** Somebody ticked that the person has left; null when nobody looked. */
  readonly hasLeft: boolean | null;
  /** E-mails to the person come back. */
  readonly bounces: boolean;
  /** Keys of further accounts that the person belongs to. */
  readonly alsoAtKeys: readonly number[];
  readonly mergedKeys: readonly number[];
}

export interface WorldDeal extends WorldRecord {
  readonly name: string;
  readonly kind: 'new' | 'renewal' | 'upsell';
  readonly outcome: 'open' | 'won' | 'lost';
  /** How far an open deal has come, 0 to 1. */
  readonly progress: number;
  /** Major units of `currency`: the value of the whole term. */
  readonly amount: number | null;
  /** Major units of `currency`, a year. */
  readonly arr: number | null;
  /** ISO 4217. */
  readonly currency: string;
  readonly seats: number | null;
  /** Epoch milliseconds; expected while the deal is open. */
  readonly closeAt: number | null;
  readonly ownerKey: number | null;
  readonly termStartOn: Day | null;
  readonly termEndOn: Day | null;
  readonly autoRenew: boolean | null;
  readonly noticeDays: number | null;
  readonly lostReason: string | null;
  readonly contactKeys: readonly number[];
  /** False for a deal that nobody linked to its company. */
  readonly isLinked: boolean;
}

export interface WorldTicket extends WorldRecord {
  readonly subject: string;
  readonly priority: 'low' | 'medium' | 'high' | 'urgent' | null;
  readonly category: 'product' | 'billing' | 'feature' | 'general' | null;
  /** Epoch milliseconds, as is `closedAt`; null while it is open. */
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** 1 to 5. */
  readonly csat: number | null;
  readonly ownerKey: number | null;
  readonly contactKeys: readonly number[];
}

/** A to-do that a human made. */
export interface WorldTask extends WorldRecord {
  readonly subject: string;
  readonly isDone: boolean;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly priority: 'low' | 'medium' | 'high' | null;
  readonly ownerKey: number | null;
}

export interface WorldActivity extends WorldRecord {
  readonly kind: 'email' | 'call' | 'meeting' | 'note';
  /** Epoch milliseconds; of a planned meeting it lies ahead. */
  readonly at: number;
  /** `inbound` when the customer acted; null for meetings and notes. */
  readonly direction: 'inbound' | 'outbound' | null;
  /** `missed`: nobody answered the call or came to the meeting. */
  readonly outcome: 'happened' | 'missed' | 'cancelled' | 'planned';
  readonly title: string;
  readonly ownerKey: number | null;
  readonly contactKeys: readonly number[];
}

/** Room for the records of one kind under one account: their keys are `account key × KEYS_PER_ACCOUNT + place`. */
export const KEYS_PER_ACCOUNT = 1_000;

/** Keys from here on belong to records that were merged away. */
export const MERGED_KEYS_FROM = 1_000_000_000;

/** Account keys end here, so that the keys of what hangs on them stay below `MERGED_KEYS_FROM`. */
export const MOST_ACCOUNTS = 999_000;

/** A customer of the world whose story is known. */
export interface Story {
  /** The account's name in the CRM. */
  readonly account: string;
  /** What happened there, in one or two sentences. */
  readonly story: string;
  /** What a customer success manager should see. */
  readonly expect: StoryExpectation;
}

export interface StoryExpectation {
  /** The bands that fit the story. */
  readonly bands: readonly ('green' | 'yellow' | 'red')[];
  /**
   * Days from the world's today to the end of the next open term, negative when it has passed; null when none is known
   * or the customer has already decided to leave.
   */
  readonly renewalInDays: number | null;
  /** Days to the last day on which the customer can decide: the renewal less the notice. */
  readonly decisionInDays: number | null;
  /** What should be told, in words. */
  readonly sees: string;
}
