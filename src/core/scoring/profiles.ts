import type { Dimension } from '../measures/measure.ts';
import type { Segment } from '../model/records.ts';

/** Points per dimension, 100 in all. A dimension with 0 takes no part. */
export type Weights = Readonly<Record<Dimension, number>>;

export const PROFILE_IDS = ['onboarding', 'renewal_window', 'low_touch', 'enterprise', 'crm_only', 'steady'] as const;
export type ProfileId = (typeof PROFILE_IDS)[number];

export interface ProfileConfiguration {
  /** The order in which profiles are tried: the first whose rule holds decides. One that is absent is never used. */
  readonly order: readonly ProfileId[];
  readonly weights: Readonly<Record<ProfileId, Weights>>;
  /** A customer is onboarding for so many days. */
  readonly onboardingDays: number;
  /** The renewal profile holds from so many days before the decision. */
  readonly windowDays: number;
  /** Annual value in major units of the home currency. */
  readonly lowTouchBelow: number;
  readonly enterpriseAbove: number;
  /** When the profile changes, its weights go over from the old one's to its own in so many days. */
  readonly blendDays: number;
}

/** What decides on the profile; null where it is not known. */
export interface ProfileFacts {
  readonly hasUsage: boolean;
  readonly isOnboarding: boolean | null;
  readonly daysSinceStart: number | null;
  /** Negative once the decision date is past; null for monthly terms, whose decision is always near. */
  readonly daysToDecision: number | null;
  /** Annual value in major units of the home currency. */
  readonly annualValue: number | null;
  readonly segment: Segment | null;
}

export interface Profile {
  readonly id: ProfileId;
  /** The id, and `+crm_only` where the usage share was moved to what the CRM tells. */
  readonly title: string;
  readonly weights: Weights;
}

/** Shares: practitioners put 30 to 35% on usage and half on activation in the first 90 days; all are hypotheses until validated. */
export const defaultProfileConfiguration: ProfileConfiguration = {
  order: PROFILE_IDS,
  weights: {
    onboarding: { usage: 25, relationship: 20, support: 10, sentiment: 5, commercial: 0, outcome: 40 },
    renewal_window: { usage: 30, relationship: 30, support: 10, sentiment: 10, commercial: 15, outcome: 5 },
    low_touch: { usage: 50, relationship: 5, support: 10, sentiment: 10, commercial: 20, outcome: 5 },
    enterprise: { usage: 25, relationship: 30, support: 15, sentiment: 10, commercial: 10, outcome: 10 },
    crm_only: { usage: 0, relationship: 35, support: 20, sentiment: 15, commercial: 25, outcome: 5 },
    steady: { usage: 35, relationship: 20, support: 15, sentiment: 10, commercial: 15, outcome: 5 },
  },
  onboardingDays: 90,
  windowDays: 120,
  lowTouchBelow: 10_000,
  enterpriseAbove: 100_000,
  blendDays: 14,
};

const RULES: Readonly<Record<ProfileId, (facts: ProfileFacts, configuration: ProfileConfiguration) => boolean>> = {
  onboarding: ({ isOnboarding, daysSinceStart }, { onboardingDays }) =>
    isOnboarding ?? (daysSinceStart !== null && daysSinceStart <= onboardingDays),
  renewal_window: ({ daysToDecision }, { windowDays }) => daysToDecision !== null && daysToDecision <= windowDays,
  low_touch: ({ annualValue, segment }, { lowTouchBelow }) =>
    annualValue === null ? segment === 'smb' : annualValue < lowTouchBelow,
  enterprise: ({ annualValue, segment }, { enterpriseAbove }) =>
    annualValue === null ? segment === 'enterprise' : annualValue > enterpriseAbove,
  crm_only: ({ hasUsage }) => !hasUsage,
  steady: () => true,
};

export function findProfileId(facts: ProfileFacts, configuration: ProfileConfiguration): ProfileId {
  return configuration.order.find((id) => RULES[id](facts, configuration)) ?? 'steady';
}

/** The profile's weights; without usage, its usage share goes to the other dimensions as `crm_only` shares them out. */
export function toProfile(id: ProfileId, hasUsage: boolean, configuration: ProfileConfiguration): Profile {
  const weights = configuration.weights[id];
  if (hasUsage || weights.usage === 0) return { id, title: id, weights };
  return { id, title: `${id}+crm_only`, weights: withoutUsage(weights, configuration.weights.crm_only) };
}

/** The outcome share stays: what a CRM tells says nothing of outcomes. */
function withoutUsage(weights: Weights, key: Weights): Weights {
  const total = key.relationship + key.support + key.sentiment + key.commercial;
  const share = (dimension: Dimension): number => weights[dimension] + (weights.usage * key[dimension]) / total;
  return {
    usage: 0,
    relationship: share('relationship'),
    support: share('support'),
    sentiment: share('sentiment'),
    commercial: share('commercial'),
    outcome: weights.outcome,
  };
}

/** The weights on the way from one profile to another; `share` is the new one's, 0 to 1. */
export function blended(from: Weights, to: Weights, share: number): Weights {
  const between = (dimension: Dimension): number => from[dimension] + (to[dimension] - from[dimension]) * share;
  return {
    usage: between('usage'),
    relationship: between('relationship'),
    support: between('support'),
    sentiment: between('sentiment'),
    commercial: between('commercial'),
    outcome: between('outcome'),
  };
}

/** The profile that an earlier title names, as it is configured now; null when there is none such any more. */
export function profileOfTitle(title: string, configuration: ProfileConfiguration): Profile | null {
  const [name = '', modifier] = title.split('+');
  const id = parseProfileId(name);
  return id === null ? null : toProfile(id, modifier !== 'crm_only', configuration);
}

/** A profile id that was stored by an earlier version may be gone; null then. */
export function parseProfileId(text: string): ProfileId | null {
  return PROFILE_IDS.find((id) => id === text) ?? null;
}
