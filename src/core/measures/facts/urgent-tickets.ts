import type { Ticket } from '../../model/records.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';
import { daysSince } from './local-day.ts';

export interface UrgentTicket {
  readonly ticket: Ticket;
  /** Calendar days; null when the CRM does not tell when it was opened. */
  readonly daysOpen: number | null;
}

/** Open tickets that are urgent or escalated, the longest open first; null when tickets cannot be read. */
export function urgentTicketsOf(snapshot: AccountSnapshot): readonly UrgentTicket[] | null {
  if (snapshot.tickets === null) return null;
  return snapshot.tickets
    .filter((ticket) => isOpen(ticket) && (ticket.priority === 'urgent' || ticket.escalated === true))
    .map((ticket) => ({ ticket, daysOpen: ticket.openedAt === null ? null : daysSince(ticket.openedAt, snapshot) }))
    .sort((a, b) => (b.daysOpen ?? -1) - (a.daysOpen ?? -1) || (a.ticket.id < b.ticket.id ? -1 : 1));
}

/** Without a status, a ticket without a closing date counts as open: what is unknown never raises a score. */
function isOpen(ticket: Ticket): boolean {
  return ticket.isOpen ?? ticket.closedAt === null;
}
