import { RollingWindow } from '../../kit/sandbox/rolling-window.ts';
import type { Bucket } from './call-log.ts';
import { refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';

/** How much HubSpot lets one app do in one portal. */
export interface SandboxLimits {
  /** Calls in any `perMs`, search excluded. A public app has 110 in 10 seconds. */
  readonly calls: number;
  readonly perMs: number;
  /** Search calls in any `searchPerMs`. HubSpot allows 5 in a second, for all apps of a portal together. */
  readonly searchCalls: number;
  readonly searchPerMs: number;
  /** Calls in any 24 hours (HubSpot's day ends at midnight in the account); null for apps installed by OAuth, which have no daily limit and get no daily headers. */
  readonly daily: number | null;
  /** Milliseconds on a clock that never goes back; real time unless told. */
  readonly now: () => number;
}

export const publicAppLimits: SandboxLimits = {
  calls: 110,
  perMs: 10_000,
  searchCalls: 5,
  searchPerMs: 1_000,
  daily: null,
  // Clients pace themselves in real time, whatever day it is in the portal.
  now: () => performance.now(),
};

export type RatePolicy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

const dayMs = 86_400_000;

/** Counts the calls of one app in one portal. A refused call is not counted. */
export class RateLimits {
  readonly #limits: SandboxLimits;
  readonly #general: RollingWindow;
  readonly #search: RollingWindow;
  readonly #daily: RollingWindow | null;

  constructor(limits: SandboxLimits) {
    this.#limits = limits;
    this.#general = new RollingWindow(limits.calls, limits.perMs);
    this.#search = new RollingWindow(limits.searchCalls, limits.searchPerMs);
    this.#daily = limits.daily === null ? null : new RollingWindow(limits.daily, dayMs);
  }

  /** Counts a call, or says which limit it breaks. */
  take(bucket: Bucket): RatePolicy | null {
    if (bucket === 'oauth') return null;
    const nowMs = this.#limits.now();
    if (this.#daily?.remaining(nowMs) === 0) return 'DAILY';
    if (bucket === 'search' && !this.#search.take(nowMs)) return 'SECONDLY';
    if (bucket === 'general' && !this.#general.take(nowMs)) return 'TEN_SECONDLY_ROLLING';
    this.#daily?.take(nowMs);
    return null;
  }

  /** What an answer says about the limits. Answers of search say nothing about the short one. */
  headers(bucket: Bucket): Readonly<Record<string, string>> {
    const nowMs = this.#limits.now();
    const daily =
      this.#daily === null
        ? {}
        : {
            'X-HubSpot-RateLimit-Daily': String(this.#daily.calls),
            'X-HubSpot-RateLimit-Daily-Remaining': String(this.#daily.remaining(nowMs)),
          };
    if (bucket !== 'general') return bucket === 'search' ? daily : {};
    return {
      ...daily,
      'X-HubSpot-RateLimit-Max': String(this.#general.calls),
      'X-HubSpot-RateLimit-Remaining': String(this.#general.remaining(nowMs)),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(this.#general.perMs),
    };
  }
}

const limitWords: Readonly<Record<RatePolicy, string>> = {
  TEN_SECONDLY_ROLLING: 'ten_secondly_rolling',
  SECONDLY: 'secondly',
  DAILY: 'daily',
};

/** HubSpot's documented answer to a call too many. */
export function rateLimitBody(policy: RatePolicy, correlationId: string): Record<string, string> {
  return {
    status: 'error',
    message: `You have reached your ${limitWords[policy]} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId,
    policyName: policy,
    ...(policy === 'SECONDLY' ? { groupName: 'crm:search' } : {}),
    requestId: correlationId.replaceAll('-', ''),
  };
}

/** A URL beyond what HubSpot's front door takes. */
export const longestUrl = 16_384;

export function refuseLongUrl(): Refusal {
  return refuse(414, 'URI_TOO_LONG', 'Request-URI Too Long');
}
