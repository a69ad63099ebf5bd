/** From when on a score may call itself validated on the customer's own renewals. Rates are 0 to 1. */
export interface ValidationConfiguration {
  /** What was said at least so many days before a decision is held against how it went. */
  readonly leadDays: number;
  /** What was said more than so many days before that is too old to speak for it; features are kept once a month. */
  readonly withinDays: number;
  /** Below so many losses, rates say nothing yet. */
  readonly leastLosses: number;
  /** Red accounts are lost so many times as often as all; `low` is what the lower bound has to reach. */
  readonly redTimes: { readonly least: number; readonly low: number };
  /** Standard deviations on either side of an interval: 1.2816 holds eight of ten. */
  readonly intervalWidth: number;
  /** Of the lost, at least this share was below green. */
  readonly belowGreen: number;
  /** Of the accounts with a band today, at most this share is green: a score that calls all of them well says nothing. */
  readonly greenAtMost: number;
  /** The skill of the chances of loss has to be above this; 0 is as good as the rate of loss alone. */
  readonly skillAbove: number;
}

/** Floors that a careful practitioner works with (mbfinotti/revops-skills), with the interval of the product's model. */
export const defaultValidationConfiguration: ValidationConfiguration = {
  leadDays: 90,
  withinDays: 45,
  leastLosses: 20,
  redTimes: { least: 3, low: 1.5 },
  intervalWidth: 1.2816,
  belowGreen: 2 / 3,
  greenAtMost: 0.8,
  skillAbove: 0,
};
