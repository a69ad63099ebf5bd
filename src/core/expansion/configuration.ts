/** Every number of the expansion score. Points are 0 to 100. */
export interface ExpansionConfiguration {
  readonly seats: {
    /** Seats used ÷ paid, the highest first. A step with `forDays` counts once it has held so long without a break. */
    readonly steps: readonly { readonly from: number; readonly points: number; readonly forDays: number }[];
    /** From here on a yellow account may be asked too. */
    readonly full: number;
    /** Seats are bought so that this share of them is used. */
    readonly comfortable: number;
  };
  readonly executiveContact: { readonly points: number; readonly withinDays: number };
  readonly newChampion: { readonly points: number; readonly withinDays: number };
  /** A signal fades to nothing in so many days after it was last true. */
  readonly fadeDays: number;
  readonly hotFrom: number;
  readonly warmFrom: number;
  readonly guards: {
    readonly health: number;
    /** For an account whose seats are all used. */
    readonly healthWhenFull: number;
    readonly overdueDays: number;
    readonly lostDays: number;
    readonly decisionDays: number;
  };
  /** Probability of an expansion within 90 days: `at` the score `pivot`, growing by `perPoint` log-odds. */
  readonly probability: { readonly at: number; readonly pivot: number; readonly perPoint: number };
}

/** Seat thresholds: published practice of Kumo, productquant and beefed; the rest is provisional. */
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
  executiveContact: { points: 5, withinDays: 30 },
  newChampion: { points: 5, withinDays: 14 },
  fadeDays: 45,
  hotFrom: 50,
  warmFrom: 30,
  guards: { health: 75, healthWhenFull: 50, overdueDays: 15, lostDays: 90, decisionDays: 30 },
  probability: { at: 0.08, pivot: 30, perPoint: 0.05 },
};
