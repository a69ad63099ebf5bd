import Bottleneck from 'bottleneck';
import type { Access, CallRequest, Limit, Turn } from '../../connectors/contract/connector.ts';
import type { Secret } from '../../connectors/contract/auth.ts';
import { ConnectorError, type ConnectorErrorCode } from '../../connectors/contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { DailyCalls } from '../ports/daily-calls.ts';
import type { Log } from '../ports/log.ts';
import type { CallStore } from '../ports/store.ts';
import { openBudget, type DailyAllowance } from './budget.ts';
import { openCallCounts, type CallTotals } from './call-counts.ts';
import { Pace, type Visit } from './pace.ts';
import { nextMove } from './retry.ts';
import { pause, stopped, withDeadline } from './stopping.ts';

/** The one door out of an installation: every call to its CRM goes through here. */
export interface Door extends Access {
  /** Calls since opening, per bucket; a bucket that was not used is absent. */
  counts(): ReadonlyMap<string, CallTotals>;
  /** What is used of the day's calls; null while the CRM has named no limit. */
  daily(): DailyCalls | null;
  /** Ends what waits and what is under way with `stopped`, and stores the last counts. */
  close(): Promise<void>;
}

export interface DoorParts {
  readonly baseUrl: string;
  readonly limits: readonly Limit[];
  readonly tokens: TokenSource;
  /** Counts that outlive the process. Null before there is an installation to count for. */
  readonly calls: Pick<CallStore, 'add' | 'since'> | null;
  /** Where the CRM's day begins at midnight, for the daily budget: IANA name. */
  readonly timeZone: string;
  /** The CRM counts the calls of the last 24 hours instead. */
  readonly isRolling?: boolean | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the worker stops: all calls end with `stopped`. */
  readonly signal: AbortSignal;
  /** How long one HTTP call may take, its body included. Default 60 s. */
  readonly perCallMs?: number | undefined;
  /** Part of each limit that is planned for, in whole calls a window. Default 0.95: 104 of 110, 4 of 5. */
  readonly share?: number | undefined;
  /** Default: a tenth of the CRM's daily calls, and none of the last fifth. */
  readonly allowance?: DailyAllowance | undefined;
  /** The daily limit as an earlier run was told it. */
  readonly knownDailyMax?: number | undefined;
  /** For benches against a CRM without limits: nothing is spread, though a refusal still slows. */
  readonly unlimited?: boolean | undefined;
  /** Numbers from 0 to below 1, for the jitter of repeats. */
  readonly chance?: (() => number) | undefined;
}

export interface TokenSource {
  get(): Promise<Secret>;
  /** The CRM refused the token. Throws `access-revoked` when there is no other to be had. */
  renew(refused: Secret): Promise<Secret>;
  /** Root of the API that the newest token is for; null where that is the installation's. Absent where it never changes. */
  baseUrl?(): string | null;
}

interface Bucket {
  readonly pace: Pace;
  /** Keeps the order and the number of calls at once; `pace` says when each may start. */
  readonly queue: Bottleneck;
}

const PER_CALL_MS = 60_000;
const SHARE = 0.95;
/** Bottleneck serves lower numbers first: a call that was begun is finished before new ones are. */
const FIRST_TIME = 5;
const AGAIN = 4;

export async function openDoor(parts: DoorParts): Promise<Door> {
  const { tokens, clock, log, perCallMs = PER_CALL_MS, chance = Math.random } = parts;
  const counts = openCallCounts({ save: async (batch) => parts.calls?.add(batch), clock, log });
  const budget = await openBudget({
    timeZone: parts.timeZone,
    isRolling: parts.isRolling,
    clock,
    calls: parts.calls ?? { since: async () => [] },
    allowance: parts.allowance,
    knownMax: parts.knownDailyMax,
  });
  const closing = new AbortController();
  const signal = AbortSignal.any([parts.signal, closing.signal]);
  const buckets = new Map(parts.limits.map((limit) => [limit.bucket, openBucket(limit, parts)]));

  const enter = async ({ pace }: Bucket): Promise<Visit> => {
    for (;;) {
      const waitMs = pace.waitMs(performance.now());
      if (waitMs === 0) return pace.begin(performance.now());
      await pause(Math.ceil(waitMs), signal);
    }
  };

  /** One HTTP call. */
  const visit = async <T>(
    request: CallRequest,
    bucket: Bucket,
    token: Secret,
    attempt: (turn: Turn) => Promise<T>,
  ): Promise<T> => {
    budget.spend();
    const current = await enter(bucket);
    counts.add(request.bucket, 'calls');
    const late = (): ConnectorError => noAnswer(request, parts.baseUrl, perCallMs);
    try {
      const result = await withDeadline(perCallMs, signal, late, async (callSignal) =>
        attempt({
          token,
          signal: callSignal,
          report: (usage) => {
            if (parts.unlimited !== true) bucket.pace.heard(usage, performance.now());
            budget.heard(usage);
          },
        }),
      );
      bucket.pace.accepted(current);
      return result;
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'rate-limited') {
        counts.add(request.bucket, 'rateLimited');
        bucket.pace.refused(current, error.retryAfterMs, performance.now());
      } else if (!signal.aborted) {
        counts.add(request.bucket, 'failed');
      }
      throw error;
    } finally {
      bucket.pace.end(current, performance.now());
    }
  };

  const call = async <T>(request: CallRequest, attempt: (turn: Turn) => Promise<T>): Promise<T> => {
    const bucket = buckets.get(request.bucket);
    if (bucket === undefined) {
      const known = [...buckets.keys()].join(', ');
      throw new RangeError(`'${request.purpose}' names the bucket '${request.bucket}'; the connector lists ${known}.`);
    }
    const failures = new Map<ConnectorErrorCode, number>();
    let token: Secret | null = null;
    let isRefused = false;
    for (;;) {
      let isSent = false;
      try {
        return await bucket.queue.schedule({ priority: failures.size === 0 ? FIRST_TIME : AGAIN }, async () => {
          if (signal.aborted) throw stopped();
          token = isRefused && token !== null ? await tokens.renew(token) : await tokens.get();
          isRefused = false;
          return visit(request, bucket, token, (turn) => {
            isSent = true;
            return attempt(turn);
          });
        });
      } catch (error) {
        if (signal.aborted) throw stopped(error);
        if (!(error instanceof ConnectorError)) throw error;
        if (error.code === 'quota-exhausted') throw isSent ? budget.exhausted(error) : error;
        const times = (failures.get(error.code) ?? 0) + 1;
        failures.set(error.code, times);
        const next = nextMove({ error, times, isRepeatable: request.repeatable || !isSent }, chance);
        const facts = { bucket: request.bucket, purpose: request.purpose, code: error.code, times, ...error.context };
        switch (next.kind) {
          case 'fail':
            throw next.error;
          case 'renew-token':
            isRefused = true;
            break;
          case 'repeat':
            log.warn({ ...facts, afterMs: Math.round(next.afterMs) }, `${error.message} Trying again.`);
            await pause(next.afterMs, signal);
            break;
        }
      }
    }
  };

  return {
    get baseUrl() {
      return tokens.baseUrl?.() ?? parts.baseUrl;
    },
    call,
    pause: async (ms) => {
      await pause(ms, signal);
    },
    counts: () => counts.totals(),
    daily: () => budget.daily(),
    close: async () => {
      closing.abort();
      await Promise.all([...buckets.values()].map(({ queue }) => queue.stop({ dropWaitingJobs: true })));
      await counts.close();
    },
  };
}

function openBucket(limit: Limit, parts: DoorParts): Bucket {
  const calls = parts.unlimited === true ? Infinity : limit.calls;
  return {
    pace: new Pace({ calls, perMs: limit.perMs }, parts.share ?? SHARE),
    queue: new Bottleneck({ maxConcurrent: limit.concurrent }),
  };
}

function noAnswer(request: CallRequest, baseUrl: string, perCallMs: number): ConnectorError {
  return new ConnectorError({
    code: 'unavailable',
    message: `${baseUrl} did not finish answering '${request.purpose}' within ${perCallMs / 1000} s.`,
    remedy: 'Holdfast tries again by itself. If this goes on, look at the status page of the CRM and at the network.',
    maybeDone: true,
  });
}
