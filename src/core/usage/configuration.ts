import { FREE_MAIL_DOMAINS } from './free-mail.ts';

/** How product usage is taken in. */
export interface UsageConfiguration {
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

export const defaultUsageConfiguration: UsageConfiguration = {
  keyActions: [],
  gateEvents: ['Feature Gated', 'Paywall Viewed', 'Upgrade Prompted', 'Limit Reached'],
  pricingPages: ['pricing', 'billing', 'plans', 'upgrade'],
  retentionDays: 400,
  duplicateDays: 7,
  aheadDays: 1,
  featuresPerDay: 100,
  freeMailDomains: FREE_MAIL_DOMAINS,
};
