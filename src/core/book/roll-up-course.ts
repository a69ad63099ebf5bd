import type { RollUp, RollUpCourse } from '../model/assessment.ts';
import { addDays, type CalendarDate } from '../model/calendar-date.ts';
import { bandOf, settleDay, trendOf } from '../scoring/bands.ts';
import type { HealthConfiguration } from '../scoring/configuration.ts';
import { isRolledUp } from './shown.ts';

/**
 * A roll-up with the course that has led to it: since when its band is what it is, and how its score has moved. `previous`
 * is what the last walk left, of today or of an earlier day; null without one. Its band is as slow to change as that of an
 * account (the scores in it are smoothed already), and `limit`, the lowest of the account's own caps, holds for it too: a
 * company that gave notice is not green by those below it. A day that changes nothing leaves the course as it is, so that a
 * group that keeps still need not be stored again.
 */
export function withCourse(
  now: RollUp,
  previous: RollUp | null,
  today: CalendarDate,
  { trend, bands }: Pick<HealthConfiguration, 'trend' | 'bands'>,
  limit: number | null,
): RollUp {
  if (!isRolledUp(now)) return now;
  const course = previous?.course ?? null;
  const before =
    previous === null || course === null
      ? null
      : course.on < today
        ? { band: previous.band, bandSinceOn: course.bandSinceOn, state: course.state }
        : course.before;
  const earlier = stillLookedAt(course?.days ?? [], today, trend.days);
  const reading = { today, shrunk: now.score, limit };
  const { score, state } = settleDay(before?.state ?? null, earlier, reading, { ...bands, smoothing: 1 });
  // Red accounts below hold it down without moving its score.
  const isHeldDown = now.score !== null && now.band !== bandOf(now.score, bands);
  const rollUp: RollUp = {
    ...now,
    score,
    band: isHeldDown && state.band === 'green' ? 'yellow' : state.band,
    because: score === now.score ? now.because : `${now.because} Limited to ${limit} by what holds this account.`,
  };
  const moved = trendOf(earlier, rollUp.score, today, trend);
  const told = {
    bandSinceOn: before?.band === rollUp.band ? before.bandSinceOn : today,
    trend: moved.trend,
    delta28d: moved.delta,
    days: earlier.at(-1)?.score === rollUp.score ? earlier : [...earlier, { on: today, score: rollUp.score }],
    state,
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

function isTold({ bandSinceOn, trend, delta28d, days, state }: RollUpCourse, told: Told): boolean {
  // The day alone makes no difference to what follows.
  const lastOn = told.state?.lastOn;
  const same = { bandSinceOn, trend, delta28d, days, state: state && { ...state, lastOn } };
  return JSON.stringify(same) === JSON.stringify(told);
}
