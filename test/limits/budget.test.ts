import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReportedUsage } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { Door } from '../../src/limits/door.ts';
import type { CallCount } from '../../src/ports/store.ts';
import { openTestDoor, READ } from './open-test-door.ts';

/** What a store remembers of calls. */
function callsOf(...stored: readonly CallCount[]): {
  counts: CallCount[];
  add: (counts: readonly CallCount[]) => Promise<void>;
  since: (from: string) => Promise<readonly CallCount[]>;
} {
  const counts = [...stored];
  return {
    counts,
    add: async (more) => void counts.push(...more),
    since: async (from) => counts.filter((count) => count.hour >= from),
  };
}

const SPENT: CallCount = { bucket: 'general', hour: '2026-03-10T09:00:00.000Z', calls: 999, rateLimited: 0, failed: 0 };

beforeEach(() => {
  vi.useFakeTimers({
    now: new Date('2026-03-10T10:00:00Z'),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

async function callOnce(door: Door, usage: ReportedUsage = {}): Promise<unknown> {
  const outcome = door
    .call(READ, async (turn) => {
      turn.report(usage);
      return 'answer';
    })
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1_000);
  return outcome;
}

describe("The CRM's daily calls", () => {
  it('are used to a tenth, counting what was used before a restart, and again after midnight there', async () => {
    const door = await openTestDoor({ calls: callsOf(SPENT), timeZone: 'America/New_York' });
    expect(await callOnce(door, { dailyMax: 10_000, dailyRemaining: 8_000 })).toBe('answer');
    const refusal = await callOnce(door);
    expect(refusal).toMatchObject({
      code: 'quota-exhausted',
      message: 'Holdfast has made 1000 API calls today, its share of the 10000 that the CRM allows all apps together.',
      resetsAt: '2026-03-11T04:00:00.000Z',
    });
    expect(door.counts().get('general')?.calls).toBe(1);

    vi.setSystemTime(new Date('2026-03-11T03:59:00Z'));
    expect(await callOnce(door)).toMatchObject({ code: 'quota-exhausted' });
    vi.setSystemTime(new Date('2026-03-11T04:00:00Z'));
    expect(await callOnce(door)).toBe('answer');
  });

  it('of yesterday do not count', async () => {
    const door = await openTestDoor({
      calls: callsOf({ ...SPENT, hour: '2026-03-09T22:00:00.000Z' }),
      timeZone: 'Europe/Berlin',
    });
    await callOnce(door, { dailyMax: 10_000, dailyRemaining: 9_000 });
    expect(await callOnce(door)).toBe('answer');
  });

  it('are left to other apps when little is left, whoever used them', async () => {
    const door = await openTestDoor();
    expect(await callOnce(door, { dailyMax: 10_000, dailyRemaining: 2_000 })).toBe('answer');
    expect(await callOnce(door, { dailyMax: 10_000, dailyRemaining: 1_999 })).toBe('answer');
    expect(await callOnce(door)).toMatchObject({
      code: 'quota-exhausted',
      message: expect.stringContaining('1999 are left'),
    });
  });

  it('can be shared out otherwise', async () => {
    const door = await openTestDoor({ calls: callsOf(SPENT), allowance: { share: 0.5, floor: 0 } });
    await callOnce(door, { dailyMax: 10_000, dailyRemaining: 10 });
    expect(await callOnce(door)).toBe('answer');
  });

  it('that the CRM says are spent are not asked for again before midnight', async () => {
    const door = await openTestDoor({ timeZone: 'Asia/Kolkata' });
    const attempt = vi
      .fn<() => Promise<string>>()
      .mockRejectedValue(
        new ConnectorError({ code: 'quota-exhausted', message: 'You have reached your daily limit.', remedy: 'Wait.' }),
      );
    for (let call = 0; call < 3; call += 1) {
      const outcome = door.call(READ, attempt).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await outcome).toMatchObject({ code: 'quota-exhausted', resetsAt: '2026-03-10T18:30:00.000Z' });
    }
    expect(attempt).toHaveBeenCalledTimes(1);
    vi.setSystemTime(new Date('2026-03-10T18:30:00Z'));
    expect(await callOnce(door)).toBe('answer');
  });

  it('that are counted over 24 hours begin anew at no midnight: what was made in them counts, and later some is free', async () => {
    const late = { ...SPENT, hour: '2026-03-09T11:00:00.000Z' };
    const early = { ...SPENT, hour: '2026-03-09T09:00:00.000Z' };
    const spent = await openTestDoor({ calls: callsOf(late), isRolling: true });
    await callOnce(spent, { dailyMax: 10_000, dailyRemaining: 8_000 });
    expect(await callOnce(spent)).toMatchObject({
      code: 'quota-exhausted',
      resetsAt: expect.stringMatching(/^2026-03-10T11:00:0/),
    });
    const free = await openTestDoor({ calls: callsOf(early), isRolling: true });
    await callOnce(free, { dailyMax: 10_000, dailyRemaining: 8_000 });
    expect(await callOnce(free)).toBe('answer');
  });

  it('do not matter where the CRM states no daily limit', async () => {
    const door = await openTestDoor({ calls: callsOf({ ...SPENT, calls: 1_000_000 }) });
    await callOnce(door);
    expect(await callOnce(door)).toBe('answer');
  });
});

describe('Counts of calls', () => {
  it('are stored every few seconds and at the end, by the hour they were made in', async () => {
    vi.setSystemTime(new Date('2026-03-10T10:59:57.500Z'));
    const calls = callsOf();
    const door = await openTestDoor({ calls });
    await callOnce(door);
    await callOnce(door);
    expect(calls.counts).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls.counts).toEqual([
      { bucket: 'general', hour: '2026-03-10T10:00:00.000Z', calls: 2, rateLimited: 0, failed: 0 },
    ]);
    await callOnce(door);
    await Promise.all([door.close(), vi.advanceTimersByTimeAsync(100)]);
    expect(calls.counts.slice(1)).toEqual([
      { bucket: 'general', hour: '2026-03-10T11:00:00.000Z', calls: 1, rateLimited: 0, failed: 0 },
    ]);
    expect(door.counts().get('general')?.calls).toBe(3);
  });

  it('are kept when they cannot be stored, and stored with the next ones', async () => {
    const stored: CallCount[] = [];
    const add = vi
      .fn<(counts: readonly CallCount[]) => Promise<void>>()
      .mockRejectedValueOnce(new Error('the database is away'))
      .mockImplementation(async (counts) => void stored.push(...counts));
    const warnings: string[] = [];
    const log = {
      info: () => {},
      warn: (_: object, message: string) => warnings.push(message),
      error: () => {},
      with: () => log,
    };
    const door = await openTestDoor({ calls: { add, since: async () => [] }, log });
    await callOnce(door);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(warnings).toEqual([expect.stringContaining('could not be stored')]);
    await callOnce(door);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(stored.map((count) => count.calls)).toEqual([2]);
  });
});
