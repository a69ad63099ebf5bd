import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count, dayText } from './wording.ts';
import { daysSince, localDay } from './facts/local-day.ts';
import type { TwoWayContact } from './facts/two-way-contact.ts';
import { contactFactsOf } from './facts/two-way-contact.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface LastContactSettings {
  readonly weight: number;
  /** Days since the last two-way contact. */
  readonly breakpoints: Breakpoints;
  /** Silence of a customer who was never heard from counts from the first activity, and never for more than this. */
  readonly silenceLimit: number;
}

/** Edges at 30 and 90 days: PostHog's handbook; customer-initiated contact only. The ends are provisional. */
export const defaultLastContact: LastContactSettings = {
  weight: 0.3,
  breakpoints: [
    [7, 100],
    [30, 75],
    [90, 50],
    [150, 0],
  ],
  silenceLimit: 60,
};

const SOURCES: readonly SourceName[] = ['activities', 'contacts'];

/** Value: calendar days since a reply, a meeting that took place or an inbound call. */
export function lastContact(settings: LastContactSettings): Measure {
  return {
    id: 'R1',
    title: 'Last two-way contact',
    dimension: 'relationship',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: LastContactSettings): Reading {
  const facts = contactFactsOf(snapshot);
  const at = readAtOf(snapshot, SOURCES);
  if (facts.last !== null) {
    const value = daysSince(facts.last.at, snapshot);
    const score = interpolate(value, settings.breakpoints);
    return ok({ value, score, because: sentence(facts.last, value, snapshot), evidence: [facts.last.ref], at });
  }
  if (!facts.isComplete) return missing('Activities cannot be read, so the last contact is not known.');
  if (facts.firstActivityAt === null) return missing('No activity is on record.');
  const value = daysSince(facts.firstActivityAt, snapshot);
  const score = interpolate(value, settings.breakpoints);
  if (score > settings.silenceLimit) return missing('No reply is on record yet; it is too early to call it silence.');
  const since = dayText(localDay(facts.firstActivityAt, snapshot), snapshot.today);
  const because = `No reply, meeting or inbound call in the ${count(value, 'day')} since records began on ${since}.`;
  return ok({ value, score, because, evidence: [], at });
}

function sentence(last: TwoWayContact, days: number, snapshot: AccountSnapshot): string {
  const what = WORDS[last.kind];
  if (days <= 0) return `The last two-way contact was ${what} today.`;
  const on = dayText(localDay(last.at, snapshot), snapshot.today);
  if (days <= 30) return `The last two-way contact was ${what} on ${on}, ${count(days, 'day')} ago.`;
  return `No two-way contact for ${count(days, 'day')}; the last was ${what} on ${on}.`;
}

const WORDS = { email: 'a reply', call: 'a call', meeting: 'a meeting', contact: 'a conversation' } as const;
