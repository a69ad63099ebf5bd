import type { CommercialChangeSettings } from './c2-commercial-change.ts';
import { commercialChange, defaultCommercialChange } from './c2-commercial-change.ts';
import type { OverdueSettings } from './c1-overdue.ts';
import { defaultOverdue, overdue } from './c1-overdue.ts';
import type { Measure } from './measure.ts';
import type { CsmPulseSettings } from './n2-csm-pulse.ts';
import { csmPulse, defaultCsmPulse } from './n2-csm-pulse.ts';
import type { LastContactSettings } from './r1-last-contact.ts';
import { defaultLastContact, lastContact } from './r1-last-contact.ts';
import type { ExecutiveContactSettings } from './r2-executive-contact.ts';
import { defaultExecutiveContact, executiveContact } from './r2-executive-contact.ts';
import type { ActiveContactsSettings } from './r3-active-contacts.ts';
import { activeContacts, defaultActiveContacts } from './r3-active-contacts.ts';
import type { ChampionMeasureSettings } from './r4-champion.ts';
import { champion, defaultChampion } from './r4-champion.ts';
import type { TicketVolumeSettings } from './s1-ticket-volume.ts';
import { defaultTicketVolume, ticketVolume } from './s1-ticket-volume.ts';
import type { UrgentTicketsSettings } from './s2-urgent-tickets.ts';
import { defaultUrgentTickets, urgentTickets } from './s2-urgent-tickets.ts';
import type { ResolutionTimeSettings } from './s3-resolution-time.ts';
import { defaultResolutionTime, resolutionTime } from './s3-resolution-time.ts';
import type { TicketCsatSettings } from './s4-ticket-csat.ts';
import { defaultTicketCsat, ticketCsat } from './s4-ticket-csat.ts';
import type { SeatUseSettings } from './u1-seat-use.ts';
import { defaultSeatUse, seatUse } from './u1-seat-use.ts';

/** What an admin may set on each measure. */
export interface MeasureConfiguration {
  readonly seatUse: SeatUseSettings;
  readonly lastContact: LastContactSettings;
  readonly executiveContact: ExecutiveContactSettings;
  readonly activeContacts: ActiveContactsSettings;
  readonly champion: ChampionMeasureSettings;
  readonly ticketVolume: TicketVolumeSettings;
  readonly urgentTickets: UrgentTicketsSettings;
  readonly resolutionTime: ResolutionTimeSettings;
  readonly ticketCsat: TicketCsatSettings;
  readonly csmPulse: CsmPulseSettings;
  readonly overdue: OverdueSettings;
  readonly commercialChange: CommercialChangeSettings;
}

export const defaultMeasureConfiguration: MeasureConfiguration = {
  seatUse: defaultSeatUse,
  lastContact: defaultLastContact,
  executiveContact: defaultExecutiveContact,
  activeContacts: defaultActiveContacts,
  champion: defaultChampion,
  ticketVolume: defaultTicketVolume,
  urgentTickets: defaultUrgentTickets,
  resolutionTime: defaultResolutionTime,
  ticketCsat: defaultTicketCsat,
  csmPulse: defaultCsmPulse,
  overdue: defaultOverdue,
  commercialChange: defaultCommercialChange,
};

/** Every measure there is, by dimension. A dimension without a measure takes no part in a score. */
export function measuresOf(configuration: MeasureConfiguration): readonly Measure[] {
  return [
    seatUse(configuration.seatUse),
    lastContact(configuration.lastContact),
    executiveContact(configuration.executiveContact),
    activeContacts(configuration.activeContacts),
    champion(configuration.champion),
    ticketVolume(configuration.ticketVolume),
    urgentTickets(configuration.urgentTickets),
    resolutionTime(configuration.resolutionTime),
    ticketCsat(configuration.ticketCsat),
    csmPulse(configuration.csmPulse),
    overdue(configuration.overdue),
    commercialChange(configuration.commercialChange),
  ];
}
