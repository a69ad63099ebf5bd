import type { Assessment } from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { HoldfastKey, InstallationId } from '../model/ids.ts';
import type { Owner } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { TaskWish } from '../plan/step.ts';
import type { RenewalConfiguration } from '../renewals/configuration.ts';

/** A rule that opens tasks. Pure, and without memory: what was made before is the ledger's to know. */
export interface Play {
  /** `05`: its number in the catalogue of plays. */
  readonly id: string;
  readonly title: string;
  /**
   * Every task that belongs on the account by this play, also those that are not to be made today: a wish that goes away
   * closes its task, so it must not go away merely because days pass.
   */
  wishes(assessment: Assessment, snapshot: AccountSnapshot, context: PlayContext): readonly PlayWish[];
}

export interface PlayContext {
  readonly tenant: InstallationId;
  /** The CRM's users by id. An owner who is not among them, or no longer active, gets no tasks. */
  readonly owners: ReadonlyMap<string, Owner>;
  /** Who gets the tasks of accounts without an active owner; null leaves them unassigned. */
  readonly fallbackOwnerId: string | null;
  readonly configuration: { readonly renewals: RenewalConfiguration };
}

/** A wish, and what the plan has to know to make, move or leave its task. */
export interface PlayWish extends TaskWish {
  /** May the task be made today? When not, one that exists stays, and moves with its date. */
  readonly opensToday: boolean;
  /**
   * Keys of the steps that this task stands in for: it is made only when none of them ever was, and stays as it was
   * made but for its owner. Empty for a task of its own.
   */
  readonly standsInFor: readonly HoldfastKey[];
  /** The first working day from today on: where a task goes whose day moved into the past. */
  readonly soonest: DueDay;
}

/** A day, and nine o'clock (or the hour of the configuration) of it where the owner works. */
export interface DueDay {
  readonly on: CalendarDate;
  readonly at: Instant;
}
