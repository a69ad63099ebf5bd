import { createSign } from 'node:crypto';
import { ConnectorError } from '../contract/errors.ts';
import type { Instant } from '../contract/record.ts';

export interface Assertion {
  /** The app's consumer key. */
  readonly clientId: string;
  /** The user in whose name the server signs in. */
  readonly username: string;
  /** The server that the assertion is for: `https://login.salesforce.com`. */
  readonly audience: string;
  readonly now: Instant;
}

/** Salesforce takes assertions that end within five minutes of its own time. */
const GOOD_FOR_S = 180;

/**
 * An assertion as Salesforce's JWT bearer flow takes it, signed with RS256 (RFC 7523).
 *
 * Throws `request-refused` for a key that cannot sign.
 */
export function signAssertion({ clientId, username, audience, now }: Assertion, privateKey: string): string {
  const head = encode({ alg: 'RS256', typ: 'JWT' });
  const claims = { iss: clientId, sub: username, aud: audience, exp: Math.floor(Date.parse(now) / 1_000) + GOOD_FOR_S };
  const text = `${head}.${encode(claims)}`;
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  } catch (error) {
    throw new ConnectorError({
      code: 'request-refused',
      message: 'The key in SALESFORCE_JWT_KEY cannot sign.',
      remedy: 'Give an RSA key of 2,048 bits or more, in PEM form and without a password.',
      // Not the cause: what crypto says of a key may quote it.
      context: { reason: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' },
    });
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
