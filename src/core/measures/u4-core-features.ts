import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, na, ok, readAtOf, unread } from './reading.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from './facts/usage.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface CoreFeaturesSettings {
  readonly weight: number;
  /** Share of the core features in use, 0 to 1. */
  readonly breakpoints: Breakpoints;
  readonly windowDays: number;
  /** Core features of accounts for which usage does not say which ones they have licensed. */
  readonly features: readonly string[];
}

/** Provisional. */
export const defaultCoreFeatures: CoreFeaturesSettings = {
  weight: 0.15,
  breakpoints: [
    [0, 0],
    [0.3, 50],
    [0.6, 75],
    [0.9, 100],
  ],
  windowDays: 28,
  features: [],
};

const SOURCES: readonly SourceName[] = ['usage'];

/** Value: core features used within the window ÷ those licensed. Does not apply where nobody named core features. */
export function coreFeatures(settings: CoreFeaturesSettings): Measure {
  return {
    id: 'U4',
    title: 'Core features in use',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: CoreFeaturesSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  const core = new Set(snapshot.usage.coreFeatures ?? settings.features);
  if (core.size === 0) return na('No feature is named as core.');
  const usage = usageOf(snapshot);
  if (usage === null) return missing('Nobody of the account has used the product yet.');
  const days = daysOfUse(usage, usageKnownOn(snapshot), settings.windowDays);
  let used = 0;
  for (const name of core) if (days.some(({ features }) => (features[name] ?? 0) > 0)) used += 1;
  const value = used / core.size;
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${used} of ${core.size} core features were used in the last ${settings.windowDays} days${upToKnownDay(snapshot)}.`,
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}
