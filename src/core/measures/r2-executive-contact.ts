import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count, dayText, nameText } from './wording.ts';
import { laterOf } from './facts/champion.ts';
import { daysSince, localDay } from './facts/local-day.ts';
import { contactFactsOf, contactsWithRole, lastWith } from './facts/two-way-contact.ts';
import type { ContactRole } from '../model/records.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface ExecutiveContactSettings {
  readonly weight: number;
  /** Days since the last two-way contact with an executive. */
  readonly breakpoints: Breakpoints;
  /** Silence of an executive who was never heard from never counts for more than this. */
  readonly silenceLimit: number;
}

/** The edge at 90 days is a vendor's rule of thumb; the rest is provisional. */
export const defaultExecutiveContact: ExecutiveContactSettings = {
  weight: 0.2,
  breakpoints: [
    [30, 100],
    [90, 75],
    [120, 50],
    [180, 0],
  ],
  silenceLimit: 60,
};

const SOURCES: readonly SourceName[] = ['activities', 'contacts'];
export const EXECUTIVE_ROLES: readonly ContactRole[] = ['exec_sponsor', 'economic_buyer'];

/** Value: calendar days since two-way contact with an executive sponsor or economic buyer who is still there. */
export function executiveContact(settings: ExecutiveContactSettings): Measure {
  return {
    id: 'R2',
    title: 'Executive contact',
    dimension: 'relationship',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: ExecutiveContactSettings): Reading {
  if (snapshot.contacts === null) return missing('Contacts cannot be read, so the executive sponsor is not known.');
  const executives = contactsWithRole(snapshot.contacts, EXECUTIVE_ROLES);
  const [first] = executives;
  if (first === undefined) return missing('No executive sponsor or economic buyer is named among the contacts.');
  const facts = contactFactsOf(snapshot);
  const at = readAtOf(snapshot, SOURCES);
  const last = lastWith(executives, facts);
  if (last !== null) {
    const met = executives.find((contact) => facts.byContact.get(contact.id) === last) ?? first;
    const value = daysSince(last.at, snapshot);
    const on = dayText(localDay(last.at, snapshot), snapshot.today);
    const name = nameText(met.name, 'the executive sponsor');
    const score = interpolate(value, settings.breakpoints);
    const because =
      value <= 0
        ? `The last executive contact was with ${name} today.`
        : `The last executive contact was with ${name} on ${on}, ${count(value, 'day')} ago.`;
    return ok({ value, score, because, evidence: [last.ref, { kind: 'contact', id: met.id }], at });
  }
  const since = facts.isComplete ? laterOf(first.createdAt, facts.firstActivityAt) : null;
  const value = since === null ? null : daysSince(since, snapshot);
  const score = value === null ? null : interpolate(value, settings.breakpoints);
  if (value === null || score === null || score > settings.silenceLimit) {
    return missing('No two-way contact with an executive is on record yet.');
  }
  const because = `No two-way contact with ${nameText(first.name, 'the executive sponsor')} in ${count(value, 'day')}.`;
  return ok({ value, score, because, evidence: [{ kind: 'contact', id: first.id }], at });
}
