import type { RenewalConfiguration } from './configuration.ts';
import type { StatedTerm } from './stated-term.ts';

/** The notice period that holds for a term, in days. */
export interface Notice {
  readonly days: number;
  readonly isAssumed: boolean;
  /** What the record states and cannot be. */
  readonly refused: number | null;
}

/** The stated notice period where it can be one, else the configured one of such terms. */
export function noticeOf(
  { noticeDays, autoRenew }: Pick<StatedTerm, 'noticeDays' | 'autoRenew'>,
  configuration: Pick<RenewalConfiguration, 'noticeDays' | 'longestNoticeDays'>,
): Notice {
  const isUsable =
    noticeDays !== null &&
    Number.isInteger(noticeDays) &&
    noticeDays >= 0 &&
    noticeDays <= configuration.longestNoticeDays;
  if (isUsable) return { days: noticeDays, isAssumed: false, refused: null };
  // Without notice and without renewing by itself a contract simply runs to its last day: nothing is assumed.
  const isAssumed = autoRenew === true;
  const days = isAssumed ? configuration.noticeDays.autoRenew : configuration.noticeDays.manual;
  return { days, isAssumed, refused: noticeDays };
}
