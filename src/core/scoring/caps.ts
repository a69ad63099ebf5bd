import type { CalendarDate } from '../model/calendar-date.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { AccountSnapshot, HeldFacts } from '../model/snapshot.ts';
import type { ChampionSettings } from '../measures/facts/champion.ts';
import { championOf } from '../measures/facts/champion.ts';
import { overdueOf } from '../measures/facts/overdue.ts';
import { urgentTicketsOf } from '../measures/facts/urgent-tickets.ts';
import { daysWithoutUse, withoutUseSentence } from '../measures/facts/usage.ts';
import { championSentence } from '../measures/r4-champion.ts';
import { urgentSentence } from '../measures/s2-urgent-tickets.ts';
import { count, dayText } from '../measures/wording.ts';

export interface CapConfiguration {
  readonly cancelled: { readonly limit: number };
  readonly championDeparted: { readonly limit: number; readonly nearLimit: number; readonly nearDays: number };
  readonly zeroUsage: { readonly limit: number; readonly fromDays: number };
  readonly urgentTicket: { readonly limit: number; readonly overDays: number };
  readonly escalation: { readonly limit: number };
  /** The mildest first; the last one that is exceeded holds. */
  readonly overdue: readonly { readonly overDays: number; readonly limit: number }[];
  /**
   * A cap whose records cannot be read any more holds until they can, and so do the effects on the chance of a loss: that
   * is null. Nothing tells a source that was taken away for good from one that is lost, and a measure that is lost never
   * comes to be one that does not apply. Whoever does without a source for good lets them go after so many days.
   */
  readonly holdDays: number | null;
}

/** Source: the product's health model, version 1. */
export const defaultCapConfiguration: CapConfiguration = {
  cancelled: { limit: 20 },
  championDeparted: { limit: 70, nearLimit: 49, nearDays: 180 },
  zeroUsage: { limit: 40, fromDays: 30 },
  urgentTicket: { limit: 60, overDays: 7 },
  escalation: { limit: 60 },
  overdue: [
    { overDays: 30, limit: 60 },
    { overDays: 60, limit: 45 },
  ],
  holdDays: null,
};

/** A limit that the score may not exceed, whatever the measures say. */
export interface Cap {
  readonly id: string;
  readonly limit: number;
  readonly because: string;
  /** The day on which the records last told so. */
  readonly toldOn: CalendarDate;
}

export interface CapContext {
  readonly snapshot: AccountSnapshot;
  readonly decisionOn: CalendarDate | null;
  readonly champion: ChampionSettings;
  readonly configuration: CapConfiguration;
}

/** `unknown` means that the records which would tell cannot be read. */
type Finding = { readonly limit: number; readonly because: string } | 'clear' | 'unknown';

const RULES: readonly { readonly id: string; readonly find: (context: CapContext) => Finding }[] = [
  { id: 'cancellation_notice', find: cancelled },
  { id: 'champion_departed', find: championDeparted },
  { id: 'zero_usage', find: zeroUsage },
  { id: 'urgent_ticket', find: urgentTicket },
  { id: 'escalation', find: escalation },
  { id: 'overdue', find: overdue },
];

/** The measure that tells the same as a cap, so that a reason does not say it twice. */
export const MEASURE_OF_CAP: Readonly<Record<string, string>> = {
  champion_departed: 'R4',
  zero_usage: 'U3',
  urgent_ticket: 'S2',
  escalation: 'S2',
  overdue: 'C1',
};

/** Caps in force, the lowest limit first. One whose source was lost stays as it was last told, for as long as `isHeld`. */
export function capsOf(context: CapContext, held: HeldFacts['caps']): readonly Cap[] {
  const { today } = context.snapshot;
  const caps: Cap[] = [];
  for (const { id, find } of RULES) {
    const finding = find(context);
    if (finding === 'clear') continue;
    if (finding !== 'unknown') {
      caps.push({ id, ...finding, toldOn: today });
      continue;
    }
    const last = held.find((cap) => cap.id === id);
    if (last !== undefined && isHeld(last, today, context.configuration)) caps.push(last);
  }
  return caps.sort((a, b) => a.limit - b.limit || (a.id < b.id ? -1 : 1));
}

/** Whether what the records told last still counts today, while they cannot be read. */
export function isHeld(
  { toldOn }: Pick<Cap, 'toldOn'>,
  today: CalendarDate,
  { holdDays }: Pick<CapConfiguration, 'holdDays'>,
): boolean {
  return holdDays === null || daysBetween(toldOn, today) <= holdDays;
}

/** Days that a sentence counts are those of the day on which the records told them. */
export function inWords<Told extends { readonly because: string; readonly toldOn: CalendarDate }>(
  told: Told,
  today: CalendarDate,
): Told {
  if (told.toldOn === today) return told;
  return { ...told, because: `${told.because} That was last known on ${dayText(told.toldOn, today)}.` };
}

/** A notice from before the contract that runs now is history: the customer signed again. */
export function isCancelled({ account }: AccountSnapshot): boolean {
  const { cancelledOn, contractStartOn } = account;
  return cancelledOn !== null && (contractStartOn === null || cancelledOn >= contractStartOn);
}

function cancelled({ snapshot, configuration }: CapContext): Finding {
  const { cancelledOn } = snapshot.account;
  if (cancelledOn === null || !isCancelled(snapshot)) return 'clear';
  const because = `The customer gave notice on ${dayText(cancelledOn, snapshot.today)}.`;
  return { limit: configuration.cancelled.limit, because };
}

function championDeparted({ snapshot, decisionOn, champion, configuration }: CapContext): Finding {
  if (snapshot.contacts === null) return 'unknown';
  const found = championOf(snapshot, champion);
  if (found.state !== 'departed') return 'clear';
  const { limit, nearLimit, nearDays } = configuration.championDeparted;
  const because = championSentence(found, snapshot);
  const days = decisionOn === null ? null : daysBetween(snapshot.today, decisionOn);
  if (days === null || days > nearDays) return { limit, because };
  const when = days < 0 ? 'was due' : 'is due';
  const on = dayText(decisionOn ?? snapshot.today, snapshot.today);
  return { limit: nearLimit, because: `${because} The renewal decision ${when} on ${on}.` };
}

function urgentTicket({ snapshot, configuration }: CapContext): Finding {
  const urgent = urgentTicketsOf(snapshot);
  if (urgent === null) return 'unknown';
  const { limit, overDays } = configuration.urgentTicket;
  const isLong = urgent.some(({ daysOpen }) => daysOpen !== null && daysOpen > overDays);
  return isLong ? { limit, because: urgentSentence(urgent) } : 'clear';
}

/** An escalation does not wait for days to pass. */
function escalation({ snapshot, configuration }: CapContext): Finding {
  const urgent = urgentTicketsOf(snapshot);
  if (urgent === null) return 'unknown';
  const escalated = urgent.filter(({ ticket }) => ticket.escalated === true);
  const [longest] = escalated;
  if (longest === undefined) return 'clear';
  const days = longest.daysOpen === null || longest.daysOpen < 1 ? '' : `, open for ${count(longest.daysOpen, 'day')}`;
  const because = `${escalated.length === 1 ? 'A ticket is' : `${escalated.length} tickets are`} escalated${days}.`;
  return { limit: configuration.escalation.limit, because };
}

function zeroUsage({ snapshot, configuration }: CapContext): Finding {
  if (snapshot.usage === null) return 'unknown';
  const days = daysWithoutUse(snapshot);
  const { limit, fromDays } = configuration.zeroUsage;
  return days === null || days < fromDays ? 'clear' : { limit, because: withoutUseSentence(days, snapshot) };
}

function overdue({ snapshot, configuration }: CapContext): Finding {
  const found = overdueOf(snapshot);
  if (found === null) return 'unknown';
  const exceeded = configuration.overdue.filter(({ overDays }) => found.days > overDays).at(-1);
  return exceeded === undefined ? 'clear' : { limit: exceeded.limit, because: found.because };
}
