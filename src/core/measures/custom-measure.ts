import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Dimension, Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf, unread } from './reading.ts';
import { changeInWords, decimalText } from './wording.ts';
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
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: CustomMeasureSettings): Reading {
  if (snapshot.usage === null) return unread(snapshot, 'usage', 'Product usage');
  if (usageOf(snapshot) === null) return missing('Nobody of the account has used the product yet.');
  const found = find(snapshot, settings);
  if (found === null)
    return missing(`${settings.title} was not seen in the last ${settings.windowDays} days${upToKnownDay(snapshot)}.`);
  return ok({
    value: found.value,
    score: interpolate(found.value, settings.breakpoints),
    because: `${settings.title} ${found.words}.`,
    evidence: [],
    at: readAtOf(snapshot, SOURCES),
  });
}

/** What was counted, and the rest of a sentence that begins with the measure's title; null where there is nothing. */
function find(
  snapshot: AccountSnapshot,
  settings: CustomMeasureSettings,
): { readonly value: number; readonly words: string } | null {
  const { as, windowDays } = settings;
  const upTo = upToKnownDay(snapshot);
  const values = (endingDaysAgo: number): readonly number[] => {
    const days =
      snapshot.usage === null ? [] : daysOfUse(snapshot.usage, usageKnownOn(snapshot), windowDays, endingDaysAgo);
    return days.map((day) => amountOf(day, settings)).filter((amount) => amount !== null);
  };
  const now = values(0);
  if (as === 'newest') {
    const value = now.at(-1);
    return value === undefined ? null : { value, words: `stood at ${decimalText(value)} when last told` };
  }
  const total = sum(now);
  if (as === 'sum')
    return { value: total, words: `came to ${decimalText(total)} in the last ${windowDays} days${upTo}` };
  const before = sum(values(windowDays));
  return before <= 0
    ? null
    : { value: total / before - 1, words: changeInWords(before, total, `in ${windowDays} days${upTo}`) };
}

function amountOf(day: UsageDay, { of }: CustomMeasureSettings): number | null {
  if (of.kind === 'events') return day.events;
  return (of.kind === 'feature' ? day.features[of.feature] : day.metered[of.metric]) ?? null;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
