import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallRequest } from '../../connectors/contract/connector.ts';
import type { Door } from '../../src/limits/door.ts';
import { GENERAL, openTestDoor, READ } from './open-test-door.ts';
import { openNetwork, seededChance, StrictCrm, tooFast, type StrictCrmOptions } from './strict-crm.ts';

const SEARCH_COMPANIES: CallRequest = { bucket: 'search', purpose: 'search companies', repeatable: true };
const WINDOW_MS = 10_000;

let chance: () => number;
let network: ReturnType<typeof openNetwork>;
let opened: Door[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  chance = seededChance(20_261_121);
  network = openNetwork(chance, false);
  opened = [];
});

afterEach(async () => {
  const closing = Promise.all(opened.map((door) => door.close()));
  await vi.advanceTimersByTimeAsync(1_000);
  await closing;
  network.restore();
  vi.useRealTimers();
});

async function open(parts: Parameters<typeof openTestDoor>[0] = {}): Promise<Door> {
  const door = await openTestDoor({ chance, ...parts });
  opened.push(door);
  return door;
}

function stalling(): void {
  network.restore();
  network = openNetwork(chance, true);
}

function crmOf(options: Partial<StrictCrmOptions>): StrictCrm {
  return new StrictCrm({ calls: 110, perMs: WINDOW_MS, latencyMs: [20, 80], hasHeaders: true, chance, ...options });
}

/** Streams that call one after the other until the door closes. */
function stream(door: Door, crm: StrictCrm, request: CallRequest, streams: number): void {
  for (let one = 0; one < streams; one += 1) {
    void (async () => {
      for (;;) await door.call(request, (turn) => crm.attempt(turn, network));
    })().catch(() => 'the door was closed');
  }
}

describe('A long backfill', () => {
  it.each([1, 2, 3])('uses nine tenths of the calls that the CRM allows and is never refused (%i)', async (seed) => {
    chance = seededChance(seed);
    stalling();
    const crm = crmOf({});
    const door = await open();
    stream(door, crm, READ, 4);
    await vi.advanceTimersByTimeAsync(12 * WINDOW_MS);
    expect(crm.refused).toBe(0);
    expect(crm.accepted).toBeGreaterThanOrEqual(12 * 110 * 0.9);
    expect(door.counts().get('general')).toEqual({ calls: expect.any(Number), rateLimited: 0, failed: 0 });
  });

  it('is not refused when answers take seconds and come in any order', async () => {
    stalling();
    const crm = crmOf({ latencyMs: [20, 6_000] });
    stream(await open({ limits: [{ ...GENERAL, concurrent: 100 }] }), crm, READ, 100);
    await vi.advanceTimersByTimeAsync(12 * WINDOW_MS);
    expect(crm.refused).toBe(0);
    expect(crm.accepted).toBeGreaterThan(12 * 110 * 0.6);
  });

  it('goes on at its pace after restarts in the middle of a window, knowing nothing of the calls before', async () => {
    stalling();
    for (const hasHeaders of [true, false]) {
      const crm = crmOf({ hasHeaders });
      for (let restart = 0; restart < 5; restart += 1) {
        const stop = new AbortController();
        stream(await open({ signal: stop.signal }), crm, READ, 10);
        await vi.advanceTimersByTimeAsync(7_500);
        stop.abort();
        await vi.advanceTimersByTimeAsync(500);
      }
      expect(crm.refused).toBe(0);
      expect(crm.accepted).toBeGreaterThan(5 * 75);
    }
  });

  it('gets 21 calls done within five seconds', async () => {
    const crm = crmOf({});
    stream(await open(), crm, READ, 4);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(crm.accepted).toBeGreaterThanOrEqual(21);
  });

  it('goes as fast as the response headers allow, and no faster', async () => {
    const crm = crmOf({ calls: 190 });
    stream(await open(), crm, READ, 10);
    await vi.advanceTimersByTimeAsync(2 * WINDOW_MS);
    const before = crm.accepted;
    await vi.advanceTimersByTimeAsync(10 * WINDOW_MS);
    expect(crm.refused).toBe(0);
    expect(crm.accepted - before).toBeGreaterThanOrEqual(10 * 190 * 0.9);

    for (const calls of [40, 15]) {
      const smaller = crmOf({ calls });
      stream(await open(), smaller, READ, 10);
      await vi.advanceTimersByTimeAsync(12 * WINDOW_MS);
      expect(smaller.refused).toBe(0);
      expect(smaller.accepted).toBeGreaterThanOrEqual(12 * calls * 0.9);
    }
  });
});

describe('Other apps on the same limit', () => {
  it('are given way to when the headers show less left than we have used', async () => {
    const crm = crmOf({});
    const others = setInterval(() => crm.arrive(), WINDOW_MS / 50);
    await vi.advanceTimersByTimeAsync(WINDOW_MS);
    stream(await open(), crm, READ, 10);
    const before = crm.accepted;
    await vi.advanceTimersByTimeAsync(10 * WINDOW_MS);
    clearInterval(others);
    expect(crm.refused).toBe(0);
    expect(crm.accepted - before).toBeGreaterThanOrEqual(10 * 110 * 0.85);
  });

  it('get their calls through when a search limit without headers is shared', async () => {
    stalling();
    const crm = crmOf({ calls: 5, perMs: 1_000, hasHeaders: false, latencyMs: [100, 400] });
    const door = await open();
    stream(door, crm, SEARCH_COMPANIES, 3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(crm.refused).toBe(0);
    expect(crm.accepted).toBeGreaterThanOrEqual(60 * 3);

    // Another app now searches three times a second, for a minute.
    let theirs = 0;
    const others = setInterval(() => (theirs += crm.arrive() === null ? 0 : 1), 333);
    await vi.advanceTimersByTimeAsync(60_000);
    clearInterval(others);
    expect(theirs).toBeGreaterThanOrEqual(180 * 0.75);
    expect(door.counts().get('search')?.rateLimited).toBeLessThan(20);

    // When it has gone, we are back at our speed after a while.
    await vi.advanceTimersByTimeAsync(60_000);
    const before = crm.accepted;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(crm.accepted - before).toBeGreaterThanOrEqual(30);
  });
});

describe('A refusal', () => {
  it('makes all calls of the bucket wait as long as the CRM asks, and those of other buckets not', async () => {
    const door = await open();
    const order: string[] = [];
    const refuseOnce = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(tooFast(30_000))
      .mockImplementation(async () => 'in the end');
    const refused = door.call(READ, refuseOnce);
    await vi.advanceTimersByTimeAsync(1_000);
    void door.call(READ, async () => order.push('same bucket'));
    void door.call(SEARCH_COMPANIES, async () => order.push('other bucket'));
    await vi.advanceTimersByTimeAsync(28_000);
    expect(order).toEqual(['other bucket']);
    expect(refuseOnce).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(order).toEqual(['other bucket', 'same bucket']);
    await expect(refused).resolves.toBe('in the end');
    expect(door.counts().get('general')).toEqual({ calls: 3, rateLimited: 1, failed: 0 });
  });

  it('of several calls under way slows the bucket once, and full speed comes back', async () => {
    const door = await open();
    const crm = crmOf({});
    const attempts = vi.fn<() => void>();
    for (let call = 0; call < 5; call += 1) {
      let isFirst = true;
      void door.call(READ, async () => {
        attempts();
        await network.toServer(1_000);
        if (isFirst) {
          isFirst = false;
          throw tooFast();
        }
      });
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(attempts).toHaveBeenCalledTimes(10);
    stream(door, crm, READ, 10);
    await vi.advanceTimersByTimeAsync(WINDOW_MS);
    expect(crm.accepted).toBeGreaterThan(50);
    expect(crm.accepted).toBeLessThan(90);
    await vi.advanceTimersByTimeAsync(60_000);
    const before = crm.accepted;
    await vi.advanceTimersByTimeAsync(WINDOW_MS);
    expect(crm.accepted - before).toBeGreaterThanOrEqual(99);
  });
});

describe('Without limits, for benches', () => {
  it('nothing is spread', async () => {
    const door = await open({ unlimited: true });
    stream(door, crmOf({ calls: 1_000_000 }), READ, 10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(door.counts().get('general')?.calls).toBeGreaterThan(100);
  });
});
