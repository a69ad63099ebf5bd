import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Dimension, Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf, unread } from './reading.ts';
import { decimalText } from './wording.ts';
import { daysOfUse, upToKnownDay, usageKnownOn, usageOf } from './facts/usage.ts';
import type { UsageDay } from '../model/signals.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

/** A measure of the customer's own, over what its product sends. */
export interface CustomMeasureSettings {
  /** Not one of the built-in ids; shows up in drivers: `X-exports`. */
  readonly id: string;
  readonly title: string;
  readonly dimension: Dimension;
  readonly weight: number;
  /** What is counted: uses of a feature, a metered amount, or all events. */
  readonly of:
    | { readonly kind: 'feature'; readonly feature: string }
    | { readonly kind: 'metric'; readonly metric: string }
    | { readonly kind: 'events' };
  /** The sum of the window, its newest day with a value (for stocks), or the change against the window before (−0.2). */
  readonly as: 'sum' | 'newest' | 'change';
  readonly windowDays: number;
  readonly breakpoints: Breakpoints;
}

/** So many measures of its own an installation may have. */
export const MOST_CUSTOM_MEASURES = 40;

const SOURCES: readonly SourceName[] = ['usage'];

/** Value: in the unit of what is counted, or a ratio for a change. */
export function customMeasure(settings: CustomMeasureSettings): Measure {
  return {
    id: settings.id,
    title: settings.title,
    dimension: settings.dimension,
    weight: settings.weight,
    sources: SOURCES,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: CustomMeasureSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  if (usageOf(snapshot) === null) return missing('Nobody of the account has used the product yet.');
  const value = valueOf(snapshot, settings);
  if (value === null)
    return missing(`${settings.title} was not seen in the last ${settings.windowDays} days${upToKnownDay(snapshot)}.`);
  const shown = settings.as === 'change' ? `${decimalText(value * 100)}%` : decimalText(value);
  const words = { sum: '', newest: ' at last', change: ' change' }[settings.as];
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${settings.title}: ${shown}${words} in ${settings.windowDays} days${upToKnownDay(snapshot)}.`,
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}

function valueOf(snapshot: AccountSnapshot, settings: CustomMeasureSettings): number | null {
  const values = (endingDaysAgo: number): readonly number[] => {
    const days =
      snapshot.usage === null
        ? []
        : daysOfUse(snapshot.usage, usageKnownOn(snapshot), settings.windowDays, endingDaysAgo);
    return days.map((day) => amountOf(day, settings)).filter((amount) => amount !== null);
  };
  const now = values(0);
  if (settings.as === 'newest') return now.at(-1) ?? null;
  if (settings.as === 'sum') return sum(now);
  const before = sum(values(settings.windowDays));
  return before <= 0 ? null : sum(now) / before - 1;
}

function amountOf(day: UsageDay, { of }: CustomMeasureSettings): number | null {
  if (of.kind === 'events') return day.events;
  return (of.kind === 'feature' ? day.features[of.feature] : day.metered[of.metric]) ?? null;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
