import type { Term } from '../model/assessment.ts';
import { daysBetween } from '../model/calendar-date.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { isSettled } from '../renewals/progress.ts';
import { between, fires } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface ChurnLoggedSettings extends PlaySettings {
  /** A loss whose decision is further away, before or after today, is history or still open to change. */
  readonly withinDays: number;
}

/** Source: play 18 of the product's catalogue. */
export const defaultChurnLogged: ChurnLoggedSettings = {
  withinDays: 60,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'reason',
      role: 'csm',
      dueDays: 5,
      title: 'Record why the customer left',
      whatToDo:
        '{because} Record the reason: involuntary (payment, closure), avoidable (onboarding, adoption, value, product, support, champion, price, competitor) or inevitable (strategy, budget, acquisition, bad fit).',
      doneWhen: 'the reason is coded on the deal.',
    },
    {
      id: 'exit-interview',
      role: 'csm',
      dueDays: 8,
      title: 'Hold the exit interview',
      whatToDo: 'Ask the decider what we could have done, and when they had made up their mind.',
      doneWhen: 'the answers are logged, or they declined.',
    },
    {
      id: 'retro',
      role: 'csm',
      dueDays: 10,
      title: 'Look back on the loss',
      whatToDo: 'Go through it with your manager: which signs were there, when, and what we do about them next time.',
      doneWhen: 'what was learned is written down.',
    },
  ],
};

/** A term was lost. Once for each term. */
export function churnLogged(settings: ChurnLoggedSettings): SignalPlay {
  return {
    id: '18',
    title: 'Churn logged',
    kind: 'routine',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: true,
    look({ renewal, snapshot }) {
      const lost = lastLostTerm(renewal.terms);
      if (lost === null) return between;
      const days = Math.abs(daysBetween(lost.decisionOn, snapshot.today));
      const deal = snapshot.deals?.find(({ id }) => id === lost.renewalDealId) ?? null;
      if (days > settings.withinDays || !isSettled(lost, deal, snapshot)) return between;
      return fires(`The contract to ${dayInWords(lost.endOn)} is lost.`, null, { about: `term/${lost.id}` });
    },
  };
}

/** The lost term that ended last, unless a later one was renewed or still runs. */
export function lastLostTerm(terms: readonly Term[]): Term | null {
  let last: Term | null = null;
  for (const term of terms) if (last === null || term.endOn > last.endOn) last = term;
  return last?.outcome === 'churned' ? last : null;
}
