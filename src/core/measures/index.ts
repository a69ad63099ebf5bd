import type { CommercialChangeSettings } from './c2-commercial-change.ts';
import { commercialChange, defaultCommercialChange } from './c2-commercial-change.ts';
import type { OverdueSettings } from './c1-overdue.ts';
import { defaultOverdue, overdue } from './c1-overdue.ts';
import type { RenewalProgressSettings } from './c3-renewal-progress.ts';
import { defaultRenewalProgress, renewalProgress } from './c3-renewal-progress.ts';
import type { CustomMeasureSettings } from './custom-measure.ts';
import { customMeasure, MOST_CUSTOM_MEASURES } from './custom-measure.ts';
import type { Measure } from './measure.ts';
import type { NpsSettings } from './n1-nps.ts';
import { defaultNps, nps } from './n1-nps.ts';
import type { CsmPulseSettings } from './n2-csm-pulse.ts';
import { csmPulse, defaultCsmPulse } from './n2-csm-pulse.ts';
import type { OnboardingSettings } from './o1-onboarding.ts';
import { defaultOnboarding, onboarding } from './o1-onboarding.ts';
import type { GoalsSettings } from './o2-goals.ts';
import { defaultGoals, goals } from './o2-goals.ts';
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
import type { UsageChangeSettings } from './u2-usage-change.ts';
import { defaultUsageChange, usageChange } from './u2-usage-change.ts';
import type { LastUseSettings } from './u3-last-use.ts';
import { defaultLastUse, lastUse } from './u3-last-use.ts';
import type { CoreFeaturesSettings } from './u4-core-features.ts';
import { coreFeatures, defaultCoreFeatures } from './u4-core-features.ts';
import type { KeyActionSettings } from './u5-key-action.ts';
import { defaultKeyAction, keyAction } from './u5-key-action.ts';

/** What an admin may set on each measure. */
export interface MeasureConfiguration {
  readonly seatUse: SeatUseSettings;
  readonly usageChange: UsageChangeSettings;
  readonly lastUse: LastUseSettings;
  readonly coreFeatures: CoreFeaturesSettings;
  readonly keyAction: KeyActionSettings;
  readonly lastContact: LastContactSettings;
  readonly executiveContact: ExecutiveContactSettings;
  readonly activeContacts: ActiveContactsSettings;
  readonly champion: ChampionMeasureSettings;
  readonly ticketVolume: TicketVolumeSettings;
  readonly urgentTickets: UrgentTicketsSettings;
  readonly resolutionTime: ResolutionTimeSettings;
  readonly ticketCsat: TicketCsatSettings;
  readonly nps: NpsSettings;
  readonly csmPulse: CsmPulseSettings;
  readonly overdue: OverdueSettings;
  readonly commercialChange: CommercialChangeSettings;
  readonly renewalProgress: RenewalProgressSettings;
  readonly onboarding: OnboardingSettings;
  readonly goals: GoalsSettings;
  /** The customer's own, at most `MOST_CUSTOM_MEASURES`. */
  readonly custom: readonly CustomMeasureSettings[];
}

export const defaultMeasureConfiguration: MeasureConfiguration = {
  seatUse: defaultSeatUse,
  usageChange: defaultUsageChange,
  lastUse: defaultLastUse,
  coreFeatures: defaultCoreFeatures,
  keyAction: defaultKeyAction,
  lastContact: defaultLastContact,
  executiveContact: defaultExecutiveContact,
  activeContacts: defaultActiveContacts,
  champion: defaultChampion,
  ticketVolume: defaultTicketVolume,
  urgentTickets: defaultUrgentTickets,
  resolutionTime: defaultResolutionTime,
  ticketCsat: defaultTicketCsat,
  nps: defaultNps,
  csmPulse: defaultCsmPulse,
  overdue: defaultOverdue,
  commercialChange: defaultCommercialChange,
  renewalProgress: defaultRenewalProgress,
  onboarding: defaultOnboarding,
  goals: defaultGoals,
  custom: [],
};

const built = new WeakMap<MeasureConfiguration, readonly Measure[]>();

/**
 * Every measure there is, by id. Built once per configuration, since every account asks for them. Throws a
 * RangeError on more measures of the customer's own than there may be.
 */
export function measuresOf(configuration: MeasureConfiguration): readonly Measure[] {
  let measures = built.get(configuration);
  if (measures === undefined) {
    // Scoring goes by id; it has nothing left to sort when they come so.
    measures = [...build(configuration)].sort((a, b) => (a.id < b.id ? -1 : 1));
    built.set(configuration, measures);
  }
  return measures;
}

function build(configuration: MeasureConfiguration): readonly Measure[] {
  if (configuration.custom.length > MOST_CUSTOM_MEASURES) {
    throw new RangeError(
      `${configuration.custom.length} measures of one's own; at most ${MOST_CUSTOM_MEASURES} are allowed`,
    );
  }
  return [
    seatUse(configuration.seatUse),
    usageChange(configuration.usageChange),
    lastUse(configuration.lastUse),
    coreFeatures(configuration.coreFeatures),
    keyAction(configuration.keyAction),
    lastContact(configuration.lastContact),
    executiveContact(configuration.executiveContact),
    activeContacts(configuration.activeContacts),
    champion(configuration.champion),
    ticketVolume(configuration.ticketVolume),
    urgentTickets(configuration.urgentTickets),
    resolutionTime(configuration.resolutionTime),
    ticketCsat(configuration.ticketCsat),
    nps(configuration.nps),
    csmPulse(configuration.csmPulse),
    overdue(configuration.overdue),
    commercialChange(configuration.commercialChange),
    renewalProgress(configuration.renewalProgress),
    onboarding(configuration.onboarding),
    goals(configuration.goals),
    ...configuration.custom.map(customMeasure),
  ];
}
