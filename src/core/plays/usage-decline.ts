import { daysOfUse, usageKnownOn, usageOf } from '../measures/facts/usage.ts';
import type { AccountUsage } from '../model/signals.ts';
import { between, fires, inert, measured, over } from './finding.ts';
import type { PlayFacts, PlaySettings, SignalPlay } from './play.ts';

export interface UsageDeclineSettings extends PlaySettings {
  /** Change of use from one active window to the next (U2); −0.2 is a fall by a fifth. */
  readonly fallsTo: number;
  readonly recoversTo: number;
  /** With fewer users before, a change is chance. */
  readonly leastUsers: number;
}

/** Source: play 01 of the product's catalogue. */
export const defaultUsageDecline: UsageDeclineSettings = {
  fallsTo: -0.2,
  recoversTo: -0.05,
  leastUsers: 10,
  readings: 2,
  overDays: 14,
  endsWhenDone: false,
  priority: 'medium',
  escalateAfterDays: 7,
  tasks: [
    {
      id: 'diagnose',
      role: 'csm',
      dueDays: 3,
      title: 'Find out why use fell',
      whatToDo:
        '{because} Find out who stopped and why: people left, a project ended, something does not work for them.',
      doneWhen: 'the cause is written down on the account.',
    },
    {
      id: 'unblock',
      role: 'csm',
      dueDays: 7,
      title: 'Offer help with what holds them up',
      whatToDo: 'Offer to remove what you found: a working session, a setting, a question to support.',
      doneWhen: 'the customer has accepted or declined the help.',
    },
    {
      id: 'retrain',
      role: 'csm',
      dueDays: 15,
      title: 'Train the people who fell silent',
      whatToDo: 'Show the people who stopped, and those who are new, what {account} bought the product for.',
      doneWhen: 'the training took place.',
    },
  ],
};

/** Use fell and stays down. Inert without product usage. */
export function usageDecline(settings: UsageDeclineSettings): SignalPlay {
  return {
    id: '01',
    title: 'Usage decline',
    kind: 'usage',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look(facts) {
      const change = measured(facts, 'U2');
      const usage = usageOf(facts.snapshot);
      if (change === null || usage === null) return inert('A change of use cannot be told.');
      if (change.value >= settings.recoversTo) return over(change.because);
      if (change.value > settings.fallsTo || usage.usersPrior28d < settings.leastUsers) return between;
      return fires(change.because, 'adoption', { heldDays: fellYesterday(usage, facts, settings) ? 1 : 0 });
    },
  };
}

/**
 * Whether the history of daily use shows the fall on the day before, too: then it need not be watched for a day. Counted
 * by the active users of each day, added up, because who they were is not kept by the day.
 */
function fellYesterday(
  usage: AccountUsage,
  { snapshot, configuration }: PlayFacts,
  { fallsTo }: UsageDeclineSettings,
): boolean {
  const { activeDays } = configuration.usage.windows;
  const endOn = usageKnownOn(snapshot);
  const sum = (endingDaysAgo: number): number =>
    daysOfUse(usage, endOn, activeDays, endingDaysAgo).reduce((total, { activeUsers }) => total + activeUsers, 0);
  const before = sum(1 + activeDays);
  return before > 0 && sum(1) / before - 1 <= fallsTo;
}
