import type { Limit, ReportedUsage } from '../../connectors/contract/connector.ts';

/** One call, as the window remembers it. Times are milliseconds of a clock that never goes back. */
export interface Visit {
  readonly startedAt: number;
  /** Null while the call is under way. */
  endedAt: number | null;
}

/** How late a call may start, as a part of the window, for the next ones to keep to the old plan instead of moving with it. */
const CATCH_UP = 0.03;
/** Of the calls that are not planned for, the part that should stay free. When fewer are left, others call too. */
const KEPT_FREE = 2 / 3;
/** How many times slower calls come when the headers say that none is left. */
const SCARCEST = 50;
/** However often calls are refused, they come at this part of full speed. */
const SLOWEST = 0.1;
/** After a refusal, this part of full speed comes back each second. */
const RECOVERY_PER_S = 0.01;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
/** However long the CRM asks for, other calls may try after this time and hear for themselves. */
const LONGEST_ASKED_PAUSE_MS = 120_000;

/**
 * Decides when the next call of one bucket may start. Told the time; waits for nothing itself.
 *
 * Two rules hold at once. Calls are spread evenly over the window, so that even a process that was started in the middle
 * of it and knows nothing of the calls before stays below the limit. And a call counts from its start until a whole window
 * after its end: the CRM counted it somewhere in between, so however long calls were on their way, it can never see more
 * of them in one window than the limit. A reservoir that is refilled at intervals has neither property.
 */
export class Pace {
  readonly #share: number;
  #calls: number;
  #perMs: number;
  #visits: Visit[] = [];
  #lastAt = -Infinity;
  #pausedUntil = -Infinity;
  #speed = 1;
  #speedAt = 0;
  #refusals = 0;
  #refusedAt = -Infinity;
  #remaining = Infinity;
  #remainingAt = -Infinity;

  /** `share`: the part of the limit's calls that are planned for, rounded down to whole calls in a window. */
  constructor(limit: Pick<Limit, 'calls' | 'perMs'>, share: number) {
    this.#calls = limit.calls;
    this.#perMs = limit.perMs;
    this.#share = share;
  }

  /** Milliseconds until a call may start; 0 when it may start now. Ask again after waiting. */
  waitMs(now: number): number {
    return Math.max(this.#pausedUntil - now, this.#plannedAt(now) - now, this.#windowWaitMs(now), 0);
  }

  /** Starts a call. Only right after `waitMs` answered 0. */
  begin(now: number): Visit {
    const plannedAt = this.#plannedAt(now);
    this.#lastAt = now - plannedAt <= this.#perMs * CATCH_UP ? plannedAt : now;
    this.#visits = this.#visits.filter((one) => this.#isCounted(one, now));
    const visit: Visit = { startedAt: now, endedAt: null };
    this.#visits.push(visit);
    return visit;
  }

  end(visit: Visit, now: number): void {
    visit.endedAt = now;
  }

  /** The CRM took the call. */
  accepted(visit: Visit): void {
    if (visit.startedAt > this.#refusedAt) this.#refusals = 0;
  }

  /** What a response said about the limit. */
  heard(usage: ReportedUsage, now: number): void {
    if (isPositive(usage.max)) this.#calls = usage.max;
    if (isPositive(usage.perMs)) this.#perMs = usage.perMs;
    if (usage.remaining === undefined) return;
    this.#remaining = usage.remaining;
    this.#remainingAt = now;
  }

  /**
   * The CRM said that calls come too fast. All wait, for `retryAfterMs` or for 1 s, doubling to 10 s while it goes on.
   * Then half as fast as before. Calls that were already under way at a refusal slow nothing further.
   */
  refused(visit: Visit, retryAfterMs: number | undefined, now: number): void {
    if (visit.startedAt > this.#refusedAt) {
      this.#speed = Math.max(this.#speedNow(now) / 2, SLOWEST);
      this.#speedAt = now;
      this.#refusals += 1;
      this.#refusedAt = now;
    }
    const ownMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#refusals - 1), LONGEST_PAUSE_MS);
    const pauseMs = Math.min(retryAfterMs ?? ownMs, LONGEST_ASKED_PAUSE_MS);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
  }

  #plannedAt(now: number): number {
    return this.#lastAt + this.#spacingMs(now);
  }

  #spacingMs(now: number): number {
    return (this.#perMs * this.#scarcity(now)) / (this.#planned() * this.#speedNow(now));
  }

  #planned(): number {
    return Math.max(Math.floor(this.#calls * this.#share), 1);
  }

  #scarcity(now: number): number {
    const kept = Math.floor((this.#calls - this.#planned()) * KEPT_FREE);
    const isKnown = now - this.#remainingAt < this.#perMs;
    if (!isKnown || this.#remaining >= kept) return 1;
    return Math.min((kept / this.#remaining) ** 2, SCARCEST);
  }

  #speedNow(now: number): number {
    return Math.min(this.#speed + (RECOVERY_PER_S * (now - this.#speedAt)) / 1_000, 1);
  }

  #windowWaitMs(now: number): number {
    const counted = this.#visits.filter((visit) => this.#isCounted(visit, now));
    const tooMany = counted.length - this.#calls;
    if (tooMany < 0) return 0;
    const ends = counted.flatMap((visit) => (visit.endedAt === null ? [] : [visit.endedAt])).sort((a, b) => a - b);
    const end = ends[tooMany];
    // Where too few have ended, an answer has to come first; nobody knows when.
    return end === undefined ? this.#spacingMs(now) : end + this.#perMs - now;
  }

  #isCounted(visit: Visit, now: number): boolean {
    return visit.endedAt === null || visit.endedAt > now - this.#perMs;
  }
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}
