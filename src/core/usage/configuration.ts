import { FREE_MAIL_DOMAINS } from './free-mail.ts';

/** How product usage is taken in and counted. */
export interface UsageConfiguration {
  readonly windows: UsageWindows;
  /** Names of `track` events that are key actions, as the product spells them. A message may also say so of itself. */
  readonly keyActions: readonly string[];
  /** Names of `track` events which tell that a user met the gate of a feature (`properties.feature`). */
  readonly gateEvents: readonly string[];
  /** A page whose name, path or address holds one of these words is one about prices. Lower case. */
  readonly pricingPages: readonly string[];
  /** How long usage is kept, and how old a message may be. */
  readonly retentionDays: number;
  /** A message that comes again within so many days is known by its id and counts once. */
  readonly duplicateDays: number;
  /** How far ahead of our clock a message may be dated: room for clocks that are wrong. */
  readonly aheadDays: number;
  /** Different features that are told apart on one day; the rest are counted together. */
  readonly featuresPerDay: number;
  /** Domains of e-mail addresses that say nothing about where somebody works. */
  readonly freeMailDomains: readonly string[];
}

/**
 * Over which spans different people are counted, each ending on the last day that usage covers. Every measure, signal and
 * play that tells how many people use the product tells it over one of these.
 */
export interface UsageWindows {
  /** Who was here of late: key actions (U5), and people who came back (play 02). */
  readonly recentDays: number;
  /** Who uses the product: seats in use (U1, E1), and its change against as many days before (U2, E4, play 01). */
  readonly activeDays: number;
  /** The same days of an earlier season lie so many weeks back: whole weeks, so that weekdays match. */
  readonly seasonWeeks: number;
  /** The earlier season is compared with from so many days of history on. */
  readonly seasonFromDays: number;
}

/** Windows: U1, U2 and U5 of the health model; thirteen months of history before a year ago is compared with. */
export const defaultUsageConfiguration: UsageConfiguration = {
  windows: { recentDays: 14, activeDays: 28, seasonWeeks: 52, seasonFromDays: 395 },
  keyActions: [],
  gateEvents: ['Feature Gated', 'Paywall Viewed', 'Upgrade Prompted', 'Limit Reached'],
  pricingPages: ['pricing', 'billing', 'plans', 'upgrade'],
  retentionDays: 400,
  duplicateDays: 7,
  aheadDays: 1,
  featuresPerDay: 100,
  freeMailDomains: FREE_MAIL_DOMAINS,
};
