import { daysBetween } from '../model/calendar-date.ts';
import { fires, inert, over } from './finding.ts';
import type { PlayFacts, PlaySettings, SignalPlay } from './play.ts';

export interface DataQualitySettings extends PlaySettings {
  readonly greyDays: number;
}

/** Source: play 20 of the product's catalogue. */
export const defaultDataQuality: DataQualitySettings = {
  greyDays: 14,
  readings: 2,
  overDays: 0,
  endsWhenDone: false,
  priority: 'low',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'fix',
      role: 'sales-ops',
      dueDays: 5,
      title: 'Complete the account',
      whatToDo: '{because} Without this, health and renewals of {account} cannot be told.',
      doneWhen: 'the fields are filled in.',
    },
  ],
};

/** What is needed to judge an account is missing in the CRM. */
export function dataQuality(settings: DataQualitySettings): SignalPlay {
  return {
    id: '20',
    title: 'Data quality',
    kind: 'routine',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look(facts) {
      if (facts.assessment === null) return inert('The account is not scored.');
      const gaps = gapsOf(facts, settings);
      return gaps.length === 0 ? over('Everything needed is there.') : fires(gaps.join(' '), null);
    },
  };
}

function gapsOf({ snapshot, assessment, renewal, owners }: PlayFacts, { greyDays }: DataQualitySettings): string[] {
  const { account, today } = snapshot;
  const gaps: string[] = [];
  if (renewal.next === null && !renewal.terms.some(({ outcome }) => outcome === 'churned')) {
    gaps.push('No end date of the contract is known.');
  }
  const isOwned = [account.csmId, account.ownerId].some((id) => id !== null && owners.get(id)?.isActive === true);
  if (!isOwned) gaps.push('Nobody who is active owns the account.');
  if (account.arr === null) gaps.push('The annual recurring revenue is not known, or not in a known currency.');
  const health = assessment?.health;
  if (health?.band === 'grey' && daysBetween(health.bandSinceOn, today) > greyDays) {
    gaps.push(`Too little is known to score its health, for more than ${greyDays} days.`);
  }
  if (health?.overrideProblem !== undefined) gaps.push(health.overrideProblem);
  return gaps;
}
