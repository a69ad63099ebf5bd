import { between, fires, inert, measured, nextDecision, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface UnderUseSettings extends PlaySettings {
  /** Seats used ÷ paid. */
  readonly usedBelow: number;
  readonly usedEnough: number;
  readonly decisionDays: number;
}

/** Source: play 15 of the product's catalogue. */
export const defaultUnderUse: UnderUseSettings = {
  usedBelow: 0.5,
  usedEnough: 0.65,
  decisionDays: 180,
  readings: 2,
  overDays: 0,
  endsWhenDone: false,
  priority: 'medium',
  escalateAfterDays: 10,
  tasks: [
    {
      id: 'adoption-sprint',
      role: 'csm',
      dueDays: 5,
      title: 'Begin an adoption sprint before the renewal',
      whatToDo:
        '{because} The renewal is decided by {decision}. Agree with the champion on who should use the product for what, and bring them in within a month.',
      doneWhen: 'the sprint has a plan and a first date.',
    },
    {
      id: 'right-size',
      role: 'csm',
      dueDays: 15,
      title: 'Prepare the option to right-size',
      whatToDo:
        'If use does not rise, prepare a smaller contract together with the account manager: a smaller renewal is better than none.',
      doneWhen: 'the option is agreed internally, or not needed any more.',
    },
  ],
};

/** Half of what is paid for lies idle, and the renewal comes near. */
export function underUse(settings: UnderUseSettings): SignalPlay {
  return {
    id: '15',
    title: 'Under-use before renewal',
    kind: 'usage',
    settings,
    breadth: 'specific',
    isAboutRenewal: true,
    isForLeavers: false,
    look(facts) {
      const seats = measured(facts, 'U1');
      if (seats === null) return inert('Seat use is not known.');
      if (seats.value >= settings.usedEnough) return over(seats.because);
      const decision = nextDecision(facts);
      if (decision === null || decision.days < 0) return over('No renewal is ahead.');
      if (seats.value >= settings.usedBelow || decision.days > settings.decisionDays) return between;
      return fires(seats.because, 'adoption');
    },
  };
}
