import type { EntityName } from './entities.ts';

/** A value that could not be read. The record is there all the same, with null for this field. */
export interface MappingProblem {
  readonly entity: EntityName;
  /** The CRM's names of the object and of the record. */
  readonly object: string;
  readonly id: string;
  /** Canonical name of the field that stays empty: `renewalOn`. */
  readonly field: string;
  /** Where the value stands in the CRM: `renewal_date`. */
  readonly property: string;
  /** What stands there, cut to 80 characters. */
  readonly value: string;
  readonly message: string;
  readonly remedy: string;
}

const CLIP = 80;

/** A value as it can be shown in a message: no control characters, no half characters, at most 80 long. */
export function clip(text: string): string {
  const short = text.length > CLIP ? `${text.slice(0, CLIP - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
  return short.toWellFormed().replaceAll(/\p{Cc}/gu, ' ');
}
