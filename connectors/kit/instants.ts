import type { Instant } from '../contract/record.ts';

/**
 * Reads the ways in which CRMs spell an instant: ISO 8601 with or without milliseconds or with an offset, and epoch
 * milliseconds as text or number. Null when it is none of these.
 */
export function parseInstant(value: string | number): Instant | null {
  const isEpoch = typeof value === 'number' || /^-?\d+$/.test(value);
  const date = new Date(isEpoch ? Number(value) : value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
