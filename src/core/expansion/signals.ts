import type { CalendarDate } from '../model/calendar-date.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { AccountSnapshot, HeldFacts, RecordRef } from '../model/snapshot.ts';
import { daysAgo, daysSince, localDay } from '../measures/facts/local-day.ts';
import { contactFactsOf, contactsWithRole, lastWith } from '../measures/facts/two-way-contact.ts';
import { EXECUTIVE_ROLES } from '../measures/r2-executive-contact.ts';
import { seatRatio } from '../measures/u1-seat-use.ts';
import { count, dayText, nameText, percentText } from '../measures/wording.ts';
import type { ExpansionConfiguration } from './configuration.ts';

export interface Signal {
  readonly id: string;
  /** After fading, one decimal. */
  readonly points: number;
  readonly because: string;
  readonly evidence: readonly RecordRef[];
}

export interface Signals {
  /** The most points first. */
  readonly found: readonly Signal[];
  readonly held: HeldFacts['signals'];
  readonly seatsHighSinceOn: CalendarDate | null;
}

type Finding = Pick<Signal, 'because' | 'evidence' | 'points'> | null;

/** What CRM records tell of room to grow; a signal that is true no longer fades out. */
export function signalsOf(snapshot: AccountSnapshot, configuration: ExpansionConfiguration): Signals {
  const held = snapshot.history?.held;
  const seatsHighSinceOn = seatsHighSince(snapshot, held?.seatsHighSinceOn ?? null, configuration);
  const findings: readonly (readonly [string, Finding])[] = [
    ['E1', seats(snapshot, seatsHighSinceOn, configuration)],
    ['E7-executive', executiveContact(snapshot, configuration)],
    ['E7-champion', newChampion(snapshot, configuration)],
  ];
  const found: Signal[] = [];
  const next: HeldFacts['signals'][number][] = [];
  for (const [id, finding] of findings) {
    if (finding !== null) {
      found.push({ id, ...finding });
      next.push({ id, points: finding.points, because: finding.because, trueOn: snapshot.today });
      continue;
    }
    const last = held?.signals.find((signal) => signal.id === id);
    if (last === undefined) continue;
    const days = daysBetween(last.trueOn, snapshot.today);
    const points = Math.round(last.points * (1 - days / configuration.fadeDays) * 10) / 10;
    if (points <= 0) continue;
    next.push(last);
    const on = dayText(last.trueOn, snapshot.today);
    found.push({ id, points, because: `Last true on ${on}: ${last.because}`, evidence: [] });
  }
  found.sort((a, b) => b.points - a.points || (a.id < b.id ? -1 : 1));
  return { found, held: next, seatsHighSinceOn };
}

/** The day since which seat use has not been seen below the lowest step. */
function seatsHighSince(
  snapshot: AccountSnapshot,
  since: CalendarDate | null,
  { seats: { steps } }: ExpansionConfiguration,
): CalendarDate | null {
  const ratio = seatRatio(snapshot);
  const lowest = steps.at(-1);
  if (ratio === null || lowest === undefined || ratio < lowest.from) return null;
  return since ?? snapshot.today;
}

function seats(
  snapshot: AccountSnapshot,
  highSinceOn: CalendarDate | null,
  { seats: { steps } }: ExpansionConfiguration,
): Finding {
  const ratio = seatRatio(snapshot);
  if (ratio === null || highSinceOn === null) return null;
  const heldDays = daysBetween(highSinceOn, snapshot.today);
  const step = steps.find(({ from, forDays }) => ratio >= from && heldDays >= forDays);
  if (step === undefined) return null;
  const { seatsUsed, seatsPaid, id } = snapshot.account;
  return {
    points: step.points,
    because: `${seatsUsed ?? 0} of ${seatsPaid ?? 0} paid seats are used (${percentText(ratio)}).`,
    evidence: [{ kind: 'account', id }],
  };
}

function executiveContact(snapshot: AccountSnapshot, { executiveContact: settings }: ExpansionConfiguration): Finding {
  const executives = contactsWithRole(snapshot.contacts ?? [], EXECUTIVE_ROLES);
  const facts = contactFactsOf(snapshot);
  const last = lastWith(executives, facts);
  if (last === null || last.at < daysAgo(settings.withinDays, snapshot)) return null;
  const met = executives.find(({ id }) => facts.byContact.get(id) === last);
  const on = dayText(localDay(last.at, snapshot), snapshot.today);
  return {
    points: settings.points,
    because: `Two-way contact with ${nameText(met?.name ?? null, 'the executive sponsor')} on ${on}.`,
    evidence: [last.ref],
  };
}

/** A champion who came in lately; the day the contact was made stands for it. */
function newChampion(snapshot: AccountSnapshot, { newChampion: settings }: ExpansionConfiguration): Finding {
  const from = daysAgo(settings.withinDays, snapshot);
  const champion = contactsWithRole(snapshot.contacts ?? [], ['champion']).find(
    ({ createdAt }) => createdAt !== null && createdAt >= from && createdAt <= snapshot.asOf,
  );
  if (champion === undefined || champion.createdAt === null) return null;
  const days = daysSince(champion.createdAt, snapshot);
  return {
    points: settings.points,
    because: `${nameText(champion.name, 'A contact')} became a champion ${days === 0 ? 'today' : `${count(days, 'day')} ago`}.`,
    evidence: [{ kind: 'contact', id: champion.id }],
  };
}
