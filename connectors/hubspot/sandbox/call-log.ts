/** The limits that calls are counted under; `oauth` falls under none. */
export type Bucket = 'general' | 'search' | 'oauth';

export interface LoggedCall {
  /** Epoch milliseconds of the portal's clock. */
  readonly at: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** `list companies`, `batch update deals`. */
  readonly purpose: string;
  /** What was answered; null when a fault left the call without an answer. */
  readonly status: number | null;
  /** The fault that the call met, or null. */
  readonly fault: string | null;
}

/** Every call that arrived, counted. */
export interface CallCounts {
  readonly total: number;
  readonly perBucket: Readonly<Record<Bucket, number>>;
  readonly perPurpose: Readonly<Record<string, number>>;
  /** How many were refused by a rate limit. */
  readonly rateLimited: number;
  /** How many were answered with 400 or more, the rate-limited ones included. */
  readonly failed: number;
  /** The latest calls, oldest first. */
  readonly recent: readonly LoggedCall[];
}

const keptCalls = 2_000;

export class CallLog implements CallCounts {
  total = 0;
  rateLimited = 0;
  failed = 0;
  perBucket: Record<Bucket, number> = { general: 0, search: 0, oauth: 0 };
  perPurpose: Record<string, number> = {};
  recent: LoggedCall[] = [];

  add(call: LoggedCall, bucket: Bucket): void {
    this.total += 1;
    this.perBucket[bucket] += 1;
    this.perPurpose[call.purpose] = (this.perPurpose[call.purpose] ?? 0) + 1;
    if (call.status === 429) this.rateLimited += 1;
    if ((call.status ?? 0) >= 400) this.failed += 1;
    this.recent.push(call);
    // Cut in large strokes, so that a busy sandbox does not move the whole list at every call.
    if (this.recent.length > 2 * keptCalls) this.recent = this.recent.slice(-keptCalls);
  }

  /** Starts to count anew. */
  reset(): void {
    this.total = 0;
    this.rateLimited = 0;
    this.failed = 0;
    this.perBucket = { general: 0, search: 0, oauth: 0 };
    this.perPurpose = {};
    this.recent = [];
  }
}
