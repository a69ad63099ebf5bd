import { daysAgo, localDay } from '../measures/facts/local-day.ts';
import { dayText } from '../measures/wording.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface CheckInSettings extends PlaySettings {
  /** The share of the book, by annual revenue, that counts as its top: 0.2 is the largest fifth of the accounts. */
  readonly topShare: number;
  readonly everyDays: number;
}

/** Source: play 16 of the product's catalogue. */
export const defaultCheckIn: CheckInSettings = {
  topShare: 0.2,
  everyDays: 90,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'business-review',
      role: 'csm',
      dueDays: 10,
      title: 'Hold the quarterly review',
      whatToDo: '{because} Meet the champion and the sponsor: goals, results, what is next.',
      doneWhen: 'the meeting is logged.',
    },
  ],
};

/** One of the largest customers, and no meeting for a quarter. */
export function checkIn(settings: CheckInSettings): SignalPlay {
  return {
    id: '16',
    title: 'Quarterly check-in of top accounts',
    kind: 'routine',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot, assessment, topArrFrom }) {
      const revenue = assessment?.place.revenue ?? null;
      if (snapshot.activities === null) return inert('Meetings cannot be read.');
      if (topArrFrom === null) return inert('Which accounts are the largest is known from the second day on.');
      const met = lastMeeting(snapshot);
      if (met !== null && met >= daysAgo(settings.everyDays, snapshot)) {
        return over(`You met on ${dayText(localDay(met, snapshot), snapshot.today)}.`);
      }
      if (revenue === null || revenue.currency !== snapshot.currency || revenue.minor < topArrFrom) return between;
      const since =
        met === null
          ? 'No meeting is on record.'
          : `The last meeting was on ${dayText(localDay(met, snapshot), snapshot.today)}.`;
      return fires(`One of the largest customers. ${since}`, null);
    },
  };
}

/**
 * From which value on one is among the top share of these; null without any. `values` in any order.
 */
export function topFrom(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => b - a);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function lastMeeting({ activities, asOf }: AccountSnapshot): string | null {
  let last: string | null = null;
  for (const { kind, at, happened } of activities ?? []) {
    if (kind !== 'meeting' || happened === false || at === null || at > asOf) continue;
    if (last === null || at > last) last = at;
  }
  return last;
}
