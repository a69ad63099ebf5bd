import type { Instant } from '../model/calendar-date.ts';

/** ISO 8601 with an offset; without one it is not certain which moment is meant. */
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** Reads an instant with its offset; null when the text is none. */
export function parseInstant(text: string): Instant | null {
  if (!ISO_INSTANT.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** What a message says about time. */
export interface MessageTimes {
  readonly timestamp: Instant | null;
  readonly originalTimestamp: Instant | null;
  readonly sentAt: Instant | null;
}

/**
 * When a message took place. A clock that is wrong is wrong twice: what lies between happening and sending is right, so
 * that is taken from the moment of receipt. A message that names both `originalTimestamp` and `timestamp` was put right by
 * whoever passed it on. Without `sentAt` (history sent later) the timestamp is believed, and without one it is now.
 * Source: Segment's rule, https://segment.com/docs/connections/spec/common/#timestamps
 */
export function timeOfMessage(times: MessageTimes, receivedAt: Instant): Instant {
  const { timestamp, originalTimestamp, sentAt } = times;
  if (timestamp !== null && originalTimestamp !== null) return timestamp;
  const said = timestamp ?? originalTimestamp;
  if (said === null) return receivedAt;
  if (sentAt === null) return said;
  return new Date(Date.parse(receivedAt) - (Date.parse(sentAt) - Date.parse(said))).toISOString();
}
