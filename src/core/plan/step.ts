import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { AccountId, HoldfastKey, TermId } from '../model/ids.ts';
import type { Money } from '../model/money.ts';

/** Field values in the CRM's words; null clears. */
export type CrmFields = Readonly<Record<string, string | null>>;

/** What should be true in the CRM. `key` comes from facts: the same facts never act twice. */
export type Step = ProvisionField | SetFields | OpenTask | MoveTask | CloseTask | OpenDeal;

interface StepBase {
  readonly key: string;
  /** The CRM's name of the object that is written: `companies`, `tasks`. */
  readonly object: string;
  /** The CRM's id of the record; null for what does not exist yet. */
  readonly id: string | null;
  readonly accountId: AccountId | null;
  /** What the CRM shows now, of the fields that change. */
  readonly before: CrmFields;
  readonly after: CrmFields;
  /** Why, in one sentence that the admin understands. */
  readonly because: string;
}

/** A field of ours that the CRM lacks. `after` holds its label and type. */
export interface ProvisionField extends StepBase {
  readonly kind: 'provision-field';
}

export interface SetFields extends StepBase {
  readonly kind: 'set-fields';
  readonly id: string;
}

export interface OpenTask extends StepBase {
  readonly kind: 'open-task';
  readonly key: HoldfastKey;
  readonly wish: TaskWish;
}

/** A task of ours, untouched by humans, whose due day or owner is no longer right. */
export interface MoveTask extends StepBase {
  readonly kind: 'move-task';
  readonly key: HoldfastKey;
  readonly id: string;
  readonly wish: TaskWish;
}

/** A task of ours, untouched by humans, whose reason is gone. */
export interface CloseTask extends StepBase {
  readonly kind: 'close-task';
  readonly key: HoldfastKey;
  readonly id: string;
}

/** The deal that a renewal lacks. */
export interface OpenDeal extends StepBase {
  readonly kind: 'open-deal';
  readonly key: HoldfastKey;
  readonly wish: DealWish;
}

/** A renewal deal that a term should have. */
export interface DealWish {
  readonly key: HoldfastKey;
  readonly accountId: AccountId;
  readonly termId: TermId;
  readonly name: string;
  /** Why it was opened, plain text. */
  readonly note: string;
  readonly closeOn: CalendarDate;
  /** `closeOn` at nine in the morning where the owner works. */
  readonly closeAt: Instant;
  readonly amount: Money | null;
  readonly ownerId: string | null;
  /** How the owner was found, when it was not the first choice. */
  readonly ownerNote: string | null;
}

/** What we remember of a deal that we made or were about to make: one for a term, whatever became of it. */
export interface LedgerDeal {
  readonly key: HoldfastKey;
  readonly accountId: AccountId;
  readonly termId: TermId;
  /** As of tasks; once a deal is open it is people's to close. */
  readonly state: Extract<LedgerState, 'creating' | 'open' | 'deleted' | 'undone'>;
  /** Null until the CRM answered. */
  readonly crmId: string | null;
  readonly name: string;
  /** The fields as the CRM showed them right after it was made; what differs from them, a human changed. */
  readonly written: Readonly<Record<string, string | number | boolean | null>>;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A task that a play wants to exist. */
export interface TaskWish {
  readonly key: HoldfastKey;
  readonly play: string;
  readonly step: string;
  /** Which firing of the play on the account it belongs to; absent for plays that follow dates. */
  readonly occurrence?: number;
  readonly accountId: AccountId;
  readonly termId: TermId | null;
  readonly dealId: string | null;
  readonly subject: string;
  /** Plain text; the write-back mapping turns it into what the CRM wants. */
  readonly body: string;
  readonly dueOn: CalendarDate;
  /** `dueOn` at nine in the morning where the owner works. */
  readonly dueAt: Instant;
  readonly priority: 'high' | 'medium' | 'low';
  readonly ownerId: string | null;
  /** How the owner was found, when it was not the first choice. */
  readonly ownerNote: string | null;
  /** What is at stake, for ranking under the load cap. */
  readonly worth: Money | null;
  /** Renewals within 30 days and caps are never held back by the load cap. */
  readonly isExempt: boolean;
  /** How much has come up since its firing began that the body tells of; absent for plays that follow dates. */
  readonly notes?: number;
}

/** What we remember of a task that we made or were about to make. The local authority on "never twice". */
export interface LedgerTask {
  readonly key: HoldfastKey;
  readonly accountId: AccountId;
  readonly termId: TermId | null;
  readonly play: string;
  readonly step: string;
  /** As on the wish. */
  readonly occurrence?: number;
  /** As it was written last; absent on tasks of an earlier version. */
  readonly priority?: TaskWish['priority'];
  /** As on the wish that was written last; absent on tasks of an earlier version. */
  readonly notes?: number;
  readonly state: LedgerState;
  /** Null until the CRM answered. */
  readonly crmId: string | null;
  readonly dueOn: CalendarDate;
  readonly ownerId: string | null;
  readonly subject: string;
  /** The fields as the CRM showed them right after our last write; what differs from them, a human changed. */
  readonly written: Readonly<Record<string, string | number | boolean | null>>;
  readonly isTouched: boolean;
  readonly closedBecause: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/**
 * `creating`: the call may or may not have arrived; look it up before trying again. `open`: it exists. `done`: a human
 * completed it. `closed`: we completed it. `deleted`: a human deleted it; never made again. `undone`: we took it away.
 */
export type LedgerState = 'creating' | 'open' | 'done' | 'closed' | 'deleted' | 'undone';

/** A plan: every step of the next write, in the order they would be made. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Tasks held back by the load cap, for the digest. */
  readonly heldBack: readonly TaskWish[];
  /** Tasks that plays suggest and do not open. */
  readonly suggestions: readonly TaskWish[];
  readonly tally: PlanTally;
}

export interface PlanTally {
  readonly fieldsToProvision: number;
  readonly recordsToUpdate: number;
  readonly valuesToWrite: number;
  readonly tasksToOpen: number;
  readonly tasksToMove: number;
  readonly tasksToClose: number;
  readonly dealsToOpen: number;
}
