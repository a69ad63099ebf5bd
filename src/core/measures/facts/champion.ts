import type { Instant } from '../../model/calendar-date.ts';
import type { Contact } from '../../model/records.ts';
import type { AccountSnapshot } from '../../model/snapshot.ts';
import { daysAgo, daysSince } from './local-day.ts';
import type { TwoWayContact } from './two-way-contact.ts';
import { contactFactsOf, contactsWithRole, lastWith } from './two-way-contact.ts';

export interface ChampionSettings {
  /** Without two-way contact for longer than this, a champion is quiet. */
  readonly quietDays: number;
  /** For so long after a champion left, another one counts as a replacement. */
  readonly replacedDays: number;
}

export type ChampionState =
  | {
      readonly state: 'active' | 'quiet' | 'replaced';
      readonly champion: Contact;
      readonly last: TwoWayContact | null;
      /** Calendar days of silence, at least. */
      readonly days: number;
    }
  | { readonly state: 'departed'; readonly champion: Contact }
  | { readonly state: 'unknown'; readonly because: string };

/**
 * How it stands with the person who speaks for us. `departed` means that a champion left and no other is in touch or
 * was met since; `replaced`, that another one is. `unknown` when no champion is named or contact with them cannot be told.
 */
export function championOf(snapshot: AccountSnapshot, settings: ChampionSettings): ChampionState {
  const { contacts } = snapshot;
  if (contacts === null) return { state: 'unknown', because: 'Contacts cannot be read, so the champion is not known.' };
  const facts = contactFactsOf(snapshot);
  const departed = lastDeparted(contacts);
  const present = contactsWithRole(contacts, ['champion']);
  const last = lastWith(present, facts);
  const days = last === null ? null : daysSince(last.at, snapshot);
  const isInTouch = days !== null && days <= settings.quietDays;
  if (departed !== null && !isInTouch && (last === null || !wasMetSince(departed, last))) {
    return { state: 'departed', champion: departed };
  }
  const [first] = present;
  if (first === undefined) return { state: 'unknown', because: 'No champion is named among the contacts.' };
  if (last === null || days === null) return silence(first, snapshot, settings);
  const champion = present.find((contact) => facts.byContact.get(contact.id) === last) ?? first;
  if (!isInTouch) return { state: 'quiet', champion, last, days };
  const isReplacement =
    departed !== null &&
    (departed.departedAt === null || departed.departedAt >= daysAgo(settings.replacedDays, snapshot));
  return { state: isReplacement ? 'replaced' : 'active', champion, last, days };
}

const wasMetSince = (departed: Contact, last: TwoWayContact): boolean =>
  departed.departedAt !== null && last.at >= departed.departedAt;

/** A champion nobody ever heard from: quiet once that has lasted, before that nothing can be said. */
function silence(champion: Contact, snapshot: AccountSnapshot, settings: ChampionSettings): ChampionState {
  const facts = contactFactsOf(snapshot);
  const since = laterOf(champion.createdAt, facts.firstActivityAt);
  const days = facts.isComplete && since !== null ? daysSince(since, snapshot) : 0;
  if (days > settings.quietDays) return { state: 'quiet', champion, last: null, days };
  return { state: 'unknown', because: 'No two-way contact with the champion is on record yet.' };
}

/** The champion who left last; one without a date counts as the latest, since nothing says that it is long ago. */
function lastDeparted(contacts: readonly Contact[]): Contact | null {
  let last: Contact | null = null;
  for (const contact of contacts) {
    if (contact.status !== 'departed' || !contact.roles.includes('champion')) continue;
    if (last === null || departureRank(contact) > departureRank(last)) last = contact;
  }
  return last;
}

/** For finding who left last: the greatest did. */
export const departureRank = (contact: Contact): string => `${contact.departedAt ?? '9999'} ${contact.id}`;

/** The later of two instants; null when either is not known. */
export function laterOf(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return null;
  return one > other ? one : other;
}
