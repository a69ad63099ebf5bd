/** Lets at most `calls` pass in any `perMs`, as CRMs count them: a refused call is not counted. */
export class RollingWindow {
  readonly calls: number;
  readonly perMs: number;
  #passedAt: number[] = [];

  constructor(calls: number, perMs: number) {
    this.calls = calls;
    this.perMs = perMs;
  }

  /** Counts a call at `nowMs`, or refuses it. `nowMs` never goes back. */
  take(nowMs: number): boolean {
    if (this.remaining(nowMs) === 0) return false;
    this.#passedAt.push(nowMs);
    return true;
  }

  remaining(nowMs: number): number {
    const stillCounts = this.#passedAt.findIndex((at) => at > nowMs - this.perMs);
    if (stillCounts === -1) this.#passedAt = [];
    else if (stillCounts > 0) this.#passedAt = this.#passedAt.slice(stillCounts);
    return this.calls - this.#passedAt.length;
  }
}
