import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { Secret } from '../../connectors/contract/auth.ts';
import type { InstallationId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';

const KEY_BYTES = 32;
/** 96 bits, the length that GCM is specified for (NIST SP 800-38D, 5.2.1.1). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The keys that open secrets, by fingerprint; the first of them seals. */
export interface Keychain {
  readonly sealsWith: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** What a sealed secret is bound to: moved to another installation or name, it no longer opens. */
export interface SecretPlace {
  readonly installation: InstallationId;
  readonly name: string;
}

/**
 * Reads `HOLDFAST_SECRET_KEY`: one or several keys of 32 bytes in base64 or hex, separated by commas. The first seals, all
 * open, so a new key is put in front of the old one. Throws `config-invalid`, never quoting a key.
 */
export function parseKeychain(text: string): Keychain {
  const keys = new Map<string, KeyObject>();
  const parts = text.split(',').map((part) => part.trim());
  for (const [index, part] of parts.entries()) {
    const bytes = /^[0-9a-fA-F]{64}$/.test(part) ? Buffer.from(part, 'hex') : Buffer.from(part, 'base64');
    if (bytes.length !== KEY_BYTES || !/^[0-9a-zA-Z+/_=-]+$/.test(part)) {
      const which = parts.length === 1 ? 'The key' : `Key ${index + 1} of ${parts.length}`;
      throw new HoldfastError({
        code: 'config-invalid',
        message: `${which} in HOLDFAST_SECRET_KEY is not 32 bytes in base64 or hex.`,
        remedy: 'Make a key with `openssl rand -base64 32` and set HOLDFAST_SECRET_KEY to it.',
      });
    }
    keys.set(fingerprint(bytes), createSecretKey(bytes));
  }
  const [sealsWith] = keys.keys();
  if (sealsWith === undefined) throw new RangeError('split() answered no parts');
  return { sealsWith, keys };
}

/** A new key as text that `parseKeychain` reads. */
export function makeKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** `v1.<fingerprint of the key>.<nonce>.<ciphertext and tag>`, all in base64url. */
export function seal(keychain: Keychain, place: SecretPlace, secret: Secret): string {
  const key = keychain.keys.get(keychain.sealsWith);
  if (key === undefined) throw new RangeError('the sealing key is not on its keychain');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bind(place));
  const box = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return ['v1', keychain.sealsWith, nonce.toString('base64url'), box.toString('base64url')].join('.');
}

/** Throws `secret-unreadable` when no key opens it, or when it was changed or moved. */
export function unseal(keychain: Keychain, place: SecretPlace, sealed: string): Secret {
  const [version, keyId, nonceText, boxText] = sealed.split('.');
  if (version !== 'v1' || keyId === undefined || nonceText === undefined || boxText === undefined) {
    throw unreadable(place, 'it is not in a form that this version of Holdfast reads', undefined);
  }
  const key = keychain.keys.get(keyId);
  if (key === undefined) {
    const known = [...keychain.keys.keys()].join(', ');
    throw unreadable(place, `it was sealed with key ${keyId}, and HOLDFAST_SECRET_KEY holds ${known}`, undefined);
  }
  const box = Buffer.from(boxText, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonceText, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(bind(place)).setAuthTag(box.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    return new Secret(text);
  } catch (cause) {
    throw unreadable(place, 'it was changed or moved since it was sealed', cause);
  }
}

/** True when it was sealed with a key other than the first of the keychain. */
export function needsResealing(keychain: Keychain, sealed: string): boolean {
  return sealed.split('.')[1] !== keychain.sealsWith;
}

function bind(place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([place.installation, place.name]), 'utf8');
}

function fingerprint(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

function unreadable(place: SecretPlace, why: string, cause: unknown): HoldfastError {
  return new HoldfastError({
    code: 'secret-unreadable',
    message: `The secret '${place.name}' of installation ${place.installation} cannot be opened: ${why}.`,
    remedy:
      'Add the key that it was sealed with to HOLDFAST_SECRET_KEY (`new key,old key`), or connect the installation again.',
    context: { installation: place.installation, secret: place.name },
    cause,
  });
}
