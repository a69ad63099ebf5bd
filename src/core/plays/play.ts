import type { ModelConfiguration } from '../configuration.ts';
import type { Assessment, Renewal, RiskReason } from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { HoldfastKey, InstallationId } from '../model/ids.ts';
import type { Owner } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { TaskWish } from '../plan/step.ts';
import type { PlayRole, Wording } from '../renewals/configuration.ts';
import type { Snooze } from './play-run.ts';

export type { PlayRole } from '../renewals/configuration.ts';

/** A rule that opens tasks. Pure, and without memory: what was made before is the ledger's to know. */
export interface Play {
  /** `05`: its number in the catalogue of plays. */
  readonly id: string;
  readonly title: string;
  /**
   * Every task that belongs on the account by this play, also those that are not to be made today: a wish that goes away
   * closes its task, so it must not go away merely because days pass. `snoozes` are those of the account, also ones that
   * ended not long ago.
   */
  wishes(
    assessment: Assessment,
    snapshot: AccountSnapshot,
    context: PlayContext,
    snoozes: readonly Snooze[],
  ): readonly PlayWish[];
}

export interface PlayContext {
  readonly tenant: InstallationId;
  /** The CRM's users by id. An owner who is not among them, or no longer active, gets no tasks. */
  readonly owners: ReadonlyMap<string, Owner>;
  /** Who gets the tasks of accounts without an active owner; null leaves them unassigned. */
  readonly fallbackOwnerId: string | null;
  /** Who gets the tasks of roles that no record names, `finance`; a role that is absent falls to the account's people. */
  readonly roleOwners?: ReadonlyMap<PlayRole, string>;
  readonly configuration: Pick<ModelConfiguration, 'renewals' | 'rates'>;
}

/**
 * `off` looks at nothing. `suggest` tells in plans and scores what it would open, and opens nothing. `act` opens tasks
 * once writing is approved.
 */
export type PlayMode = 'off' | 'suggest' | 'act';

/** What a play is about: decides how long it rests after it ended, and which plays are one matter. */
export type PlayKind = 'risk' | 'usage' | 'expansion' | 'survey' | 'advocacy' | 'routine';

/** What plays of one kind can have in common: a risk's reason, or room to grow. */
export type Matter = RiskReason | 'growth';

/**
 * How much a play knows of what is the matter. Of plays about the same one, a `specific` one comes before one that only
 * knows how bad it is (`score`), and both take over from a `general` one.
 */
export type PlayBreadth = 'specific' | 'score' | 'general';

/** A rule that looks at an account every day and, when it fires, opens its tasks one after the other. Pure. */
export interface SignalPlay {
  /** `04`: its number in the catalogue of plays. */
  readonly id: string;
  readonly title: string;
  readonly kind: PlayKind;
  readonly settings: PlaySettings;
  readonly breadth: PlayBreadth;
  /** Tasks hang on the renewal deal, too. */
  readonly isAboutRenewal: boolean;
  /** Also looks at customers who left. */
  readonly isForLeavers: boolean;
  /**
   * The thing it is about is how things are, not something that happened once: the reason may go away and come back,
   * and the play with it. Absent for the others.
   */
  readonly isAboutState?: boolean;
  look(facts: PlayFacts): Finding;
}

/** What every play has; each adds the numbers of its own trigger. */
export interface PlaySettings {
  /** The trigger must have held on the day before, too (2), or acts at once (1). */
  readonly readings: number;
  /** The end must have lasted so many days before open tasks are closed; 0 ends at once. */
  readonly overDays: number;
  /** Over once all tasks are completed, whatever the signal says. */
  readonly endsWhenDone: boolean;
  readonly priority: TaskWish['priority'];
  /** Working days after which the manager gets a task when nobody has begun; null for never. */
  readonly escalateAfterDays: number | null;
  /** In the order in which they are done: each is opened once the one before is completed. */
  readonly tasks: readonly TaskTemplate[];
}

/** Texts may name variables in braces, `{account}`; `template.ts` lists them. */
export interface TaskTemplate extends Wording {
  /** Unique within its play, and for ever: the key of the task is made from it. */
  readonly id: string;
  readonly role: PlayRole;
  /** Working days from the day on which the play acted to the day on which the task is due. */
  readonly dueDays: number;
}

export interface PlayFacts {
  readonly snapshot: AccountSnapshot;
  /** Null for a customer who left: they are not scored. */
  readonly assessment: Assessment | null;
  readonly renewal: Renewal;
  readonly configuration: ModelConfiguration;
  readonly owners: ReadonlyMap<string, Owner>;
  /** An account of so much recurring revenue (minor units of the home currency) is among the top ones; null while not known. */
  readonly topArrFrom: number | null;
  /** True when the renewal cadence asks auto-renewing customers for their intent. */
  readonly isIntentAsked: boolean;
}

/** One of the things that a play speaks of, each once. */
export interface Thing {
  /** `survey/7` */
  readonly about: string;
  /** What is said of it alone, in one or two sentences. */
  readonly because: string;
}

export type Finding =
  | {
      /** The trigger holds. */
      readonly state: 'fires';
      /** One or two plain sentences. */
      readonly because: string;
      /** Plays of one kind with the same reason are one matter; null stands alone. */
      readonly reason: Matter | null;
      /** What it is about, the newest first: it never fires twice for the same, once that was brought to an end. Absent where it is about no one thing. */
      readonly things?: readonly Thing[];
      /** On so many days before today it held already, as stored history shows; absent where only today is known. */
      readonly heldDays?: number;
      /** Who does the tasks, instead of the role of the template. */
      readonly role?: PlayRole;
    }
  /** Neither the trigger nor the end: what is open stays, nothing new begins. */
  | { readonly state: 'between' }
  /** The reason is gone. */
  | { readonly state: 'over'; readonly because: string }
  /** What it looks at is not connected or cannot be told. */
  | { readonly state: 'inert'; readonly because: string };

/** A wish, and what the plan has to know to make, move or leave its task. */
export interface PlayWish extends TaskWish {
  /** May the task be made today? When not, one that exists stays, and moves with its date. */
  readonly opensToday: boolean;
  /**
   * Keys of the steps that this task stands in for: it is made only when none of them ever was, and stays as it was
   * made but for its owner. Empty for a task of its own.
   */
  readonly standsInFor: readonly HoldfastKey[];
  /** Made only once a person has completed this task; null for a task that waits for none. */
  readonly waitsFor: HoldfastKey | null;
  /** Made only while nobody has begun this task, and closed once somebody has; null for most. */
  readonly escalates: HoldfastKey | null;
  /** Why the task's aim is reached without it: none is made, and an untouched one is closed. Null or absent for most. */
  readonly settledBecause?: string | null;
  /** What has come up since the task was made: is told on it, and raises it to high priority; null when nothing has. */
  readonly news: string | null;
  /** Why a person put the task off to its day: it moves there even where it stands in for others. Absent for most. */
  readonly putOffBecause?: string;
  /** The first working day from today on: where a task goes whose day moved into the past. */
  readonly soonest: DueDay;
}

/** A day, and nine o'clock (or the hour of the configuration) of it where the owner works. */
export interface DueDay {
  readonly on: CalendarDate;
  readonly at: Instant;
}
