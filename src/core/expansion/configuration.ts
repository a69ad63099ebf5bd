/** Points of a signal, 0 to 100, that counts for so many days. */
export interface RecentSignal {
  readonly points: number;
  readonly withinDays: number;
}

/** Chance of an expansion, 0 to 1: `at` the score `pivot`, growing by `perPoint` log-odds. */
export interface ExpansionCurve {
  readonly at: number;
  readonly pivot: number;
  readonly perPoint: number;
}

/** Every number of the expansion score. Points are 0 to 100. */
export interface ExpansionConfiguration {
  /** E1 */
  readonly seats: {
    /** Seats used ÷ paid, the highest first. A step with `forDays` counts once it has held so long without a break. */
    readonly steps: readonly { readonly from: number; readonly points: number; readonly forDays: number }[];
    /** From here on a yellow account may be asked too. */
    readonly full: number;
    /** Seats are bought so that this share of them is used. */
    readonly comfortable: number;
  };
  /** E2: metered use ÷ its limit, the highest first; a step counts once it has held for so many cycles. */
  readonly metered: {
    readonly steps: readonly { readonly from: number; readonly points: number; readonly cycles: number }[];
    readonly cycleDays: number;
  };
  /** E3: so many different users met the gate of one feature. */
  readonly gatedFeature: RecentSignal & { readonly users: number };
  /** E4: active users grew by this share from one active window to the next, from no fewer than `leastUsers`; or metered use did from cycle to cycle. */
  readonly growth: { readonly points: number; readonly from: number; readonly leastUsers: number };
  /** E5: departments with `users` active users of which nobody was active in the `beforeDays` before. */
  readonly newDepartments: RecentSignal & {
    readonly departments: number;
    readonly users: number;
    readonly beforeDays: number;
  };
  /** E6: products that enough of the peers (customers of one segment and about one size) own, and the account does not. */
  readonly whitespace: {
    /** Of each product, and of all together. */
    readonly points: number;
    readonly limit: number;
    /** So many peers are needed, and so large a share of them must own it. */
    readonly leastPeers: number;
    readonly share: number;
    /** Where each band of employees begins, the smallest first; below the first nobody has peers. */
    readonly sizesFrom: readonly number[];
    /** What peers pay is believed once so many of them say so. */
    readonly leastPriced: number;
    /** It is brought to the size of the company, employees ÷ the peers' median, within these bounds. */
    readonly scale: { readonly least: number; readonly most: number };
  };
  /** E7 */
  readonly promoter: RecentSignal & { readonly from: number };
  readonly executiveContact: RecentSignal;
  readonly newChampion: RecentSignal;
  /** E8: the number of employees grew by this share within `withinDays`. It is remembered once in `everyDays`. */
  readonly headcount: RecentSignal & { readonly from: number; readonly everyDays: number };
  /** E8: the company raised money, or bought another one. */
  readonly funding: RecentSignal;
  readonly acquisition: RecentSignal;
  /** The signals of E8 make together no more than this, though each its own points. */
  readonly companyLimit: number;
  /** E9: counts only while health is green, since looking at prices may also mean leaving. */
  readonly pricingVisits: RecentSignal & { readonly visits: number };
  /** E10: a ticket of one of these categories, in lower case, is a wish for more. */
  readonly request: RecentSignal & { readonly categories: readonly string[] };
  /** A signal fades to nothing in so many days after it was last true. */
  readonly fadeDays: number;
  readonly hotFrom: number;
  readonly warmFrom: number;
  /** An owner can follow up so many hot accounts; the ones with the highest expected value are hot, the others warm. */
  readonly hotPerOwner: number;
  readonly guards: {
    readonly health: number;
    /** For an account whose seats are all used, or that asked for more. */
    readonly healthWhenAsked: number;
    readonly overdueDays: number;
    readonly lostDays: number;
    readonly decisionDays: number;
    /** So many days after the last ask, the customer is left alone. */
    readonly askedDays: number;
    /** Plays whose tasks are asks, and plays that are rescues: while one of these is open, nobody asks. */
    readonly askPlays: readonly string[];
    readonly rescuePlays: readonly string[];
  };
  /** The curve that chances go by until another one is learned. */
  readonly probability: ExpansionCurve & {
    readonly learning: {
      /** The chance is one within so many days: more than a month, so that a month is over when its end is looked at. */
      readonly withinDays: number;
      /** So many months back are learned from: what was longer ago tells of another market. */
      readonly months: number;
      /** Before so many expansions were seen, `at` is only drawn to what was seen, and no chance is told. */
      readonly leastExpansions: number;
      /** Until then the default counts as so many accounts with the score `pivot`. */
      readonly priorAccounts: number;
      /** How far the curve may be expected to lie from the default: a standard deviation of log-odds at `pivot` and per ten points. */
      readonly priorSpread: number;
    };
  };
}

/**
 * Seat thresholds: published practice of Kumo, productquant and beefed; metered limits and gates: productquant;
 * promoters, executive contact and pricing pages: PostHog's handbook; the rest is provisional.
 */
export const defaultExpansionConfiguration: ExpansionConfiguration = {
  seats: {
    steps: [
      { from: 1, points: 30, forDays: 0 },
      { from: 0.9, points: 25, forDays: 0 },
      { from: 0.8, points: 15, forDays: 14 },
    ],
    full: 1,
    comfortable: 0.8,
  },
  metered: {
    steps: [
      { from: 1, points: 25, cycles: 1 },
      { from: 0.95, points: 20, cycles: 1 },
      { from: 0.7, points: 15, cycles: 2 },
    ],
    cycleDays: 30,
  },
  gatedFeature: { points: 15, withinDays: 30, users: 3 },
  growth: { points: 10, from: 0.1, leastUsers: 5 },
  newDepartments: { points: 10, withinDays: 60, departments: 2, users: 3, beforeDays: 32 },
  whitespace: {
    points: 5,
    limit: 15,
    leastPeers: 20,
    share: 0.3,
    sizesFrom: [1, 50, 250, 1_000],
    leastPriced: 5,
    scale: { least: 0.25, most: 4 },
  },
  promoter: { points: 5, withinDays: 90, from: 9 },
  executiveContact: { points: 5, withinDays: 30 },
  newChampion: { points: 5, withinDays: 14 },
  headcount: { points: 5, withinDays: 183, from: 0.1, everyDays: 30 },
  funding: { points: 5, withinDays: 90 },
  acquisition: { points: 5, withinDays: 90 },
  companyLimit: 10,
  pricingVisits: { points: 5, withinDays: 7, visits: 2 },
  request: { points: 30, withinDays: 45, categories: ['upgrade', 'expansion', 'add seats', 'more seats', 'sales'] },
  fadeDays: 45,
  hotFrom: 50,
  warmFrom: 30,
  hotPerOwner: 10,
  guards: {
    health: 75,
    healthWhenAsked: 50,
    overdueDays: 15,
    lostDays: 90,
    decisionDays: 30,
    askedDays: 45,
    askPlays: ['13', '14'],
    rescuePlays: ['04'],
  },
  probability: {
    at: 0.08,
    pivot: 30,
    perPoint: 0.05,
    learning: { withinDays: 90, months: 24, leastExpansions: 30, priorAccounts: 50, priorSpread: 0.5 },
  },
};
