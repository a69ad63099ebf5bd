import type { FieldDefinition, Value, Values } from './field-definition.ts';
import { isArchived, withDerived } from './derived.ts';
import type { Surroundings } from './derived.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { opportunityStages } from './objects/sales.ts';
import type { StageSetup } from './objects/sales.ts';
import type { OrgFacts, OrgFeatures, OrgSeed } from './org-seed.ts';
import { RecordTable, valueOf } from './records.ts';
import type { StoredRecord } from './records.ts';
import { setupRows } from './setup-rows.ts';
import { Schema } from './schema.ts';
import type { PackageState } from './schema.ts';

/** What goes to the Recycle Bin with a record: object and the field that points to it. */
const CASCADES: Readonly<Record<string, readonly (readonly [object: string, field: string])[]>> = {
  Account: [
    ['Contact', 'AccountId'],
    ['AccountContactRelation', 'AccountId'],
    ['Opportunity', 'AccountId'],
    ['Contract', 'AccountId'],
    ['Asset', 'AccountId'],
    ['Case', 'AccountId'],
    ['Task', 'WhatId'],
    ['Event', 'WhatId'],
  ],
  Contact: [
    ['AccountContactRelation', 'ContactId'],
    ['OpportunityContactRole', 'ContactId'],
  ],
  Opportunity: [
    ['OpportunityContactRole', 'OpportunityId'],
    ['Task', 'WhatId'],
    ['Event', 'WhatId'],
  ],
  Task: [['TaskRelation', 'TaskId']],
  Event: [['EventRelation', 'EventId']],
};

/** The Recycle Bin is emptied of what lies in it for so long. */
const BIN_MS = 15 * 86_400_000;

/** Everything in one org, and the changes that people and apps can make to it, already checked. */
export class OrgState {
  readonly facts: OrgFacts;
  readonly features: OrgFeatures;
  readonly stages: readonly StageSetup[];
  readonly seed: OrgSeed;
  readonly schema: Schema;
  readonly now: () => number;
  readonly #tables = new Map<string, RecordTable>();
  readonly #counts = new Map<string, number>();
  /** `Task.Holdfast_Key__c` → value in lower case → ids that have held it; made at the first question. */
  readonly #holders = new Map<string, Map<string, Set<string>>>();
  /** What each record was before the running transaction; null outside of one. */
  #before: Map<string, StoredRecord | null> | null = null;

  constructor(seed: OrgSeed, packageState: PackageState, now: () => number, namespace: string | null) {
    this.facts = seed.facts;
    this.features = seed.features;
    this.stages = seed.stages ?? opportunityStages;
    this.seed = seed;
    this.schema = new Schema(seed, packageState, namespace);
    this.now = now;
    for (const object of this.schema.objects()) this.#tables.set(object.name, new RecordTable(object));
    this.#load(setupRows(seed, now(), this.stages));
    this.#load(seed.rows);
    this.#relateDirectContacts();
  }

  table(object: ObjectDefinition): RecordTable {
    const table = this.#tables.get(object.name);
    if (table === undefined) throw new Error(`the sandbox org holds no ${object.name}`);
    return table;
  }

  /** By its 18-character id, the bin included. */
  find(id: string): StoredRecord | null {
    const object = this.schema.objectOf(id);
    const record = object === null ? null : this.table(object).find(id);
    return record === null || this.isGone(record) ? null : record;
  }

  /** It was in the bin for so long that nothing shows it any more. */
  isGone({ deletedAt }: StoredRecord): boolean {
    return deletedAt !== null && deletedAt + BIN_MS < this.now();
  }

  findAlive(id: string): StoredRecord | null {
    const record = this.find(id);
    return record?.deletedAt === null ? record : null;
  }

  read(record: StoredRecord, field: FieldDefinition): Value {
    if (field.name === 'IsArchived') return this.isArchived(record);
    return valueOf(record, field.name, field.type === 'boolean');
  }

  isArchived(record: StoredRecord): boolean {
    return isArchived(record.object, record.values, this.now());
  }

  /** The live records that hold `value` in the field, compared in any case. */
  findHolders(object: ObjectDefinition, field: FieldDefinition, value: Value): readonly StoredRecord[] {
    const key = `${object.name}.${field.name}`;
    let holders = this.#holders.get(key);
    if (holders === undefined) {
      holders = new Map();
      this.#holders.set(key, holders);
      for (const record of this.table(object).alive()) noteHolder(holders, record, field.name);
    }
    const wanted = lowerCase(value);
    return [...(holders.get(wanted) ?? [])].flatMap((id) => {
      const record = this.findAlive(id);
      return record !== null && lowerCase(valueOf(record, field.name, false)) === wanted ? [record] : [];
    });
  }

  create(object: ObjectDefinition, values: Values, byId: string): StoredRecord {
    const nowMs = this.now();
    const id = this.table(object).nextId();
    const filled = this.#filledIn(object, byId);
    const record: StoredRecord = {
      object,
      id,
      values: withDerived(object, null, { ...filled, ...values }, this.#around(nowMs)),
      createdAt: nowMs,
      createdById: byId,
      modifiedAt: nowMs,
      modifiedById: byId,
      stampedAt: nowMs,
      deletedAt: null,
    };
    this.#put(record);
    this.#follow(record, null);
    return this.find(id) ?? record;
  }

  /** Moves the modified date and the stamp even when every value stays what it was. */
  change(record: StoredRecord, values: Values, byId: string): StoredRecord {
    const nowMs = this.now();
    const next: StoredRecord = {
      ...record,
      values: withDerived(record.object, record.values, values, this.#around(nowMs)),
      modifiedAt: nowMs,
      modifiedById: byId,
      stampedAt: nowMs,
    };
    this.#put(next);
    this.#follow(next, record);
    return next;
  }

  /** To the Recycle Bin, with all that hangs on it. */
  delete(record: StoredRecord, byId: string): void {
    const nowMs = this.now();
    for (const [child, field] of this.#children(record)) {
      if (child.deletedAt === null && valueOf(child, field, false) === record.id) this.delete(child, byId);
    }
    this.#put({ ...record, deletedAt: nowMs, modifiedAt: nowMs, modifiedById: byId, stampedAt: nowMs });
  }

  /** Back from the Recycle Bin, with what went there at the same moment. */
  restore(record: StoredRecord, byId: string): void {
    const nowMs = this.now();
    const { deletedAt } = record;
    this.#put({ ...record, deletedAt: null, modifiedAt: nowMs, modifiedById: byId, stampedAt: nowMs });
    for (const [child, field] of this.#children(record)) {
      if (child.deletedAt === deletedAt && valueOf(child, field, false) === record.id) this.restore(child, byId);
    }
  }

  /** Gone for good: the bin was emptied. */
  purge(record: StoredRecord): void {
    this.#remember(record.id);
    this.table(record.object).remove(record.id);
  }

  /** The winner keeps its values; what pointed to the loser points to it, and the loser goes to the bin, naming it. */
  merge(winner: StoredRecord, loser: StoredRecord, byId: string): void {
    const nowMs = this.now();
    for (const object of this.schema.objects()) {
      if (object.name === 'AccountContactRelation') continue;
      for (const field of this.schema.fields(object)) {
        if (!field.referenceTo.includes(loser.object.name) || field.name === 'MasterRecordId') continue;
        for (const child of this.table(object).alive()) {
          if (valueOf(child, field.name, false) === loser.id) this.change(child, { [field.name]: winner.id }, byId);
        }
      }
    }
    this.#moveRelations(winner, loser, byId);
    const gone = this.find(loser.id) ?? loser;
    const stamps = { modifiedAt: nowMs, modifiedById: byId, stampedAt: nowMs };
    this.#put({ ...gone, ...stamps, values: { ...gone.values, MasterRecordId: winner.id }, deletedAt: nowMs });
    this.#put({ ...(this.find(winner.id) ?? winner), ...stamps });
  }

  /** Does all that `work` does, or nothing of it when it gives false. */
  transact(work: () => boolean): boolean {
    const outer = this.#before;
    const before = new Map<string, StoredRecord | null>();
    this.#before = before;
    const isKept = work();
    this.#before = outer;
    for (const [id, record] of before) {
      if (isKept) {
        if (outer !== null && !outer.has(id)) outer.set(id, record);
        continue;
      }
      const object = record?.object ?? this.schema.objectOf(id);
      if (object === null) continue;
      if (record === null) this.table(object).remove(id);
      else this.table(object).put(record);
    }
    return isKept;
  }

  #load(rows: OrgSeed['rows']): void {
    const { adminUserId } = this.facts;
    const filledIn = new Map<ObjectDefinition, Values>();
    for (const row of rows) {
      const object = this.schema.findObject(row.object);
      if (object === null) throw new Error(`the seed has a ${row.object}, which the sandbox org does not know`);
      let filled = filledIn.get(object);
      if (filled === undefined) filledIn.set(object, (filled = this.#filledIn(object, adminUserId)));
      this.table(object).put({
        object,
        id: row.id,
        values: withDerived(object, null, { ...filled, ...row.values }, this.#around(row.modifiedAt)),
        createdAt: row.createdAt,
        createdById: adminUserId,
        modifiedAt: row.modifiedAt,
        modifiedById: adminUserId,
        stampedAt: row.modifiedAt,
        deletedAt: row.deletedAt,
      });
    }
  }

  #around(now: number): Surroundings {
    return {
      features: this.features,
      stages: this.stages,
      fiscalYearStartMonth: this.facts.fiscalYearStartMonth,
      now,
      look: (id, field) => {
        const record = typeof id === 'string' ? this.find(id) : null;
        return record === null ? null : valueOf(record, field, false);
      },
      count: (object) => {
        const next = (this.#counts.get(object) ?? 100) + 1;
        this.#counts.set(object, next);
        return next;
      },
    };
  }

  /** What Salesforce does by itself after a write. */
  #follow(record: StoredRecord, before: StoredRecord | null): void {
    const { object } = record;
    if (object.name === 'Contact' && before?.values['AccountId'] !== record.values['AccountId']) {
      this.#relate(record, before);
    }
    const isActivity = object.name === 'Event' || (object.name === 'Task' && record.values['IsClosed'] === true);
    const day = record.values['ActivityDate'];
    if (!isActivity || typeof day !== 'string') return;
    for (const id of [record.values['AccountId'], record.values['WhoId']]) {
      const parent = typeof id === 'string' ? this.findAlive(id) : null;
      if (parent === null || String(parent.values['LastActivityDate'] ?? '') >= day) continue;
      // Only the stamp moves: nobody changed the account, but Salesforce did.
      this.#put({ ...parent, values: { ...parent.values, LastActivityDate: day }, stampedAt: this.now() });
    }
  }

  /** A contact's own account is a direct relation, which Salesforce keeps itself. */
  #relate(contact: StoredRecord, before: StoredRecord | null): void {
    const relations = this.schema.findObject('AccountContactRelation');
    if (relations === null) return;
    const accountId = contact.values['AccountId'];
    // What was a relation besides becomes the contact's own; there are no two to one account.
    const replaced = this.#relationsOf(relations, 'ContactId', contact.id).filter(
      ({ values }) => (before !== null && values['IsDirect'] === true) || values['AccountId'] === accountId,
    );
    for (const relation of replaced) this.purge(relation);
    if (typeof accountId !== 'string') return;
    this.create(relations, { AccountId: accountId, ContactId: contact.id, IsDirect: true }, contact.modifiedById);
  }

  /** After a merge, when the contacts have moved: a relation that the winner has already is not made twice. */
  #moveRelations(winner: StoredRecord, loser: StoredRecord, byId: string): void {
    const relations = this.schema.findObject('AccountContactRelation');
    if (relations === null) return;
    const [own, other] = winner.object.name === 'Account' ? ['AccountId', 'ContactId'] : ['ContactId', 'AccountId'];
    const known = new Set(this.#relationsOf(relations, own, winner.id).map(({ values }) => values[other]));
    for (const relation of this.#relationsOf(relations, own, loser.id)) {
      const isKept = relation.values['IsDirect'] !== true && !known.has(relation.values[other]);
      if (isKept) this.change(relation, { [own]: winner.id }, byId);
      else this.purge(relation);
    }
  }

  #relationsOf(relations: ObjectDefinition, field: string, id: string): readonly StoredRecord[] {
    return [...this.table(relations).alive()].filter(({ values }) => values[field] === id);
  }

  #relateDirectContacts(): void {
    const relations = this.schema.findObject('AccountContactRelation');
    const contacts = this.schema.findObject('Contact');
    if (relations === null || contacts === null) return;
    const known = new Set<string>();
    for (const { values } of this.table(relations).alive()) {
      known.add(`${String(values['AccountId'])} ${String(values['ContactId'])}`);
    }
    for (const contact of this.table(contacts).alive()) {
      const accountId = contact.values['AccountId'];
      if (typeof accountId !== 'string' || known.has(`${accountId} ${contact.id}`)) continue;
      this.table(relations).put({
        ...contact,
        object: relations,
        id: this.table(relations).nextId(),
        values: { AccountId: accountId, ContactId: contact.id, IsDirect: true, IsActive: true },
      });
    }
  }

  *#children(record: StoredRecord): Generator<readonly [child: StoredRecord, field: string]> {
    for (const [name, field] of CASCADES[record.object.name] ?? []) {
      const object = this.schema.findObject(name);
      if (object === null) continue;
      for (const child of this.table(object).all()) yield [child, field];
    }
  }

  /** What a new record has that nobody gave it. An unticked box is no value. */
  #filledIn(object: ObjectDefinition, ownerId: string): Values {
    const filled: Record<string, Value> = {};
    for (const { name, preset } of this.schema.fields(object)) {
      if (preset !== null && preset !== false) filled[name] = preset;
      if (name === 'OwnerId') filled[name] = ownerId;
    }
    const type = this.seed.recordTypes.find((one) => one.object === object.name && one.isDefault);
    if (type !== undefined) filled['RecordTypeId'] = type.id;
    return filled;
  }

  #put(record: StoredRecord): void {
    this.#remember(record.id);
    this.table(record.object).put(record);
    for (const [key, holders] of this.#holders) {
      const [object, field = ''] = key.split('.');
      if (object === record.object.name) noteHolder(holders, record, field);
    }
  }

  #remember(id: string): void {
    if (this.#before !== null && !this.#before.has(id)) this.#before.set(id, this.find(id));
  }
}

function noteHolder(holders: Map<string, Set<string>>, record: StoredRecord, field: string): void {
  const value = valueOf(record, field, false);
  if (value === null) return;
  const key = lowerCase(value);
  holders.set(key, (holders.get(key) ?? new Set()).add(record.id));
}

function lowerCase(value: Value): string {
  return String(value).toLowerCase();
}
