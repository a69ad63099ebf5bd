import { daysAgo } from '../measures/facts/local-day.ts';
import { urgentTicketsOf } from '../measures/facts/urgent-tickets.ts';
import { urgentSentence } from '../measures/s2-urgent-tickets.ts';
import { clip } from '../measures/wording.ts';
import type { Ticket } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface SupportFireSettings extends PlaySettings {
  /** An urgent or escalated ticket open for longer than this. */
  readonly overDaysOpen: number;
  readonly urgentTickets: number;
  /** So many tickets of one category within so many days. */
  readonly sameCategory: { readonly tickets: number; readonly withinDays: number };
  /** The last rating, 1 to 5, from which on the customer is content again. */
  readonly contentFrom: number;
}

/** Source: play 09 of the product's catalogue. */
export const defaultSupportFire: SupportFireSettings = {
  overDaysOpen: 3,
  urgentTickets: 2,
  sameCategory: { tickets: 3, withinDays: 30 },
  contentFrom: 4,
  readings: 1,
  overDays: 0,
  endsWhenDone: false,
  priority: 'high',
  escalateAfterDays: 2,
  tasks: [
    {
      id: 'sync',
      role: 'csm',
      dueDays: 1,
      title: 'Agree with support on who answers what',
      whatToDo: '{because} Sit down with support: what is known, who works on it, what the customer was told.',
      doneWhen: 'one person answers to the customer, and you know who.',
    },
    {
      id: 'eta',
      role: 'support',
      dueDays: 2,
      title: 'Give the customer a date',
      whatToDo: 'Tell {account} by when it is solved, and what they can do until then.',
      doneWhen: 'the customer has a date.',
    },
    {
      id: 'executive-note',
      role: 'csm',
      dueDays: 3,
      title: 'Tell the sponsor before they hear of it',
      whatToDo: 'Write to the executive sponsor: what happened, what it meant for them, when it ends.',
      doneWhen: 'the note is sent.',
    },
  ],
};

/** Urgent tickets pile up or stay open, or the same thing breaks again and again. */
export function supportFire(settings: SupportFireSettings): SignalPlay {
  return {
    id: '09',
    title: 'Support fire',
    kind: 'risk',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot }) {
      const urgent = urgentTicketsOf(snapshot);
      if (urgent === null) return inert('Tickets cannot be read.');
      const isOld = urgent.some(({ daysOpen }) => daysOpen !== null && daysOpen > settings.overDaysOpen);
      if (isOld || urgent.length >= settings.urgentTickets) return fires(urgentSentence(urgent), 'support');
      const category = oftenBroken(snapshot, settings);
      if (category !== null) {
        const { tickets, withinDays } = settings.sameCategory;
        return fires(
          `At least ${tickets} tickets about '${clip(category, 40)}' came in within ${withinDays} days.`,
          'support',
        );
      }
      if (urgent.length > 0) return between;
      const rating = lastRating(snapshot.tickets ?? []);
      return rating === null || rating >= settings.contentFrom ? over('No urgent ticket is open any more.') : between;
    },
  };
}

/** The first category, in alphabetical order, that came up often enough. */
function oftenBroken(
  snapshot: AccountSnapshot,
  { sameCategory: { tickets, withinDays } }: SupportFireSettings,
): string | null {
  const from = daysAgo(withinDays, snapshot);
  const recent = (snapshot.tickets ?? []).filter(({ openedAt }) => openedAt !== null && openedAt >= from);
  const groups = Map.groupBy(recent, ({ category }) => category?.trim() ?? '');
  const often = [...groups].filter(([category, group]) => category !== '' && group.length >= tickets);
  return often.map(([category]) => category).sort()[0] ?? null;
}

/** Of the ticket that was closed last. */
function lastRating(tickets: readonly Ticket[]): number | null {
  let last: Ticket | null = null;
  for (const ticket of tickets) {
    if (ticket.csat === null || ticket.closedAt === null) continue;
    if (last === null || `${ticket.closedAt} ${ticket.id}` > `${last.closedAt} ${last.id}`) last = ticket;
  }
  return last?.csat ?? null;
}
