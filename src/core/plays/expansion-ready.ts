import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

/** Source: play 13 of the product's catalogue. */
export const defaultExpansionReady: PlaySettings = {
  readings: 2,
  overDays: 7,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'value-recap',
      role: 'account-manager',
      dueDays: 5,
      title: 'Show what they reached, and what more would bring',
      whatToDo:
        '{because} Recap with the CSM and the customer what the product brought so far, and where it could bring more.',
      doneWhen: 'the talk is logged.',
    },
    {
      id: 'proposal',
      role: 'account-manager',
      dueDays: 10,
      title: 'Propose the expansion',
      whatToDo: 'Open the expansion deal and send the proposal.',
      doneWhen: 'the proposal is sent, or the customer said no.',
    },
  ],
};

/** There is room to grow and nothing that speaks against asking. */
export function expansionReady(settings: PlaySettings): SignalPlay {
  return {
    id: '13',
    title: 'Expansion ready',
    kind: 'expansion',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ assessment }) {
      if (assessment === null) return inert('The account is not scored.');
      const { band, blocker, signals } = assessment.expansion;
      if (band === 'hot') return fires(signals.map(({ because }) => because).join(' '), 'growth');
      if (band === 'warm') return between;
      return over(blocker ?? 'The signals are gone.');
    },
  };
}
