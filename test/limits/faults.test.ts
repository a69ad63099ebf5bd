import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../connectors/contract/auth.ts';
import type { CallRequest, Turn } from '../../connectors/contract/connector.ts';
import {
  ConnectorError,
  type ConnectorErrorCode,
  type ConnectorErrorDetails,
} from '../../connectors/contract/errors.ts';
import type { Door } from '../../src/limits/door.ts';
import type { Log, LogFields } from '../../src/ports/log.ts';
import { CREATE, openTestDoor, READ } from './open-test-door.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function failure(code: ConnectorErrorCode, details: Partial<ConnectorErrorDetails> = {}): ConnectorError {
  return new ConnectorError({ code, message: `It failed: ${code}.`, remedy: 'See there.', ...details });
}

/** An attempt that fails with these, one after the other, and then answers. */
function failing(...errors: readonly Error[]): { attempt: (turn: Turn) => Promise<string>; startedAt: number[] } {
  const startedAt: number[] = [];
  return {
    startedAt,
    attempt: async () => {
      startedAt.push(performance.now());
      const error = errors[startedAt.length - 1];
      if (error !== undefined) throw error;
      return 'answer';
    },
  };
}

function times(count: number, error: ConnectorError): ConnectorError[] {
  return Array.from({ length: count }, () => error);
}

/** What becomes of a call when as much time passes as it needs. */
async function outcomeOf(door: Door, request: CallRequest, attempt: (turn: Turn) => Promise<string>): Promise<unknown> {
  const outcome = door.call(request, attempt).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(3_600_000);
  return outcome;
}

describe('A CRM that does not answer', () => {
  it('is tried five times in all, each wait twice the last', async () => {
    const door = await openTestDoor();
    const { attempt, startedAt } = failing(...times(5, failure('unavailable')));
    expect(await outcomeOf(door, READ, attempt)).toMatchObject({ code: 'unavailable' });
    expect(startedAt).toHaveLength(5);
    const waits = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(waits.map((wait) => Math.floor(wait / 1_000))).toEqual([1, 2, 4, 8]);
    expect(door.counts().get('general')).toEqual({ calls: 5, rateLimited: 0, failed: 5 });
  });

  it('is waited for as long as it asks, and calls that failed together do not come back together', async () => {
    const asking = failing(failure('unavailable', { retryAfterMs: 20_000 }));
    expect(await outcomeOf(await openTestDoor(), READ, asking.attempt)).toBe('answer');
    expect((asking.startedAt[1] ?? 0) - (asking.startedAt[0] ?? 0)).toBeGreaterThanOrEqual(20_000);

    const unlucky = failing(failure('unavailable'));
    expect(await outcomeOf(await openTestDoor({ chance: () => 0.9 }), READ, unlucky.attempt)).toBe('answer');
    expect((unlucky.startedAt[1] ?? 0) - (unlucky.startedAt[0] ?? 0)).toBeGreaterThanOrEqual(1_450);
  });

  it('is left to the next job when it asks for hours', async () => {
    for (const code of ['unavailable', 'rate-limited'] as const) {
      const { attempt, startedAt } = failing(failure(code, { retryAfterMs: 6 * 3_600_000 }));
      const error = await outcomeOf(await openTestDoor(), READ, attempt);
      expect(error).toMatchObject({ code, retryAfterMs: 6 * 3_600_000 });
      expect(startedAt).toHaveLength(1);
    }
  });

  it('is not asked to create a record again when it may have done so already', async () => {
    const lost = failing(failure('unavailable', { maybeDone: true }));
    expect(await outcomeOf(await openTestDoor(), CREATE, lost.attempt)).toMatchObject({
      code: 'unavailable',
      maybeDone: true,
    });
    expect(lost.startedAt).toHaveLength(1);

    const neverSent = failing(failure('unavailable', { maybeDone: false }));
    expect(await outcomeOf(await openTestDoor(), CREATE, neverSent.attempt)).toBe('answer');
  });

  it('is given up after a minute a call, even when the call does not heed its signal', async () => {
    const door = await openTestDoor();
    let signal: AbortSignal | null = null;
    const outcome = door.call(CREATE, async (turn) => {
      signal = turn.signal;
      return new Promise<string>(() => {});
    });
    const check = expect(outcome).rejects.toMatchObject({
      code: 'unavailable',
      maybeDone: true,
      message: "https://crm.example did not finish answering 'create tasks' within 60 s.",
    });
    await vi.advanceTimersByTimeAsync(61_000);
    await check;
    expect(signal).toMatchObject({ aborted: true });
  });
});

describe('A record that is locked', () => {
  it('is waited for, two seconds or more, five tries in all', async () => {
    const once = failing(failure('record-locked'));
    expect(await outcomeOf(await openTestDoor(), CREATE, once.attempt)).toBe('answer');
    expect((once.startedAt[1] ?? 0) - (once.startedAt[0] ?? 0)).toBeGreaterThanOrEqual(2_000);

    const always = failing(...times(9, failure('record-locked')));
    expect(await outcomeOf(await openTestDoor(), CREATE, always.attempt)).toMatchObject({ code: 'record-locked' });
    expect(always.startedAt).toHaveLength(5);
  });
});

describe('Too many calls', () => {
  it('end after twenty refusals of one call', async () => {
    const door = await openTestDoor();
    const { attempt, startedAt } = failing(...times(25, failure('rate-limited')));
    expect(await outcomeOf(door, READ, attempt)).toMatchObject({ code: 'rate-limited' });
    expect(startedAt).toHaveLength(20);
    expect(door.counts().get('general')).toEqual({ calls: 20, rateLimited: 20, failed: 0 });
  });

  it('are told to the log, each refusal with the bucket and what the call was for', async () => {
    const lines: LogFields[] = [];
    const log: Log = { info: () => {}, warn: (fields) => lines.push(fields), error: () => {}, with: () => log };
    await outcomeOf(await openTestDoor({ log }), READ, failing(failure('rate-limited')).attempt);
    expect(lines).toEqual([
      expect.objectContaining({ code: 'rate-limited', bucket: 'general', purpose: 'list companies', times: 1 }),
    ]);
  });
});

describe('An answer that is no answer', () => {
  it('is asked for again twice where asking changes nothing', async () => {
    const passing = failing(...times(2, failure('response-unexpected')));
    expect(await outcomeOf(await openTestDoor(), READ, passing.attempt)).toBe('answer');
    const lasting = failing(...times(3, failure('response-unexpected')));
    expect(await outcomeOf(await openTestDoor(), READ, lasting.attempt)).toMatchObject({ code: 'response-unexpected' });
    const created = failing(failure('response-unexpected'));
    expect(await outcomeOf(await openTestDoor(), CREATE, created.attempt)).toMatchObject({
      code: 'response-unexpected',
    });
  });
});

describe('A refusal for a reason', () => {
  it.each([
    'permission-missing',
    'value-refused',
    'request-refused',
    'record-gone',
    'access-revoked',
    'quota-exhausted',
  ] as const)('is told at once: %s', async (code) => {
    const { attempt, startedAt } = failing(failure(code));
    expect(await outcomeOf(await openTestDoor(), READ, attempt)).toMatchObject({ code });
    expect(startedAt).toHaveLength(1);
  });

  it('that is a mistake of ours comes out as it is', async () => {
    const { attempt } = failing(new TypeError('pages is not iterable'));
    expect(await outcomeOf(await openTestDoor(), READ, attempt)).toEqual(new TypeError('pages is not iterable'));
    const nowhere = { ...READ, bucket: 'serach' };
    expect(String(await outcomeOf(await openTestDoor(), nowhere, attempt))).toBe(
      "RangeError: 'list companies' names the bucket 'serach'; the connector lists general, search.",
    );
  });
});

describe('A token that ran out', () => {
  it('is renewed, and the call is made again with the new one', async () => {
    const renew = vi.fn<(refused: Secret) => Promise<Secret>>(async () => new Secret('new'));
    const door = await openTestDoor({ tokens: { get: async () => new Secret('old'), renew } });
    const used: string[] = [];
    const answer = await outcomeOf(door, CREATE, async ({ token }) => {
      used.push(token.reveal());
      if (token.reveal() === 'old') throw failure('token-expired');
      return 'answer';
    });
    expect(answer).toBe('answer');
    expect(used).toEqual(['old', 'new']);
    expect(renew.mock.calls[0]?.[0].reveal()).toBe('old');
  });

  it('is not renewed twice: then the access is gone', async () => {
    const door = await openTestDoor();
    const { attempt, startedAt } = failing(...times(3, failure('token-expired')));
    expect(await outcomeOf(door, READ, attempt)).toMatchObject({
      code: 'access-revoked',
      remedy: expect.stringContaining('holdfast connect'),
    });
    expect(startedAt).toHaveLength(2);
  });

  it('is renewed later when the renewal does not get through, without the call being lost', async () => {
    const renew = vi
      .fn<() => Promise<Secret>>()
      .mockRejectedValueOnce(failure('unavailable', { maybeDone: true }))
      .mockResolvedValue(new Secret('new'));
    const door = await openTestDoor({ tokens: { get: async () => new Secret('old'), renew } });
    const { attempt } = failing(failure('token-expired'));
    expect(await outcomeOf(door, CREATE, attempt)).toBe('answer');
    expect(renew).toHaveBeenCalledTimes(2);
  });
});

describe('Stopping', () => {
  it('ends every call at once: under way, waiting for its turn, waiting to be repeated', async () => {
    const stop = new AbortController();
    const door = await openTestDoor({ signal: stop.signal });
    const signals: AbortSignal[] = [];
    const attempts = vi.fn<(turn: Turn) => Promise<string>>(async (turn) => {
      signals.push(turn.signal);
      return new Promise<string>(() => {});
    });
    const calls = Array.from({ length: 30 }, () => door.call(READ, attempts));
    calls.push(door.call({ ...READ, bucket: 'search' }, failing(failure('unavailable')).attempt));
    const outcomes = Promise.allSettled(calls);
    await vi.advanceTimersByTimeAsync(300);
    const begun = attempts.mock.calls.length;
    expect(begun).toBeGreaterThan(1);
    expect(begun).toBeLessThan(10);

    stop.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await outcomes).map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
      Array.from({ length: 31 }, () => 'stopped'),
    );
    expect(attempts).toHaveBeenCalledTimes(begun);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    expect(door.counts().get('general')).toEqual({ calls: begun, rateLimited: 0, failed: 0 });
  });

  it('leaves nothing that keeps the process alive', async () => {
    const door = await openTestDoor();
    const calls = Array.from({ length: 30 }, () => door.call(READ, async () => 'answer'));
    const outcomes = Promise.allSettled(calls);
    await vi.advanceTimersByTimeAsync(500);
    const closed = door.close();
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
    expect(vi.getTimerCount()).toBe(0);
    expect(new Set((await outcomes).map((one) => one.status))).toEqual(new Set(['fulfilled', 'rejected']));
    await expect(door.call(READ, async () => 'answer')).rejects.toMatchObject({ code: 'stopped' });
  });
});
