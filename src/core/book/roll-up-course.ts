import type { RollUp, RollUpCourse } from '../model/assessment.ts';
import { addDays, type CalendarDate } from '../model/calendar-date.ts';
import { trendOf } from '../scoring/bands.ts';
import type { TrendConfiguration } from '../scoring/configuration.ts';
import { isRolledUp } from './shown.ts';

/**
 * A roll-up with the course that has led to it: since when its band is what it is, and how its score has moved. `previous`
 * is what the last walk left, of today or of an earlier day; null without one. A day that changes nothing leaves the course
 * as it is, so that a group that keeps still need not be stored again.
 */
export function withCourse(
  rollUp: RollUp,
  previous: RollUp | null,
  today: CalendarDate,
  trend: TrendConfiguration,
): RollUp {
  if (!isRolledUp(rollUp)) return rollUp;
  const course = previous?.course ?? null;
  const before =
    previous === null || course === null
      ? null
      : course.on < today
        ? { band: previous.band, bandSinceOn: course.bandSinceOn }
        : course.before;
  const earlier = stillLookedAt(course?.days ?? [], today, trend.days);
  const moved = trendOf(earlier, rollUp.score, today, trend);
  const told = {
    bandSinceOn: before?.band === rollUp.band ? before.bandSinceOn : today,
    trend: moved.trend,
    delta28d: moved.delta,
    days: earlier.at(-1)?.score === rollUp.score ? earlier : [...earlier, { on: today, score: rollUp.score }],
  };
  return { ...rollUp, course: course !== null && isTold(course, told) ? course : { on: today, ...told, before } };
}

/** The days before today from which scores are compared with: the newest one that is old enough, and all later ones. */
function stillLookedAt(days: RollUpCourse['days'], today: CalendarDate, lookBackDays: number): RollUpCourse['days'] {
  const from = addDays(today, -lookBackDays);
  const earlier = days.filter(({ on }) => on < today);
  return earlier.filter((_, index) => (earlier[index + 1]?.on ?? today) > from);
}

type Told = Omit<RollUpCourse, 'on' | 'before'>;

function isTold({ bandSinceOn, trend, delta28d, days }: RollUpCourse, told: Told): boolean {
  return JSON.stringify({ bandSinceOn, trend, delta28d, days }) === JSON.stringify(told);
}
