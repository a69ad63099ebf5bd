import type { Limit } from '../contract/connector.ts';

/**
 * HubSpot allows an OAuth app 110 calls in a rolling 10 seconds per account (usage guidelines, 2026); certification
 * reviews still say 100, so that is where we start until the headers say more. Search is apart: 5 a second for all apps
 * of the account together, of which we leave one, and its answers carry no headers.
 */
export const limits: readonly Limit[] = [
  { bucket: 'general', calls: 100, perMs: 10_000, concurrent: 8 },
  { bucket: 'search', calls: 4, perMs: 1_000, concurrent: 2 },
];
