import type { Health } from '../model/assessment.ts';
import { addDays } from '../model/calendar-date.ts';
import type { AccountSnapshot, HeldFacts } from '../model/snapshot.ts';
import { clip } from '../measures/wording.ts';
import type { HealthConfiguration } from './configuration.ts';
import { problemOf, readReason, reasonText, type OverrideProblem } from './override-reasons.ts';

export interface OverrideState {
  /** In force today; null when there is none, it has run out, or its reason cannot be read. */
  readonly override: Health['override'];
  readonly held: HeldFacts['override'];
  /** Why a band that was set by hand is not in force; null where it is, where it has run out, and without one. */
  readonly problem: OverrideProblem | null;
}

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
  // Written in other letters, it is still the same.
  const known = `${reason.code}: ${note}`;
  const last = snapshot.history?.held?.override ?? null;
  const isSame = last !== null && last.band === override.band && last.reason === known;
  const sinceOn = isSame ? last.sinceOn : snapshot.today;
  const held = { band: override.band, reason: known, sinceOn };
  const latestOn = addDays(sinceOn, configuration.longestDays);
  const wishedOn = override.untilOn ?? addDays(sinceOn, configuration.defaultDays);
  const untilOn = wishedOn < latestOn ? wishedOn : latestOn;
  if (untilOn < snapshot.today) return { override: null, held, problem: null };
  const by = override.by === null ? '' : ` (${clip(override.by, 40)})`;
  const because = `${clip(reasonText(reason, note), 120)}${by}`;
  return {
    override: { band: override.band, untilOn, because, code: reason.code, note, by: override.by },
    held,
    problem: null,
  };
}
