import type { ReportedUsage, Turn } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';

export interface StrictCrmOptions {
  readonly calls: number;
  readonly perMs: number;
  /** Shortest and longest time from a call's start to its answer. */
  readonly latencyMs: readonly [number, number];
  /** Whether responses tell how much is left. */
  readonly hasHeaders: boolean;
  readonly chance: () => number;
}

/** A CRM that counts calls in a rolling window when they arrive, and refuses the one too many. Lives in fake time. */
export class StrictCrm {
  accepted = 0;
  refused = 0;
  readonly #options: StrictCrmOptions;
  #arrivals: number[] = [];

  constructor(options: StrictCrmOptions) {
    this.#options = options;
  }

  /** One HTTP call: some time to arrive, some to come back. */
  async attempt(turn: Turn, network: Network): Promise<string> {
    const [shortest, longest] = this.#options.latencyMs;
    const latencyMs = shortest + (longest - shortest) * this.#options.chance();
    const arrivesAfterMs = latencyMs * this.#options.chance();
    await network.toServer(arrivesAfterMs);
    const usage = this.arrive();
    await network.toClient(latencyMs - arrivesAfterMs);
    if (this.#options.hasHeaders && usage !== null) turn.report(usage);
    if (usage === null) throw tooFast();
    return 'answer';
  }

  /** Counts one call, of whichever app. Null when it is refused. */
  arrive(): ReportedUsage | null {
    const now = performance.now();
    this.#arrivals = this.#arrivals.filter((at) => at > now - this.#options.perMs);
    if (this.#arrivals.length >= this.#options.calls) {
      this.refused += 1;
      return null;
    }
    this.#arrivals.push(now);
    this.accepted += 1;
    const remaining = this.#options.calls - this.#arrivals.length;
    return { max: this.#options.calls, perMs: this.#options.perMs, remaining };
  }
}

/** How long messages take. */
export interface Network {
  toServer(ms: number): Promise<void>;
  toClient(ms: number): Promise<void>;
}

/** Our process stands still at times, so that whatever was due then happens at once afterwards; the CRM does not. */
export function openNetwork(chance: () => number, isStalling: boolean): Network & { restore(): void } {
  const setTimer = globalThis.setTimeout;
  const stalls: { from: number; to: number }[] = [];
  const dueAfterStall = (at: number): number => {
    if (!isStalling) return at;
    while ((stalls.at(-1)?.to ?? 0) <= at) {
      const from = (stalls.at(-1)?.to ?? 0) + 300 + 1_000 * chance();
      stalls.push({ from, to: from + 50 + 150 * chance() });
    }
    return stalls.find(({ from, to }) => from <= at && at < to)?.to ?? at;
  };
  const stallingTimer = (work: () => void, ms = 0): NodeJS.Timeout => {
    const now = performance.now();
    return setTimer(work, dueAfterStall(now + ms) - now);
  };
  globalThis.setTimeout = Object.assign(stallingTimer, { __promisify__: setTimer.__promisify__ });
  return {
    toServer: (ms) => new Promise((resolve) => setTimer(resolve, ms)),
    toClient: (ms) => new Promise((resolve) => stallingTimer(resolve, ms)),
    restore: () => {
      globalThis.setTimeout = setTimer;
    },
  };
}

export function tooFast(retryAfterMs?: number): ConnectorError {
  return new ConnectorError({
    code: 'rate-limited',
    message: 'You have reached your ten_secondly_rolling limit.',
    remedy: 'Wait.',
    retryAfterMs,
  });
}

/** The same row of numbers from 0 to below 1 for the same seed. */
export function seededChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
