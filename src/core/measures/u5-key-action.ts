import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, na, ok, readAtOf, unread } from './reading.ts';
import { percentText } from './wording.ts';
import { upToKnownDay, usageOf } from './facts/usage.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface KeyActionSettings {
  readonly weight: number;
  /** Share of the active users, 0 to 1. */
  readonly breakpoints: Breakpoints;
}

/** Edges at 20% and 40%: PostHog's handbook. */
export const defaultKeyAction: KeyActionSettings = {
  weight: 0.1,
  breakpoints: [
    [0, 0],
    [0.2, 50],
    [0.4, 75],
    [0.7, 100],
  ],
};

const SOURCES: readonly SourceName[] = ['usage'];

/**
 * Value: people who did a key action in 14 days ÷ people who were active in them. Does not apply to an account that
 * never did one, since nothing tells it from a product without key actions.
 */
export function keyAction(settings: KeyActionSettings): Measure {
  return {
    id: 'U5',
    title: 'Users doing the key action',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: KeyActionSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  const usage = usageOf(snapshot);
  if (usage === null) return missing('Nobody of the account has used the product yet.');
  if (!usage.days.some(({ keyActions }) => keyActions > 0)) return na('No key action was ever seen.');
  if (usage.users14d <= 0) return missing(`Nobody was active in the last 14 days${upToKnownDay(snapshot)}.`);
  const value = Math.min(1, usage.keyUsers14d / usage.users14d);
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${usage.keyUsers14d} of ${usage.users14d} active users did a key action in the last 14 days${upToKnownDay(snapshot)} (${percentText(value)}).`,
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}
