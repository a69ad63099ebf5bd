import type { Band } from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { AccountId, HoldfastKey, TermId } from '../model/ids.ts';
import type { Arm } from './hold-out.ts';
import type { Matter, PlayKind, PlayRole } from './play.ts';

/** One firing of a play on one account: from the first reading of its trigger to its outcome. */
export interface PlayRun {
  readonly accountId: AccountId;
  /** As it was when the play fired. */
  readonly accountName: string | null;
  readonly play: string;
  /** 1 for the first time on this account; makes its tasks' keys different from those of other times. */
  readonly occurrence: number;
  /** `watching`: the trigger was seen, not for long enough yet, or another play works on the same matter. */
  readonly state: 'watching' | 'open' | 'closed';
  readonly kind: PlayKind;
  readonly reason: Matter | null;
  /** See `Thing`: the newest of what it was about when it fired; null for none. */
  readonly about: string | null;
  /** What else it speaks of, in its reason or in its notes; absent for nothing. */
  readonly alsoAbout?: readonly string[];
  readonly role: PlayRole | null;
  /** The term that ran when it opened. */
  readonly termId: TermId | null;
  /** Why it fired, as it was on the day it opened. */
  readonly because: string;
  /** What this play and others about the same matter have found since, and why it went over to somebody else. */
  readonly notes: readonly { readonly on: CalendarDate; readonly play: string; readonly because: string }[];
  /** Since when the trigger holds, while it is watched; null when it does not. */
  readonly firesSinceOn: CalendarDate | null;
  /** Since when the reason is gone, while it is open; null when it is not. */
  readonly overSinceOn: CalendarDate | null;
  readonly openedOn: CalendarDate | null;
  /** The day on which it began to ask for tasks; null as long as it only suggests. */
  readonly actedOn: CalendarDate | null;
  readonly closedOn: CalendarDate | null;
  readonly outcome: PlayOutcome | null;
  readonly closedBecause: string | null;
  /** Set when it opened, where the play's effect is measured; absent or null for all others. */
  readonly arm?: Arm | null;
  /** Whether a person completed or edited one of its tasks. */
  readonly wasWorked: boolean;
  /** Health when it closed: a worse band or a new cap ends the rest early. */
  readonly atClose: { readonly band: Band; readonly caps: readonly string[] } | null;
  /** No new firing before this day. */
  readonly restsUntilOn: CalendarDate | null;
}

/**
 * `resolved`: the reason went away before anybody began. `recovered`: it went away after somebody did. `done`: every task
 * was completed. `dismissed`: a person deleted a task. `superseded`: another play took over. `expired`: it was open for
 * too long. `left`: the account is no longer a customer.
 */
export type PlayOutcome =
  'resolved' | 'recovered' | 'done' | 'dismissed' | 'superseded' | 'snoozed' | 'switched-off' | 'expired' | 'left';

/** A person's wish to hear nothing of a play, and of others about the same matter, for a while. */
export interface Snooze {
  readonly accountId: AccountId;
  readonly play: string;
  readonly kind: PlayKind;
  /** The matter; null where the play had not fired, and it alone is silent. */
  readonly reason: Matter | null;
  /** The first day on which the play may speak again. */
  readonly untilOn: CalendarDate;
  /** Why, in the person's words. */
  readonly because: string;
  readonly by: string;
  readonly at: Instant;
  /** Caps in force at that moment: a new one ends the snooze. */
  readonly caps: readonly string[];
  /** Of the renewal cadence: the term that waits, and the task on which the person entered it. Absent for other plays. */
  readonly termId?: TermId;
  readonly taskKey?: HoldfastKey;
}

/** `04#2`: a firing among those of its account. */
export function runName({ play, occurrence }: Pick<PlayRun, 'play' | 'occurrence'>): string {
  return `${play}#${occurrence}`;
}
