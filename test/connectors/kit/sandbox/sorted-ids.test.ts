import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareIdsAsNumbers, compareIdsAsText, SortedIds } from '../../../../connectors/kit/sandbox/sorted-ids.ts';

const ids = fc.uniqueArray(fc.bigInt({ min: 1n, max: 10n ** 15n }).map(String), { maxLength: 40 });

describe('a sorted set of ids', () => {
  it.each([
    ['by value', compareIdsAsNumbers, (a: string, b: string) => Number(BigInt(a) - BigInt(b))],
    ['as text', compareIdsAsText, (a: string, b: string) => (a < b ? -1 : 1)],
  ] as const)('is in order whatever is added and taken away: %s', (_, compare, expectedOrder) => {
    fc.assert(
      fc.property(ids, ids, ids, (first, added, removed) => {
        const sorted = new SortedIds(compare, first);
        const plain = new Set(first);
        for (const id of added) expect(sorted.add(id)).toBe(!plain.has(id) && plain.add(id).has(id));
        for (const id of [...removed, ...first.slice(0, 3)]) expect(sorted.delete(id)).toBe(plain.delete(id));
        expect(sorted.all()).toEqual([...plain].sort(expectedOrder));
      }),
    );
  });

  it('says where to go on after an id that is gone', () => {
    const sorted = new SortedIds(compareIdsAsNumbers, ['7198', '719869649082', '7199']);
    sorted.delete('7199');
    expect(sorted.all().slice(sorted.positionOf('7199'))).toEqual(['719869649082']);
  });
});
