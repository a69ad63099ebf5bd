import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count, decimalText } from './wording.ts';
import { daysAgo } from './facts/local-day.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface TicketVolumeSettings {
  readonly weight: number;
  /** Tickets of the recent window ÷ what the account's own habit lets expect. */
  readonly breakpoints: Breakpoints;
  readonly recentDays: number;
  readonly habitDays: number;
  /** So few tickets are never called many. */
  readonly leastExpected: number;
  /** Nobody asks anything: neither trouble nor proof of use. */
  readonly scoreWithoutTickets: number;
}

/** Ticket trend against the account's own mean: mbfinotti's churn practice notes. */
export const defaultTicketVolume: TicketVolumeSettings = {
  weight: 0.25,
  breakpoints: [
    [1, 90],
    [1.5, 75],
    [2.5, 50],
    [5, 0],
  ],
  recentDays: 30,
  habitDays: 180,
  leastExpected: 2,
  scoreWithoutTickets: 75,
};

const SOURCES: readonly SourceName[] = ['tickets'];

/** Value: the ratio of recent to usual tickets; 0 without any ticket in the longer window. */
export function ticketVolume(settings: TicketVolumeSettings): Measure {
  return {
    id: 'S1',
    title: 'Ticket volume',
    dimension: 'support',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: TicketVolumeSettings): Reading {
  if (snapshot.tickets === null) return missing('Tickets cannot be read.');
  const { recentDays, habitDays } = settings;
  const recentFrom = daysAgo(recentDays, snapshot);
  const habitFrom = daysAgo(habitDays, snapshot);
  const recent: string[] = [];
  let habit = 0;
  for (const { id, openedAt } of snapshot.tickets) {
    if (openedAt === null || openedAt < habitFrom || openedAt > snapshot.asOf) continue;
    habit += 1;
    if (openedAt >= recentFrom) recent.push(id);
  }
  const at = readAtOf(snapshot, SOURCES);
  if (habit === 0) {
    const because = `No ticket was opened in the last ${habitDays} days.`;
    return ok({ value: 0, score: settings.scoreWithoutTickets, because, evidence: [], at });
  }
  const usual = (habit * recentDays) / habitDays;
  const expected = Math.max(settings.leastExpected, usual);
  const value = recent.length / expected;
  const opened = recent.length === 0 ? 'No ticket was opened' : count(recent.length, 'ticket');
  const norm =
    usual < expected
      ? `up to ${decimalText(expected)} are nothing unusual`
      : `about ${decimalText(expected)} would be usual`;
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${opened} in the last ${recentDays} days; ${norm}.`,
    evidence: recent.sort().map((id) => ({ kind: 'ticket', id })),
    at,
  });
}
