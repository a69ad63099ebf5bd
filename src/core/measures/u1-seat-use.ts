import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { percentText } from './wording.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface SeatUseSettings {
  readonly weight: number;
  /** Seats used ÷ seats paid. */
  readonly breakpoints: Breakpoints;
}

/** Edges at 50% and 80%: the handbooks of GitLab and Sourcegraph. */
export const defaultSeatUse: SeatUseSettings = {
  weight: 0.3,
  breakpoints: [
    [0, 0],
    [0.5, 50],
    [0.8, 75],
    [1, 100],
  ],
};

const SOURCES: readonly SourceName[] = ['accounts'];

/** Value: seats used ÷ seats paid, above 1 when more are used than paid. */
export function seatUse(settings: SeatUseSettings): Measure {
  return {
    id: 'U1',
    title: 'Seat use',
    dimension: 'usage',
    weight: settings.weight,
    sources: SOURCES,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: SeatUseSettings): Reading {
  const { seatsUsed, seatsPaid, id } = snapshot.account;
  const value = seatRatio(snapshot);
  if (value === null) return missing('The account does not tell how many of its paid seats are used.');
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${seatsUsed ?? 0} of ${seatsPaid ?? 0} paid seats are used (${percentText(value)}).`,
    evidence: [{ kind: 'account', id }],
    at: readAtOf(snapshot, SOURCES),
  });
}

/** Seats used ÷ seats paid; null when the account does not state both, or states what cannot be. */
export function seatRatio(snapshot: AccountSnapshot): number | null {
  const { seatsUsed, seatsPaid } = snapshot.account;
  if (seatsUsed === null || seatsPaid === null || seatsPaid <= 0 || seatsUsed < 0) return null;
  return seatsUsed / seatsPaid;
}
