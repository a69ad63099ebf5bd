import type { Health } from '../model/assessment.ts';
import { addDays } from '../model/calendar-date.ts';
import type { AccountSnapshot, HeldFacts } from '../model/snapshot.ts';
import { clip } from '../measures/wording.ts';
import type { HealthConfiguration } from './configuration.ts';

export interface OverrideState {
  /** In force today; null when there is none, it has run out, or it carries no reason. */
  readonly override: Health['override'];
  readonly held: HeldFacts['override'];
  /** True when a band was set by hand without the reason that it needs. */
  readonly lacksReason: boolean;
}

/**
 * The band that a person set by hand. It needs a reason, and runs out on its own day, else after `defaultDays`; never
 * later than `longestDays` after it was first seen with this band and reason.
 */
export function overrideOf(snapshot: AccountSnapshot, configuration: HealthConfiguration['override']): OverrideState {
  const { override } = snapshot.account;
  if (override === null) return { override: null, held: null, lacksReason: false };
  const reason = override.reason?.trim() ?? '';
  if (reason === '') return { override: null, held: null, lacksReason: true };
  const last = snapshot.history?.held?.override ?? null;
  const isSame = last !== null && last.band === override.band && last.reason === reason;
  const sinceOn = isSame ? last.sinceOn : snapshot.today;
  const held = { band: override.band, reason, sinceOn };
  const latestOn = addDays(sinceOn, configuration.longestDays);
  const wishedOn = override.untilOn ?? addDays(sinceOn, configuration.defaultDays);
  const untilOn = wishedOn < latestOn ? wishedOn : latestOn;
  if (untilOn < snapshot.today) return { override: null, held, lacksReason: false };
  const by = override.by === null ? '' : ` (${clip(override.by, 40)})`;
  return { override: { band: override.band, untilOn, because: `${clip(reason, 120)}${by}` }, held, lacksReason: false };
}
