import { daysWithoutUse, upToKnownDay, usageOf, withoutUseSentence } from '../measures/facts/usage.ts';
import { count } from '../measures/wording.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface DarkAccountSettings extends PlaySettings {
  readonly silentDays: number;
  /** So many people, or all paid seats where there are fewer, have to be back. */
  readonly backUsers: number;
}

/** Source: play 02 of the product's catalogue. */
export const defaultDarkAccount: DarkAccountSettings = {
  silentDays: 21,
  backUsers: 3,
  readings: 1,
  overDays: 0,
  endsWhenDone: false,
  priority: 'high',
  escalateAfterDays: 5,
  tasks: [
    {
      id: 'call',
      role: 'csm',
      dueDays: 2,
      title: 'Call: nobody uses the product',
      whatToDo: '{because} Call your main contact and ask what happened. An e-mail is not enough here.',
      doneWhen: 'you have spoken with somebody of {account}.',
    },
    {
      id: 'other-contact',
      role: 'csm',
      dueDays: 4,
      title: 'Reach a second person',
      whatToDo: 'Find another person who used the product or pays for it, and hear their side.',
      doneWhen: 'a second person has answered.',
    },
    {
      id: 'executive-note',
      role: 'csm',
      dueDays: 7,
      title: 'Write to the sponsor',
      whatToDo:
        'Write to the executive sponsor, or have your manager do it: what was agreed, what is used, what you propose.',
      doneWhen: 'the note is sent.',
    },
  ],
};

/** Nobody has used the product for weeks. Inert without product usage, and for accounts that never used it. */
export function darkAccount(settings: DarkAccountSettings): SignalPlay {
  return {
    id: '02',
    title: 'Dark account',
    kind: 'usage',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot, configuration }) {
      const usage = usageOf(snapshot);
      const days = daysWithoutUse(snapshot);
      if (usage === null || days === null) return inert('Product usage is not known.');
      if (days >= settings.silentDays) return fires(withoutUseSentence(days, snapshot), 'adoption');
      const { recentDays } = configuration.usage.windows;
      const wanted = Math.min(settings.backUsers, snapshot.account.seatsPaid ?? settings.backUsers);
      return usage.users14d >= wanted
        ? over(
            `${count(usage.users14d, 'person', 'people')} used the product in the last ${count(recentDays, 'day')}${upToKnownDay(snapshot)}.`,
          )
        : between;
    },
  };
}
