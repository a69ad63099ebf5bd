import { daysBetween, nextBusinessDay, parseCalendarDate, type CalendarDate } from '../model/calendar-date.ts';
import { formatMoney } from '../model/money.ts';
import type { HoldfastKey } from '../model/ids.ts';
import type { TaskWish } from '../plan/step.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { holdfastKey } from './dedupe.ts';
import { dueDay } from './due-day.ts';
import type { PlayContext, PlayWish } from './play.ts';

/** Stands where tasks name their play: the list of what an owner's load cap holds back. */
export const DIGEST = 'digest';

const FIRST_DAY = parseCalendarDate('2020-01-01');

export interface DigestInput {
  /** The most worth first. */
  readonly heldBack: readonly TaskWish[];
  readonly today: CalendarDate;
  readonly timeZone: string;
  readonly context: PlayContext;
}

/**
 * One task a day for each owner with tasks held back: what they are, in the same order. It hangs on the account of the
 * first. Tasks without an owner are in nobody's list.
 */
export function digestsOf({ heldBack, today, timeZone, context }: DigestInput): readonly PlayWish[] {
  const { dueHour, holidays, load } = context.configuration.renewals;
  const soonestOn = nextBusinessDay(today, new Set<string>(holidays));
  return [...Map.groupBy(heldBack, ({ ownerId }) => ownerId)].flatMap(([ownerId, wishes]): PlayWish[] => {
    const [first] = wishes;
    if (ownerId === null || first === undefined) return [];
    const soonest = dueDay(soonestOn, dueHour, context.owners.get(ownerId)?.timeZone ?? null, timeZone);
    const count = wishes.length === 1 ? '1 more task is' : `${wishes.length} more tasks are`;
    return [
      {
        key: digestKey(context, ownerId, today),
        play: DIGEST,
        step: DIGEST,
        occurrence: dayNumber(today),
        accountId: first.accountId,
        termId: null,
        dealId: null,
        subject: `${count} waiting for you (list of ${dayInWords(today)})`,
        body: bodyOf(wishes, load.listed),
        dueOn: soonest.on,
        dueAt: soonest.at,
        priority: 'medium',
        ownerId,
        ownerNote: null,
        worth: null,
        isExempt: true,
        opensToday: true,
        standsInFor: [],
        waitsFor: null,
        escalates: null,
        news: null,
        soonest,
      },
    ];
  });
}

/** The digest's firing: its day, counted from a fixed one. */
export function dayNumber(day: CalendarDate): number {
  return FIRST_DAY === null ? 0 : daysBetween(FIRST_DAY, day);
}

function digestKey({ tenant }: PlayContext, ownerId: string, today: CalendarDate): HoldfastKey {
  return holdfastKey({
    tenant,
    scope: 'owner',
    scopeId: ownerId,
    termId: null,
    play: DIGEST,
    step: DIGEST,
    occurrence: dayNumber(today),
  });
}

function bodyOf(wishes: readonly TaskWish[], listed: number): string {
  return [
    'Your list is full, so these tasks wait. Each gets a task of its own as soon as there is room; ' +
      'what cannot wait, do first.',
    'Done when you have looked through the list.',
    '',
    ...wishes.slice(0, listed).map(lineOf),
    ...(wishes.length > listed ? [`and ${wishes.length - listed} more`] : []),
    '',
    'Holdfast, one list a day. The next one takes its place.',
  ].join('\n');
}

function lineOf({ worth, subject, dueOn }: TaskWish): string {
  return `- ${worth === null ? '' : `${formatMoney(worth)}: `}${subject}, due on ${dayInWords(dueOn)}`;
}
