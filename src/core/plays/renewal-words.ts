import { shownHealth } from '../book/shown.ts';
import type { Assessment, Term } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { formatMoney } from '../model/money.ts';
import type { Deal, Segment } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { Wording } from '../renewals/configuration.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { fillTemplate, nameOf, templateValues, type TemplateValues } from './template.ts';

/** What is the same in all tasks of one renewal, put into words once. */
export interface RenewalWords {
  /** The end of every subject: `ends 31 March 2026`. */
  readonly ending: string;
  readonly accountName: string;
  /** The paragraph of facts, line by line. */
  readonly facts: readonly string[];
  readonly footer: string;
  /** What the texts of the steps may name. */
  readonly values: TemplateValues;
}

const SEGMENTS: Readonly<Record<Segment, string>> = { enterprise: 'enterprise', mid: 'mid-market', smb: 'small' };

export function renewalWords(
  assessment: Assessment,
  snapshot: AccountSnapshot,
  term: Term,
  segment: Segment,
  deal: Deal | null,
): RenewalWords {
  const accountName = nameOf({ snapshot });
  const verb = term.endOn < snapshot.today ? 'ended' : 'ends';
  const because = `The contract of ${accountName} ${verb} on ${dayInWords(term.endOn)}.`;
  const facts = [
    `${because}${decisionSentence(term, snapshot)}`,
    term.targetArr === null ? null : `At stake: ${formatMoney(term.targetArr)} a year.`,
    ...partLines(term),
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
    values: templateValues({ snapshot, health: assessment.health, term }, because),
  };
}

/** `step` is null for the late start, which is none. */
export function subjectOf(words: RenewalWords, wording: Wording, step: string | null): string {
  const title = fillTemplate(wording.title, words.values);
  return `${words.accountName}: ${title} – ${words.ending}${step === null ? '' : ` (${step})`}`;
}

/** Plain text: what to do and when it is done, the facts of the renewal, where they come from. */
export function bodyOf(
  words: RenewalWords,
  wording: Wording,
  skipped: readonly string[],
  ownerNote: string | null,
): string {
  return [
    fillTemplate(wording.whatToDo, words.values),
    ...skipped,
    `Done when ${fillTemplate(wording.doneWhen, words.values)}`,
    '',
    ...words.facts,
    ...(ownerNote === null ? [] : [ownerNote]),
    '',
    words.footer,
  ].join('\n');
}

/** One line of the late start. */
export function skippedInWords(words: RenewalWords, step: string, wording: Wording, dueOn: CalendarDate): string {
  return `- ${step} ${fillTemplate(wording.title, words.values)}: was due on ${dayInWords(dueOn)}`;
}

function decisionSentence(term: Term, { today }: Pick<AccountSnapshot, 'today'>): string {
  const auto = term.type === 'auto_renew' ? ' It renews by itself.' : '';
  if (term.decisionOn === term.endOn) return auto;
  const can = term.decisionOn < today ? 'could' : 'can';
  return ` They ${can} decide until ${dayInWords(term.decisionOn)} (notice: ${days(term.noticeDays)}).${auto}`;
}

/** What is renewed together, contract by contract. */
function partLines({ parts = [] }: Term): readonly string[] {
  if (parts.length === 0) return [];
  return [
    `${parts.length} contracts end about then. Renew them together, to one end date:`,
    ...parts.map(({ source, endOn, targetArr }) => {
      const worth = targetArr === null ? '' : `, ${formatMoney(targetArr)} a year`;
      return `- ${source}: ends on ${dayInWords(endOn)}${worth}`;
    }),
  ];
}

/** As people see it on the customer's record. */
function healthSentence(assessment: Assessment): string {
  const { score, band, reason } = shownHealth(assessment);
  return `Health: ${band}${score === null ? '' : `, ${score} of 100`}. ${reason}`.trim();
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
