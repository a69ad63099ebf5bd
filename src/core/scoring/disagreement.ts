import type { Assessment, Band, HealthOverride } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import type { AccountId } from '../model/ids.ts';

/** A band that a person set by hand, beside what the score said at that moment: what the model can learn from. */
export interface Disagreement {
  readonly accountId: AccountId;
  /** The day on which it came into force. */
  readonly begunOn: CalendarDate;
  readonly band: HealthOverride['band'];
  /** Of the reason. */
  readonly code: string;
  readonly note: string;
  readonly by: string | null;
  /** By the score alone; the score is null where the band was grey. */
  readonly computed: { readonly band: Band; readonly score: number | null };
  /** The last day on which the band holds. */
  readonly untilOn: CalendarDate;
  readonly end: DisagreementEnd | null;
}

export interface DisagreementEnd {
  readonly on: CalendarDate;
  readonly by: EndOfDisagreement;
}

export const ENDS_OF_DISAGREEMENT = ['agreed', 'taken-back', 'replaced', 'expired', 'account-gone'] as const;

/**
 * `agreed`: the computed band became the one that was set. `taken-back`: a person emptied the field, or its reason cannot be
 * read any more. `replaced`: by another band, reason or note. `expired`: its last day passed. `account-gone`: it is no
 * customer any more. The first that happens counts.
 */
export type EndOfDisagreement = (typeof ENDS_OF_DISAGREEMENT)[number];

export type DisagreementChange =
  /** It also replaces an earlier one of the account that is still open. */
  | { readonly kind: 'begun'; readonly disagreement: Disagreement }
  /** Of the one that is open, if any. */
  | ({ readonly kind: 'restated'; readonly accountId: AccountId } & Pick<Disagreement, 'untilOn' | 'by'>)
  | { readonly kind: 'ended'; readonly accountId: AccountId; readonly end: DisagreementEnd };

/**
 * What became of a person's disagreement from one assessment of an account to the next, seen `today`; nothing on most
 * days. `after` is null for an account that is not assessed any more.
 */
export function disagreementChanges(
  accountId: AccountId,
  before: Assessment | null,
  after: Assessment | null,
  today: CalendarDate,
): readonly DisagreementChange[] {
  const was = before?.health.override ?? null;
  const is = after?.health.override ?? null;
  if (after !== null && is !== null) {
    const isAgreed = after.history.band === is.band;
    const end: DisagreementEnd | null = isAgreed ? { on: today, by: 'agreed' } : null;
    if (was === null || !isSame(was, is))
      return [{ kind: 'begun', disagreement: toDisagreement(after, is, today, end) }];
    const changes: DisagreementChange[] = [];
    if (was.untilOn !== is.untilOn || was.by !== is.by)
      changes.push({ kind: 'restated', accountId, untilOn: is.untilOn, by: is.by });
    if (end !== null && before?.history.band !== is.band) changes.push({ kind: 'ended', accountId, end });
    return changes;
  }
  return was === null ? [] : [{ kind: 'ended', accountId, end: endOf(was, after, today) }];
}

function isSame(was: HealthOverride, is: HealthOverride): boolean {
  return was.band === is.band && was.code === is.code && was.note === is.note;
}

function toDisagreement(
  { accountId, health, history }: Assessment,
  { band, code, note, by, untilOn }: HealthOverride,
  today: CalendarDate,
  end: DisagreementEnd | null,
): Disagreement {
  const computed = { band: history.band, score: health.score };
  return { accountId, begunOn: today, band, code, note, by, computed, untilOn, end };
}

function endOf(was: HealthOverride, after: Assessment | null, today: CalendarDate): DisagreementEnd {
  // While nobody looked, its day may have passed before anything else happened.
  if (was.untilOn < today) return { on: was.untilOn, by: 'expired' };
  if (after === null) return { on: today, by: 'account-gone' };
  // One that still stands on the record, and is not in force, was given a day that has passed.
  return { on: today, by: (after.history.held?.override ?? null) === null ? 'taken-back' : 'expired' };
}

/** Which way a person went from the score. `unscored`: the score said nothing. `same`: it said the same. */
export type Way = 'better' | 'worse' | 'same' | 'unscored';

const ORDER: Readonly<Record<HealthOverride['band'], number>> = { red: 0, yellow: 1, green: 2 };

export function wayOf({ band, computed }: Pick<Disagreement, 'band' | 'computed'>): Way {
  if (computed.band === 'grey') return 'unscored';
  const difference = ORDER[band] - ORDER[computed.band];
  if (difference === 0) return 'same';
  return difference > 0 ? 'better' : 'worse';
}

/**
 * Who was right, by how the account's next decided term went: a renewal speaks for whoever saw it better. Null while none
 * was decided, and where the two did not contradict each other.
 */
export function verdictOf(
  disagreement: Pick<Disagreement, 'band' | 'computed'>,
  outcome: 'renewed' | 'churned' | null,
): 'person' | 'score' | null {
  const way = wayOf(disagreement);
  if (outcome === null || way === 'same' || way === 'unscored') return null;
  return (way === 'better') === (outcome === 'renewed') ? 'person' : 'score';
}
