import { z } from 'zod';
import type { PlayConfiguration } from '../plays/configuration.ts';
import { PLAY_MODES } from '../plays/modes.ts';
import type { PlayKind, PlayRole, PlaySettings } from '../plays/play.ts';
import {
  change,
  count,
  days,
  flag,
  homeAmount,
  lowerCase,
  name,
  positive,
  share,
  someCount,
  someDays,
  text,
} from './values.ts';

export const role = z.enum([
  'csm',
  'account-manager',
  'manager',
  'finance',
  'support',
  'onboarding',
  'sales-ops',
  'marketing',
] as const satisfies readonly PlayRole[]);

const kind = z.enum([
  'risk',
  'usage',
  'expansion',
  'survey',
  'advocacy',
  'routine',
] as const satisfies readonly PlayKind[]);

const task = z.strictObject({
  id: name.regex(/^[a-z][a-z0-9-]{0,40}$/, { error: 'must be a short name: business-review' }),
  role,
  dueDays: days,
  title: text,
  whatToDo: text,
  doneWhen: text,
});

const play = z.strictObject({
  readings: z.number().int().min(1).max(2, { error: 'must be 1 or 2' }),
  overDays: days,
  endsWhenDone: flag,
  priority: z.enum(['high', 'medium', 'low']),
  escalateAfterDays: someDays.nullable(),
  tasks: z.array(task),
}) satisfies z.ZodType<PlaySettings>;

const rating = z.number().min(1).max(5);
const nps = z.number().min(0).max(10);

export const playsSchema = z.strictObject({
  modes: z.record(name, z.enum(PLAY_MODES)),
  unproven: z.array(name),
  restDays: z.record(kind, days),
  longestDays: someDays,
  dismissedDays: days,
  holdOutShare: share,
  leastEnded: someCount,
  escalation: z.strictObject({ title: text, whatToDo: text, doneWhen: text }),
  usageDecline: play.extend({ fallsTo: change, recoversTo: change, leastUsers: count }),
  darkAccount: play.extend({ silentDays: someDays, backUsers: someCount }),
  yellowReview: play,
  redRescue: play,
  renewalAtRisk: play.extend({ windowDays: days }),
  championDeparted: play,
  singleThreaded: play.extend({ tooFew: count, enough: count, fromValue: homeAmount, decisionDays: days }),
  supportFire: play.extend({
    overDaysOpen: days,
    urgentTickets: someCount,
    sameCategory: z.strictObject({ tickets: someCount, withinDays: someDays }),
    contentFrom: rating,
  }),
  overduePayment: play.extend({ failedDays: days, overdueDays: days }),
  onboardingStalled: play.extend({ behindBelow: positive, backFrom: positive, firstValueDays: days }),
  detractor: play.extend({ npsUpTo: nps, csatUpTo: rating, withinDays: someDays }),
  expansionReady: play,
  limitReached: play.extend({ fullFrom: positive, roomBelow: positive, meteredPoints: count }),
  underUse: play.extend({ usedBelow: positive, usedEnough: positive, decisionDays: days }),
  checkIn: play.extend({ topShare: share, everyDays: someDays }),
  advocacy: play.extend({ greenDays: days, npsFrom: nps }),
  churnLogged: play.extend({ withinDays: days }),
  winBack: play.extend({ fromDays: days, untilDays: days, inevitable: z.array(lowerCase) }),
  dataQuality: play.extend({ greyDays: days }),
  noticeWindow: play.extend({ fromDays: days }),
  paymentMethod: play.extend({ fromDays: days }),
}) satisfies z.ZodType<PlayConfiguration>;
