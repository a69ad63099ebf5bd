import type { CalendarDate, Instant } from './calendar-date.ts';
import type { AccountId } from './ids.ts';
import type { Account, Activity, Contact, Contract, Deal, Ticket } from './records.ts';

/** All that we know of one account at one moment. What a measure, signal or play may look at; nothing else. */
export interface AccountSnapshot {
  readonly account: Account;
  /** Null when the source is not connected or not granted; `[]` when it is and the account has none. */
  readonly contacts: readonly Contact[] | null;
  readonly deals: readonly Deal[] | null;
  readonly contracts: readonly Contract[] | null;
  readonly tickets: readonly Ticket[] | null;
  readonly activities: readonly Activity[] | null;
  readonly asOf: Instant;
  /** The day of `asOf` in the customer's time zone. */
  readonly today: CalendarDate;
  readonly timeZone: string;
  /** The customer's home currency, ISO 4217. */
  readonly currency: string;
  /** When each source was last read to the end, and what went wrong since; absent for sources not connected. */
  readonly sources: Readonly<Partial<Record<SourceName, SourceFreshness>>>;
  /** What earlier assessments of this account left behind; null at the first one. */
  readonly history: AccountHistory | null;
  /** What the whole book of accounts says, for shrinking and priors. */
  readonly book: BookFacts;
}

export type SourceName =
  'accounts' | 'contacts' | 'deals' | 'contracts' | 'tickets' | 'activities' | 'usage' | 'surveys' | 'billing';

export interface SourceFreshness {
  readonly readAt: Instant | null;
  readonly error: string | null;
}

/** What is carried from one assessment to the next. */
export interface AccountHistory {
  /** The newest day that was assessed, and the smoothed state at its end; a grey day leaves `ewma` as it was. */
  readonly lastOn: CalendarDate;
  readonly ewma: number | null;
  readonly band: 'green' | 'yellow' | 'red' | 'grey';
  readonly bandSinceOn: CalendarDate;
  /** Consecutive days below the worse edge and above the better edge, for hysteresis. */
  readonly daysWorse: number;
  readonly daysBetter: number;
  /** Daily scores of the last 28 days and a week more, oldest first; days without a score are absent. */
  readonly days: readonly { readonly on: CalendarDate; readonly score: number | null }[];
  /** Last good reading of each measure, for the rule that losing an input never raises a score. */
  readonly lastGood: Readonly<Record<string, { readonly value: number; readonly score: number; readonly at: Instant }>>;
  /** The band before `band`; null when it has never been another. */
  readonly previousBand?: AccountHistory['band'] | null;
  /** The state before `lastOn` began, so that a second assessment of a day replaces the first; null on the first day. */
  readonly dayBefore?: DayState | null;
  readonly held?: HeldFacts;
}

/** The smoothed score and the band at the end of one day. */
export interface DayState {
  readonly lastOn: CalendarDate;
  readonly ewma: number | null;
  readonly band: AccountHistory['band'];
  readonly bandSinceOn: CalendarDate;
  readonly previousBand: AccountHistory['band'] | null;
  readonly daysWorse: number;
  readonly daysBetter: number;
}

/** What an assessment remembers because the records may stop telling it: a lost source must never raise a score. */
export interface HeldFacts {
  /** Every source that was ever read for this account, in alphabetical order. */
  readonly seen: readonly SourceName[];
  /** The profile without its modifier, and the decision date, as last known while deals and contracts could be read. */
  readonly profile: string;
  readonly decisionOn: CalendarDate | null;
  /** Caps in force, with the day on which the records last told so. */
  readonly caps: readonly {
    readonly id: string;
    readonly limit: number;
    readonly because: string;
    readonly toldOn: CalendarDate;
  }[];
  /** The manual band as first seen, because the CRM does not tell when it was set. */
  readonly override: { readonly band: string; readonly reason: string; readonly sinceOn: CalendarDate } | null;
  /** Expansion signals and the day on which each was last true; they fade. */
  readonly signals: readonly {
    readonly id: string;
    readonly points: number;
    readonly because: string;
    readonly trueOn: CalendarDate;
  }[];
  /** Since when seat use has been at the first expansion threshold without a break; null when it is not. */
  readonly seatsHighSinceOn: CalendarDate | null;
}

export interface BookFacts {
  /** Median health of the account's segment; null until 30 accounts of it are scored. */
  readonly medianHealth: number | null;
  /** Mean ticket CSAT over the book; null without tickets. */
  readonly meanCsat: number | null;
  readonly accounts: number;
  /** Terms decided and churned in this segment so far. */
  readonly closedTerms: number;
  readonly churnedTerms: number;
}

/** Where a finding was read, so that a person can open it. */
export interface RecordRef {
  readonly kind: 'account' | 'contact' | 'deal' | 'contract' | 'ticket' | 'activity';
  readonly id: string;
}

export type AccountRef = { readonly id: AccountId; readonly name: string | null };
