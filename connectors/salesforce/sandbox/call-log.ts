export interface LoggedCall {
  /** Epoch milliseconds of the org's clock. */
  readonly at: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** `query Account`, `update Task`. */
  readonly purpose: string;
  /** What was answered; null when a fault left the call without an answer. */
  readonly status: number | null;
  /** The fault that the call met, or null. */
  readonly fault: string | null;
}

/** Every call that arrived, counted. */
export interface CallCounts {
  /** The calls of the app's sign-in included. */
  readonly total: number;
  readonly perPurpose: Readonly<Record<string, number>>;
  /** How many counted against the org's daily limit. */
  readonly counted: number;
  /** How many were refused because of the daily limit. */
  readonly overLimit: number;
  /** The latest calls, oldest first. */
  readonly recent: readonly LoggedCall[];
}

const KEPT_CALLS = 2_000;

export class CallLog implements CallCounts {
  total = 0;
  counted = 0;
  overLimit = 0;
  perPurpose: Record<string, number> = {};
  recent: LoggedCall[] = [];

  add(call: LoggedCall, isCounted: boolean): void {
    this.total += 1;
    if (isCounted) this.counted += 1;
    this.perPurpose[call.purpose] = (this.perPurpose[call.purpose] ?? 0) + 1;
    this.recent.push(call);
    // Cut in large strokes, so that a busy sandbox does not move the whole list at every call.
    if (this.recent.length > 2 * KEPT_CALLS) this.recent = this.recent.slice(-KEPT_CALLS);
  }

  /** Starts to count anew. */
  reset(): void {
    this.total = 0;
    this.counted = 0;
    this.overLimit = 0;
    this.perPurpose = {};
    this.recent = [];
  }
}
