import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, na, ok, readAtOf, unread } from './reading.ts';
import { count, percentText } from './wording.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from './facts/usage.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';
import type { UsageWindows } from '../usage/configuration.ts';

export interface KeyActionSettings {
  readonly weight: number;
  /** Share of the active users, 0 to 1. */
  readonly breakpoints: Breakpoints;
  /** An account without a key action in so many days is of a product that has none, or does not tell them. */
  readonly seenDays: number;
}

/** Edges at 20% and 40%: PostHog's handbook; three months without a key action: provisional. */
export const defaultKeyAction: KeyActionSettings = {
  weight: 0.1,
  breakpoints: [
    [0, 0],
    [0.2, 50],
    [0.4, 75],
    [0.7, 100],
  ],
  seenDays: 92,
};

const SOURCES: readonly SourceName[] = ['usage'];

/**
 * Value: people who did a key action in the recent window ÷ people who were active in it. Does not apply to an account
 * that has not done one for long, since nothing tells it from a product without key actions.
 */
export function keyAction(settings: KeyActionSettings): Measure {
  return {
    id: 'U5',
    title: 'Users doing the key action',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot, { usageWindows }) => read(snapshot, usageWindows, settings),
  };
}

function read(snapshot: AccountSnapshot, { recentDays }: UsageWindows, settings: KeyActionSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  const usage = usageOf(snapshot);
  if (usage === null) return missing('Nobody of the account has used the product yet.');
  const days = daysOfUse(usage, usageKnownOn(snapshot), settings.seenDays);
  if (!days.some(({ keyActions }) => keyActions > 0)) {
    return na(`No key action was seen in the last ${count(settings.seenDays, 'day')}${upToKnownDay(snapshot)}.`);
  }
  const within = `in the last ${count(recentDays, 'day')}${upToKnownDay(snapshot)}`;
  if (usage.users14d <= 0) return missing(`Nobody was active ${within}.`);
  const value = Math.min(1, usage.keyUsers14d / usage.users14d);
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${usage.keyUsers14d} of ${usage.users14d} active users did a key action ${within} (${percentText(value)}).`,
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}
