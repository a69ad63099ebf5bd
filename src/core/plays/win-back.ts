import { daysBetween } from '../model/calendar-date.ts';
import type { Deal } from '../model/records.ts';
import { count, nameText } from '../measures/wording.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { CHURN_TYPES } from '../renewals/term-result.ts';
import { lastLostTerm } from './churn-logged.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface WinBackSettings extends PlaySettings {
  readonly fromDays: number;
  readonly untilDays: number;
  /** Where no reason is coded: a loss whose reason holds one of these words could not be helped. Lower case. */
  readonly inevitable: readonly string[];
}

/** Source: play 19 of the product's catalogue. */
export const defaultWinBack: WinBackSettings = {
  fromDays: 180,
  untilDays: 365,
  inevitable: [
    'acquired',
    'acquisition',
    'merger',
    'bankrupt',
    'insolven',
    'closed down',
    'out of business',
    'bad fit',
  ],
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'low',
  escalateAfterDays: null,
  tasks: [
    {
      id: 're-qualify',
      role: 'account-manager',
      dueDays: 10,
      title: 'Find out whether they would come back',
      whatToDo:
        '{because} Write to the champion of then: what changed on our side since, and whether what they use now serves them.',
      doneWhen: 'a meeting is booked, or they said no.',
    },
  ],
};

/** Half a year after a loss that could have been avoided, with somebody left to ask. */
export function winBack(settings: WinBackSettings): SignalPlay {
  return {
    id: '19',
    title: 'Win-back',
    kind: 'routine',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: true,
    look({ renewal, snapshot }) {
      const lost = lastLostTerm(renewal.terms);
      if (lost === null) return over('The customer is back.');
      if (snapshot.contacts === null) return inert('Contacts cannot be read.');
      const days = daysBetween(lost.endOn, snapshot.today);
      if (days < settings.fromDays || days > settings.untilDays) return between;
      const deal = snapshot.deals?.find(({ id }) => id === lost.renewalDealId) ?? null;
      if (!wasAvoidable(deal, settings)) return between;
      const champion = snapshot.contacts
        .filter(({ roles, status, email }) => roles.includes('champion') && status !== 'departed' && email !== null)
        .sort((a, b) => (a.id < b.id ? -1 : 1))[0];
      if (champion === undefined) return between;
      const because = `The contract ended on ${dayInWords(lost.endOn)}, ${count(days, 'day')} ago, and ${nameText(champion.name, 'the champion')} is still there.`;
      return fires(because, null, { about: `term/${lost.id}` });
    },
  };
}

/** As the coded reason says, else as the words of the lost deal do; where neither tells, it is worth asking. */
function wasAvoidable(deal: Deal | null, { inevitable }: WinBackSettings): boolean {
  const coded = deal?.churnReason ?? 'unknown';
  if (coded !== 'unknown') return CHURN_TYPES[coded] === 'avoidable';
  const words = deal?.lostReason?.toLowerCase() ?? '';
  return !inevitable.some((word) => words.includes(word));
}
