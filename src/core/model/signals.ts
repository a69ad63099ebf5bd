import type { CalendarDate, Instant } from './calendar-date.ts';
import type { AccountId } from './ids.ts';
import type { Money } from './money.ts';

/**
 * What reaches us from elsewhere than the CRM: product usage, surveys, invoices, milestones. Kept as daily sums or as
 * single answers; events themselves are not.
 */

/** One account's usage on one day, over all its users. Days without events are absent, which is not zero users. */
export interface UsageDay {
  readonly on: CalendarDate;
  /** Distinct users with at least one event that day. */
  readonly activeUsers: number;
  readonly events: number;
  /** Events that the configuration calls key actions. */
  readonly keyActions: number;
  /** Distinct users with at least one key action. */
  readonly keyUsers: number;
  /** Feature → events. */
  readonly features: Readonly<Record<string, number>>;
  /** Metric → amount used that day; for stocks (storage, contacts) the newest value of the day. */
  readonly metered: Readonly<Record<string, number>>;
  /** Department → distinct active users. */
  readonly departments: Readonly<Record<string, number>>;
  /** Gated feature → distinct users who hit its gate. */
  readonly gates: Readonly<Record<string, number>>;
  /** Visits of pricing and billing pages. */
  readonly pricingVisits: number;
}

export interface AccountUsage {
  /** As many days as the configuration looks back, the oldest first; how far back usage is kept at all, `firstOn` tells. */
  readonly days: readonly UsageDay[];
  /**
   * Distinct users over windows that daily sums cannot tell, ending on the last day that usage covers: the recent and the
   * active window, and as many days before the active one. How long they are says `usage.windows` of the configuration; the
   * names tell what they are by default.
   */
  readonly users14d: number;
  readonly keyUsers14d: number;
  readonly users28d: number;
  readonly usersPrior28d: number;
  /** The days of the active window a season before; null where usage does not go back far enough. */
  readonly users28dLastYear: number | null;
  readonly lastActiveAt: Instant | null;
  readonly firstOn: CalendarDate | null;
  readonly limits: readonly { readonly metric: string; readonly limit: number }[];
  /** Metrics whose daily amounts add up over a cycle; of all others the newest value holds. Absent when nobody told. */
  readonly summed?: readonly string[];
  /** Gated feature → distinct users who met its gate in 30 days; absent where only the daily numbers are known. */
  readonly gateUsers30d?: Readonly<Record<string, number>>;
  /** Features that the account has licensed and that count as core; null when nobody told. */
  readonly coreFeatures: readonly string[] | null;
}

export interface SurveyResponse {
  readonly id: string;
  readonly accountId: AccountId;
  readonly contactEmail: string | null;
  readonly kind: 'nps' | 'csat' | 'ces' | 'pulse';
  readonly score: number;
  readonly comment: string | null;
  readonly at: Instant;
}

export interface Invoice {
  readonly id: string;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly issuedOn: CalendarDate | null;
  readonly dueOn: CalendarDate;
  readonly paidOn: CalendarDate | null;
  /** When an attempt to collect it failed, the newest. */
  readonly failedAt: Instant | null;
}

/** A step of onboarding or a goal of a success plan. */
export interface Milestone {
  readonly id: string;
  readonly accountId: AccountId;
  readonly kind: 'onboarding' | 'goal';
  readonly title: string;
  readonly dueOn: CalendarDate | null;
  readonly doneOn: CalendarDate | null;
}
