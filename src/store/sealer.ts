import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Keychain } from './sealed.ts';

const claimsSchema = z.record(z.string(), z.string());

/**
 * Seals as JWE (`dir`, A256GCM) under keys that are derived from the keychain, so that a key that leaks from here opens no
 * stored secret. The keychain's first key seals and all of them open, as with secrets.
 */
export function openSealer(keychain: Keychain, clock: Clock): Sealer {
  const derived = new Map<string, Uint8Array>();
  const keyOf = (id: string, use: string): Uint8Array => {
    const root = keychain.keys.get(id);
    // No token names a key that we never had, but anybody may send one that does.
    if (root === undefined) throw new errors.JWEDecryptionFailed();
    const name = `${id} ${use}`;
    const key = derived.get(name) ?? new Uint8Array(hkdfSync('sha256', root, '', `holdfast ${use}`, 32));
    derived.set(name, key);
    return key;
  };
  return {
    seal: async (use, claims, lifetimeS) => {
      const nowS = Math.floor(Date.parse(clock.now()) / 1_000);
      return await new EncryptJWT({ claims })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keychain.sealsWith })
        .setExpirationTime(nowS + lifetimeS)
        .encrypt(keyOf(keychain.sealsWith, use));
    },
    open: async (use, sealed) => {
      try {
        const { payload } = await jwtDecrypt(sealed, ({ kid }) => keyOf(kid ?? '', use), {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
          requiredClaims: ['exp'],
          currentDate: new Date(clock.now()),
        });
        return claimsSchema.parse(payload['claims']);
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
