import { annualValue, between, fires, inert, measured, nextDecision, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface SingleThreadedSettings extends PlaySettings {
  /** People in two-way contact: at most so many are too few, so many are enough. */
  readonly tooFew: number;
  readonly enough: number;
  /** Annual value in major units of the home currency. */
  readonly fromValue: number;
  readonly decisionDays: number;
}

/** Source: play 08 of the product's catalogue. */
export const defaultSingleThreaded: SingleThreadedSettings = {
  tooFew: 1,
  enough: 3,
  fromValue: 10_000,
  decisionDays: 270,
  readings: 2,
  overDays: 0,
  endsWhenDone: false,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'map',
      role: 'csm',
      dueDays: 10,
      title: 'Map who matters',
      whatToDo:
        '{because} List who uses, who decides, who pays and who could object at {account}, and add them as contacts with their roles.',
      doneWhen: 'the contacts have their roles.',
    },
    {
      id: 'two-contacts',
      role: 'csm',
      dueDays: 20,
      title: 'Get in touch with two more people',
      whatToDo: 'Have your contact introduce you to two of them, one of them a manager.',
      doneWhen: 'both have answered or met you.',
    },
  ],
};

/** All hangs on one person, in an account that matters and is decided within the year. */
export function singleThreaded(settings: SingleThreadedSettings): SignalPlay {
  return {
    id: '08',
    title: 'Single-threaded',
    kind: 'risk',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look(facts) {
      const people = measured(facts, 'R3');
      if (people === null) return inert('The people in touch are not known.');
      if (people.value >= settings.enough) return over(people.because);
      const value = annualValue(facts);
      const decision = nextDecision(facts);
      const isNear = decision !== null && decision.days >= 0 && decision.days <= settings.decisionDays;
      if (people.value > settings.tooFew || value === null || value < settings.fromValue || !isNear) return between;
      return fires(people.because, 'relationship');
    },
  };
}
