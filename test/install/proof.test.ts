import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeProof } from '../../src/install/proof.ts';

describe('the proof of who asked for a consent', () => {
  it('is 43 characters that fit into an address, and shows no more than their SHA-256 on the way out', () => {
    const { verifier, challenge } = makeProof();
    expect(verifier).toMatch(/^[\w-]{43}$/);
    expect(challenge).toBe(createHash('sha256').update(verifier).digest('base64url'));
  });

  it('is another one for every consent', () => {
    const proofs = Array.from({ length: 100 }, () => makeProof().verifier);
    expect(new Set(proofs).size).toBe(proofs.length);
  });
});
