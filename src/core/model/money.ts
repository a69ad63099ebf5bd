/** An amount in a currency's minor units (cents; yen), so that sums are exact. Never add two currencies. */
export interface Money {
  readonly minor: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** ISO 4217 currencies without two decimals; every other has two. */
const DECIMALS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** How many digits a currency has behind the point. */
export function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** Money from an amount in major units, rounded half away from zero to the minor unit. */
export function money(major: number, currency: string): Money {
  const scaled = Math.abs(major) * 10 ** decimalsOf(currency);
  const minor = Math.sign(major) * Math.round(scaled + 1e-9);
  return { minor: minor === 0 ? 0 : minor, currency };
}

/** The amount in major units. */
export function toMajor(amount: Money): number {
  return amount.minor / 10 ** decimalsOf(amount.currency);
}

/** Sum of amounts of one currency; null for an empty list. Throws a RangeError on mixed currencies. */
export function addMoney(amounts: readonly Money[]): Money | null {
  const [first] = amounts;
  if (first === undefined) return null;
  let minor = 0;
  for (const amount of amounts) {
    if (amount.currency !== first.currency) throw new RangeError(`cannot add ${amount.currency} to ${first.currency}`);
    minor += amount.minor;
  }
  return { minor, currency: first.currency };
}

/** As a person writes it: `EUR 12,500`. Whole amounts drop the decimals. */
export function formatMoney(amount: Money): string {
  const major = toMajor(amount);
  const digits = Number.isInteger(major) ? 0 : decimalsOf(amount.currency);
  return `${amount.currency} ${formatOf(digits).format(major)}`;
}

/** Kept, because building a format costs far more than using it. */
const formats = new Map<number, Intl.NumberFormat>();

function formatOf(digits: number): Intl.NumberFormat {
  let format = formats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, format);
  }
  return format;
}
