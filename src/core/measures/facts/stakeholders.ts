import type { Stakeholder } from '../../model/assessment.ts';
import type { Contact, ContactRole } from '../../model/records.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';
import type { ChampionSettings } from './champion.ts';
import { daysSince } from './local-day.ts';
import { contactFactsOf } from './two-way-contact.ts';

/** The one that weighs most first. */
const BY_WEIGHT: readonly ContactRole[] = ['champion', 'exec_sponsor', 'economic_buyer', 'admin', 'billing', 'user'];

/**
 * The people whom the CRM gives a role, in the order of their ids. `quiet` after the same days of silence as a champion;
 * `unknown` for those of whom no two-way contact is on record. Empty where contacts cannot be read.
 */
export function stakeholdersOf(
  snapshot: AccountSnapshot,
  { quietDays }: Pick<ChampionSettings, 'quietDays'>,
): readonly Stakeholder[] {
  const { byContact } = contactFactsOf(snapshot);
  const statusOf = ({ id, status }: Contact): Stakeholder['status'] => {
    if (status === 'departed') return 'departed';
    const last = byContact.get(id);
    if (last === undefined) return 'unknown';
    return daysSince(last.at, snapshot) > quietDays ? 'quiet' : 'active';
  };
  return (snapshot.contacts ?? [])
    .flatMap((contact): readonly Stakeholder[] => {
      const role = BY_WEIGHT.find((one) => contact.roles.includes(one));
      if (role === undefined) return [];
      const lastTwoWayAt = byContact.get(contact.id)?.at ?? null;
      return [{ contactId: contact.id, role, status: statusOf(contact), lastTwoWayAt }];
    })
    .sort((a, b) => (a.contactId < b.contactId ? -1 : 1));
}
