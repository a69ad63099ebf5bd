import type { CalendarDate } from './calendar-date.ts';
import type { Money } from './money.ts';
import { decimalsOf, toMajor } from './money.ts';

/** What one unit of each currency is worth in the home currency, and on which day. */
export interface ExchangeRates {
  readonly on: CalendarDate | null;
  /** ISO 4217 code → units of the home currency. The home currency itself need not be named. */
  readonly perUnit: Readonly<Record<string, number>>;
}

export const noExchangeRates: ExchangeRates = { on: null, perUnit: {} };

/** The amount in the home currency, rounded to its minor unit; null when the rate is not known. */
export function toHomeCurrency(amount: Money, home: string, rates: ExchangeRates): Money | null {
  if (amount.currency === home) return amount;
  const rate = rates.perUnit[amount.currency];
  if (rate === undefined || !(rate > 0)) return null;
  const scale = 10 ** (decimalsOf(home) - decimalsOf(amount.currency));
  return { minor: Math.round(amount.minor * rate * scale), currency: home };
}

/**
 * The amount in major units of the home currency, for what begins at a figure: 5,000,000 yen make no large customer where
 * the home currency is the euro. Where the rate is not known, the amount's own figure has to do.
 */
export function toHomeMajor(amount: Money, home: string, rates: ExchangeRates): number {
  return toMajor(toHomeCurrency(amount, home, rates) ?? amount);
}

/** The amount in another currency, by way of the home currency; null when a rate is not known. */
export function toCurrency(amount: Money, currency: string, home: string, rates: ExchangeRates): Money | null {
  if (amount.currency === currency) return amount;
  const atHome = toHomeCurrency(amount, home, rates);
  if (atHome === null || currency === home) return atHome;
  const rate = rates.perUnit[currency];
  if (rate === undefined || !(rate > 0)) return null;
  const scale = 10 ** (decimalsOf(currency) - decimalsOf(home));
  return { minor: Math.round((atHome.minor / rate) * scale), currency };
}
