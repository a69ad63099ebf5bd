import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../contract/auth.ts';
import type { Genuineness, IncomingRequest } from '../contract/webhooks.ts';

/** HubSpot says to refuse what is older; what claims to be from later than our clock allows is refused alike. */
const WINDOW_MS = 5 * 60_000;

/** The escapes that HubSpot undoes before it signs; all others, such as %20, stay. Source: "Validating requests", v3. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/**
 * Checks HubSpot's signature of a request, version 3: base64 of an HMAC-SHA256, by the app's client secret, over method,
 * address, raw body and timestamp. The signature is compared first and in constant time, so that an answer of `stale`
 * tells nothing to somebody who has no secret.
 */
export function verifySignature(request: IncomingRequest, secret: Secret, nowMs: number): Genuineness {
  const signature = single(request.headers['x-hubspot-signature-v3']);
  const timestamp = single(request.headers['x-hubspot-request-timestamp']);
  if (signature === null || timestamp === null || !/^\d{1,16}$/.test(timestamp)) return 'forged';
  const expected = createHmac('sha256', secret.reveal())
    .update(`${request.method}${toSignedAddress(request.url)}`, 'utf8')
    .update(request.body)
    .update(timestamp, 'utf8')
    .digest();
  const given = Buffer.from(signature, 'base64');
  // Base64 is read leniently; written anew it shows whether it was the very text that HubSpot writes.
  const isSame = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isSame || given.toString('base64') !== signature) return 'forged';
  return Math.abs(nowMs - Number(timestamp)) <= WINDOW_MS ? 'genuine' : 'stale';
}

function toSignedAddress(url: string): string {
  const withoutFragment = url.split('#')[0] ?? '';
  return withoutFragment.replaceAll(/%[0-9A-F]{2}/gi, (escape) => DECODED[escape.toUpperCase()] ?? escape);
}

/** A header that comes twice is nobody's word. */
function single(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header : null;
}
