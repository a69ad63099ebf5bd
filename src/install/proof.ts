import { createHash, randomBytes } from 'node:crypto';
import type { Proof } from '../../connectors/contract/auth.ts';

/** A new proof for one consent; its verifier is kept until the code comes back. */
export function makeProof(): Proof {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
