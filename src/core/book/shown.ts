import type { Assessment, Band, RollUp, Trend } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { decimalText } from '../measures/wording.ts';

/**
 * What people see of an account's health, wherever they look: in the CRM's fields, on cards and pages, in lists, exports
 * and the history. With others below it that is the health of them all; what the account is by itself stays in its
 * assessment, and plays, chances and the next score go by that.
 */
export interface ShownHealth {
  /** 0 to 100, one decimal; null when nothing has a score. */
  readonly score: number | null;
  /** What a person set by hand goes before what the records say. */
  readonly band: Band;
  /** By the records alone. */
  readonly computedBand: Band;
  /** Null where it is not known since when the accounts below it count. */
  readonly bandSinceOn: CalendarDate | null;
  /** Of `score`; null while there is too little to compare with. */
  readonly trend: Trend | null;
  /** Of `score` against 28 days ago; null without one then. */
  readonly delta28d: number | null;
  /** Where accounts below are part of the score, that is said first, and then what the account is by itself. */
  readonly reason: string;
  /** The account by itself, by the records alone; null where that is what is shown. */
  readonly own: { readonly score: number | null; readonly band: Band } | null;
}

/** Stands, in words, where more of an account is shown beside a score with others below it. */
export const OF_ITS_OWN = 'Confidence, measures, churn, renewal and expansion are of this account alone.';

/** Stands, in words, beside a history whose scores are with others below the account. */
export const DAYS_OF_A_GROUP = 'Band and score are with the accounts below it; all else is of this account alone.';

export function shownHealth({ health, standing, history }: Assessment): ShownHealth {
  const { override, score, band, bandSinceOn, trend, delta28d, reason } = health;
  const rollUp = standing?.rollUp ?? null;
  if (rollUp === null)
    return { score, band, computedBand: history.band, bandSinceOn, trend, delta28d, reason, own: null };
  if (!isRolledUp(rollUp)) {
    const because = `${rollUp.because} ${reason}`;
    return { score, band, computedBand: history.band, bandSinceOn, trend, delta28d, reason: because, own: null };
  }
  const own = { score, band: history.band };
  return {
    score: rollUp.score,
    band: override === null ? rollUp.band : band,
    computedBand: rollUp.band,
    bandSinceOn: override === null ? (rollUp.course?.bandSinceOn ?? null) : bandSinceOn,
    trend: rollUp.course?.trend ?? null,
    delta28d: rollUp.course?.delta28d ?? null,
    reason: `${rollUp.because} ${ownInWords(own)}: ${reason}`,
    own,
  };
}

/** Whether others count in it: where none does, the account's own health stands, which keeps still and is of today. */
export function isRolledUp({ method, accounts }: RollUp): boolean {
  return method !== 'parent_only' && accounts > 0;
}

/** `Own score 78.2, green`. */
export function ownInWords({ score, band }: NonNullable<ShownHealth['own']>): string {
  return score === null ? `By itself ${band}` : `Own score ${decimalText(score)}, ${band}`;
}
