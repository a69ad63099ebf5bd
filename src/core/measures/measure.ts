import type { Instant } from '../model/calendar-date.ts';
import type { AccountSnapshot, RecordRef, SourceName } from '../model/snapshot.ts';

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
  read(snapshot: AccountSnapshot): Reading;
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
    }
  /** `na`: does not apply here. `missing`: the source is connected, this account has nothing in it. */
  | { readonly state: 'na' | 'missing' | 'error'; readonly because: string };
