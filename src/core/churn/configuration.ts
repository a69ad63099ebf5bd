import type { RiskReason } from '../model/assessment.ts';
import type { Segment } from '../model/records.ts';

export type EffectId =
  | 'champion_departed'
  | 'sponsor_changed'
  | 'competitor_named'
  | 'budget_at_risk'
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
  /** Days ahead for which the chance is told as well, the nearest first. */
  readonly horizons: readonly number[];
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
  /** Of an owner's accounts, this share and at least so many are called high; the others at high risk are medium. */
  readonly capacity: { readonly share: number; readonly least: number };
  /** Standard deviation of the rules' log-odds, beside what the number of closed terms leaves open. */
  readonly doubt: number;
  /** Standard deviations on either side of an interval: 1.2816 holds eight of ten. */
  readonly intervalWidth: number;
  readonly learning: LearningConfiguration;
  readonly reasons: {
    readonly measures: Readonly<Record<string, RiskReason>>;
    readonly effects: Readonly<Record<EffectId, RiskReason>>;
  };
  /** Share of such losses that an effort can avert. */
  readonly savability: Readonly<Record<RiskReason, number>>;
  /** So many accounts of the book get a rank for being saved first. */
  readonly ranked: number;
}

/** When and how the rules learn from the customer's own renewals (tier 1). */
export interface LearningConfiguration {
  readonly leastChurns: number;
  readonly leastTerms: number;
  /** One more feature is set free per so many churns, in the order of `features`; the others stay as the rules have them. */
  readonly churnsPerFeature: number;
  readonly features: readonly LearnedFeature[];
  /** How far a coefficient may be expected to lie from the rule's: a standard deviation, of health per ten points. */
  readonly priorSpread: number;
  /** How far calibration may be expected to lie from "as it is", slope 1 and shift 0: a standard deviation. */
  readonly calibrationSpread: number;
  readonly folds: number;
  /** Standard deviations on either side of what is told of the rate of loss and of the quality: 1.96 holds 19 of 20. */
  readonly intervalWidth: number;
  /** What was known so many days before the decision is what the model learns from. */
  readonly leadDays: number;
  /** An area under the curve above this is too good to be true. */
  readonly leakageAbove: number;
}

export type LearnedFeature = 'health' | 'sharp_decline' | 'champion_departed' | 'overdue' | 'first_renewal';

/** Yearly chance from a monthly one and back. */
const perYear = (monthly: number): number => 1 - (1 - monthly) ** 12;
const perMonth = (yearly: number): number => 1 - (1 - yearly) ** (1 / 12);

/**
 * Base rates: mid-points of published ranges (enterprise 7.5% and mid-market 15% a year, small business 4% a month).
 * Effects: half or less of published unadjusted ones (Sturdy: champion +1.77, sponsor +2.35), because health already
 * holds a part of them; those without a source are provisional.
 * Savability: a published range per kind of loss (involuntary 50 to 70%, avoidable 30 to 50%, inevitable below 10%).
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
    competitor_named: 0.7,
    budget_at_risk: 0.6,
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
  horizons: [30, 60, 90, 180],
  earlyEndPerMonth: 0.001,
  sponsorDays: 180,
  overdueDays: 30,
  urgentDays: 14,
  upliftPercent: 7,
  expandedDays: 180,
  firstTermDays: 60,
  risk: { highTimes: 2, highFrom: 0.2, mediumTimes: 1.25 },
  capacity: { share: 0.1, least: 3 },
  doubt: 0.5,
  intervalWidth: 1.2816,
  learning: {
    leastChurns: 20,
    leastTerms: 100,
    churnsPerFeature: 10,
    features: ['health', 'sharp_decline', 'champion_departed', 'overdue', 'first_renewal'],
    priorSpread: 0.5,
    calibrationSpread: 1,
    folds: 5,
    intervalWidth: 1.96,
    leadDays: 90,
    leakageAbove: 0.9,
  },
  reasons: {
    measures: {
      U1: 'adoption',
      U2: 'adoption',
      U3: 'adoption',
      U4: 'adoption',
      U5: 'adoption',
      R1: 'relationship',
      R2: 'relationship',
      R3: 'relationship',
      R4: 'relationship',
      S1: 'support',
      S2: 'support',
      S3: 'support',
      S4: 'support',
      N1: 'value',
      N2: 'relationship',
      C1: 'payment',
      C2: 'value',
      O1: 'onboarding',
      O2: 'value',
    },
    effects: {
      champion_departed: 'relationship',
      sponsor_changed: 'relationship',
      competitor_named: 'competitor',
      budget_at_risk: 'budget',
      downgrade_requested: 'value',
      overdue: 'payment',
      sharp_decline: 'unknown',
      urgent_ticket: 'support',
      price_uplift: 'price',
      first_renewal: 'unknown',
      auto_renew: 'unknown',
      expanded: 'unknown',
    },
  },
  savability: {
    payment: 0.6,
    closure: 0.6,
    onboarding: 0.4,
    adoption: 0.4,
    value: 0.4,
    product_gap: 0.4,
    support: 0.4,
    relationship: 0.4,
    price: 0.4,
    competitor: 0.4,
    strategy_change: 0.08,
    budget: 0.08,
    merger: 0.08,
    bad_fit: 0.08,
    unknown: 0.3,
  },
  ranked: 200,
};
