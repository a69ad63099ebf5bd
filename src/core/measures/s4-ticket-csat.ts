import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { hasSeen, missing, ok, readAtOf } from './reading.ts';
import { count, decimalText } from './wording.ts';
import { daysAgo } from './facts/local-day.ts';
import type { Instant } from '../model/calendar-date.ts';
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

const SOURCES: readonly SourceName[] = ['tickets', 'surveys'];

/** Value: mean rating of the window, from tickets and from surveys about them, shrunk to the mean of the whole book. */
export function ticketCsat(settings: TicketCsatSettings): Measure {
  return {
    id: 'S4',
    title: 'Ticket satisfaction',
    dimension: 'support',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

interface Rating {
  readonly id: string;
  readonly csat: number;
  readonly isTicket: boolean;
}

function isLost(snapshot: AccountSnapshot, source: SourceName): boolean {
  return (source === 'tickets' ? snapshot.tickets : snapshot.surveys) === null && hasSeen(snapshot, source);
}

function read(snapshot: AccountSnapshot, settings: TicketCsatSettings): Reading {
  if (snapshot.tickets === null && snapshot.surveys === null) return missing('Tickets cannot be read.');
  // What is left of two sources could look better than both.
  const lost = SOURCES.find((source) => isLost(snapshot, source));
  if (lost !== undefined) return missing(`Ratings of ${lost} cannot be read any more.`);
  const from = daysAgo(settings.windowDays, snapshot);
  const rated: Rating[] = [];
  const note = (rating: Rating, at: Instant | null): void => {
    if (at !== null && at >= from && at <= snapshot.asOf) rated.push(rating);
  };
  for (const { id, csat, closedAt, openedAt } of snapshot.tickets ?? []) {
    if (csat !== null) note({ id, csat, isTicket: true }, closedAt ?? openedAt);
  }
  for (const { id, kind, score, at } of snapshot.surveys ?? []) {
    if (kind === 'csat') note({ id, csat: score, isTicket: false }, at);
  }
  if (rated.length === 0) return missing(`Nothing was rated in the last ${settings.windowDays} days.`);
  rated.sort((a, b) => a.csat - b.csat || (a.id < b.id ? -1 : 1));
  const wrong = rated.find(({ csat }) => csat < 1 || csat > 5);
  if (wrong !== undefined) {
    const what = wrong.isTicket ? 'Ticket' : 'Survey';
    return { state: 'error', because: `${what} ${wrong.id} is rated ${wrong.csat}; ratings go from 1 to 5.` };
  }
  const sum = rated.reduce((total, { csat }) => total + csat, 0);
  const prior = snapshot.book.meanCsat ?? settings.priorMean;
  const value = (sum + settings.priorRatings * prior) / (rated.length + settings.priorRatings);
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: `${count(rated.length, 'rating')} of support in the last ${settings.windowDays} days, ${decimalText(sum / rated.length)} of 5 on average.`,
    evidence: rated.filter(({ isTicket }) => isTicket).map(({ id }) => ({ kind: 'ticket', id })),
    at: readAtOf(snapshot, SOURCES),
  });
}
