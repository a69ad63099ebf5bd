import type { UsageDeclineSettings } from './usage-decline.ts';
import { defaultUsageDecline } from './usage-decline.ts';
import type { DarkAccountSettings } from './dark-account.ts';
import { defaultDarkAccount } from './dark-account.ts';
import { defaultYellowReview } from './yellow-review.ts';
import { defaultRedRescue } from './red-rescue.ts';
import type { RenewalAtRiskSettings } from './renewal-at-risk.ts';
import { defaultRenewalAtRisk } from './renewal-at-risk.ts';
import { defaultChampionDeparted } from './champion-departed.ts';
import type { SingleThreadedSettings } from './single-threaded.ts';
import { defaultSingleThreaded } from './single-threaded.ts';
import type { SupportFireSettings } from './support-fire.ts';
import { defaultSupportFire } from './support-fire.ts';
import type { OverduePaymentSettings } from './overdue-payment.ts';
import { defaultOverduePayment } from './overdue-payment.ts';
import type { OnboardingStalledSettings } from './onboarding-stalled.ts';
import { defaultOnboardingStalled } from './onboarding-stalled.ts';
import type { DetractorSettings } from './detractor.ts';
import { defaultDetractor } from './detractor.ts';
import { defaultExpansionReady } from './expansion-ready.ts';
import type { LimitReachedSettings } from './limit-reached.ts';
import { defaultLimitReached } from './limit-reached.ts';
import type { UnderUseSettings } from './under-use.ts';
import { defaultUnderUse } from './under-use.ts';
import type { CheckInSettings } from './check-in.ts';
import { defaultCheckIn } from './check-in.ts';
import type { AdvocacySettings } from './advocacy.ts';
import { defaultAdvocacy } from './advocacy.ts';
import type { ChurnLoggedSettings } from './churn-logged.ts';
import { defaultChurnLogged } from './churn-logged.ts';
import type { WinBackSettings } from './win-back.ts';
import { defaultWinBack } from './win-back.ts';
import type { DataQualitySettings } from './data-quality.ts';
import { defaultDataQuality } from './data-quality.ts';
import type { NoticeWindowSettings } from './notice-window.ts';
import { defaultNoticeWindow } from './notice-window.ts';
import type { PaymentMethodSettings } from './payment-method.ts';
import { defaultPaymentMethod } from './payment-method.ts';
import type { Wording } from '../renewals/configuration.ts';
import type { PlayKind, PlayMode, PlaySettings } from './play.ts';

/** Everything about plays that an admin could want otherwise. The renewal cadence has a configuration of its own. */
export interface PlayConfiguration {
  /** The mode of plays that the admin has not chosen one for, by number; plays that are absent suggest. */
  readonly modes: Readonly<Record<string, PlayMode>>;
  /** Plays that judge by the score: until it is validated, those of them that are to act suggest, unless the admin names them. */
  readonly unproven: readonly string[];
  /** A play does not fire again on an account for so many days after it ended. */
  readonly restDays: Readonly<Record<PlayKind, number>>;
  /** What nothing has ended after so many days is closed. */
  readonly longestDays: number;
  /** After a person deleted its task, a play keeps silent until the running term ends; so long where none is known. */
  readonly dismissedDays: number;
  /** Of plays whose effect is measured, the share of firings (0 to 1) that gets no tasks. */
  readonly holdOutShare: number;
  /** What tasks change is told once so many firings have ended with them, and so many without. */
  readonly leastEnded: number;
  /** The manager's task when nobody has begun with a play in time; its words may name variables, as those of plays. */
  readonly escalation: Wording;
  readonly usageDecline: UsageDeclineSettings;
  readonly darkAccount: DarkAccountSettings;
  readonly yellowReview: PlaySettings;
  readonly redRescue: PlaySettings;
  readonly renewalAtRisk: RenewalAtRiskSettings;
  readonly championDeparted: PlaySettings;
  readonly singleThreaded: SingleThreadedSettings;
  readonly supportFire: SupportFireSettings;
  readonly overduePayment: OverduePaymentSettings;
  readonly onboardingStalled: OnboardingStalledSettings;
  readonly detractor: DetractorSettings;
  readonly expansionReady: PlaySettings;
  readonly limitReached: LimitReachedSettings;
  readonly underUse: UnderUseSettings;
  readonly checkIn: CheckInSettings;
  readonly advocacy: AdvocacySettings;
  readonly churnLogged: ChurnLoggedSettings;
  readonly winBack: WinBackSettings;
  readonly dataQuality: DataQualitySettings;
  readonly noticeWindow: NoticeWindowSettings;
  readonly paymentMethod: PaymentMethodSettings;
}

/** Source: the catalogue of plays and the rules on tasks of the product's model. */
export const defaultPlayConfiguration: PlayConfiguration = {
  modes: { '05': 'act' },
  unproven: ['04'],
  restDays: { risk: 30, usage: 21, expansion: 45, survey: 14, advocacy: 180, routine: 30 },
  longestDays: 90,
  dismissedDays: 365,
  holdOutShare: 0.1,
  leastEnded: 30,
  escalation: {
    title: 'Nobody has begun',
    whatToDo:
      'The first task of this play was due and nobody has begun. Find out what it needs: help, another owner, or a decision to let it go.',
    doneWhen: 'somebody works on it, or you have decided not to.',
  },
  usageDecline: defaultUsageDecline,
  darkAccount: defaultDarkAccount,
  yellowReview: defaultYellowReview,
  redRescue: defaultRedRescue,
  renewalAtRisk: defaultRenewalAtRisk,
  championDeparted: defaultChampionDeparted,
  singleThreaded: defaultSingleThreaded,
  supportFire: defaultSupportFire,
  overduePayment: defaultOverduePayment,
  onboardingStalled: defaultOnboardingStalled,
  detractor: defaultDetractor,
  expansionReady: defaultExpansionReady,
  limitReached: defaultLimitReached,
  underUse: defaultUnderUse,
  checkIn: defaultCheckIn,
  advocacy: defaultAdvocacy,
  churnLogged: defaultChurnLogged,
  winBack: defaultWinBack,
  dataQuality: defaultDataQuality,
  noticeWindow: defaultNoticeWindow,
  paymentMethod: defaultPaymentMethod,
};
