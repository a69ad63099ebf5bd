import type { RawChange, RawFields, WriteOutcome, WriteRefusal } from '../contract/record.ts';
import { codeOf, sentenceOf } from './failures.ts';
import type { ErrorEntry } from './wire.ts';

type Refused = Extract<WriteOutcome, { ok: false }>;

/** The change was made. Salesforce answers with the id alone, so what was sent is what it shows. */
export function toWritten(id: string, fields: RawFields): WriteOutcome {
  return { ok: true, id, fields, modifiedAt: null };
}

/** What Salesforce says against one record, as an outcome. */
export function toRefused(change: RawChange, entries: readonly ErrorEntry[]): Refused {
  const [first] = entries;
  if (first === undefined) return refusedAs('value-refused', 'Salesforce refused this record and gave no reason');
  return {
    ok: false,
    code: refusalOf(change, first),
    message: sentenceOf(first),
    field: first.fields?.[0] ?? null,
    survivorId: null,
  };
}

export function refusedAs(code: WriteRefusal, message: string): Refused {
  return { ok: false, code, message, field: null, survivorId: null };
}

function refusalOf(change: RawChange, entry: ErrorEntry): WriteRefusal {
  switch (codeOf(entry)) {
    case 'ENTITY_IS_DELETED':
    case 'NOT_FOUND':
    case 'MALFORMED_ID':
      return 'record-gone';
    // Said of the record itself, and of a record that one of its values names.
    case 'INVALID_CROSS_REFERENCE_KEY':
      return change.kind !== 'create' && (entry.fields ?? []).length === 0 ? 'record-gone' : 'value-refused';
    case 'UNABLE_TO_LOCK_ROW':
    // An approval is under way; until it is decided nobody may change the record.
    case 'ENTITY_IS_LOCKED':
      return 'record-locked';
    case 'INSUFFICIENT_ACCESS_OR_READONLY':
    case 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY':
    case 'INSUFFICIENT_ACCESS':
    case 'CANNOT_INSERT_UPDATE_ENTITY':
    case 'INVALID_FIELD_FOR_INSERT_UPDATE':
    case 'INVALID_FIELD':
      return 'permission-missing';
    default:
      return 'value-refused';
  }
}

/** Another transaction held the record, which is over in seconds. */
export function isBusy(outcome: WriteOutcome): boolean {
  return !outcome.ok && outcome.message.startsWith('UNABLE_TO_LOCK_ROW');
}
