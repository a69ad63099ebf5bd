import { count } from '../measures/wording.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { between, fires, inert, nextDecision, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface NoticeWindowSettings extends PlaySettings {
  readonly fromDays: number;
}

/** Source: play 21 of the product's catalogue. */
export const defaultNoticeWindow: NoticeWindowSettings = {
  fromDays: 45,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'confirm-intent',
      role: 'csm',
      dueDays: 5,
      title: 'Confirm that they intend to stay',
      whatToDo: '{because} Ask now, so that notice does not come as a surprise.',
      doneWhen: 'their intent is confirmed.',
    },
  ],
};

/**
 * The last weeks in which an auto-renewing customer can give notice. Where the renewal cadence asks for the intent
 * already (its step A1), this play keeps silent: one question, one task.
 */
export function noticeWindow(settings: NoticeWindowSettings): SignalPlay {
  return {
    id: '21',
    title: 'Notice window',
    kind: 'routine',
    settings,
    breadth: 'specific',
    isAboutRenewal: true,
    isForLeavers: false,
    look(facts) {
      const decision = nextDecision(facts);
      if (decision === null || decision.term.type !== 'auto_renew')
        return over('The contract does not renew by itself.');
      if (facts.isIntentAsked) return inert('The renewal cadence asks for it.');
      const { term, days } = decision;
      if (days < 0) return over('The notice window has closed.');
      if (days > settings.fromDays) return between;
      const because = `The contract renews by itself on ${dayInWords(term.endOn)}; notice is possible until ${dayInWords(term.decisionOn)}, for ${count(days, 'more day')}.`;
      return fires(because, null, { about: `term/${term.id}` });
    },
  };
}
