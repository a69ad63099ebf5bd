import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf, unread } from './reading.ts';
import { daysWithoutUse, withoutUseSentence } from './facts/usage.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface LastUseSettings {
  readonly weight: number;
  /** Days since anybody used the product. */
  readonly breakpoints: Breakpoints;
}

/** Edges at 14 and 30 days: PostHog's handbook. */
export const defaultLastUse: LastUseSettings = {
  weight: 0.15,
  breakpoints: [
    [1, 100],
    [7, 75],
    [14, 50],
    [30, 0],
  ],
};

const SOURCES: readonly SourceName[] = ['usage'];

/** Value: calendar days since anybody of the account used the product. */
export function lastUse(settings: LastUseSettings): Measure {
  return {
    id: 'U3',
    title: 'Last use',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: LastUseSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  const value = daysWithoutUse(snapshot);
  if (value === null) return missing('Nobody of the account has used the product yet.');
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: withoutUseSentence(value, snapshot),
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}
