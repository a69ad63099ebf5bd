import { daysBetween } from '../model/calendar-date.ts';
import { customerSince } from '../measures/facts/customer-since.ts';
import { between, fires, inert, measured, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface OnboardingStalledSettings extends PlaySettings {
  /** Steps done ÷ expected. */
  readonly behindBelow: number;
  readonly backFrom: number;
  /** Not one step done so many days after the start. */
  readonly firstValueDays: number;
}

/** Source: play 11 of the product's catalogue. */
export const defaultOnboardingStalled: OnboardingStalledSettings = {
  behindBelow: 0.6,
  backFrom: 0.9,
  firstValueDays: 30,
  readings: 2,
  overDays: 0,
  endsWhenDone: false,
  priority: 'high',
  escalateAfterDays: 7,
  tasks: [
    {
      id: 'unblock',
      role: 'onboarding',
      dueDays: 3,
      title: 'Get the onboarding moving again',
      whatToDo: '{because} Find out what it waits for, at {account} and with us, and remove it.',
      doneWhen: 'the next step is done or has a date and a name.',
    },
    {
      id: 're-plan',
      role: 'onboarding',
      dueDays: 6,
      title: 'Agree on a new onboarding plan',
      whatToDo: 'Agree on new dates up to the first result that matters to them, and tell the sponsor.',
      doneWhen: 'the customer has agreed to the plan.',
    },
  ],
};

/** The onboarding falls behind. Inert without an onboarding plan. */
export function onboardingStalled(settings: OnboardingStalledSettings): SignalPlay {
  return {
    id: '11',
    title: 'Onboarding stalled',
    kind: 'risk',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look(facts) {
      const { milestones, today } = facts.snapshot;
      const steps = (milestones ?? []).filter(({ kind }) => kind === 'onboarding');
      if (steps.length === 0) return inert('There is no onboarding plan.');
      const done = steps.filter(({ doneOn }) => doneOn !== null && doneOn <= today).length;
      if (done === steps.length) return over('All onboarding steps are done.');
      const progress = measured(facts, 'O1');
      if (progress !== null && progress.value < settings.behindBelow) return fires(progress.because, 'onboarding');
      const since = customerSince(facts.snapshot);
      if (done === 0 && since !== null && daysBetween(since, today) >= settings.firstValueDays) {
        return fires(`No onboarding step is done after ${settings.firstValueDays} days.`, 'onboarding');
      }
      return progress !== null && progress.value >= settings.backFrom ? over(progress.because) : between;
    },
  };
}
