import { describe, expect, it } from 'vitest';
import { hierarchyOf } from '../../../src/core/book/hierarchy.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';

/** `b<a` means that the parent of b is a. */
const hierarchy = (...links: string[]) =>
  hierarchyOf(
    links.map((link) => {
      const [id = '', parent] = link.split('<');
      return { accountId: toAccountId(id), parentId: parent === undefined ? null : toAccountId(parent) };
    }),
  );

describe('companies below each other', () => {
  it('count for all above them', () => {
    const { below, circles } = hierarchy('group', 'land<group', 'town<land', 'shop<town', 'other');
    expect(Object.fromEntries(below)).toEqual({
      group: ['land', 'shop', 'town'],
      land: ['shop', 'town'],
      town: ['shop'],
    });
    expect(circles).toEqual([]);
  });

  it('end where a parent is not in the book', () => {
    expect(hierarchy('a<nobody', 'b<a').below).toEqual(new Map([['a', ['b']]]));
  });

  it('that are their own ancestors are named, and what hangs on them still counts', () => {
    const { below, circles } = hierarchy('a<b', 'b<c', 'c<a', 'd<a', 'e<e', 'f<e');
    expect(circles).toEqual([['a', 'b', 'c'], ['e']]);
    expect(Object.fromEntries(below)).toEqual({ a: ['d'], e: ['f'] });
  });
});
