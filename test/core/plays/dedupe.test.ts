import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toInstallationId, toTermId } from '../../../src/core/model/ids.ts';
import { fingerprint, holdfastKey } from '../../../src/core/plays/dedupe.ts';

const facts = {
  tenant: toInstallationId('t1'),
  scope: 'account',
  scopeId: '100',
  termId: toTermId('account/100/2027-03-31'),
  play: '05',
  step: 'R4',
  occurrence: 1,
};

describe('the key of a task', () => {
  it('is 26 letters and digits, and the same for the same facts', () => {
    expect(holdfastKey(facts)).toMatch(/^[A-Z2-7]{26}$/);
    expect(holdfastKey({ ...facts })).toBe(holdfastKey(facts));
  });

  it('differs as soon as one fact differs', () => {
    const others = [
      { ...facts, tenant: toInstallationId('t2') },
      { ...facts, scopeId: '101' },
      { ...facts, termId: toTermId('account/100/2028-03-31') },
      { ...facts, termId: null },
      { ...facts, play: '06' },
      { ...facts, step: 'R5' },
      { ...facts, occurrence: 2 },
    ];
    expect(new Set([facts, ...others].map(holdfastKey)).size).toBe(others.length + 1);
  });

  it('is base 32 of the SHA-256, as RFC 4648 spells it', () => {
    expect(fingerprint('', 10)).toBe('4OYMIQUY7Q');
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = createHash('sha256').update(text, 'utf8').digest();
        const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
        const expected = (bits.match(/.{5}/g) ?? []).map((five) => letters.charAt(parseInt(five, 2))).join('');
        expect(fingerprint(text, 26)).toBe(expected.slice(0, 26));
      }),
      { numRuns: 100 },
    );
  });
});
