import type { Instant } from '../model/calendar-date.ts';

/** `alias` belongs to what senders send and is taken without complaint; it tells nothing of use and is not kept. */
export type MessageType = 'identify' | 'group' | 'track' | 'page' | 'screen' | 'alias';

export const MESSAGE_TYPES: readonly MessageType[] = ['identify', 'group', 'track', 'page', 'screen', 'alias'];

/** One message of a product about what its users did, read and found in order. No user is named in it: users are hashes. */
export interface UsageMessage {
  readonly type: MessageType;
  /** A hash of the sender's message id; null when it gave none: then it is new each time that it comes. */
  readonly messageKey: string | null;
  readonly at: Instant;
  /** A hash of the user id; null for messages about a whole group. */
  readonly userKey: string | null;
  /** The domain of the user's e-mail address, unless it is a free one. */
  readonly userDomain: string | null;
  readonly department: string | null;
  readonly groupId: string | null;
  /** Of `group` messages. */
  readonly group: GroupTraits | null;
  /** Null for `identify`, `group` and `alias`, which are not usage. */
  readonly usage: MessageUsage | null;
}

export interface GroupTraits {
  readonly name: string | null;
  readonly domain: string | null;
  readonly crmId: string | null;
  /** Metric → how much of it the customer has bought. */
  readonly limits: Readonly<Record<string, number>>;
  /** Null when the message does not say. */
  readonly coreFeatures: readonly string[] | null;
}

/** What one message adds to its day. */
export interface MessageUsage {
  readonly events: number;
  readonly keyActions: number;
  /** Hashes of the users who were active, and of those who did a key action. */
  readonly userKeys: readonly string[];
  readonly keyUserKeys: readonly string[];
  /** Active users as a number, from senders that do not name them; 0 when not told. */
  readonly userCount: number;
  /** Feature → events. */
  readonly features: Readonly<Record<string, number>>;
  /** Amounts to add up, and amounts of which the newest holds. */
  readonly metered: Readonly<Record<string, number>>;
  readonly levels: Readonly<Record<string, number>>;
  /** The feature whose gate was met. */
  readonly gate: string | null;
  readonly pricingVisits: number;
}

/** A message that was not taken, and why. */
export interface RefusedMessage {
  /** Its place in the request, from 0. */
  readonly index: number;
  readonly messageId: string | null;
  readonly type: string;
  /** The event's name, for `track`. */
  readonly event: string | null;
  readonly code: 'message-invalid' | 'date-ahead' | 'date-too-old';
  readonly why: string;
}

/** What a product sent. */
export interface UsageRequest {
  readonly writeKey: string;
  /** The path's; null for a batch. */
  readonly type: MessageType | null;
  readonly body: unknown;
}

/** What became of it. */
export interface ReceivedRequest {
  readonly stored: number;
  /** Came before, by their message ids. */
  readonly repeated: number;
  readonly refused: readonly RefusedMessage[];
}
