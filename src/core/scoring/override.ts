import type { Health, HealthOverride } from '../model/assessment.ts';
import { addDays, type CalendarDate } from '../model/calendar-date.ts';
import type { AccountSnapshot, HeldFacts } from '../model/snapshot.ts';
import { clip } from '../measures/wording.ts';
import type { HealthConfiguration } from './configuration.ts';
import { problemOf, problemOfAge, readReason, reasonText, type OverrideProblem } from './override-reasons.ts';

export interface OverrideState {
  /** In force today; null when there is none, it has run out, or its reason cannot be read. */
  readonly override: Health['override'];
  readonly held: HeldFacts['override'];
  /** Why a band that was set by hand is not in force; null where it is, where its own last day has passed, and without one. */
  readonly problem: OverrideProblem | null;
}

/**
 * Since when a band has been set by hand as it is said now; today for another band, reason or note than was last known, for
 * they begin anew.
 */
export function standsSince(
  { band, code, note }: Pick<HealthOverride, 'band' | 'code' | 'note'>,
  last: HeldFacts['override'],
  today: CalendarDate,
): CalendarDate {
  return last !== null && last.band === band && last.reason === knownAs(code, note) ? last.sinceOn : today;
}

/** Written in other letters, a reason is still the same. */
const knownAs = (code: string, note: string): string => `${code}: ${note}`;

/**
 * The band that a person set by hand. It needs one of the known reasons and a note, and runs out on its own day, else after
 * `defaultDays`; never later than `longestDays` after it was first seen with this band, reason and note.
 */
export function overrideOf(
  snapshot: Pick<AccountSnapshot, 'account' | 'today' | 'history'>,
  configuration: HealthConfiguration['override'],
): OverrideState {
  const { override } = snapshot.account;
  if (override === null) return { override: null, held: null, problem: null };
  const told = readReason(override.reason, configuration.reasons);
  if ('lacks' in told) return { override: null, held: null, problem: problemOf(told.lacks, configuration.reasons) };
  const { reason, note } = told;
  const { band } = override;
  const last = snapshot.history?.held?.override ?? null;
  const sinceOn = standsSince({ band, code: reason.code, note }, last, snapshot.today);
  const held = { band, reason: knownAs(reason.code, note), sinceOn };
  const latestOn = addDays(sinceOn, configuration.longestDays);
  const wishedOn = override.untilOn ?? addDays(sinceOn, configuration.defaultDays);
  const untilOn = wishedOn < latestOn ? wishedOn : latestOn;
  if (untilOn < snapshot.today) {
    const isWished = wishedOn >= snapshot.today;
    return { override: null, held, problem: isWished ? problemOfAge(configuration.longestDays) : null };
  }
  const by = override.by === null ? '' : ` (${clip(override.by, 40)})`;
  const because = `${clip(reasonText(reason, note), 120)}${by}`;
  return {
    override: { band, untilOn, because, code: reason.code, note, by: override.by },
    held,
    problem: null,
  };
}
