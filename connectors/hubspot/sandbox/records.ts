import { compareIdsAsNumbers, compareIdsAsText, SortedIds } from '../../kit/sandbox/sorted-ids.ts';
import type { ObjectType } from './object-types.ts';

/** A record at one moment. Never changed: a write makes the next version. */
export interface RecordVersion {
  readonly state: 'active' | 'archived' | 'merged';
  readonly properties: Readonly<Record<string, string>>;
  /** Epoch milliseconds, as all moments here. */
  readonly updatedAt: number;
  readonly archivedAt: number | null;
}

export interface StoredRecord {
  readonly type: ObjectType;
  readonly id: string;
  readonly createdAt: number;
  version: RecordVersion;
  /** What search knows of the record; null while it has not seen it. */
  indexed: RecordVersion | null;
  /** What search will know, and when. */
  unindexed: { readonly visibleAt: number; readonly version: RecordVersion }[];
}

/** In which order search sorts and compares `hs_object_id`. HubSpot does not document it. */
export type IdOrder = 'number' | 'text';

/** All records of one object, those that were archived or merged away included. */
export class RecordTable {
  readonly type: ObjectType;
  readonly #records = new Map<string, StoredRecord>();
  readonly #active: SortedIds;
  readonly #archived: SortedIds;
  readonly #every: SortedIds;
  #everyAsText: SortedIds | null = null;
  /** Old id → id of the record that it was merged into. */
  readonly #survivors = new Map<string, string>();

  constructor(type: ObjectType, records: readonly StoredRecord[]) {
    this.type = type;
    for (const record of records) this.#records.set(record.id, record);
    const idsIn = (state: RecordVersion['state']): string[] =>
      records.filter((record) => record.version.state === state).map((record) => record.id);
    this.#active = new SortedIds(compareIdsAsNumbers, idsIn('active'));
    this.#archived = new SortedIds(compareIdsAsNumbers, idsIn('archived'));
    this.#every = new SortedIds(
      compareIdsAsNumbers,
      records.map((record) => record.id),
    );
    for (const record of records) {
      for (const oldId of mergedIdsOf(record.version)) this.#survivors.set(oldId, record.id);
    }
  }

  active(): SortedIds {
    return this.#active;
  }

  archived(): SortedIds {
    return this.#archived;
  }

  /** Every id there ever was, in the order that search uses. */
  every(order: IdOrder): SortedIds {
    if (order === 'number') return this.#every;
    this.#everyAsText ??= new SortedIds(compareIdsAsText, this.#every.all());
    return this.#everyAsText;
  }

  /** By its own id, whatever became of it. */
  find(id: string): StoredRecord | null {
    return this.#records.get(id) ?? null;
  }

  isActive(id: string): boolean {
    return this.#records.get(id)?.version.state === 'active';
  }

  /** Itself, or the record that it was merged into, however often. */
  follow(id: string): string {
    let current = id;
    for (;;) {
      const next = this.#survivors.get(current);
      if (next === undefined) return current;
      current = next;
    }
  }

  mergeInto(oldId: string, survivorId: string): void {
    this.#survivors.set(oldId, survivorId);
  }

  add(record: StoredRecord): void {
    this.#records.set(record.id, record);
    this.#every.add(record.id);
    this.#everyAsText?.add(record.id);
    this.#place(record);
  }

  /** Makes `version` the record's present one. Search sees it after `lagMs`. */
  put(record: StoredRecord, version: RecordVersion, lagMs: number, nowMs: number): void {
    record.version = version;
    if (lagMs > 0) record.unindexed.push({ visibleAt: nowMs + lagMs, version });
    else {
      record.indexed = version;
      record.unindexed = [];
    }
    this.#place(record);
  }

  #place(record: StoredRecord): void {
    const { state } = record.version;
    if (state === 'active') this.#active.add(record.id);
    else this.#active.delete(record.id);
    if (state === 'archived') this.#archived.add(record.id);
    else this.#archived.delete(record.id);
  }
}

/** What search knows of the record at `nowMs`. */
export function indexedVersion(record: StoredRecord, nowMs: number): RecordVersion | null {
  if (record.unindexed.length > 0) {
    const newest = record.unindexed.findLastIndex(({ visibleAt }) => visibleAt <= nowMs);
    if (newest >= 0) {
      record.indexed = record.unindexed[newest]?.version ?? null;
      record.unindexed = record.unindexed.slice(newest + 1);
    }
  }
  return record.indexed;
}

/** Ids of the records that were merged into this one. */
export function mergedIdsOf(version: RecordVersion): readonly string[] {
  return (version.properties['hs_merged_object_ids'] ?? '').split(';').filter((id) => id !== '');
}
