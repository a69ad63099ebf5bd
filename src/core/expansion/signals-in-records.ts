import { daysAgo, daysSince, localDay } from '../measures/facts/local-day.ts';
import { daysBetween, type CalendarDate } from '../model/calendar-date.ts';
import { takenSeats } from '../measures/facts/seats.ts';
import { contactFactsOf, contactsWithRole, lastWith } from '../measures/facts/two-way-contact.ts';
import { EXECUTIVE_ROLES } from '../measures/r2-executive-contact.ts';
import { changeInWords, count, dayText, nameText } from '../measures/wording.ts';
import type { RecentSignal } from './configuration.ts';
import type { Finding, SignalContext } from './signals.ts';

/** E1 */
export function seats({ snapshot, seatsHighSinceOn, configuration, usageWindows }: SignalContext): Finding {
  const taken = takenSeats(snapshot, usageWindows);
  if (taken === null || seatsHighSinceOn === null) return null;
  const heldDays = daysBetween(seatsHighSinceOn, snapshot.today);
  const step = configuration.seats.steps.find(({ from, forDays }) => taken.ratio >= from && heldDays >= forDays);
  if (step === undefined) return null;
  return { points: step.points, because: taken.because, evidence: [{ kind: 'account', id: snapshot.account.id }] };
}

/** E6: what customers of the same segment and about the same size own, and this one does not. */
export function whitespace({ snapshot, lacking, configuration: { whitespace: settings } }: SignalContext): Finding {
  const [first, ...others] = lacking;
  const peers = snapshot.book.peers?.accounts ?? 0;
  if (first === undefined) return null;
  const named = lacking.map(({ name, owners }) => `${nameText(name, '')} (${owners} of ${peers})`).join(', ');
  return {
    points: Math.min(settings.limit, lacking.length * settings.points),
    because:
      others.length === 0
        ? `${first.owners} of ${peers} customers of this segment and size own ${nameText(first.name, '')}; this one does not.`
        : `Customers of this segment and size own what this one does not: ${named}.`,
    evidence: [{ kind: 'account', id: snapshot.account.id }],
  };
}

/** E7: an answer to the NPS survey that recommends us. */
export function promoter({ snapshot, configuration: { promoter: settings } }: SignalContext): Finding {
  const from = daysAgo(settings.withinDays, snapshot);
  let newest: { readonly at: string; readonly score: number; readonly id: string } | null = null;
  for (const answer of snapshot.surveys ?? []) {
    if (answer.kind !== 'nps' || answer.score < settings.from || answer.at < from || answer.at > snapshot.asOf)
      continue;
    if (newest === null || answer.at > newest.at || (answer.at === newest.at && answer.id > newest.id)) newest = answer;
  }
  if (newest === null) return null;
  const on = dayText(localDay(newest.at, snapshot), snapshot.today);
  return { points: settings.points, because: `Somebody recommends us: ${newest.score} of 10 on ${on}.`, evidence: [] };
}

/** E7: two-way contact with an executive. */
export function executiveContact({ snapshot, configuration }: SignalContext): Finding {
  const settings = configuration.executiveContact;
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

/** E7: a champion who came in lately: since the day on which somebody marked them as one, or on which the contact was made. */
export function newChampion({ snapshot, champions, configuration }: SignalContext): Finding {
  const settings = configuration.newChampion;
  for (const { id, name, createdAt } of contactsWithRole(snapshot.contacts ?? [], ['champion'])) {
    const markedOn = champions.find((champion) => champion.id === id)?.sinceOn ?? null;
    const isMade = createdAt !== null && createdAt <= snapshot.asOf;
    const ages = [
      ...(markedOn === null ? [] : [daysBetween(markedOn, snapshot.today)]),
      ...(isMade ? [daysSince(createdAt, snapshot)] : []),
    ];
    const days = Math.min(...ages);
    if (days > settings.withinDays) continue;
    return {
      points: settings.points,
      because: `${nameText(name, 'A contact')} became a champion ${days === 0 ? 'today' : `${count(days, 'day')} ago`}.`,
      evidence: [{ kind: 'contact', id }],
    };
  }
  return null;
}

/** E8: growth of the company, as its account record has stated it over time. */
export function headcount({ snapshot, headcounts, configuration: { headcount: settings } }: SignalContext): Finding {
  const { employees, id } = snapshot.account;
  const [first] = headcounts;
  if (employees === null || first === undefined || !hasGrown(first.employees, employees, settings.from)) return null;
  const since = `since ${dayText(first.on, snapshot.today)}`;
  return {
    points: settings.points,
    because: `The number of employees ${changeInWords(first.employees, employees, since)}.`,
    evidence: [{ kind: 'account', id }],
  };
}

/** E8 */
export function funding({ snapshot, configuration }: SignalContext): Finding {
  return companyNews(snapshot, snapshot.account.fundedOn, configuration.funding, 'The company raised money');
}

/** E8 */
export function acquisition({ snapshot, configuration }: SignalContext): Finding {
  return companyNews(snapshot, snapshot.account.acquisitionOn, configuration.acquisition, 'The company bought another');
}

function companyNews(
  { account: { id }, today }: SignalContext['snapshot'],
  on: CalendarDate | null | undefined,
  { points, withinDays }: RecentSignal,
  happened: string,
): Finding {
  if (on == null || on > today || daysBetween(on, today) > withinDays) return null;
  return { points, because: `${happened} on ${dayText(on, today)}.`, evidence: [{ kind: 'account', id }] };
}

/** By at least the share `by`; 110 against 100 is 10%, though 100 × 1.1 is a little more than 110 in binary. */
export const hasGrown = (before: number, now: number, by: number): boolean => now >= before * (1 + by) - 1e-9;

/** E10: the customer asked for more, in a ticket of a category that says so. */
export function request({ snapshot, configuration: { request: settings } }: SignalContext): Finding {
  const from = daysAgo(settings.withinDays, snapshot);
  const asked = (snapshot.tickets ?? [])
    .filter(
      ({ category, openedAt }) =>
        category !== null &&
        openedAt !== null &&
        openedAt >= from &&
        openedAt <= snapshot.asOf &&
        settings.categories.includes(category.trim().toLowerCase()),
    )
    .sort((a, b) => ((a.openedAt ?? '') > (b.openedAt ?? '') || (a.openedAt === b.openedAt && a.id < b.id) ? -1 : 1));
  const [newest] = asked;
  if (newest === undefined || newest.openedAt === null) return null;
  const on = dayText(localDay(newest.openedAt, snapshot), snapshot.today);
  return {
    points: settings.points,
    because: `The customer asked for more on ${on} (${nameText(newest.subject, 'a ticket')}).`,
    evidence: [{ kind: 'ticket', id: newest.id }],
  };
}
