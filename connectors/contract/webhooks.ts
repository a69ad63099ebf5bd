import type { Secret } from './auth.ts';
import type { Instant } from './record.ts';

/** A request as it came in: from a CRM, or from one of our own pages inside the CRM. */
export interface IncomingRequest {
  /** Upper case: `POST`. */
  readonly method: string;
  /** The address that was called, with its query: the server's public one, whatever the request says of its host. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes that came over the wire; empty for a request without a body. */
  readonly body: Uint8Array;
}

/** `forged`: unsigned, or not signed with this secret. `stale`: signed, but too long ago, or in the future. */
export type Genuineness = 'genuine' | 'forged' | 'stale';

/** One thing that happened in the CRM, in words that every CRM shares. It tells where to look, never what is there now. */
export interface ChangeNotice {
  /** The CRM's id of the customer's account. */
  readonly crmAccountId: string;
  /** `erased`: the law demands that all that is known of this person is forgotten. */
  readonly kind: 'created' | 'changed' | 'deleted' | 'restored' | 'merged' | 'linked' | 'erased';
  /** Every record that it concerns: both ends of a link, all that were merged. */
  readonly records: readonly { readonly object: string; readonly id: string }[];
  /** The field that changed; null where it is not about one. */
  readonly field: string | null;
  /** Was it this very app that changed it? */
  readonly isOwn: boolean;
}

/** The user in whose browser one of our pages inside the CRM called, as the CRM itself has vouched for in the signature. */
export interface CrmCaller {
  readonly crmAccountId: string;
  readonly userId: string;
  /** Empty where the CRM does not tell. */
  readonly email: string;
}

/** How one CRM tells of changes, and how its requests can be told from everybody else's. */
export interface WebhookReader {
  /** Decides by the raw bytes, before anything in them is read. */
  verify(request: IncomingRequest, secret: Secret, now: Instant): Genuineness;
  /**
   * The notices of one delivery, in its order; events that mean nothing to us are left out. Null when the body is not in
   * the CRM's form at all: cut off, not JSON, not a list.
   */
  read(body: Uint8Array): readonly ChangeNotice[] | null;
  /** Who calls, from the signed address. Null when the address does not say. */
  findCaller(url: string): CrmCaller | null;
}
