import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count } from './wording.ts';
import type { UrgentTicket } from './facts/urgent-tickets.ts';
import { urgentTicketsOf } from './facts/urgent-tickets.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface UrgentTicketsSettings {
  readonly weight: number;
  /** Open tickets that are urgent or escalated. */
  readonly breakpoints: Breakpoints;
}

/** None is healthy and two are not: PostHog's handbook. */
export const defaultUrgentTickets: UrgentTicketsSettings = {
  weight: 0.35,
  breakpoints: [
    [0, 100],
    [1, 70],
    [2, 50],
    [4, 0],
  ],
};

const SOURCES: readonly SourceName[] = ['tickets'];

/** Value: open tickets that are urgent or escalated. Missing for an account that never had a ticket. */
export function urgentTickets(settings: UrgentTicketsSettings): Measure {
  return {
    id: 'S2',
    title: 'Urgent tickets',
    dimension: 'support',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: UrgentTicketsSettings): Reading {
  const urgent = urgentTicketsOf(snapshot);
  if (urgent === null) return missing('Tickets cannot be read.');
  // A customer who never opened a ticket says nothing of how tickets go; that is no reason for a full score.
  if (snapshot.tickets?.length === 0) return missing('There has never been a ticket.');
  return ok({
    value: urgent.length,
    score: interpolate(urgent.length, settings.breakpoints),
    because: urgentSentence(urgent),
    evidence: urgent.map(({ ticket }) => ({ kind: 'ticket', id: ticket.id })),
    at: readAtOf(snapshot, SOURCES),
  });
}

/** How many are open and for how long the oldest has been. */
export function urgentSentence(urgent: readonly UrgentTicket[]): string {
  const [oldest] = urgent;
  if (oldest === undefined) return 'No urgent ticket is open.';
  const open = `${count(urgent.length, 'urgent ticket')} ${urgent.length === 1 ? 'is' : 'are'} open`;
  if (oldest.daysOpen === null || oldest.daysOpen < 1) return `${open}.`;
  const days = count(oldest.daysOpen, 'day');
  return urgent.length === 1 ? `${open}, for ${days} now.` : `${open}, the oldest for ${days} now.`;
}
