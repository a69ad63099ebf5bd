import type { Assessment } from '../model/assessment.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { PlayConfiguration } from './configuration.ts';
import type { Play, PlayContext, PlayWish, SignalPlay } from './play.ts';
import type { Snooze } from './play-run.ts';
import { renewalCadence } from './renewal-cadence.ts';
import { advocacy } from './advocacy.ts';
import { championDeparted } from './champion-departed.ts';
import { checkIn } from './check-in.ts';
import { churnLogged } from './churn-logged.ts';
import { darkAccount } from './dark-account.ts';
import { dataQuality } from './data-quality.ts';
import { detractor } from './detractor.ts';
import { expansionReady } from './expansion-ready.ts';
import { limitReached } from './limit-reached.ts';
import { noticeWindow } from './notice-window.ts';
import { onboardingStalled } from './onboarding-stalled.ts';
import { overduePayment } from './overdue-payment.ts';
import { paymentMethod } from './payment-method.ts';
import { redRescue } from './red-rescue.ts';
import { renewalAtRisk } from './renewal-at-risk.ts';
import { singleThreaded } from './single-threaded.ts';
import { supportFire } from './support-fire.ts';
import { underUse } from './under-use.ts';
import { usageDecline } from './usage-decline.ts';
import { winBack } from './win-back.ts';
import { yellowReview } from './yellow-review.ts';

/** Plays that follow dates and need no memory but the ledger's. */
export const plays: readonly Play[] = [renewalCadence];

/** What they wish for one account. Nothing here says that a task exists: see `planTasks`. */
export function wishesOf(
  assessment: Assessment,
  snapshot: AccountSnapshot,
  context: PlayContext,
  snoozes: readonly Snooze[] = [],
): readonly PlayWish[] {
  return plays.flatMap((play) => play.wishes(assessment, snapshot, context, snoozes));
}

const built = new WeakMap<PlayConfiguration, readonly SignalPlay[]>();

/** Plays that follow signals, in the order of the catalogue. Built once per configuration, since every account asks. */
export function signalPlaysOf(configuration: PlayConfiguration): readonly SignalPlay[] {
  const known = built.get(configuration);
  if (known !== undefined) return known;
  const all = [
    usageDecline(configuration.usageDecline),
    darkAccount(configuration.darkAccount),
    yellowReview(configuration.yellowReview),
    redRescue(configuration.redRescue),
    renewalAtRisk(configuration.renewalAtRisk),
    championDeparted(configuration.championDeparted),
    singleThreaded(configuration.singleThreaded),
    supportFire(configuration.supportFire),
    overduePayment(configuration.overduePayment),
    onboardingStalled(configuration.onboardingStalled),
    detractor(configuration.detractor),
    expansionReady(configuration.expansionReady),
    limitReached(configuration.limitReached),
    underUse(configuration.underUse),
    checkIn(configuration.checkIn),
    advocacy(configuration.advocacy),
    churnLogged(configuration.churnLogged),
    winBack(configuration.winBack),
    dataQuality(configuration.dataQuality),
    noticeWindow(configuration.noticeWindow),
    paymentMethod(configuration.paymentMethod),
  ];
  built.set(configuration, all);
  return all;
}

/** Every play of the catalogue by number. Plays that follow dates have no firings: their tasks tell all. */
export function catalogueOf(
  configuration: PlayConfiguration,
): readonly { readonly id: string; readonly title: string; readonly hasFirings: boolean }[] {
  return [
    ...plays.map(({ id, title }) => ({ id, title, hasFirings: false })),
    ...signalPlaysOf(configuration).map(({ id, title }) => ({ id, title, hasFirings: true })),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}
