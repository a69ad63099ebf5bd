import { createHash, randomBytes } from 'node:crypto';

/** 256 bits that nobody guesses, as 43 characters that are safe in an address or a cookie. */
export function makeOneTime(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a one-time text: it tells whether another one is the same, and cannot be turned back. */
export function hashOneTime(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
