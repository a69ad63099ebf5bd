import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count } from './wording.ts';
import { daysAgo } from './facts/local-day.ts';
import { contactFactsOf } from './facts/two-way-contact.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface ActiveContactsSettings {
  readonly weight: number;
  /** Distinct people. */
  readonly breakpoints: Breakpoints;
  readonly windowDays: number;
}

/** Three or more people make an account safer: User Intuition's published figures. */
export const defaultActiveContacts: ActiveContactsSettings = {
  weight: 0.2,
  breakpoints: [
    [0, 0],
    [1, 40],
    [3, 75],
    [5, 100],
  ],
  windowDays: 90,
};

const SOURCES: readonly SourceName[] = ['activities', 'contacts'];

/** Value: people of the account who are still there and took part in two-way contact within the window. */
export function activeContacts(settings: ActiveContactsSettings): Measure {
  return {
    id: 'R3',
    title: 'People in contact',
    dimension: 'relationship',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: ActiveContactsSettings): Reading {
  if (snapshot.contacts === null) return missing('Contacts cannot be read, so the people in touch are not known.');
  const facts = contactFactsOf(snapshot);
  const from = daysAgo(settings.windowDays, snapshot);
  const active: string[] = [];
  for (const contact of snapshot.contacts) {
    const last = facts.byContact.get(contact.id);
    if (contact.status !== 'departed' && last !== undefined && last.at >= from) active.push(contact.id);
  }
  const value = active.length;
  if (value === 0 && facts.firstActivityAt === null) return missing('No activity is on record.');
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because:
      value === 0
        ? `Nobody of the account was in two-way contact in the last ${settings.windowDays} days.`
        : `${count(value, 'person', 'people')} ${value === 1 ? 'was' : 'were'} in two-way contact in the last ${settings.windowDays} days.`,
    evidence: active.sort().map((id) => ({ kind: 'contact', id })),
    at: readAtOf(snapshot, SOURCES),
  });
}
