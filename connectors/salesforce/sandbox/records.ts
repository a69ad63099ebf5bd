import { compareIdsAsText, SortedIds } from '../../kit/sandbox/sorted-ids.ts';
import type { Value, Values } from './field-definition.ts';
import { numberOf, toId } from './ids.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { toWireTime } from './wire-time.ts';

/** A record at one moment. Never changed: a write puts the next version in its place. */
export interface StoredRecord {
  readonly object: ObjectDefinition;
  /** 18 characters, as all ids here. */
  readonly id: string;
  /** Every field that has a value, except those below and those that go with the time. */
  readonly values: Values;
  /** Epoch milliseconds, as all moments here. */
  readonly createdAt: number;
  readonly createdById: string;
  /** When somebody last changed it, and who. */
  readonly modifiedAt: number;
  readonly modifiedById: string;
  /** When anything last changed it, Salesforce itself included: `SystemModstamp`. */
  readonly stampedAt: number;
  /** In the Recycle Bin since then; null while it is alive. */
  readonly deletedAt: number | null;
}

/** All records of one object, those in the Recycle Bin included. */
export class RecordTable {
  readonly #prefix: string;
  readonly #records = new Map<string, StoredRecord>();
  readonly #ids = new SortedIds(compareIdsAsText);
  #lastNumber = 0;

  constructor(object: ObjectDefinition) {
    this.#prefix = object.keyPrefix;
  }

  /** In the order of ids, the bin included. Not a copy: do not keep it across a change. */
  ids(): readonly string[] {
    return this.#ids.all();
  }

  /** Position of the first id that is not before `id`. */
  positionOf(id: string): number {
    return this.#ids.positionOf(id);
  }

  find(id: string): StoredRecord | null {
    return this.#records.get(id) ?? null;
  }

  *all(): Generator<StoredRecord> {
    for (const id of this.#ids.all()) {
      const record = this.#records.get(id);
      if (record !== undefined) yield record;
    }
  }

  *alive(): Generator<StoredRecord> {
    for (const record of this.all()) if (record.deletedAt === null) yield record;
  }

  nextId(): string {
    this.#lastNumber += 1;
    return toId(this.#prefix, this.#lastNumber);
  }

  put(record: StoredRecord): void {
    if (this.#ids.add(record.id)) this.#lastNumber = Math.max(this.#lastNumber, numberOf(record.id));
    this.#records.set(record.id, record);
  }

  /** Leaves no trace of it. */
  remove(id: string): void {
    this.#ids.delete(id);
    this.#records.delete(id);
  }
}

/** The value of a field; false for an empty checkbox, null for any other empty field. */
export function valueOf(record: StoredRecord, name: string, isBoolean: boolean): Value {
  switch (name) {
    case 'Id':
      return record.id;
    case 'IsDeleted':
      return record.deletedAt !== null;
    case 'CreatedDate':
      return toWireTime(record.createdAt);
    case 'CreatedById':
      return record.createdById;
    case 'LastModifiedDate':
      return toWireTime(record.modifiedAt);
    case 'LastModifiedById':
      return record.modifiedById;
    case 'SystemModstamp':
      return toWireTime(record.stampedAt);
    default:
      return record.values[name] ?? (isBoolean ? false : null);
  }
}
