import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRefused } from '../../../connectors/kit/split-refused.ts';

/** A CRM that refuses a batch as a whole when it holds a bad entry. */
function openCrm(bad: ReadonlySet<number>) {
  const sent: (readonly number[])[] = [];
  const taken = new Set<number>();
  return {
    sent,
    taken,
    send: (entries: readonly number[]) => {
      sent.push(entries);
      if (entries.some((entry) => bad.has(entry))) return Promise.resolve({ taken: false as const, refusal: 'no' });
      for (const entry of entries) taken.add(entry);
      return Promise.resolve({ taken: true as const, outcomes: entries.map((entry) => `ok ${entry}`) });
    },
  };
}

const batch = (size: number): number[] => Array.from({ length: size }, (_, index) => index);
const refuse = (entry: number): string => `refused ${entry}`;

describe('finding the one bad entry of a batch that was refused as a whole', () => {
  it('takes the other 99 of 100 with at most 14 further calls, wherever the bad one stands', async () => {
    const costs: number[] = [];
    for (const bad of batch(100)) {
      const crm = openCrm(new Set([bad]));
      const outcomes = await splitRefused(batch(100), {
        send: crm.send,
        blamed: () => [],
        toOutcome: refuse,
        extraCalls: 30,
      });
      expect(outcomes).toEqual(batch(100).map((entry) => (entry === bad ? `refused ${entry}` : `ok ${entry}`)));
      costs.push(crm.sent.length - 1);
    }
    expect(Math.max(...costs)).toBe(14);
  });

  it('costs a single further call when the refusal names the bad one', async () => {
    const crm = openCrm(new Set([42]));
    await splitRefused(batch(100), { send: crm.send, blamed: () => [42], toOutcome: refuse, extraCalls: 30 });
    expect(crm.sent).toHaveLength(2);
    expect(crm.taken.size).toBe(99);
  });

  it('refuses nothing that the CRM would have taken, and takes everything that is good, as long as calls last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), async (size, chosen) => {
        const bad = new Set(chosen.filter((entry) => entry < size));
        const crm = openCrm(bad);
        const outcomes = await splitRefused(batch(size), {
          send: crm.send,
          blamed: () => [],
          toOutcome: refuse,
          extraCalls: 1_000,
        });
        expect(outcomes).toEqual(batch(size).map((entry) => (bad.has(entry) ? `refused ${entry}` : `ok ${entry}`)));
      }),
    );
  });

  it('stops after the calls that it may spend, and says of the rest that they were not told apart', async () => {
    const crm = openCrm(new Set(batch(100)));
    const outcomes = await splitRefused(batch(100), {
      send: crm.send,
      blamed: () => [],
      toOutcome: (_, __, isTried) => (isTried ? 'tried' : 'together'),
      extraCalls: 10,
    });
    expect(crm.sent).toHaveLength(11);
    expect(outcomes).toHaveLength(100);
    expect(new Set(outcomes)).toEqual(new Set(['tried', 'together']));
  });

  it('lets an error rise that is no refusal', async () => {
    const lost = splitRefused(batch(3), {
      send: () => Promise.reject(new Error('cut off')),
      blamed: () => [],
      toOutcome: refuse,
      extraCalls: 30,
    });
    await expect(lost).rejects.toThrow('cut off');
  });
});
