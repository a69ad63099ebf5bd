import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, MeasureContext, Reading } from './measure.ts';
import { missing, na, ok, unread } from './reading.ts';
import { count } from './wording.ts';
import { customerSince } from './facts/customer-since.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { Segment } from '../model/records.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface OnboardingSettings {
  readonly weight: number;
  /** Steps done ÷ steps expected by now. */
  readonly breakpoints: Breakpoints;
  /** All steps are expected so many days after the start; of the steps without a due day, evenly up to then. */
  readonly daysToLive: Readonly<Record<Segment, number>>;
}

/** First value within 30 days: published practice; the curve is provisional. */
export const defaultOnboarding: OnboardingSettings = {
  weight: 0.6,
  breakpoints: [
    [0.25, 0],
    [0.6, 50],
    [0.9, 75],
    [1, 100],
  ],
  daysToLive: { enterprise: 30, mid: 30, smb: 30 },
};

const SOURCES: readonly SourceName[] = ['milestones'];

/** Value: onboarding steps done ÷ expected by now. Does not apply to an old customer without any, or before one is due. */
export function onboarding(settings: OnboardingSettings): Measure {
  return {
    id: 'O1',
    title: 'Onboarding',
    dimension: 'outcome',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot, context) => read(snapshot, context, settings),
  };
}

function read(snapshot: AccountSnapshot, context: MeasureContext, settings: OnboardingSettings): Reading {
  if (snapshot.milestones === null) return unread(snapshot, 'milestones', 'The onboarding plan');
  const steps = snapshot.milestones.filter(({ kind }) => kind === 'onboarding');
  if (steps.length === 0) {
    return context.isOnboarding
      ? missing('No onboarding plan is on record.')
      : na('The customer has no onboarding plan any more.');
  }
  const { today } = snapshot;
  const done = steps.filter(({ doneOn }) => doneOn !== null && doneOn <= today).length;
  const dated = steps.filter(({ dueOn }) => dueOn !== null && dueOn <= today).length;
  const undated = steps.filter(({ dueOn }) => dueOn === null).length;
  const expected = dated + undated * shareExpected(snapshot, settings);
  if (expected < 1) return na('No step of the onboarding is due yet.');
  const value = done / expected;
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${done} of ${count(steps.length, 'onboarding step')} ${done === 1 ? 'is' : 'are'} done; ${Math.floor(expected + 1e-9)} would be expected by now.`,
    evidence: [],
    at: snapshot.asOf,
  });
}

/** Without a known start everything is expected: what is unknown never raises a score. */
function shareExpected(snapshot: AccountSnapshot, { daysToLive }: OnboardingSettings): number {
  const since = customerSince(snapshot);
  if (since === null) return 1;
  const days = daysBetween(since, snapshot.today);
  return Math.min(1, Math.max(0, days) / daysToLive[snapshot.account.segment ?? 'mid']);
}
