import { z } from 'zod';
import { MOST_CUSTOM_MEASURES } from '../measures/custom-measure.ts';
import type { Dimension } from '../measures/measure.ts';
import type { MeasureConfiguration } from '../measures/index.ts';
import type { SourceName } from '../model/snapshot.ts';
import type { HealthConfiguration } from '../scoring/configuration.ts';
import { LONGEST_TITLE } from '../scoring/override-reasons.ts';
import { PROFILE_IDS } from '../scoring/profiles.ts';
import {
  change,
  count,
  curve,
  days,
  homeAmount,
  name,
  points,
  positive,
  score,
  segment,
  share,
  someCount,
  someDays,
  text,
} from './values.ts';

const dimension = z.enum([
  'usage',
  'relationship',
  'support',
  'sentiment',
  'commercial',
  'outcome',
] as const satisfies readonly Dimension[]);

const source = z.enum([
  'accounts',
  'contacts',
  'deals',
  'contracts',
  'tickets',
  'activities',
  'usage',
  'surveys',
  'billing',
  'milestones',
] as const satisfies readonly SourceName[]);

const weight = share;
const byCurve = z.strictObject({ weight, breakpoints: curve });

const customMeasure = z.strictObject({
  id: name.regex(/^X-[\w-]{1,30}$/, { error: "must begin with 'X-': X-exports" }),
  title: text.max(80, { error: 'must be at most 80 characters long' }),
  dimension,
  weight,
  of: z.union([
    z.strictObject({ kind: z.literal('feature'), feature: name }),
    z.strictObject({ kind: z.literal('metric'), metric: name }),
    z.strictObject({ kind: z.literal('events') }),
  ]),
  as: z.enum(['sum', 'newest', 'change']),
  windowDays: someDays,
  breakpoints: curve,
});

const measures = z.strictObject({
  seatUse: byCurve.extend({
    onboarding: z.array(z.strictObject({ belowDays: someDays, breakpoints: curve })),
  }),
  usageChange: byCurve.extend({ leastKeyActions: count }),
  lastUse: byCurve,
  coreFeatures: byCurve.extend({ windowDays: someDays, features: z.array(name) }),
  keyAction: byCurve.extend({ seenDays: someDays }),
  lastContact: byCurve.extend({ silenceLimit: score }),
  executiveContact: byCurve.extend({ silenceLimit: score }),
  activeContacts: byCurve.extend({ windowDays: someDays }),
  champion: z.strictObject({
    weight,
    scores: z.strictObject({ active: score, quiet: score, replaced: score, departed: score }),
    quietDays: someDays,
    replacedDays: days,
  }),
  ticketVolume: byCurve.extend({
    recentDays: someDays,
    habitDays: someDays,
    leastExpected: positive,
    scoreWithoutTickets: score,
  }),
  urgentTickets: byCurve,
  resolutionTime: byCurve.extend({
    windowDays: someDays,
    targetHours: z.strictObject({ urgent: someDays, high: someDays, medium: someDays, low: someDays }),
  }),
  ticketCsat: byCurve.extend({
    windowDays: someDays,
    priorRatings: count,
    priorMean: z.number().min(1).max(5),
  }),
  nps: byCurve.extend({ expiresDays: someDays }),
  csmPulse: byCurve.extend({ expiresDays: someDays }),
  overdue: byCurve,
  commercialChange: z.strictObject({
    weight,
    scores: z.strictObject({ expanded: score, flat: score, downgraded: score }),
    windowDays: someDays,
  }),
  renewalProgress: z.strictObject({
    weight,
    scores: z.strictObject({ onTrack: score, oneLate: score, moreLate: score, noneDone: score }),
    windowDays: someDays,
    noneDays: days,
  }),
  onboarding: byCurve.extend({ daysToLive: z.record(segment, someDays) }),
  goals: byCurve,
  custom: z.array(customMeasure).max(MOST_CUSTOM_MEASURES, {
    error: `there may be at most ${MOST_CUSTOM_MEASURES} measures of one's own`,
  }),
}) satisfies z.ZodType<MeasureConfiguration>;

const profile = z.enum(PROFILE_IDS);

export const healthSchema = z.strictObject({
  measures,
  profiles: z.strictObject({
    order: z.array(profile),
    weights: z.record(profile, z.record(dimension, score)),
    onboardingDays: days,
    windowDays: days,
    lowTouchBelow: homeAmount,
    enterpriseAbove: homeAmount,
    blendDays: someDays,
  }),
  caps: z.strictObject({
    cancelled: z.strictObject({ limit: score }),
    championDeparted: z.strictObject({ limit: score, nearLimit: score, nearDays: days }),
    zeroUsage: z.strictObject({ limit: score, fromDays: someDays }),
    urgentTicket: z.strictObject({ limit: score, overDays: days }),
    escalation: z.strictObject({ limit: score }),
    overdue: z.array(z.strictObject({ overDays: days, limit: score })),
    holdDays: days.nullable(),
  }),
  neutral: score,
  prior: score,
  medianFrom: someCount,
  fullCoverage: z.number().min(0.01).max(1),
  greyBelowCoverage: share,
  leastDimensions: count.max(6, { error: 'must be at most 6: there are no more dimensions' }),
  lowCoverage: z.strictObject({ coverage: share, limit: score }),
  confidence: z.strictObject({ high: share, medium: share, low: share }),
  freshDays: z.partialRecord(source, days),
  staleHalfLifeDays: someDays,
  errorHoldDays: days,
  bands: z.strictObject({
    smoothing: share.gt(0, { error: 'must be above 0: a score would never move' }),
    green: score,
    yellow: score,
    worse: z.strictObject({ days: someDays, margin: score }),
    better: z.strictObject({ days: someDays, margin: score }),
    fall: z.strictObject({ points: score, days: someDays }),
  }),
  trend: z.strictObject({ days: someDays, leastDays: someDays, improving: points, declining: points, sharp: points }),
  movers: z.strictObject({ days: someDays, everyDays: someDays, most: count, leastChange: change }),
  override: z.strictObject({
    defaultDays: someDays,
    longestDays: someDays.max(90, { error: 'must be at most 90: a band set by hand is never for good' }),
    reasons: z
      .array(
        z.strictObject({
          code: name.regex(/^[a-z][a-z0-9_]{0,39}$/, { error: "must be of lower-case letters, digits and '_': price" }),
          title: name
            .max(LONGEST_TITLE, { error: `must be at most ${LONGEST_TITLE} characters long` })
            .regex(/^[^:]*$/, { error: 'must not hold a colon: the note begins after it' }),
        }),
      )
      .min(1, { error: 'must name at least one: without a reason no band can be set by hand' }),
  }),
  leastEffect: score,
  explain: z.strictObject({ against: count, inFavour: count }),
}) satisfies z.ZodType<HealthConfiguration>;
