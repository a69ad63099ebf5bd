/** ISO 8601 in UTC with milliseconds and a trailing `Z`, so that instants compare as text. */
export type Instant = string;

/** A value as it came over the wire. HubSpot sends strings only; an absent or emptied value is `null`. */
export type RawValue = string | number | boolean | null;

/** One row in the CRM's own words. Only the wire's accidents are gone; no meaning is added. */
export interface RawRecord {
  /** The CRM's name of the object, as the mapping spells it: `companies`, `Account`. */
  readonly object: string;
  readonly id: string;
  /** Only the fields that were asked for. A field the CRM no longer has is absent, an empty one is `null`. */
  readonly fields: Readonly<Record<string, RawValue>>;
  /**
   * Linked ids per object, the primary one first, the rest in the order of their ids.
   * An object that was not read this time is absent; one that was read and has no links is `[]`.
   */
  readonly links: Readonly<Record<string, readonly string[]>>;
  readonly createdAt: Instant | null;
  readonly modifiedAt: Instant;
  readonly deleted: boolean;
  /** Ids of records that were merged into this one and no longer exist on their own. */
  readonly mergedIds: readonly string[];
}

/** What a connector is asked to change. A `null` value clears the field. */
export type RawChange =
  | { readonly kind: 'update'; readonly object: string; readonly id: string; readonly fields: RawFields }
  | {
      readonly kind: 'create';
      readonly object: string;
      readonly fields: RawFields;
      /** Linked ids per object, made in the same call where the CRM can. */
      readonly links: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly kind: 'archive'; readonly object: string; readonly id: string };

export type RawFields = Readonly<Record<string, string | null>>;

/** What became of one change. A refusal is an outcome, not an exception. */
export type WriteOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      /** The written fields as the CRM now shows them; it may have normalised them. */
      readonly fields: Readonly<Record<string, RawValue>>;
      readonly modifiedAt: Instant | null;
    }
  | {
      readonly ok: false;
      readonly code: WriteRefusal;
      /** The CRM's words. */
      readonly message: string;
      /** The field that was refused, where the CRM names one. */
      readonly field: string | null;
      /** For `record-gone` after a merge: the record that took over. */
      readonly survivorId: string | null;
    };

export type WriteRefusal = 'value-refused' | 'record-gone' | 'record-locked' | 'permission-missing';
