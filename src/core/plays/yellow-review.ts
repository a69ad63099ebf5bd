import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

/** Source: play 03 of the product's catalogue. */
export const defaultYellowReview: PlaySettings = {
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: 10,
  tasks: [
    {
      id: 'value-review',
      role: 'csm',
      dueDays: 5,
      title: 'Review value: health turned yellow',
      whatToDo:
        '{because} Talk with your champion about what the product should bring this quarter, and whether it does.',
      doneWhen: 'the talk is logged.',
    },
    {
      id: 'drivers',
      role: 'csm',
      dueDays: 10,
      title: 'Plan how to mend what weighs most',
      whatToDo: 'Go through the three strongest reasons below and write down what you do about each.',
      doneWhen: 'the plan is logged on the account.',
    },
  ],
};

/** Health went from green to yellow. Once for each time that it does; what gets worse is the matter of play 04. */
export function yellowReview(settings: PlaySettings): SignalPlay {
  return {
    id: '03',
    title: 'Yellow review',
    kind: 'risk',
    settings,
    breadth: 'general',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ assessment }) {
      if (assessment === null) return inert('The account is not scored.');
      const { health } = assessment;
      switch (health.band) {
        case 'green':
          return over('Health is green again.');
        case 'red':
          return over('Health turned red.');
        case 'grey':
          return between;
        case 'yellow':
          return health.previousBand === 'green'
            ? fires(
                `Health turned from green to yellow. ${health.reason}`.trim(),
                assessment.churn.reason ?? 'unknown',
                {
                  about: `yellow/${health.bandSinceOn}`,
                },
              )
            : between;
        default:
          return health.band satisfies never;
      }
    },
  };
}
