import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

/** Source: play 04 of the product's catalogue. */
export const defaultRedRescue: PlaySettings = {
  readings: 1,
  overDays: 14,
  endsWhenDone: false,
  priority: 'high',
  escalateAfterDays: 3,
  tasks: [
    {
      id: 'root-cause',
      role: 'csm',
      dueDays: 1,
      title: 'Find the root cause: the account is at risk',
      whatToDo:
        '{because} Speak with the customer today or tomorrow, find the cause behind the signals, and tell your manager.',
      doneWhen: 'cause and first step are written down.',
    },
    {
      id: 'save-plan',
      role: 'csm',
      dueDays: 3,
      title: 'Agree on a save plan',
      whatToDo: 'Agree with your manager on what is done, by whom and by when, and share it with the customer.',
      doneWhen: 'the plan is on the account and the customer knows it.',
    },
    {
      id: 'sponsor',
      role: 'manager',
      dueDays: 5,
      title: 'Bring the sponsors together',
      whatToDo: 'Have one of our executives speak with the executive sponsor of {account}.',
      doneWhen: 'they have spoken.',
    },
    {
      id: 'review',
      role: 'csm',
      dueDays: 10,
      title: 'Review the save plan every week',
      whatToDo:
        'Go through the save plan with your manager each week until health is yellow again: what worked, what is next.',
      doneWhen: 'the account has been out of the red for two weeks, or you have agreed to let it go.',
    },
  ],
};

/** Health is red, or the customer is likely to leave. */
export function redRescue(settings: PlaySettings): SignalPlay {
  return {
    id: '04',
    title: 'Red rescue',
    kind: 'risk',
    settings,
    breadth: 'score',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ assessment }) {
      if (assessment === null) return inert('The account is not scored.');
      const { health, churn } = assessment;
      // A customer who gave notice is a matter of its own, whatever else is wrong.
      const hasNotice = health.caps.some(({ id }) => id === 'cancellation_notice');
      const reason = hasNotice ? null : (churn.reason ?? 'unknown');
      if (health.band === 'red') return fires(`Health is red. ${health.reason}`.trim(), reason);
      if (churn.risk === 'high') {
        return fires(['The risk of losing the customer is high.', ...churn.because].join(' '), reason);
      }
      return health.band === 'grey' ? between : over(`Health is ${health.band} and the risk is not high any more.`);
    },
  };
}
