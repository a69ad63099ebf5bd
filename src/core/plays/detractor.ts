import { daysAgo, localDay } from '../measures/facts/local-day.ts';
import { clip, dayText, decimalText } from '../measures/wording.ts';
import type { Instant } from '../model/calendar-date.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { between, firesFor, inert } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface DetractorSettings extends PlaySettings {
  /** NPS answers (0 to 10) and ratings (1 to 5) up to these are unhappy ones. */
  readonly npsUpTo: number;
  readonly csatUpTo: number;
  /** An older answer is too late to call about. Longer than the play rests, or an answer of the day before it ended is lost. */
  readonly withinDays: number;
}

/** Source: play 12 of the product's catalogue. */
export const defaultDetractor: DetractorSettings = {
  npsUpTo: 6,
  csatUpTo: 2,
  withinDays: 15,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'high',
  escalateAfterDays: 4,
  tasks: [
    {
      id: 'call',
      role: 'csm',
      dueDays: 2,
      title: 'Call about the bad rating',
      whatToDo: '{because} Call them, thank them, listen, and say what you do about it.',
      doneWhen: 'you have spoken with them.',
    },
    {
      id: 'log-theme',
      role: 'csm',
      dueDays: 4,
      title: 'Close the loop',
      whatToDo:
        'Log what the rating was about, pass it on to those who can mend it, and tell the customer what follows. Call those, too, who gave a bad rating since, if any are named below.',
      doneWhen: 'the theme is logged and the customer has heard back.',
    },
  ],
};

/** People are unhappy and said so. Once for each answer: of all that are recent, it speaks of those that it has not yet. */
export function detractor(settings: DetractorSettings): SignalPlay {
  return {
    id: '12',
    title: 'Detractor or low satisfaction',
    kind: 'survey',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    look({ snapshot }) {
      if (snapshot.surveys === null && snapshot.tickets === null)
        return inert('Neither surveys nor tickets are known.');
      const from = daysAgo(settings.withinDays, snapshot);
      const recent = unhappyAnswers(snapshot, settings).filter(({ at }) => at >= from && at <= snapshot.asOf);
      if (recent.length === 0) return between;
      const newestFirst = recent.sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? 1 : -1));
      return firesFor(
        newestFirst.map(({ id, at, words, comment }) => ({
          about: id,
          because: `${words} on ${dayText(localDay(at, snapshot), snapshot.today)}.${comment}`,
        })),
        'value',
      );
    },
  };
}

interface UnhappyAnswer {
  readonly id: string;
  readonly at: Instant;
  readonly words: string;
  readonly comment: string;
}

function unhappyAnswers(snapshot: AccountSnapshot, { npsUpTo, csatUpTo }: DetractorSettings): UnhappyAnswer[] {
  const answers: UnhappyAnswer[] = [];
  for (const { id, kind, score, comment, contactEmail, at } of snapshot.surveys ?? []) {
    const isUnhappy = (kind === 'nps' && score <= npsUpTo) || (kind === 'csat' && score <= csatUpTo);
    if (!isUnhappy) continue;
    const who = contactEmail ?? 'Somebody';
    const scale = kind === 'nps' ? 'of 10 (NPS)' : 'of 5';
    const said = comment === null || comment.trim() === '' ? '' : ` They wrote: "${clip(comment.trim(), 200)}"`;
    answers.push({ id: `survey/${id}`, at, words: `${who} gave ${decimalText(score)} ${scale}`, comment: said });
  }
  for (const { id, csat, closedAt, subject } of snapshot.tickets ?? []) {
    if (csat === null || csat > csatUpTo || closedAt === null) continue;
    const about = subject === null ? 'a ticket' : `the ticket '${clip(subject, 60)}'`;
    answers.push({
      id: `ticket/${id}`,
      at: closedAt,
      words: `The customer rated ${about} ${decimalText(csat)} of 5`,
      comment: '',
    });
  }
  return answers;
}
