import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count, decimalText } from './wording.ts';
import { daysAgo } from './facts/local-day.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface TicketCsatSettings {
  readonly weight: number;
  /** Mean rating, 1 to 5, after shrinking. */
  readonly breakpoints: Breakpoints;
  readonly windowDays: number;
  /** The book's mean counts as so many ratings, so that one bad or good answer is not a verdict. */
  readonly priorRatings: number;
  /** Stands in for the book's mean until there is one. */
  readonly priorMean: number;
}

/** Provisional. */
export const defaultTicketCsat: TicketCsatSettings = {
  weight: 0.25,
  breakpoints: [
    [2, 0],
    [3.5, 50],
    [4.2, 75],
    [4.8, 100],
  ],
  windowDays: 90,
  priorRatings: 5,
  priorMean: 4.2,
};

const SOURCES: readonly SourceName[] = ['tickets'];

/** Value: mean rating of the window's tickets, shrunk to the mean of the whole book. */
export function ticketCsat(settings: TicketCsatSettings): Measure {
  return {
    id: 'S4',
    title: 'Ticket satisfaction',
    dimension: 'support',
    weight: settings.weight,
    sources: SOURCES,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: TicketCsatSettings): Reading {
  if (snapshot.tickets === null) return missing('Tickets cannot be read.');
  const from = daysAgo(settings.windowDays, snapshot);
  const rated: { id: string; csat: number }[] = [];
  for (const { id, csat, closedAt, openedAt } of snapshot.tickets) {
    const at = closedAt ?? openedAt;
    if (csat !== null && at !== null && at >= from && at <= snapshot.asOf) rated.push({ id, csat });
  }
  if (rated.length === 0) return missing(`No ticket was rated in the last ${settings.windowDays} days.`);
  rated.sort((a, b) => a.csat - b.csat || (a.id < b.id ? -1 : 1));
  const wrong = rated.find(({ csat }) => csat < 1 || csat > 5);
  if (wrong !== undefined) {
    return { state: 'error', because: `Ticket ${wrong.id} is rated ${wrong.csat}; ratings go from 1 to 5.` };
  }
  const sum = rated.reduce((total, { csat }) => total + csat, 0);
  const prior = snapshot.book.meanCsat ?? settings.priorMean;
  const value = (sum + settings.priorRatings * prior) / (rated.length + settings.priorRatings);
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${count(rated.length, 'rated ticket')} in the last ${settings.windowDays} days, ${decimalText(sum / rated.length)} of 5 on average.`,
    evidence: rated.map(({ id }) => ({ kind: 'ticket', id })),
    at: readAtOf(snapshot, SOURCES),
  });
}
