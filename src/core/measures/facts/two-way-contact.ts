import type { Instant } from '../../model/calendar-date.ts';
import type { Activity, Contact } from '../../model/records.ts';
import type { AccountSnapshot, RecordRef } from '../../model/snapshot.ts';

/** Contact in which the customer took part: a reply, a meeting that took place, a call they made. */
export interface TwoWayContact {
  readonly at: Instant;
  readonly kind: 'email' | 'call' | 'meeting' | 'contact';
  readonly ref: RecordRef;
}

export interface ContactFacts {
  /** The newest of the whole account; null when none is on record. */
  readonly last: TwoWayContact | null;
  /** The newest per contact id. */
  readonly byContact: ReadonlyMap<string, TwoWayContact>;
  /** Oldest activity of any kind; null when there is none or activities cannot be read. */
  readonly firstActivityAt: Instant | null;
  /** Whether silence can be told from missing data: both activities and contacts can be read. */
  readonly isComplete: boolean;
}

/** The last account that was asked about: all that ask for one account do so one after the other. */
let memo: { readonly snapshot: AccountSnapshot; readonly facts: ContactFacts } | null = null;

/**
 * Two-way contact up to the snapshot's moment, from activities and from the CRM's own roll-ups on contacts.
 * Four measures, a cap and two signals ask for it, so it is worked out once per snapshot.
 */
export function contactFactsOf(snapshot: AccountSnapshot): ContactFacts {
  if (memo?.snapshot !== snapshot) memo = { snapshot, facts: readContactFacts(snapshot) };
  return memo.facts;
}

function readContactFacts(snapshot: AccountSnapshot): ContactFacts {
  const byContact = new Map<string, TwoWayContact>();
  let last: TwoWayContact | null = null;
  let firstActivityAt: Instant | null = null;
  const note = (contact: TwoWayContact, contactIds: readonly string[]): void => {
    last = newer(last, contact);
    for (const id of contactIds) byContact.set(id, newer(byContact.get(id) ?? null, contact));
  };
  for (const activity of snapshot.activities ?? []) {
    const { at, kind } = activity;
    if (at === null || at > snapshot.asOf) continue;
    if (firstActivityAt === null || at < firstActivityAt) firstActivityAt = at;
    if (kind !== 'note' && isTwoWay(activity)) {
      note({ at, kind, ref: { kind: 'activity', id: activity.id } }, activity.contactIds);
    }
  }
  for (const contact of snapshot.contacts ?? []) {
    const at = contact.lastTwoWayAt;
    if (at === null || at > snapshot.asOf) continue;
    note({ at, kind: 'contact', ref: { kind: 'contact', id: contact.id } }, [contact.id]);
  }
  return { last, byContact, firstActivityAt, isComplete: snapshot.activities !== null && snapshot.contacts !== null };
}

/** A meeting without an outcome is not counted: it may never have taken place, and what is unknown never raises a score. */
function isTwoWay({ kind, direction, happened }: Activity): boolean {
  if (kind === 'email') return direction === 'inbound';
  if (kind === 'call') return direction === 'inbound' && happened !== false;
  return kind === 'meeting' && happened === true;
}

/** The later one; at the same moment an activity before a roll-up, then the smaller id, whatever the order of records. */
function newer(known: TwoWayContact | null, next: TwoWayContact): TwoWayContact {
  if (known === null || next.at > known.at) return next;
  if (next.at < known.at) return known;
  return rank(next) < rank(known) ? next : known;
}

const rank = (contact: TwoWayContact): string => `${contact.ref.kind} ${contact.ref.id}`;

/**
 * Contacts with one of the roles who have not left, those known longest first; `contacts` must be readable. Not by id:
 * the same people have other ids in another CRM.
 */
export function contactsWithRole(contacts: readonly Contact[], roles: readonly Contact['roles'][number][]): Contact[] {
  return contacts
    .filter((contact) => contact.status !== 'departed' && contact.roles.some((role) => roles.includes(role)))
    .sort((a, b) => (seniority(a) < seniority(b) ? -1 : 1));
}

const seniority = (contact: Contact): string => `${contact.createdAt ?? '9'} ${contact.name ?? ''} ${contact.id}`;

/** The newest two-way contact with any of these contacts; null when there is none. */
export function lastWith(contacts: readonly Contact[], facts: ContactFacts): TwoWayContact | null {
  let last: TwoWayContact | null = null;
  for (const contact of contacts) {
    const found = facts.byContact.get(contact.id);
    if (found !== undefined) last = newer(last, found);
  }
  return last;
}
