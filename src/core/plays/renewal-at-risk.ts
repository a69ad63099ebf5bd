import { count } from '../measures/wording.ts';
import { callsIn } from '../renewals/calls.ts';
import { between, fires, inert, nextDecision, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface RenewalAtRiskSettings extends PlaySettings {
  readonly windowDays: number;
}

/** Source: play 06 of the product's catalogue. */
export const defaultRenewalAtRisk: RenewalAtRiskSettings = {
  windowDays: 120,
  readings: 1,
  overDays: 7,
  endsWhenDone: true,
  priority: 'high',
  escalateAfterDays: 4,
  tasks: [
    {
      id: 'mitigation-plan',
      role: 'csm',
      dueDays: 2,
      title: 'Write the mitigation plan for the renewal',
      whatToDo:
        '{because} Write down what has to change before {decision} so that {account} renews, who does it, and what you offer if it does not. A renewal at risk needs a plan.',
      doneWhen: 'the plan is on the renewal deal and its forecast category is right.',
    },
  ],
};

/** A renewal is near and likely to be lost, or its final call and the score disagree. Terms from month to month have no renewal to plan for. */
export function renewalAtRisk(settings: RenewalAtRiskSettings): SignalPlay {
  return {
    id: '06',
    title: 'Renewal at risk',
    kind: 'risk',
    settings,
    breadth: 'general',
    isAboutRenewal: true,
    isForLeavers: false,
    isAboutState: true,
    look(facts) {
      const { assessment } = facts;
      if (assessment === null) return inert('The account is not scored.');
      const decision = nextDecision(facts);
      if (decision === null) return over('No renewal is ahead.');
      const { term, days } = decision;
      if (days < 0 || days > settings.windowDays) return over('The renewal is not in its window.');
      const { disagree, final } = callsIn(assessment.renewal.progress, term);
      if (disagree && final !== null) {
        const because = `The renewal is decided in ${count(days, 'day')}. The final call is ${final === 'good' ? 'good, and the risk is high' : 'at risk, and the score sees no risk'}.`;
        return fires(because, assessment.churn.reason ?? 'unknown', { about: `term/${term.id}` });
      }
      if (assessment.churn.riskAlone === 'high') {
        const because = [
          `The renewal is decided in ${count(days, 'day')}, and the risk is high.`,
          ...assessment.churn.because,
        ];
        return fires(because.join(' '), assessment.churn.reason ?? 'unknown', { about: `term/${term.id}` });
      }
      return assessment.churn.riskAlone === 'unknown' ? between : over(`The risk is ${assessment.churn.riskAlone}.`);
    },
  };
}
