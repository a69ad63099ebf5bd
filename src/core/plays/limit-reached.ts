import { takenSeats } from '../measures/facts/seats.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface LimitReachedSettings extends PlaySettings {
  /** Seats taken ÷ paid. */
  readonly fullFrom: number;
  readonly roomBelow: number;
  /** Points of the metered-use signal from which on a limit is as good as reached. */
  readonly meteredPoints: number;
}

/** Source: play 14 of the product's catalogue; 20 points stand for 95% of a limit. */
export const defaultLimitReached: LimitReachedSettings = {
  fullFrom: 1,
  roomBelow: 0.95,
  meteredPoints: 20,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'right-size',
      role: 'account-manager',
      dueDays: 3,
      title: 'Talk about the right size: the limit is reached',
      whatToDo:
        '{because} Talk with the customer before the limit gets in their way: more seats or units, a larger plan, or who no longer needs one.',
      doneWhen: 'the plan is changed, or the customer said that it stays.',
    },
  ],
};

/** All seats are taken, or metered use is at its limit. Inert when neither is known. */
export function limitReached(settings: LimitReachedSettings): SignalPlay {
  return {
    id: '14',
    title: 'Limit reached',
    kind: 'expansion',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot, assessment, configuration }) {
      const seats = takenSeats(snapshot, configuration.usage.windows);
      const metered = assessment?.expansion.signals.find(({ id }) => id === 'E2') ?? null;
      if (seats === null && metered === null) return inert('Neither seats nor metered use are known.');
      if (seats !== null && seats.ratio >= settings.fullFrom) return fires(seats.because, 'growth');
      if (metered !== null && metered.points >= settings.meteredPoints) return fires(metered.because, 'growth');
      return seats !== null && seats.ratio >= settings.roomBelow
        ? between
        : over('There is room below the limit again.');
    },
  };
}
