import type { Segment } from '../model/records.ts';

export type EffectId =
  | 'champion_departed'
  | 'sponsor_changed'
  | 'downgrade_requested'
  | 'overdue'
  | 'sharp_decline'
  | 'urgent_ticket'
  | 'price_uplift'
  | 'first_renewal'
  | 'auto_renew'
  | 'expanded';

/** Every number of the churn probability. Probabilities are 0 to 1, effects are log-odds. */
export interface ChurnConfiguration {
  /** Chance that a term is not renewed, by segment. */
  readonly perTerm: Readonly<Record<Segment, number>>;
  /** The same per month, for monthly terms. */
  readonly perMonth: Readonly<Record<Segment, number>>;
  /** The prior counts as so many terms of the customer's own book. */
  readonly priorTerms: number;
  /** Log-odds per health point below `pivot`. */
  readonly perHealthPoint: number;
  readonly pivot: number;
  readonly effects: Readonly<Record<EffectId, number>>;
  /** The sum of the effects is held within plus and minus this. */
  readonly effectLimit: number;
  readonly lowest: number;
  readonly highest: number;
  /** With a cancellation notice. */
  readonly cancelled: number;
  readonly horizonDays: number;
  /** Chance per month that a contract ends before its time. */
  readonly earlyEndPerMonth: number;
  readonly sponsorDays: number;
  readonly overdueDays: number;
  readonly urgentDays: number;
  readonly upliftPercent: number;
  readonly expandedDays: number;
  /** A term that starts within so many days of the relationship is its first. */
  readonly firstTermDays: number;
  /** High from the larger of `highTimes` × base and `highFrom`; medium from `mediumTimes` × base. */
  readonly risk: { readonly highTimes: number; readonly highFrom: number; readonly mediumTimes: number };
}

/** Yearly chance from a monthly one and back. */
const perYear = (monthly: number): number => 1 - (1 - monthly) ** 12;
const perMonth = (yearly: number): number => 1 - (1 - yearly) ** (1 / 12);

/**
 * Base rates: mid-points of published ranges (enterprise 7.5% and mid-market 15% a year, small business 4% a month).
 * Effects: half or less of published unadjusted ones (Sturdy: champion +1.77, sponsor +2.35), because health already
 * holds a part of them; those without a source are provisional.
 */
export const defaultChurnConfiguration: ChurnConfiguration = {
  perTerm: { enterprise: 0.075, mid: 0.15, smb: perYear(0.04) },
  perMonth: { enterprise: perMonth(0.075), mid: perMonth(0.15), smb: 0.04 },
  priorTerms: 50,
  perHealthPoint: 0.035,
  pivot: 70,
  effects: {
    champion_departed: 0.9,
    sponsor_changed: 1.1,
    downgrade_requested: 0.7,
    overdue: 0.5,
    sharp_decline: 0.4,
    urgent_ticket: 0.4,
    price_uplift: 0.3,
    first_renewal: 0.3,
    auto_renew: -0.5,
    expanded: -0.4,
  },
  effectLimit: 2,
  lowest: 0.02,
  highest: 0.97,
  cancelled: 0.97,
  horizonDays: 90,
  earlyEndPerMonth: 0.001,
  sponsorDays: 180,
  overdueDays: 30,
  urgentDays: 14,
  upliftPercent: 7,
  expandedDays: 180,
  firstTermDays: 60,
  risk: { highTimes: 2, highFrom: 0.2, mediumTimes: 1.25 },
};
