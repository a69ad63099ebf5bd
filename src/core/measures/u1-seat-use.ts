import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, MeasureContext, Reading } from './measure.ts';
import { hasSeen, missing, ok, readAtOf, unread } from './reading.ts';
import { customerSince } from './facts/customer-since.ts';
import { activeSeats, statedSeats } from './facts/seats.ts';
import { usageOf } from './facts/usage.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface SeatUseSettings {
  readonly weight: number;
  /** Seats used ÷ seats paid. */
  readonly breakpoints: Breakpoints;
  /** While the account is brought on board and is so young, less is expected; the youngest first. */
  readonly onboarding: readonly { readonly belowDays: number; readonly breakpoints: Breakpoints }[];
}

/** Edges at 50% and 80%: the handbooks of GitLab and Sourcegraph; by tenure: GitLab's. */
export const defaultSeatUse: SeatUseSettings = {
  weight: 0.3,
  breakpoints: [
    [0, 0],
    [0.5, 50],
    [0.8, 75],
    [1, 100],
  ],
  onboarding: [
    {
      belowDays: 183,
      breakpoints: [
        [0, 0],
        [0.1, 50],
        [0.5, 75],
        [1, 100],
      ],
    },
    {
      belowDays: 274,
      breakpoints: [
        [0, 0],
        [0.5, 50],
        [0.75, 75],
        [1, 100],
      ],
    },
  ],
};

const SOURCES: readonly SourceName[] = ['accounts', 'usage'];

/** Value: people active in the active window ÷ seats paid, without usage the seats used that the account states ÷ seats paid. */
export function seatUse(settings: SeatUseSettings): Measure {
  return {
    id: 'U1',
    title: 'Seat use',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    fields: ['seatsPaid', 'seatsUsed'],
    read: (snapshot, context) => read(snapshot, context, settings),
  };
}

function read(snapshot: AccountSnapshot, context: MeasureContext, settings: SeatUseSettings): Reading {
  // What the account states may be kinder than what usage showed.
  if (snapshot.usage === null && hasSeen(snapshot, 'usage')) return unread(snapshot, 'usage', 'Product usage');
  const seats = activeSeats(snapshot, context.usageWindows) ?? statedSeats(snapshot);
  const { seatsUsed, seatsPaid } = snapshot.account;
  if (seats === null && ((seatsUsed ?? 0) < 0 || (seatsPaid ?? 0) < 0)) {
    const stated = `${seatsUsed ?? 'no'} used of ${seatsPaid ?? 'no'} paid seats`;
    return { state: 'error', because: `The account states ${stated}; there cannot be fewer than none.` };
  }
  if (seats === null) {
    return usageOf(snapshot) === null
      ? missing('The account does not tell how many of its paid seats are used.')
      : missing('The account does not tell how many seats are paid for.');
  }
  return ok({
    value: seats.ratio,
    score: interpolate(seats.ratio, curveOf(snapshot, context, settings)),
    because: seats.because,
    evidence: [{ kind: 'account', id: snapshot.account.id }],
    at: readAtOf(snapshot, SOURCES),
  });
}

function curveOf(snapshot: AccountSnapshot, context: MeasureContext, settings: SeatUseSettings): Breakpoints {
  const since = customerSince(snapshot);
  if (!context.isOnboarding || since === null) return settings.breakpoints;
  const days = daysBetween(since, snapshot.today);
  return settings.onboarding.find(({ belowDays }) => days < belowDays)?.breakpoints ?? settings.breakpoints;
}
