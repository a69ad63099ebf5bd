import type { Standing } from './assessment.ts';
import type { CalendarDate, Instant } from './calendar-date.ts';
import type { AccountId, TermId } from './ids.ts';
import type { EffectId } from '../churn/configuration.ts';
import type { ChurnModel } from '../churn/model.ts';
import type { ExpansionModel } from '../expansion/learn.ts';
import type { Money } from './money.ts';
import type { LedgerState } from '../plan/step.ts';
import type { Account, Activity, Contact, Contract, Deal, Ticket } from './records.ts';
import type { ToldFields } from '../scoring/as-told.ts';
import type { AccountUsage, Invoice, Milestone, SurveyResponse } from './signals.ts';

/** All that we know of one account at one moment. What a measure, signal or play may look at; nothing else. */
export interface AccountSnapshot {
  readonly account: Account;
  /** Fields of the account for which the CRM holds a value that cannot be read; absent for none. */
  readonly unreadable?: readonly string[];
  /** Null when the source is not connected or not granted; `[]` when it is and the account has none. */
  readonly contacts: readonly Contact[] | null;
  readonly deals: readonly Deal[] | null;
  readonly contracts: readonly Contract[] | null;
  readonly tickets: readonly Ticket[] | null;
  readonly activities: readonly Activity[] | null;
  /** From elsewhere than the CRM. Null when not connected; a usage without days means that this account has none. */
  readonly usage: AccountUsage | null;
  readonly surveys: readonly SurveyResponse[] | null;
  readonly invoices: readonly Invoice[] | null;
  readonly milestones: readonly Milestone[] | null;
  /** The tasks that we made for this account, as remembered; null when that is not known. */
  readonly ownTasks: readonly OwnTask[] | null;
  /** Renewal deals that Holdfast opened and nobody deleted; absent for none. */
  readonly ownDeals?: readonly OwnDeal[];
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
  /** What the last walk over the book said of this account beside the others; absent or null where it is nothing special. */
  readonly standing?: Standing | null;
}

export type SourceName =
  | 'accounts'
  | 'contacts'
  | 'deals'
  | 'contracts'
  | 'tickets'
  | 'activities'
  | 'usage'
  | 'surveys'
  | 'billing'
  | 'milestones';

/** `seats`: the seats that the account record states. `tasks`: our own tasks. */
export type SeenSource = SourceName | 'seats' | 'tasks';

/** A task of ours, the parts that a judgement may look at: what a person did with it, and by when it was due. */
export interface OwnTask {
  readonly play: string;
  readonly step: string;
  readonly termId: TermId | null;
  readonly dueOn: CalendarDate;
  readonly state: LedgerState;
  readonly createdAt: Instant;
  /** When its state was last seen to change. */
  readonly updatedAt: Instant;
}

/** A renewal deal that Holdfast opened, and the term that it was opened for. */
export interface OwnDeal {
  readonly dealId: string;
  readonly termId: TermId;
}

export interface SourceFreshness {
  readonly readAt: Instant | null;
  /** Until when nothing newer is expected, for a source that comes in files now and then; absent for all others. */
  readonly dueAt?: Instant;
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
  /** Daily scores for as long as trend and bands look back, and a week more, oldest first; days without a score are absent. */
  readonly days: readonly { readonly on: CalendarDate; readonly score: number | null }[];
  /** Last good reading of each measure, for the rule that losing an input never raises a score. */
  readonly lastGood: Readonly<Record<string, LastGood>>;
  /** The band before `band`; null when it has never been another. */
  readonly previousBand?: AccountHistory['band'] | null;
  /** The state before `lastOn` began, so that a second assessment of a day replaces the first; null on the first day. */
  readonly dayBefore?: DayState | null;
  readonly held?: HeldFacts;
  /** What each measure contributed, now and then, oldest first; for telling what moved. */
  readonly points?: readonly { readonly on: CalendarDate; readonly contributions: Readonly<Record<string, number>> }[];
  /** The score as it was so many days before a decision, per term: 90 by default. */
  readonly atT90?: readonly { readonly termId: TermId; readonly on: CalendarDate; readonly score: number }[];
}

export interface LastGood {
  readonly value: number;
  readonly score: number;
  /** Of what moment the reading tells. */
  readonly at: Instant;
  /** When it was last read without fault, where that was more than a day later. */
  readonly readAt?: Instant;
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
  readonly seen: readonly SeenSource[];
  /** Measures that did not apply, by id: one whose source is lost goes on not applying. */
  readonly inapplicable?: readonly string[];
  /** While the weights go over from another profile: its title, and the day on which it changed. */
  readonly blend?: { readonly from: string; readonly sinceOn: CalendarDate } | null;
  /** The number of employees as seen now and then, oldest first, for as long as growth is looked for. */
  readonly headcounts?: readonly { readonly on: CalendarDate; readonly employees: number }[];
  /** The contacts who were champions when they were last read, with the day on which each became one; null for those of the first day. */
  readonly champions?: readonly { readonly id: string; readonly sinceOn: CalendarDate | null }[];
  /** The profile without its modifier, and the decision date, as last known while deals and contracts could be read. */
  readonly profile: string;
  /** The profile with its modifier; absent from histories of an earlier version. */
  readonly profileTitle?: string;
  readonly decisionOn: CalendarDate | null;
  /** Caps in force, with the day on which the records last told so. */
  readonly caps: readonly {
    readonly id: string;
    readonly limit: number;
    readonly because: string;
    readonly toldOn: CalendarDate;
  }[];
  /** What the account said last of itself, in fields that may be lost; absent from histories of an earlier version. */
  readonly told?: ToldFields;
  /** The day of the first won deal; absent from histories of an earlier version. */
  readonly firstWonOn?: CalendarDate | null;
  /** The champion and the sponsor who left last; no id of one who was erased. Absent for none. */
  readonly departed?: readonly {
    readonly contactId: string | null;
    readonly role: 'champion' | 'exec_sponsor';
    readonly departedAt: Instant | null;
  }[];
  /** Effects on the chance of a loss, with the day on which the records last told so; absent from histories of an earlier version. */
  readonly effects?: readonly { readonly id: EffectId; readonly because: string; readonly toldOn: CalendarDate }[];
  /** The manual band as first seen, because the CRM does not tell when it was set; `reason` is `price: The note`. */
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
  /** Which records have ever named a product that the account owns; absent for none. */
  readonly productsToldBy?: readonly ProductTeller[];
}

export type ProductTeller = 'account' | 'contracts' | 'deals';

/** What the last walk over the book found among the customers that are like this one, itself among them. */
export interface PeerFacts {
  /** Customers whose products are known. */
  readonly accounts: number;
  /** Their median number of employees. */
  readonly employees: number;
  /** The most owned first. */
  readonly products: readonly PeerProduct[];
}

export interface PeerProduct {
  readonly name: string;
  readonly owners: number;
  /** Owners whose contracts tell what they pay for it in a year, and the median of that in the home currency. */
  readonly priced: number;
  readonly medianArr: Money | null;
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
  /** What was learned from the customer's own terms; absent or null while there are too few. */
  readonly churnModel?: ChurnModel | null;
  /** What was learned from the expansions that the customer won; absent or null before anything was looked at. */
  readonly expansionModel?: ExpansionModel | null;
  /** What was said before has been held against how it went, and stood; absent before it was. */
  readonly isValidated?: boolean;
  /** Absent or null where the account's size is not known, or nobody like it is. */
  readonly peers?: PeerFacts | null;
}

/** Where a finding was read, so that a person can open it. */
export interface RecordRef {
  readonly kind: 'account' | 'contact' | 'deal' | 'contract' | 'ticket' | 'activity';
  readonly id: string;
}

export type AccountRef = { readonly id: AccountId; readonly name: string | null };
