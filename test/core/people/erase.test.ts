import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEraser } from '../../../src/core/people/erase.ts';

const eraser = openEraser({
  object: 'contacts',
  ids: ['77'],
  emails: ['ann@acme.example'],
  names: ['Ann Ray', 'Ray, Ann'],
});

describe('a person who is struck out', () => {
  it.each([
    ['Ann Ray has left.', '[erased] has left.'],
    ['ANN RAY, ann ray and Ray, Ann', '[erased], [erased] and [erased]'],
    ['Write to <Ann@Acme.example>.', 'Write to <[erased]>.'],
    ['See contacts/77 and contacts 77.', 'See [erased] and [erased].'],
  ])('from %j leaves %j', (text, left) => {
    expect(eraser.eraseText(text)).toBe(left);
  });

  it.each([
    'joann@acme.example',
    'ann@acme.example.org',
    'ann@acme.example-shop.de',
    'Ann Raymond',
    'Joann Ray',
    'Ann was here, and so was Ray.',
    'It cost 77, see contacts/771.',
  ])('is not found in %j', (text) => {
    expect(eraser.eraseText(text)).toBe(text);
  });

  it('is taken out of references and lists, where a number alone says nothing', () => {
    const document = {
      evidence: [
        { kind: 'contact', id: '77' },
        { kind: 'contact', id: '78' },
        { kind: 'deal', id: '77' },
      ],
      links: { contacts: ['77', '78'], deals: ['77'] },
      contactIds: ['77', '78'],
      contactId: '77',
      amount: 77,
    };
    expect(eraser.eraseDocument(document)).toEqual({
      evidence: [
        { kind: 'contact', id: '78' },
        { kind: 'deal', id: '77' },
      ],
      links: { contacts: ['78'], deals: ['77'] },
      contactIds: ['78'],
      contactId: null,
      amount: 77,
    });
  });

  it('takes their own words along', () => {
    const survey = { score: 3, comment: 'I am unhappy', contactEmail: 'ann@acme.example' };
    expect(eraser.eraseDocument(survey)).toEqual({ score: 3, comment: null, contactEmail: null });
    const others = { score: 3, comment: 'I am unhappy', contactEmail: 'bob@acme.example' };
    expect(eraser.eraseDocument(others)).toEqual(others);
  });

  it('stays out however often it is done, and everything else stays as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        const once = eraser.eraseDocument(document);
        expect(eraser.eraseDocument(once)).toEqual(once);
        if (!/ann|77|contactid|email/i.test(JSON.stringify(document))) expect(once).toEqual(document);
      }),
    );
  });

  it('may hold anything that a search by pattern would take for one', () => {
    const odd = openEraser({ object: 'contacts', ids: [], emails: ['a+b.c@x.example'], names: ['O’Neill (Jr.) $1'] });
    expect(odd.eraseText('a+b.c@x.example, O’Neill (Jr.) $1')).toBe('[erased], [erased]');
    expect(odd.eraseText('aab.c@x.example')).toBe('aab.c@x.example');
  });
});
