import { z } from 'zod';
import type { RollUp, RiskReason } from '../model/assessment.ts';
import type { EffectId, LearnedFeature } from '../churn/configuration.ts';
import type { ModelConfiguration } from '../configuration.ts';
import { healthSchema } from './health-schema.ts';
import { playsSchema, role } from './plays-schema.ts';
import {
  chance,
  count,
  day,
  days,
  daysAhead,
  homeAmount,
  hourOfDay,
  logOdds,
  lowerCase,
  morePositive,
  name,
  offsetDays,
  positive,
  score,
  segment,
  share,
  someCount,
  someDays,
  someMonths,
  someWeeks,
  text,
} from './values.ts';

const effect = z.enum([
  'champion_departed',
  'sponsor_changed',
  'competitor_named',
  'budget_at_risk',
  'downgrade_requested',
  'overdue',
  'sharp_decline',
  'urgent_ticket',
  'price_uplift',
  'first_renewal',
  'auto_renew',
  'expanded',
] as const satisfies readonly EffectId[]);

const reason = z.enum([
  'payment',
  'closure',
  'onboarding',
  'adoption',
  'value',
  'product_gap',
  'support',
  'relationship',
  'price',
  'competitor',
  'strategy_change',
  'budget',
  'merger',
  'bad_fit',
  'unknown',
] as const satisfies readonly RiskReason[]);

const learned = z.enum([
  'health',
  'sharp_decline',
  'champion_departed',
  'overdue',
  'first_renewal',
] as const satisfies readonly LearnedFeature[]);

const churn = z.strictObject({
  perTerm: z.record(segment, chance),
  perMonth: z.record(segment, chance),
  priorTerms: count,
  perHealthPoint: z.number().min(0).max(1),
  pivot: score,
  effects: z.record(effect, logOdds),
  effectLimit: positive,
  lowest: chance,
  highest: chance,
  cancelled: chance,
  horizonDays: someDays,
  horizons: z.array(someDays),
  earlyEndPerMonth: share,
  sponsorDays: days,
  overdueDays: days,
  urgentDays: days,
  upliftPercent: positive,
  expandedDays: days,
  firstTermDays: days,
  risk: z.strictObject({ highTimes: positive, highFrom: share, mediumTimes: positive }),
  capacity: z.strictObject({ share, least: count }),
  doubt: positive,
  intervalWidth: positive,
  learning: z.strictObject({
    leastChurns: someCount,
    leastTerms: someCount,
    churnsPerFeature: someCount,
    features: z.array(learned),
    priorSpread: morePositive,
    calibrationSpread: morePositive,
    folds: z.number().int().min(2, { error: 'must be at least 2: a model is tried on what it has not seen' }).max(20),
    intervalWidth: positive,
    leadDays: days,
    leakageAbove: share,
  }),
  reasons: z.strictObject({ measures: z.record(name, reason), effects: z.record(effect, reason) }),
  savability: z.record(reason, share),
  ranked: count,
});

const recent = z.strictObject({ points: score, withinDays: someDays });

const expansion = z.strictObject({
  seats: z.strictObject({
    steps: z.array(z.strictObject({ from: positive, points: score, forDays: days })),
    full: positive,
    comfortable: z.number().min(0.01).max(1),
  }),
  metered: z.strictObject({
    steps: z.array(z.strictObject({ from: positive, points: score, cycles: someCount })),
    cycleDays: someDays,
  }),
  gatedFeature: recent.extend({ users: someCount }),
  growth: z.strictObject({ points: score, from: positive, leastUsers: someCount }),
  newDepartments: recent.extend({ departments: someCount, users: someCount, beforeDays: someDays }),
  whitespace: z.strictObject({
    points: score,
    limit: score,
    leastPeers: someCount,
    share,
    sizesFrom: z.array(someCount),
    leastPriced: someCount,
    scale: z.strictObject({ least: positive, most: positive }),
  }),
  promoter: recent.extend({ from: z.number().min(0).max(10) }),
  executiveContact: recent,
  newChampion: recent,
  headcount: recent.extend({ from: positive, everyDays: someDays }),
  funding: recent,
  acquisition: recent,
  companyLimit: score,
  pricingVisits: recent.extend({ visits: someCount }),
  request: recent.extend({ categories: z.array(lowerCase) }),
  fadeDays: someDays,
  hotFrom: score,
  warmFrom: score,
  hotPerOwner: count,
  guards: z.strictObject({
    health: score,
    healthWhenAsked: score,
    overdueDays: days,
    lostDays: days,
    decisionDays: days,
    askedDays: days,
    askPlays: z.array(name),
    rescuePlays: z.array(name),
  }),
  probability: z.strictObject({
    at: chance,
    pivot: score,
    perPoint: z.number().min(0).max(1),
    learning: z.strictObject({
      withinDays: daysAhead,
      months: someMonths,
      leastExpansions: someCount,
      priorAccounts: someCount,
      priorSpread: morePositive,
    }),
  }),
});

const wordingShape = { title: text, whatToDo: text, doneWhen: text };

const cadenceStep = z.strictObject({
  id: name,
  day: offsetDays,
  from: z.enum(['decision', 'end']),
  by: z.union([role, z.literal('automatic')]),
  wording: name,
  occurrence: someCount,
});

const renewals = z.strictObject({
  noticeDays: z.strictObject({ manual: days, autoRenew: days }),
  longestNoticeDays: days,
  windowDays: days,
  lateDays: days,
  coTermDays: days.nullable(),
  movedDays: days,
  agreementDays: days,
  rollOverMonths: someCount,
  multiYearMonths: someCount,
  longestTermMonths: someCount,
  flatWithin: share,
  segments: z.strictObject({ enterpriseAbove: homeAmount, midFrom: homeAmount, withoutArr: segment }),
  cadences: z.record(segment, z.array(cadenceStep)),
  autoRenew: z.strictObject({ without: z.array(name), steps: z.array(cadenceStep) }),
  anniversary: cadenceStep,
  lateStart: z.strictObject({ ...wordingShape, role }),
  disagreement: z.strictObject(wordingShape),
  wordings: z.record(name, z.strictObject(wordingShape)),
  horizonDays: days,
  dueHour: hourOfDay,
  holidays: z.array(day),
  openDeals: z.boolean(),
  earlierScore: z.strictObject({ daysBefore: days, withinDays: someDays }),
  load: z.strictObject({ newPerDay: count, open: count, listed: someCount }),
  exemptDays: days,
  snoozeEndsDays: days,
  forecast: z.strictObject({ bestCaseFrom: share, mostLikelyFrom: share, commitFrom: share }),
  callRecord: z.strictObject({ leadDays: days, withinDays: someDays, overDays: someDays }),
});

const usage = z.strictObject({
  windows: z.strictObject({
    recentDays: someDays,
    activeDays: someDays,
    seasonWeeks: someWeeks,
    seasonFromDays: someDays,
  }),
  keyActions: z.array(name),
  gateEvents: z.array(name),
  pricingPages: z.array(lowerCase),
  retentionDays: someDays,
  duplicateDays: someDays,
  aheadDays: days,
  featuresPerDay: someCount,
  freeMailDomains: z.array(lowerCase),
});

const validation = z.strictObject({
  leadDays: days,
  withinDays: someDays,
  leastLosses: someCount,
  redTimes: z.strictObject({ least: positive, low: positive }),
  intervalWidth: positive,
  belowGreen: share,
  greenAtMost: share,
  skillAbove: share,
});

const METHODS = ['arr_weighted', 'mean', 'worst', 'parent_only'] as const satisfies readonly RollUp['method'][];

/**
 * Every default of the model, with what each may be. Strict: a key that nobody reads is refused. What contradicts
 * something else is told by `contradictionsIn`.
 */
export const configurationSchema = z.strictObject({
  health: healthSchema,
  churn,
  expansion,
  renewals,
  rollUp: z.strictObject({ method: z.enum(METHODS), redShare: share }),
  rates: z.strictObject({ on: day.nullable(), perUnit: z.record(name, morePositive) }),
  usage,
  plays: playsSchema,
  writing: z.strictObject({ heartbeatDays: someDays, outcomeDays: days }),
  recompute: z.strictObject({ keptDays: days }),
  history: z.strictObject({ dailyDays: days }),
  validation,
}) satisfies z.ZodType<Omit<ModelConfiguration, 'version'>>;
