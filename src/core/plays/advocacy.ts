import { daysBetween } from '../model/calendar-date.ts';
import { between, fires, inert, measured, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface AdvocacySettings extends PlaySettings {
  readonly greenDays: number;
  /** 0 to 10. */
  readonly npsFrom: number;
}

/** Source: play 17 of the product's catalogue. */
export const defaultAdvocacy: AdvocacySettings = {
  greenDays: 60,
  npsFrom: 9,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'low',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'reference-ask',
      role: 'csm',
      dueDays: 15,
      title: 'Ask for a reference',
      whatToDo:
        '{because} Ask whether they would speak for us: a reference call, a review, a story. Do not ask for more than one.',
      doneWhen: 'they were asked.',
    },
  ],
};

/** A happy customer, for long, whom nothing troubles. Inert without surveys. */
export function advocacy(settings: AdvocacySettings): SignalPlay {
  return {
    id: '17',
    title: 'Advocacy',
    kind: 'advocacy',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look(facts) {
      const nps = measured(facts, 'N1');
      const { assessment, snapshot } = facts;
      if (nps === null || assessment === null) return inert('There is no recent NPS answer.');
      const { health, churn } = assessment;
      if (health.band !== 'green') return over(`Health is ${health.band}.`);
      const days = daysBetween(health.bandSinceOn, snapshot.today);
      const isAtRisk = churn.risk !== 'low' || health.caps.length > 0;
      if (days < settings.greenDays || nps.value < settings.npsFrom || isAtRisk) return between;
      return fires(`Health has been green for ${days} days. ${nps.because}`, null);
    },
  };
}
