import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing } from './reading.ts';
import { daysAfter, daysAgo, localDay } from './facts/local-day.ts';
import { dayText } from './wording.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface CsmPulseSettings {
  readonly weight: number;
  /** 1 to 5 as a person entered it. */
  readonly breakpoints: Breakpoints;
  /** An older opinion fades. */
  readonly expiresDays: number;
}

/** Expiry after 90 days: published practice (Zudo). */
export const defaultCsmPulse: CsmPulseSettings = {
  weight: 0.45,
  breakpoints: [
    [1, 0],
    [2, 35],
    [3, 60],
    [4, 80],
    [5, 100],
  ],
  expiresDays: 90,
};

const ID = 'N2';
const SOURCES: readonly SourceName[] = ['accounts'];

/** Value: the pulse, 1 to 5. Without a date it counts from the assessment that first saw it. */
export function csmPulse(settings: CsmPulseSettings): Measure {
  return {
    id: ID,
    title: 'CSM pulse',
    dimension: 'sentiment',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    fields: ['csmPulse'],
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: CsmPulseSettings): Reading {
  const { csmPulse: value, csmPulseAt, id } = snapshot.account;
  if (value === null) return missing('No CSM pulse was entered.');
  if (value < 1 || value > 5) return { state: 'error', because: `The CSM pulse is ${value}; it goes from 1 to 5.` };
  const seen = snapshot.history?.lastGood[ID];
  const at = csmPulseAt ?? (seen?.value === value ? seen.at : snapshot.asOf);
  const on = dayText(localDay(at, snapshot), snapshot.today);
  const isExpired = at < daysAgo(settings.expiresDays, snapshot);
  return {
    state: isExpired ? 'stale' : 'ok',
    ...(isExpired && { fadesFrom: daysAfter(at, settings.expiresDays) }),
    value,
    score: interpolate(value, settings.breakpoints),
    because: `The CSM pulse is ${value} of 5 (${on}).`,
    evidence: [{ kind: 'account', id }],
    at,
  };
}
