import { championOf } from '../measures/facts/champion.ts';
import { championSentence } from '../measures/r4-champion.ts';
import { between, fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

/** Source: play 07 of the product's catalogue. */
export const defaultChampionDeparted: PlaySettings = {
  readings: 1,
  overDays: 0,
  endsWhenDone: false,
  priority: 'high',
  escalateAfterDays: 5,
  tasks: [
    {
      id: 'successor',
      role: 'csm',
      dueDays: 2,
      title: 'Find out who takes over from the champion',
      whatToDo:
        '{because} Ask the people you know there who takes over, and who decides now. Try the one who left, too: they may introduce you, and may need the product where they are now.',
      doneWhen: 'you know the name of the successor.',
    },
    {
      id: 'introduction',
      role: 'csm',
      dueDays: 5,
      title: 'Meet the new champion',
      whatToDo:
        'Meet the successor, show what {account} has reached with the product, and mark them as champion in the CRM.',
      doneWhen: 'the meeting is logged and the new champion is marked.',
    },
    {
      id: 'executive-touch',
      role: 'csm',
      dueDays: 8,
      title: 'Speak with the executive sponsor',
      whatToDo: 'Make sure that the sponsor still stands behind the product without the champion.',
      doneWhen: 'the talk is logged.',
    },
    {
      id: 're-onboard',
      role: 'csm',
      dueDays: 15,
      title: 'Bring the new champion on board',
      whatToDo: 'Give the new champion the goals, the numbers and the training that the old one had.',
      doneWhen: 'the new champion works with the product.',
    },
  ],
};

/** The person who spoke for us left, and nobody else is in touch yet. */
export function championDeparted(settings: PlaySettings): SignalPlay {
  return {
    id: '07',
    title: 'Champion departed',
    kind: 'risk',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot, configuration }) {
      const found = championOf(snapshot, configuration.health.measures.champion);
      switch (found.state) {
        case 'departed':
          return fires(championSentence(found, snapshot), 'relationship');
        case 'unknown':
          return snapshot.contacts === null ? inert(found.because) : between;
        case 'active':
        case 'replaced':
        case 'quiet':
          return over(championSentence(found, snapshot));
        default:
          return found satisfies never;
      }
    },
  };
}
