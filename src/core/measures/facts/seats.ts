import type { AccountSnapshot } from '../../model/snapshot.ts';
import type { UsageWindows } from '../../usage/configuration.ts';
import { count, percentText } from '../wording.ts';
import { upToKnownDay, usageOf } from './usage.ts';

export interface SeatUse {
  readonly used: number;
  readonly paid: number;
  /** Above 1 when more are used than paid. */
  readonly ratio: number;
  /** Fit to be read to the customer. */
  readonly because: string;
}

/** Seats as the account record states them; null when it does not state both, or states what cannot be. */
export function statedSeats({ account }: Pick<AccountSnapshot, 'account'>): SeatUse | null {
  const { seatsUsed, seatsPaid } = account;
  if (seatsUsed === null || seatsPaid === null || seatsPaid <= 0 || seatsUsed < 0) return null;
  const ratio = seatsUsed / seatsPaid;
  const because =
    ratio > 1
      ? `${seatsUsed} seats are used and ${seatsPaid} are paid for (${percentText(ratio)}).`
      : `${seatsUsed} of ${seatsPaid} paid seats are used (${percentText(ratio)}).`;
  return { used: seatsUsed, paid: seatsPaid, ratio, because };
}

type SeatFacts = Pick<AccountSnapshot, 'account' | 'usage' | 'sources' | 'today' | 'timeZone'>;

/** People who used the product in the active window, against the paid seats; null without usage or without a number of seats. */
export function activeSeats(snapshot: SeatFacts, { activeDays }: Pick<UsageWindows, 'activeDays'>): SeatUse | null {
  const usage = usageOf(snapshot);
  const { seatsPaid } = snapshot.account;
  if (usage === null || seatsPaid === null || seatsPaid <= 0) return null;
  const ratio = usage.users28d / seatsPaid;
  const within = `in the last ${count(activeDays, 'day')}${upToKnownDay(snapshot)}`;
  const because =
    ratio > 1
      ? `${usage.users28d} people were active ${within}, on ${seatsPaid} paid seats (${percentText(ratio)}).`
      : `${usage.users28d} of ${seatsPaid} paid seats were active ${within} (${percentText(ratio)}).`;
  return { used: usage.users28d, paid: seatsPaid, ratio, because };
}

/** The fuller of the two: a seat that is assigned is taken even when its owner was away. Null when neither is known. */
export function takenSeats(snapshot: SeatFacts, windows: Pick<UsageWindows, 'activeDays'>): SeatUse | null {
  const stated = statedSeats(snapshot);
  const active = activeSeats(snapshot, windows);
  if (stated === null || active === null) return stated ?? active;
  return active.ratio > stated.ratio ? active : stated;
}
