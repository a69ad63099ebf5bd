import type { FieldDefinition, Value, Values } from './field-definition.ts';
import { parseId } from './ids.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { OrgState } from './org-state.ts';
import type { StoredRecord } from './records.ts';
import { checkValue, toValue } from './values.ts';

/** A record as it is, with every field that has a value, under the fields' names. */
export interface OrgRecord {
  readonly id: string;
  readonly object: string;
  readonly fields: Values;
  readonly isDeleted: boolean;
}

/**
 * The org from the inside: what is true in it, and what people do to it in Salesforce's pages, as its admin. Objects and
 * fields go by their API names. Every act throws an Error that names what was wrong.
 */
export interface Org {
  /** In the bin or not; null when unknown or gone for good. Ids of 15 or 18 characters. */
  get(id: string): OrgRecord | null;
  /** Those that are alive, in the order of ids. */
  all(object: string): readonly OrgRecord[];
  /** Those in the Recycle Bin, the losers of merges included. */
  deleted(object: string): readonly OrgRecord[];
  count(object: string): number;

  edit(id: string, values: Values): void;
  /** Gives the new record's id. */
  create(object: string, values: Values): string;
  /** To the Recycle Bin, with what hangs on it. */
  remove(id: string): void;
  /** Back from the Recycle Bin. */
  restore(id: string): void;
  /** Gone for good, as after 15 days or when somebody empties the bin. */
  purge(id: string): void;
  /** Both of one object; the winner keeps its id and values. */
  merge(winnerId: string, loserId: string): void;
  setUserActive(userId: string, isActive: boolean): void;

  /** Field-level security: the integration user no longer sees the field. */
  hideField(object: string, field: string): void;
  showField(object: string, field: string): void;
  /** The integration user may no longer read the object at all. */
  hideObject(object: string): void;
  /** `Activity` adds it to tasks and events. */
  addField(object: string, field: FieldDefinition): void;
}

export function humanActs(org: OrgState): Org {
  const { adminUserId } = org.facts;
  const getObject = (name: string): ObjectDefinition => {
    const object = org.schema.findObject(name);
    if (object === null) throw new Error(`the org has no object ${name}`);
    return object;
  };
  const find = (id: string): StoredRecord | null => org.find(parseId(id) ?? '');
  const alive = (id: string): StoredRecord => {
    const record = find(id);
    if (record?.deletedAt !== null) throw new Error(`${id} is not in the org, or in its bin`);
    return record;
  };
  const binned = (id: string): StoredRecord => {
    const record = find(id);
    if (record === null || record.deletedAt === null) throw new Error(`${id} is not in the bin`);
    return record;
  };
  const shown = (record: StoredRecord): OrgRecord => {
    const fields: Record<string, Value> = {};
    for (const field of org.schema.fields(record.object)) {
      const value = org.read(record, field);
      if (value !== null) fields[field.name] = value;
    }
    return { id: record.id, object: record.object.name, fields, isDeleted: record.deletedAt !== null };
  };
  const checked = (object: ObjectDefinition, values: Values): Values =>
    Object.fromEntries(
      Object.entries(values).map(([name, sent]) => {
        const field = org.schema.findField(object, name);
        if (field === null) throw new Error(`${object.name} has no field ${name}`);
        const value = toValue(field, sent);
        if (value !== null && typeof value === 'object') {
          throw new Error(`${object.name}.${name}: '${value.misfit}' is no ${field.type}`);
        }
        const problem = checkValue(field, value);
        if (problem !== null) throw new Error(`${object.name}.${name}: ${problem.message}`);
        return [field.name, value];
      }),
    );

  return {
    get(id) {
      const record = find(id);
      return record === null ? null : shown(record);
    },
    all: (object) => [...org.table(getObject(object)).alive()].map(shown),
    deleted: (object) =>
      [...org.table(getObject(object)).all()]
        .filter((record) => record.deletedAt !== null && !org.isGone(record))
        .map(shown),
    count(object) {
      let count = 0;
      for (const _ of org.table(getObject(object)).alive()) count += 1;
      return count;
    },
    edit(id, values) {
      const record = alive(id);
      org.change(record, checked(record.object, values), adminUserId);
    },
    create(object, values) {
      const type = getObject(object);
      return org.create(type, checked(type, values), adminUserId).id;
    },
    remove: (id) => org.delete(alive(id), adminUserId),
    restore: (id) => org.restore(binned(id), adminUserId),
    purge(id) {
      const record = find(id);
      if (record === null) throw new Error(`${id} is not in the org`);
      org.purge(record);
    },
    merge(winnerId, loserId) {
      const [winner, loser] = [alive(winnerId), alive(loserId)];
      if (winner.id === loser.id) throw new Error(`${winnerId} cannot be merged with itself`);
      if (winner.object !== loser.object || !winner.object.mergeable) {
        throw new Error(`${winner.object.name} and ${loser.object.name} cannot be merged`);
      }
      org.merge(winner, loser, adminUserId);
    },
    setUserActive(userId, isActive) {
      const user = alive(userId);
      org.change(user, { IsActive: isActive }, adminUserId);
    },
    hideField: (object, field) => org.schema.hideField(object, field),
    showField: (object, field) => org.schema.showField(object, field),
    hideObject: (object) => org.schema.hideObject(object),
    addField: (object, field) => org.schema.addField(object, field),
  };
}
