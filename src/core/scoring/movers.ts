import type { Driver, Mover } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { addDays, daysBetween } from '../model/calendar-date.ts';
import type { AccountHistory } from '../model/snapshot.ts';
import { rounded } from './health.ts';

export interface MoverConfiguration {
  /** Compared with the newest contributions that are at least so old. */
  readonly days: number;
  /** Contributions are remembered at most once in so many days: a daily memory would be half of what is stored. */
  readonly everyDays: number;
  readonly most: number;
  /** A change by fewer points is not worth telling. */
  readonly leastChange: number;
}

type Points = NonNullable<AccountHistory['points']>;

/** What moved the score most since four to five weeks ago, up or down; the largest change first. Empty until then. */
export function moversOf(
  points: Points,
  drivers: readonly Driver[],
  today: CalendarDate,
  configuration: MoverConfiguration,
): readonly Mover[] {
  const latest = addDays(today, -configuration.days);
  const then = points.findLast(({ on }) => on <= latest);
  if (then === undefined) return [];
  const movers: Mover[] = [];
  for (const { measure, title, contribution, score, because } of drivers) {
    const before = then.contributions[measure];
    if (before === undefined || score === null) continue;
    const change = rounded(contribution - before, 1);
    if (Math.abs(change) >= configuration.leastChange) {
      movers.push({ measure, title, change, sinceOn: then.on, because });
    }
  }
  return movers
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.measure < b.measure ? -1 : 1))
    .slice(0, configuration.most);
}

/** The contributions remembered for later days, today's among them when it is time; assessing a day again replaces it. */
export function withPoint(
  points: Points,
  drivers: readonly Driver[],
  today: CalendarDate,
  { days, everyDays }: MoverConfiguration,
): Points {
  const kept = points.filter(({ on }) => on < today && on >= addDays(today, -days - everyDays));
  const last = kept.at(-1);
  if (last !== undefined && daysBetween(last.on, today) < everyDays) return kept;
  const contributions: Record<string, number> = {};
  for (const { measure, contribution, score } of drivers) if (score !== null) contributions[measure] = contribution;
  return [...kept, { on: today, contributions }];
}
