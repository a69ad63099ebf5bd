export interface HistoryConfiguration {
  /** Scores of every day are kept for so many days; of earlier months the last scored day stays. */
  readonly dailyDays: number;
}

/** A year, so that today can be compared with the same day a year ago. */
export const defaultHistoryConfiguration: HistoryConfiguration = { dailyDays: 365 };
