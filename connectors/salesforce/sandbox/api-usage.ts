import { RollingWindow } from '../../kit/sandbox/rolling-window.ts';

const DAY_MS = 86_400_000;

/** The org's API calls of the last 24 hours, which all its apps share. */
export class ApiUsage {
  readonly #window: RollingWindow;
  readonly #now: () => number;

  constructor(max: number, now: () => number) {
    this.#window = new RollingWindow(max, DAY_MS);
    this.#now = now;
  }

  get max(): number {
    return this.#window.calls;
  }

  get remaining(): number {
    return this.#window.remaining(this.#now());
  }

  get used(): number {
    return this.max - this.remaining;
  }

  /** Counts a call, or refuses it. */
  take(): boolean {
    return this.#window.take(this.#now());
  }

  /** As `Sforce-Limit-Info` says it: `api-usage=18/15000`. */
  toHeader(): string {
    return `api-usage=${this.used}/${this.max}`;
  }
}
