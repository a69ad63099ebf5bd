import { withOwnStamps } from './derived.ts';
import { Links } from './links.ts';
import { getObjectType, objectTypes } from './object-types.ts';
import type { ObjectType } from './object-types.ts';
import type { PortalFacts, PortalSeed, SeedOwner, SeedPipeline } from './portal-seed.ts';
import { mergedIdsOf, RecordTable } from './records.ts';
import type { RecordVersion, StoredRecord } from './records.ts';
import type { ValueProblem } from './refusal.ts';
import { Schema } from './schema.ts';
import { checkValue } from './values.ts';

/** Who changed something: a person in HubSpot's pages, or an app through the API. */
export type Author = 'CRM_UI' | 'INTEGRATION';

/** What happened in the portal, in the words of HubSpot's webhooks. */
export type PortalChange = { readonly author: Author } & (
  | { readonly kind: 'creation' | 'deletion' | 'restore' | 'privacyDeletion'; readonly record: StoredRecord }
  | {
      readonly kind: 'propertyChange';
      readonly record: StoredRecord;
      readonly propertyName: string;
      readonly propertyValue: string;
    }
  | {
      readonly kind: 'merge';
      readonly survivor: StoredRecord;
      readonly primaryId: string;
      readonly mergedId: string;
    }
  | {
      readonly kind: 'associationChange';
      readonly from: ObjectType;
      readonly fromId: string;
      readonly to: ObjectType;
      readonly toId: string;
      readonly isPrimary: boolean;
      readonly removed: boolean;
    }
);

/** Milliseconds after a change of this record until search knows of it. */
export type SearchLag = number | ((object: string, id: string) => number);

/** Everything in one portal, and the changes that people and apps can make to it, already checked. */
export class PortalState {
  readonly facts: PortalFacts;
  readonly pipelines: Readonly<Record<string, readonly SeedPipeline[]>>;
  readonly schema: Schema;
  readonly links = new Links();
  readonly now: () => number;
  readonly #searchLag: SearchLag;
  readonly #tables = new Map<string, RecordTable>();
  readonly #owners = new Map<string, SeedOwner>();
  readonly #listeners: ((change: PortalChange) => void)[] = [];
  /** `contacts.email` → value → id of the record that had it last; made at the first question. */
  readonly #holders = new Map<string, Map<string, string>>();
  #lastId: number;

  constructor(seed: PortalSeed, now: () => number, searchLag: SearchLag) {
    this.facts = seed.facts;
    this.pipelines = seed.pipelines;
    this.schema = new Schema(seed);
    this.now = now;
    this.#searchLag = searchLag;
    for (const owner of seed.owners) this.#owners.set(owner.id, owner);
    const rows = new Map<string, StoredRecord[]>(objectTypes.map((type) => [type.name, []]));
    this.#lastId = 0;
    for (const row of seed.rows) {
      const type = getObjectType(row.object);
      const version: RecordVersion = {
        state: row.archivedAt === null ? 'active' : 'archived',
        properties: row.properties,
        updatedAt: row.updatedAt,
        archivedAt: row.archivedAt,
      };
      rows
        .get(type.name)
        ?.push({ type, id: row.id, createdAt: row.createdAt, version, indexed: version, unindexed: [] });
      this.#lastId = Math.max(this.#lastId, Number(row.id));
    }
    for (const type of objectTypes) this.#tables.set(type.name, new RecordTable(type, rows.get(type.name) ?? []));
    for (const link of seed.links) {
      const [from, to] = [getObjectType(link.fromObject), getObjectType(link.toObject)];
      this.links.add(from, link.fromId, to, link.toId);
      if (!link.isPrimary) continue;
      if (to.name === 'companies') this.links.setPrimaryCompany(from, link.fromId, link.toId);
      else this.links.setPrimaryCompany(to, link.toId, link.fromId);
    }
  }

  onChange(listener: (change: PortalChange) => void): void {
    this.#listeners.push(listener);
  }

  table(type: ObjectType): RecordTable {
    const table = this.#tables.get(type.name);
    if (table === undefined) throw new Error(`the sandbox holds no ${type.name}`);
    return table;
  }

  owners(): readonly SeedOwner[] {
    return [...this.#owners.values()];
  }

  putOwner(owner: SeedOwner): void {
    this.#owners.set(owner.id, owner);
  }

  /** The record that answers to `id` today: itself or what it was merged into; null when archived or unknown. */
  findActive(type: ObjectType, id: string): StoredRecord | null {
    const table = this.table(type);
    const record = table.find(table.follow(id));
    return record?.version.state === 'active' ? record : null;
  }

  /** Ids of the linked records that are not archived, by the value of the ids. */
  linkedIds(from: ObjectType, fromId: string, to: ObjectType): readonly string[] {
    const table = this.table(to);
    const ids = this.links.get(from, fromId, to).all();
    return ids.every((id) => table.isActive(id)) ? ids : ids.filter((id) => table.isActive(id));
  }

  /**
   * Checks values as HubSpot checks a write, and gives them as it stores them: `''` for an emptied one.
   * `isOwner` says which owners may be given records.
   */
  check(
    type: ObjectType,
    sent: Readonly<Record<string, string>>,
    isOwner: (id: string) => boolean = (id) => this.#owners.get(id)?.archived === false,
  ): { readonly properties: Readonly<Record<string, string>>; readonly problems: readonly ValueProblem[] } {
    const properties: Record<string, string> = {};
    const problems: ValueProblem[] = [];
    for (const [name, value] of Object.entries(sent)) {
      const definition = this.schema.find(type, name);
      if (definition === null) {
        problems.push({ name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` });
        continue;
      }
      const checked = checkValue(definition, value, isOwner);
      if ('problem' in checked) problems.push(checked.problem);
      else properties[name] = checked.value;
    }
    return { properties, problems };
  }

  /** The record that holds `value` in the unique property `name`, or null. */
  findHolder(type: ObjectType, name: string, value: string): StoredRecord | null {
    const key = `${type.name}.${name}`;
    let holders = this.#holders.get(key);
    if (holders === undefined) {
      holders = new Map();
      for (const id of this.table(type).active().all()) {
        const held = this.table(type).find(id)?.version.properties[name];
        if (held !== undefined) holders.set(held, id);
      }
      this.#holders.set(key, holders);
    }
    const record = this.table(type).find(holders.get(value) ?? '');
    return record?.version.state === 'active' && record.version.properties[name] === value ? record : null;
  }

  create(type: ObjectType, properties: Readonly<Record<string, string>>, author: Author): StoredRecord {
    const nowMs = this.now();
    this.#lastId += 1;
    const version: RecordVersion = {
      state: 'active',
      properties: withOwnStamps(this, type, {}, this.#changed(type, {}, properties), nowMs),
      updatedAt: nowMs,
      archivedAt: null,
    };
    const record: StoredRecord = {
      type,
      id: String(this.#lastId),
      createdAt: nowMs,
      version,
      indexed: null,
      unindexed: [],
    };
    this.table(type).add(record);
    this.#put(record, version);
    this.#tell({ kind: 'creation', record, author });
    return record;
  }

  /** Moves the modified date even when every value stays what it was. */
  change(record: StoredRecord, properties: Readonly<Record<string, string>>, author: Author): void {
    const before = record.version;
    const nowMs = this.now();
    const after = withOwnStamps(
      this,
      record.type,
      before.properties,
      this.#changed(record.type, before.properties, properties),
      nowMs,
    );
    this.#put(record, { ...before, properties: after, updatedAt: nowMs });
    for (const propertyName of Object.keys(properties)) {
      const propertyValue = after[propertyName] ?? '';
      if (propertyValue === (before.properties[propertyName] ?? '')) continue;
      this.#tell({ kind: 'propertyChange', record, propertyName, propertyValue, author });
    }
  }

  archive(record: StoredRecord, author: Author): void {
    const nowMs = this.now();
    this.#put(record, { ...record.version, state: 'archived', updatedAt: nowMs, archivedAt: nowMs });
    this.#tell({ kind: 'deletion', record, author });
  }

  /** Forgets the contact for ever, which HubSpot tells as two events. */
  erase(record: StoredRecord, author: Author): void {
    // Merged into nothing: neither a list nor the recycle bin knows it any more.
    this.#put(record, { ...record.version, state: 'merged', properties: {}, updatedAt: this.now() });
    this.#tell({ kind: 'privacyDeletion', record, author });
    this.#tell({ kind: 'deletion', record, author });
  }

  restore(record: StoredRecord, author: Author): void {
    this.#put(record, { ...record.version, state: 'active', updatedAt: this.now(), archivedAt: null });
    this.#tell({ kind: 'restore', record, author });
  }

  /** The primary's values win; links and merged ids of both move to the survivor, which for deals is a new record. */
  merge(primary: StoredRecord, other: StoredRecord, author: Author): StoredRecord {
    const { type } = primary;
    const table = this.table(type);
    const mergedIds = [...mergedIdsOf(primary.version), ...mergedIdsOf(other.version), other.id];
    if (type.mergeMakesNew) mergedIds.push(primary.id);
    const properties = {
      ...other.version.properties,
      ...primary.version.properties,
      hs_merged_object_ids: mergedIds.join(';'),
    };
    const gone = type.mergeMakesNew ? [primary, other] : [other];
    for (const record of gone) this.#put(record, { ...record.version, state: 'merged', updatedAt: this.now() });
    let survivor = primary;
    if (type.mergeMakesNew) survivor = this.create(type, properties, author);
    else this.#put(primary, { ...primary.version, properties, updatedAt: this.now() });
    for (const record of gone) {
      table.mergeInto(record.id, survivor.id);
      this.#moveLinks(record, survivor);
    }
    this.#tell({ kind: 'merge', survivor, primaryId: primary.id, mergedId: other.id, author });
    return survivor;
  }

  /** Moves no modified date. `isPrimary` makes the company of the two the only primary one of the other. */
  link(from: StoredRecord, to: StoredRecord, isPrimary: boolean, author: Author): void {
    const isNew = this.links.add(from.type, from.id, to.type, to.id);
    const wasPrimary = this.links.isPrimary(from.type, from.id, to.type, to.id);
    if (isPrimary && to.type.name === 'companies') this.links.setPrimaryCompany(from.type, from.id, to.id);
    else if (isPrimary) this.links.setPrimaryCompany(to.type, to.id, from.id);
    if (isNew || (isPrimary && !wasPrimary)) this.#tellLink(from, to, isPrimary, false, author);
  }

  /** Moves no modified date. */
  unlink(from: StoredRecord, to: StoredRecord, author: Author): void {
    const wasPrimary = this.links.isPrimary(from.type, from.id, to.type, to.id);
    if (this.links.remove(from.type, from.id, to.type, to.id)) this.#tellLink(from, to, wasPrimary, true, author);
  }

  #moveLinks(record: StoredRecord, survivor: StoredRecord): void {
    const { type } = record;
    for (const to of objectTypes) {
      for (const toId of this.links.get(type, record.id, to).all().slice()) {
        const wasPrimary = this.links.isPrimary(type, record.id, to, toId);
        this.links.remove(type, record.id, to, toId);
        if (to === type && toId === survivor.id) continue;
        this.links.add(type, survivor.id, to, toId);
        if (!wasPrimary) continue;
        if (type.name === 'companies') this.links.setPrimaryCompany(to, toId, survivor.id);
        else if (this.links.primaryCompany(type, survivor.id) === null) {
          this.links.setPrimaryCompany(type, survivor.id, toId);
        }
      }
    }
  }

  /** An emptied value is gone; a choice of several that begins with `;` is added to the one that is there. */
  #changed(
    type: ObjectType,
    before: Readonly<Record<string, string>>,
    changes: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    const after: Record<string, string> = { ...before };
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') delete after[name];
      else if (value.startsWith(';') && this.schema.find(type, name)?.fieldType === 'checkbox') {
        const both = [...(before[name] ?? '').split(';'), ...value.split(';')].filter((part) => part !== '');
        after[name] = [...new Set(both)].join(';');
      } else after[name] = value;
    }
    return after;
  }

  #put(record: StoredRecord, version: RecordVersion): void {
    const lag = this.#searchLag;
    const lagMs = typeof lag === 'number' ? lag : lag(record.type.name, record.id);
    this.table(record.type).put(record, version, lagMs, this.now());
    if (version.state !== 'active') return;
    for (const [key, holders] of this.#holders) {
      const [object, name] = key.split('.');
      const value = version.properties[name ?? ''];
      if (object === record.type.name && value !== undefined) holders.set(value, record.id);
    }
  }

  #tell(change: PortalChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** HubSpot tells of a link twice, once from either end. */
  #tellLink(a: StoredRecord, b: StoredRecord, isPrimary: boolean, removed: boolean, author: Author): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#tell({
        kind: 'associationChange',
        from: from.type,
        fromId: from.id,
        to: to.type,
        toId: to.id,
        isPrimary,
        removed,
        author,
      });
    }
  }
}
