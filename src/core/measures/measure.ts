import type { Term } from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { Account } from '../model/records.ts';
import type { AccountSnapshot, RecordRef, SourceName } from '../model/snapshot.ts';
import type { UsageWindows } from '../usage/configuration.ts';
import type { Breakpoints } from './interpolate.ts';

export type Dimension = 'usage' | 'relationship' | 'support' | 'sentiment' | 'commercial' | 'outcome';

/** A measure turns a snapshot into 0–100, or says why it cannot. Pure. */
export interface Measure {
  /** `R1`, `S2`: the model's short name. */
  readonly id: string;
  readonly title: string;
  readonly dimension: Dimension;
  /** Share within its dimension, 0 to 1, before measures that do not apply are left out. */
  readonly weight: number;
  /** What it reads. When the oldest of them is too old, the engine takes an `ok` reading as `stale`. */
  readonly sources: readonly SourceName[];
  /** The curve by which its value is scored; absent where states have scores of their own. */
  readonly breakpoints?: Breakpoints;
  /** Fields of the account that it reads. A value there that cannot be read is an error, and not the lack of one. */
  readonly fields?: readonly (keyof Account)[];
  read(snapshot: AccountSnapshot, context: MeasureContext): Reading;
}

/** What is worked out before the measures and belongs to no single record. */
export interface MeasureContext {
  /** The open term whose decision comes next; null when none is known. */
  readonly term: Term | null;
  /** Its decision date; while deals or contracts cannot be read, the one that was last known. */
  readonly decisionOn: CalendarDate | null;
  /** True while deals or contracts, which were read before, cannot be. */
  readonly isTermLost: boolean;
  /** Whether the account is scored as one that is being brought on board. */
  readonly isOnboarding: boolean;
  /** Over which different users were counted. */
  readonly usageWindows: UsageWindows;
}

export type Reading =
  | {
      readonly state: 'ok' | 'stale';
      /** In the measure's own unit (days, tickets, a ratio). */
      readonly value: number;
      /** 0 to 100; 50 and 75 are the edges to red and green. */
      readonly score: number;
      /** One plain sentence, fit to be read to the customer. */
      readonly because: string;
      readonly evidence: readonly RecordRef[];
      readonly at: Instant;
      /** From when a stale reading fades; absent where that is `at`. An answer holds until it expires, then it fades. */
      readonly fadesFrom?: Instant;
    }
  /** `na`: does not apply here. `missing`: the source is connected, this account has nothing in it. */
  | {
      readonly state: 'na' | 'missing' | 'error';
      readonly because: string;
      /** The source was read before and is not now: whether the measure applies is as it was last known. */
      readonly isLost?: true;
    };
