import type { Dimension } from '../measures/measure.ts';
import type { CalendarDate, Instant } from './calendar-date.ts';
import type { AccountId, TermId } from './ids.ts';
import type { Money } from './money.ts';
import type { ContactRole, RenewalCall } from './records.ts';
import type { AccountHistory, DayState, RecordRef } from './snapshot.ts';

/** Everything that the core says of one account at one moment: what is stored, shown and written back. */
export interface Assessment {
  readonly accountId: AccountId;
  readonly asOf: Instant;
  /** Model and configuration, `HF-Health v1 / default 1`. */
  readonly modelVersion: string;
  /** The oldest of the sources that were used; null when nothing was read. */
  readonly dataAsOf: Instant | null;
  readonly health: Health;
  readonly churn: Churn;
  readonly renewal: Renewal;
  readonly expansion: Expansion;
  readonly people: People;
  readonly place: AccountPlace;
  /** What the account is beside the others; null until the whole book was walked, and where it is nothing special. */
  readonly standing: Standing | null;
  /** State for the next assessment. */
  readonly history: AccountHistory;
}

export interface People {
  readonly champion: 'active' | 'quiet' | 'departed' | 'replaced' | 'unknown';
  /** The newest contact in which the customer took part. */
  readonly lastTwoWayAt: Instant | null;
  /** Contacts with a role, in the order of their ids; absent from assessments of an earlier version. */
  readonly stakeholders?: readonly Stakeholder[];
}

export interface Stakeholder {
  readonly contactId: string;
  /** Of several roles the one that weighs most. */
  readonly role: ContactRole;
  readonly status: 'active' | 'quiet' | 'departed' | 'unknown';
  readonly lastTwoWayAt: Instant | null;
}

/** Where the account belongs in the book of accounts. */
export interface AccountPlace {
  readonly parentId: AccountId | null;
  /** Who looks after it: its customer success manager, else its owner. */
  readonly ownerId: string | null;
  /** Recurring revenue of a year, in the home currency where its rate is known. */
  readonly revenue: Money | null;
}

/** What only the whole book of accounts can tell of one of them. */
export interface Standing {
  /** 1 is the account to save first; null when it is not among those that are ranked. */
  readonly savePriority: number | null;
  /** More of the owner's accounts are at high risk than the owner has hands for, and others come first. */
  readonly isBeyondCapacity: boolean;
  /** The owner has more hot accounts than can be followed up, and others are worth more. */
  readonly isBeyondBest: boolean;
  /** Health with the accounts below it; null for an account without any. */
  readonly rollUp: RollUp | null;
}

export interface RollUp {
  readonly method: 'arr_weighted' | 'mean' | 'worst' | 'parent_only';
  /** 0 to 100, one decimal; null when nothing under it has a score. */
  readonly score: number | null;
  readonly band: Band;
  /** Accounts under it, at any depth, with a score. */
  readonly accounts: number;
  readonly because: string;
  /** Absent where no account under it counts, and from standings of an earlier version. */
  readonly course?: RollUpCourse;
}

/** How a roll-up has come to what it is. The account's own course is in `history`, and goes on from itself alone. */
export interface RollUpCourse {
  /** The day on which a walk over the book last changed it. */
  readonly on: CalendarDate;
  /** The first day on which others counted, at the earliest. */
  readonly bandSinceOn: CalendarDate;
  /** As in `Health`. */
  readonly trend: Trend | null;
  readonly delta28d: number | null;
  /** Each score with the day that brought it, for as long as the trend looks back, oldest first. */
  readonly days: AccountHistory['days'];
  /** What the next day's band goes on from. Absent from standings of an earlier version. */
  readonly state?: DayState;
  /** How it was before `on` began, so that a second walk of a day replaces the first; null on the first day. */
  readonly before: {
    readonly band: Band;
    readonly bandSinceOn: CalendarDate;
    readonly state?: DayState | undefined;
  } | null;
}

export type Band = 'green' | 'yellow' | 'red' | 'grey';
export type Trend = 'improving' | 'stable' | 'declining' | 'sharp_decline';
export type Confidence = 'high' | 'medium' | 'low' | 'none';

export interface Health {
  /** 0 to 100 after shrinking, caps and smoothing, one decimal; null when the band is grey. */
  readonly score: number | null;
  /** Weighted mean before shrinking and caps; null without any reading. */
  readonly raw: number | null;
  readonly band: Band;
  readonly bandSinceOn: CalendarDate;
  readonly previousBand: Band | null;
  /** Null while there is too little to compare with, and without a score. */
  readonly trend: Trend | null;
  /** Change against 28 days ago; null without a score then. */
  readonly delta28d: number | null;
  readonly profile: string;
  /** 0 to 1: the weight of the measures that could be read. */
  readonly coverage: number;
  readonly confidence: Confidence;
  readonly dimensions: Readonly<Partial<Record<Dimension, number>>>;
  readonly caps: readonly { readonly id: string; readonly limit: number; readonly because: string }[];
  /** Every measure, the strongest effect first. */
  readonly drivers: readonly Driver[];
  /** What moved most over 28 days, the largest change first. */
  readonly movers: readonly Mover[];
  /** The short answer to "why": two or three sentences, at most 255 characters. */
  readonly reason: string;
  /** The band that a person set by hand, while it is in force. */
  readonly override: HealthOverride | null;
  /** Why a band that was set by hand is not in force, and what to do about it; absent where nothing is wrong. */
  readonly overrideProblem?: string;
}

export interface HealthOverride {
  readonly band: 'green' | 'yellow' | 'red';
  /** The last day on which it holds. */
  readonly untilOn: CalendarDate;
  /** Reason, note and who, for a sentence. */
  readonly because: string;
  /** Of the reason. */
  readonly code: string;
  readonly note: string;
  /** As the CRM's field says it. */
  readonly by: string | null;
}

/** A measure whose part in the score has changed most. */
export interface Mover {
  readonly measure: string;
  readonly title: string;
  /** Points of the score won or lost by it since `sinceOn`, one decimal. */
  readonly change: number;
  readonly sinceOn: CalendarDate;
  /** What it says today. */
  readonly because: string;
}

export interface Driver {
  readonly measure: string;
  readonly title: string;
  readonly dimension: Dimension;
  readonly state: 'ok' | 'stale' | 'na' | 'missing' | 'error';
  readonly value: number | null;
  readonly score: number | null;
  /** Share of the whole score, 0 to 1. */
  readonly weight: number;
  /** weight × (score − 60): points for or against. */
  readonly contribution: number;
  readonly because: string;
  readonly evidence: readonly RecordRef[];
  readonly at: Instant | null;
}

export type RiskLevel = 'high' | 'medium' | 'low' | 'unknown';

/** Why an account would be lost, grouped by how much can be done about it. */
export type RiskReason =
  | 'payment'
  | 'closure'
  | 'onboarding'
  | 'adoption'
  | 'value'
  | 'product_gap'
  | 'support'
  | 'relationship'
  | 'price'
  | 'competitor'
  | 'strategy_change'
  | 'budget'
  | 'merger'
  | 'bad_fit'
  | 'unknown';

export interface Churn {
  /** 0 to 1 within 90 days. Null when there is nothing to go on. */
  readonly probability90d: number | null;
  /** Eight times in ten the chance should lie in here. Null without a chance, and once notice was given. */
  readonly interval90d: { readonly low: number; readonly high: number } | null;
  /** The same within other spans, the nearest first; absent from assessments of an earlier version. */
  readonly horizons?: readonly { readonly days: number; readonly probability: number }[];
  /** If the account is lost, it is lost in so many months, one decimal. Null without a date; absent as above. */
  readonly monthsToLoss?: number | null;
  /** 0 to 1 that the next decision goes against us, whenever it falls; over the horizon for monthly contracts. */
  readonly atDecision: number | null;
  /** Within the owner's capacity; `riskAlone` is what the account alone deserves. */
  readonly risk: RiskLevel;
  readonly riskAlone: RiskLevel;
  readonly status: 'cold_start' | 'calibrating' | 'validated' | 'degraded';
  /** In the home currency where the rate is known. */
  readonly arrAtRisk: Money | null;
  /** Revenue at risk × the share of such losses that can be averted: what an effort to save the account is worth. */
  readonly saveValue: Money | null;
  /** What weighs most; null while the risk is low. */
  readonly reason: RiskReason | null;
  /** The named effects on top of the health score, strongest first. */
  readonly because: readonly string[];
}

export type RenewalType = 'manual' | 'auto_renew' | 'multi_year' | 'co_term' | 'monthly';
export type RenewalStatus = 'not_due' | 'in_window' | 'on_track' | 'late' | 'at_risk' | 'renewed' | 'lost';

export interface Renewal {
  /** Every term we know, the next decision first, ended ones last. */
  readonly terms: readonly Term[];
  /** The open term whose decision comes next; null when no end date is known. */
  readonly next: Term | null;
  readonly status: RenewalStatus | null;
  /** What keeps a date from being trusted: `no end date on company or deals`. */
  readonly gaps: readonly string[];
  /** Of terms that are open or were decided not long ago; absent from assessments of an earlier version. */
  readonly progress?: readonly TermProgress[];
}

/** Where the renewal of one term stands, as its deal shows it. */
export interface TermProgress {
  readonly termId: TermId;
  /** The outcome is final: what the deal showed until then stays. */
  readonly isSettled: boolean;
  readonly calls: RenewalCalls;
  readonly category: ForecastCategory;
  /** The step of the cadence that is next, `R3`; null where no step is ahead. */
  readonly step: RenewalStep | null;
  /** Steps whose tasks are overdue. */
  readonly stepsLate: number;
  readonly nextAction: { readonly title: string; readonly dueOn: CalendarDate } | null;
  /** The last invoice day before the end; null without invoices. */
  readonly paperDeadlineOn: CalendarDate | null;
  /** The health score of so many days before the decision (90 by default); null before that day, and where nobody looked then. */
  readonly healthAtT90: number | null;
  /** Null until it is settled. */
  readonly result: TermResult | null;
}

/** What people and the system say of a renewal. */
export interface RenewalCalls {
  /** By the risk: high is `at_risk`, medium `monitor`, low `good`; null while the risk is not known. */
  readonly system: RenewalCall | null;
  readonly csm: RenewalCall | null;
  /** The commit call is good or at risk: `monitor` does not count and is null here. */
  readonly final: Exclude<RenewalCall, 'monitor'> | null;
  /** One of people and system says good and the other at risk. Of people the final call counts where there is one. */
  readonly disagree: boolean;
}

export type ForecastCategory = 'omitted' | 'pipeline' | 'best_case' | 'most_likely' | 'commit' | 'closed';
export type RenewalStep = 'R0' | 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'R9' | 'A1' | 'A2';

export interface TermResult {
  /** Null where it was renewed and the amounts do not tell how. */
  readonly outcome: 'renewed_flat' | 'renewed_up' | 'renewed_down' | 'churned' | 'superseded' | null;
  /** When it was signed: before its window, in time, or after the end. Null where nothing was signed. */
  readonly timing: 'early' | 'on_time' | 'late' | null;
  readonly churn: { readonly type: ChurnType; readonly reason: RiskReason } | null;
}

/** `involuntary`: not wanted by anybody. `avoidable`: we could have kept them. `inevitable`: nothing would have helped. */
export type ChurnType = 'involuntary' | 'avoidable' | 'inevitable' | 'unknown';

/** One contract period that ends in a renewal decision. */
export interface Term {
  readonly id: TermId;
  readonly startOn: CalendarDate | null;
  /** The last day of the contract: the renewal date. */
  readonly endOn: CalendarDate;
  /** The last day on which the customer can decide: end − notice. */
  readonly decisionOn: CalendarDate;
  readonly noticeDays: number;
  /** True when the notice was assumed, not read. */
  readonly noticeAssumed: boolean;
  readonly type: RenewalType;
  readonly targetArr: Money | null;
  readonly outcome: 'open' | 'renewed' | 'churned' | 'superseded';
  /** The deal that renews it, where one exists. */
  readonly renewalDealId: string | null;
  /** The contract that ends with it, as its records name it; absent from assessments of an earlier version. */
  readonly contractId?: string | null;
  /** Where the end date was found, in words: `company property renewal_date`. */
  readonly source: string;
  readonly evidence: readonly RecordRef[];
  /** The contracts that are renewed together in it, the first to end first; absent where there is only one. */
  readonly parts?: readonly Pick<Term, 'source' | 'endOn' | 'targetArr'>[];
  /** The term that leads where several are, or were, renewed together; absent from that one, and where there is only one. */
  readonly renewedWith?: TermId;
}

export type ExpansionBand = 'hot' | 'warm' | 'cold' | 'blocked';

export interface Expansion {
  readonly score: number;
  /** Among the owner's best; `bandAlone` is what the account alone deserves. */
  readonly band: ExpansionBand;
  readonly bandAlone: ExpansionBand;
  readonly signals: readonly {
    readonly id: string;
    readonly points: number;
    readonly because: string;
    readonly evidence: readonly RecordRef[];
  }[];
  /** The guard that stands in the way, in words; null when none does. */
  readonly blocker: string | null;
  readonly expectedValue: Money | null;
  /** Open deals that would expand the account, by id; absent from assessments of an earlier version. */
  readonly deals?: readonly ExpansionDeal[];
  /** Whether the chance behind `expectedValue` was learned from the customer's own expansions; absent as above. */
  readonly status?: 'provisional' | 'calibrated';
  /** 0 to 1 within so many days; absent until it was learned: until then the score only ranks. */
  readonly chance?: { readonly probability: number; readonly days: number };
  /** Expansions that were won, by deal; absent for none, and where deals cannot be read. */
  readonly won?: readonly WonExpansion[];
}

export interface WonExpansion {
  readonly dealId: string;
  readonly wonOn: CalendarDate;
}

export interface ExpansionDeal {
  readonly dealId: string;
  /** What more they would buy; null where neither the deal nor a signal tells. */
  readonly type: 'seats' | 'usage' | 'tier' | 'cross_sell' | 'price' | null;
}
