import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count, decimalText } from './wording.ts';
import { daysAgo } from './facts/local-day.ts';
import type { Ticket } from '../model/records.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface ResolutionTimeSettings {
  readonly weight: number;
  /** Median of the time taken ÷ the target of the ticket's priority. */
  readonly breakpoints: Breakpoints;
  readonly windowDays: number;
  readonly targetHours: Readonly<Record<NonNullable<Ticket['priority']>, number>>;
}

/** Provisional, the targets included: a CRM does not tell them. */
export const defaultResolutionTime: ResolutionTimeSettings = {
  weight: 0.15,
  breakpoints: [
    [0.5, 100],
    [1, 75],
    [2, 50],
    [4, 0],
  ],
  windowDays: 90,
  targetHours: { urgent: 24, high: 48, medium: 120, low: 240 },
};

const SOURCES: readonly SourceName[] = ['tickets'];
const HOUR_MS = 3_600_000;

/** Value: the median ratio of tickets closed within the window; tickets without a priority count as medium. */
export function resolutionTime(settings: ResolutionTimeSettings): Measure {
  return {
    id: 'S3',
    title: 'Time to resolve',
    dimension: 'support',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: ResolutionTimeSettings): Reading {
  if (snapshot.tickets === null) return missing('Tickets cannot be read.');
  const from = daysAgo(settings.windowDays, snapshot);
  const closed: { id: string; ratio: number }[] = [];
  for (const { id, openedAt, closedAt, priority } of snapshot.tickets) {
    if (openedAt === null || closedAt === null || closedAt < from || closedAt > snapshot.asOf || closedAt < openedAt) {
      continue;
    }
    const hours = (Date.parse(closedAt) - Date.parse(openedAt)) / HOUR_MS;
    closed.push({ id, ratio: hours / settings.targetHours[priority ?? 'medium'] });
  }
  if (closed.length === 0) return missing(`No ticket was closed in the last ${settings.windowDays} days.`);
  closed.sort((a, b) => b.ratio - a.ratio || (a.id < b.id ? -1 : 1));
  const value = median(closed.map(({ ratio }) => ratio));
  const speed = value <= 1 ? 'was solved within the target time' : `took ${decimalText(value)} times the target time`;
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because:
      closed.length === 1
        ? `1 ticket was closed in the last ${settings.windowDays} days; it ${speed}.`
        : `${count(closed.length, 'ticket')} were closed in the last ${settings.windowDays} days; the typical one ${speed}.`,
    evidence: closed.map(({ id }) => ({ kind: 'ticket', id })),
    at: readAtOf(snapshot, SOURCES),
  });
}

/** Of a sorted list that is not empty. */
function median(sorted: readonly number[]): number {
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (upper + lower) / 2;
}
