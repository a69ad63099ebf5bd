import type { Assessment, Term } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { formatMoney } from '../model/money.ts';
import type { Deal, Segment } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { Wording } from '../renewals/configuration.ts';
import { dayInWords } from '../renewals/day-in-words.ts';

/** What is the same in all tasks of one renewal, put into words once. */
export interface RenewalWords {
  /** The end of every subject: `ends 31 March 2026`. */
  readonly ending: string;
  readonly accountName: string;
  /** The paragraph of facts, line by line. */
  readonly facts: readonly string[];
  readonly footer: string;
}

const SEGMENTS: Readonly<Record<Segment, string>> = { enterprise: 'enterprise', mid: 'mid-market', smb: 'small' };

export function renewalWords(
  assessment: Assessment,
  snapshot: AccountSnapshot,
  term: Term,
  segment: Segment,
  deal: Deal | null,
): RenewalWords {
  const { name, domain, id } = snapshot.account;
  const accountName = name ?? domain ?? `Account ${id}`;
  const verb = term.endOn < snapshot.today ? 'ended' : 'ends';
  const facts = [
    `The contract of ${accountName} ${verb} on ${dayInWords(term.endOn)}.${decisionSentence(term)}`,
    term.targetArr === null ? null : `At stake: ${formatMoney(term.targetArr)} a year.`,
    healthSentence(assessment),
    deal === null ? 'No renewal deal yet.' : dealSentence(deal),
    term.noticeAssumed
      ? `The notice period is not in the CRM; ${days(term.noticeDays)} are assumed. Please enter it.`
      : null,
  ];
  return {
    ending: `${verb} ${dayInWords(term.endOn)}`,
    accountName,
    facts: facts.filter((line) => line !== null),
    footer:
      `Holdfast, renewal cadence for ${SEGMENTS[segment]} accounts. The end date comes from ${term.source}. ` +
      'Complete this task when it is done. Once you edit or delete it, Holdfast leaves it alone.',
  };
}

/** `step` is null for the late start, which is none. */
export function subjectOf(words: RenewalWords, wording: Wording, step: string | null): string {
  return `${words.accountName}: ${wording.title} – ${words.ending}${step === null ? '' : ` (${step})`}`;
}

/** Plain text: what to do and when it is done, the facts of the renewal, where they come from. */
export function bodyOf(
  words: RenewalWords,
  wording: Wording,
  skipped: readonly string[],
  ownerNote: string | null,
): string {
  return [
    wording.whatToDo,
    ...skipped,
    `Done when ${wording.doneWhen}`,
    '',
    ...words.facts,
    ...(ownerNote === null ? [] : [ownerNote]),
    '',
    words.footer,
  ].join('\n');
}

/** One line of the late start. */
export function skippedInWords(step: string, wording: Wording, dueOn: CalendarDate): string {
  return `- ${step} ${wording.title}: was due on ${dayInWords(dueOn)}`;
}

function decisionSentence(term: Term): string {
  const auto = term.type === 'auto_renew' ? ' It renews by itself.' : '';
  if (term.decisionOn === term.endOn) return auto;
  return ` They can decide until ${dayInWords(term.decisionOn)} (notice: ${days(term.noticeDays)}).${auto}`;
}

function healthSentence({ health }: Assessment): string {
  const score = health.score === null ? '' : `, ${health.score} of 100`;
  return `Health: ${health.band}${score}. ${health.reason}`.trim();
}

function dealSentence(deal: Deal): string {
  const name = deal.name === null ? deal.id : `'${deal.name}'`;
  const stage = deal.stage === null ? '' : `, stage ${deal.stage.label}`;
  const close = deal.closeOn === null ? '' : `, to close on ${dayInWords(deal.closeOn)}`;
  return `Renewal deal: ${name}${stage}${close}.`;
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
