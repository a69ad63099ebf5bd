import type { FieldDefinition, Value, Values } from './field-definition.ts';
import { parseId } from './ids.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { OrgState } from './org-state.ts';
import { valueOf } from './records.ts';
import type { StoredRecord } from './records.ts';
import { problem } from './refusal.ts';
import type { RecordProblem } from './refusal.ts';
import type { RowLocks } from './row-locks.ts';
import type { RowFault } from './salesforce-faults.ts';
import { checkValue } from './values.ts';

/** What the org's own automation demands of a write beyond the fields' types; null lets it pass. */
export type AdminRule = (write: AdminRuleWrite) => AdminRefusal | null;

export interface AdminRuleWrite {
  readonly object: string;
  /** Null for a new record. */
  readonly id: string | null;
  /** As sent, by the fields' own names. */
  readonly values: Values;
}

export interface AdminRefusal {
  readonly message: string;
  readonly fields?: readonly string[];
  /** `FIELD_CUSTOM_VALIDATION_EXCEPTION`, a validation rule's, unless told. */
  readonly statusCode?: string;
}

/** Who writes, in which call, and what is to happen to its records. */
export interface WriteCall {
  readonly userId: string;
  readonly callId: number;
  /** Assignment rules choose the owner, unless the call said that they shall not. */
  readonly assigns: boolean;
  readonly rowFault: RowFault | null;
}

export type SaveResult =
  | { readonly success: true; readonly id: string; readonly created: boolean; readonly errors: readonly [] }
  | { readonly success: false; readonly errors: readonly RecordProblem[] };

/** What was sent for one record: its fields, looked up, with values of their types. */
export type SentValues = readonly (readonly [field: FieldDefinition, value: Value])[];

const ASSIGNED = ['Account', 'Case'];
/** What a write to a record locks besides itself: the parents whose roll-ups and sharing it touches. */
const PARENT_FIELDS = ['AccountId', 'OpportunityId', 'ContactId', 'WhatId', 'WhoId', 'SBQQ__Account__c'];

/** Writes records as the API does: checks one after another, so that some may fail and the others not. */
export class RecordWriter {
  readonly #org: OrgState;
  readonly #locks: RowLocks;
  readonly #rule: AdminRule | null;
  readonly #assignsTo: string | null;

  constructor(org: OrgState, locks: RowLocks, rule: AdminRule | null, assignsTo: string | null) {
    this.#org = org;
    this.#locks = locks;
    this.#rule = rule;
    this.#assignsTo = assignsTo;
  }

  /** `position`: which record of the call it is, from 0. */
  create(object: ObjectDefinition, sent: SentValues, call: WriteCall, position: number): SaveResult {
    const problems = [
      ...this.#faultAt(call, position),
      ...requireAccess(object, object.createable, 'create'),
      ...this.#checkFields(object, null, sent),
      ...this.#requireFilled(object, sent),
    ];
    if (problems.length > 0) return { success: false, errors: problems };
    const values = valuesOf(sent);
    const stopped = this.#checkRecord(object, null, values, call);
    if (stopped !== null) return { success: false, errors: [stopped] };
    const record = this.#org.create(object, this.#assigned(object, values, call), call.userId);
    return { success: true, id: record.id, created: true, errors: [] };
  }

  update(object: ObjectDefinition, id: string, sent: SentValues, call: WriteCall, position: number): SaveResult {
    const found = this.#find(object, id);
    if ('statusCode' in found) return { success: false, errors: [found] };
    const problems = [
      ...this.#faultAt(call, position),
      ...requireAccess(object, object.updateable, 'update'),
      ...this.#checkFields(object, found, sent),
    ];
    if (problems.length > 0) return { success: false, errors: problems };
    const values = valuesOf(sent);
    const stopped = this.#checkRecord(object, found, values, call);
    if (stopped !== null) return { success: false, errors: [stopped] };
    this.#org.change(found, this.#assigned(object, values, call), call.userId);
    return { success: true, id: found.id, created: false, errors: [] };
  }

  /** Makes or changes the one record that holds `key` in the external id field. */
  upsert(
    object: ObjectDefinition,
    keyField: FieldDefinition,
    key: Value,
    sent: SentValues,
    call: WriteCall,
    position: number,
  ): SaveResult {
    if (key === null) return refused('MISSING_ARGUMENT', `${keyField.name} not specified`);
    const holders = this.#org.findHolders(object, keyField, key);
    const [holder] = holders;
    if (holders.length > 1) {
      return refused('DUPLICATE_EXTERNAL_ID', `${keyField.name}: more than one record found for external id field`);
    }
    const rest = sent.filter(([field]) => field !== keyField);
    if (holder !== undefined) return this.update(object, holder.id, rest, call, position);
    return this.create(object, [...rest, [keyField, key]], call, position);
  }

  delete(id: string, call: WriteCall, position: number): SaveResult {
    const object = this.#org.schema.objectOf(id);
    if (object === null) return refused('MALFORMED_ID', `malformed id ${id}`);
    const found = this.#find(object, id);
    if ('statusCode' in found) return { success: false, errors: [found] };
    const problems = [
      ...this.#faultAt(call, position),
      ...requireAccess(object, object.deletable, 'delete'),
      ...this.#lock(found, {}, call),
    ];
    if (problems.length > 0) return { success: false, errors: problems };
    this.#org.delete(found, call.userId);
    return { success: true, id: found.id, created: false, errors: [] };
  }

  #find(object: ObjectDefinition, id: string): StoredRecord | RecordProblem {
    const parsed = parseId(id);
    if (parsed === null)
      return problem('MALFORMED_ID', `${object.label} ID: id value of incorrect type: ${id}`, ['Id']);
    const record = this.#org.find(parsed);
    if (record === null || record.object !== object) {
      return problem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    }
    return record.deletedAt === null ? record : problem('ENTITY_IS_DELETED', 'entity is deleted');
  }

  #checkFields(object: ObjectDefinition, record: StoredRecord | null, sent: SentValues): readonly RecordProblem[] {
    const problems: RecordProblem[] = [];
    const isPerson = record?.values['IsPersonAccount'] === true;
    const closed = sent
      .map(([field]) => field)
      .filter(
        (field) => (record === null ? !field.createable : !field.updateable) || (isPerson && field.name === 'Name'),
      )
      .map(({ name }) => name);
    if (closed.length > 0) {
      const why = `Unable to create/update fields: ${closed.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
      problems.push(problem('INVALID_FIELD_FOR_INSERT_UPDATE', why, closed));
    }
    const emptied = record === null ? [] : sent.filter(([field, value]) => value === null && !field.nillable);
    problems.push(...requiredMissing(emptied.map(([field]) => field.name)));
    for (const [field, value] of sent) {
      const found =
        checkValue(field, value) ??
        this.#checkReference(object, field, value) ??
        this.#checkUnique(object, record, field, value);
      if (found !== null) problems.push(found);
    }
    return problems;
  }

  #requireFilled(object: ObjectDefinition, sent: SentValues): readonly RecordProblem[] {
    const filled = new Set(sent.filter(([, value]) => value !== null).map(([field]) => field.name));
    const missing = this.#org.schema
      .fields(object)
      .filter((field) => field.createable && !field.nillable && !field.defaultedOnCreate && !filled.has(field.name))
      .map(({ name }) => name);
    const lacks = (...names: readonly string[]): boolean => !names.some((name) => filled.has(name));
    if (object.name === 'Account' && lacks('Name', 'LastName') && !missing.includes('Name')) missing.push('Name');
    if (object.name === 'Event') {
      if (lacks('ActivityDateTime', 'StartDateTime')) missing.push('ActivityDateTime');
      if (lacks('DurationInMinutes', 'EndDateTime')) missing.push('DurationInMinutes');
    }
    return requiredMissing(missing);
  }

  #checkReference(object: ObjectDefinition, field: FieldDefinition, value: Value): RecordProblem | null {
    if (field.type !== 'reference' || typeof value !== 'string') return null;
    const kind = parseId(value) === null ? null : this.#org.schema.objectOf(value);
    if (kind === null || !field.referenceTo.includes(kind.name)) {
      return problem('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name]);
    }
    const target = this.#org.find(value);
    if (target === null) return problem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);
    if (target.deletedAt !== null) return problem('ENTITY_IS_DELETED', 'entity is deleted', [field.name]);
    if (field.name === 'OwnerId' && kind.name === 'User' && target.values['IsActive'] !== true) {
      const why = `operation performed with inactive user [${value}] as owner of ${object.name.toLowerCase()}`;
      return problem('INACTIVE_OWNER_OR_USER', why, [field.name]);
    }
    return null;
  }

  #checkUnique(
    object: ObjectDefinition,
    record: StoredRecord | null,
    field: FieldDefinition,
    value: Value,
  ): RecordProblem | null {
    if (!field.unique || value === null) return null;
    const other = this.#org.findHolders(object, field, value).find(({ id }) => id !== record?.id);
    if (other === undefined) return null;
    const why = `duplicate value found: ${field.name} duplicates value on record with id: ${other.id.slice(0, 15)}`;
    return problem('DUPLICATE_VALUE', why, [field.name]);
  }

  #checkRecord(
    object: ObjectDefinition,
    record: StoredRecord | null,
    values: Values,
    call: WriteCall,
  ): RecordProblem | null {
    const [locked] = this.#lock(record, values, call);
    if (locked !== undefined) return locked;
    const refusal = this.#rule?.({ object: object.name, id: record?.id ?? null, values }) ?? null;
    if (refusal === null) return null;
    const code = refusal.statusCode ?? 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
    return problem(code, refusal.message, refusal.fields ?? []);
  }

  #lock(record: StoredRecord | null, values: Values, call: WriteCall): readonly RecordProblem[] {
    const parents = PARENT_FIELDS.flatMap((name) => [
      values[name],
      record === null ? null : valueOf(record, name, false),
    ]);
    const ids = [record?.id, ...parents].filter((id) => typeof id === 'string');
    const held = this.#locks.take(call.callId, ids);
    return held === null ? [] : [problem('UNABLE_TO_LOCK_ROW', lockMessage(held))];
  }

  #faultAt({ rowFault }: WriteCall, position: number): readonly RecordProblem[] {
    if (rowFault === null || rowFault.positions?.includes(position) === false) return [];
    const code = rowFault.statusCode ?? 'UNABLE_TO_LOCK_ROW';
    return [problem(code, rowFault.message ?? lockMessage('this record'))];
  }

  #assigned(object: ObjectDefinition, values: Values, call: WriteCall): Values {
    if (!call.assigns || this.#assignsTo === null || !ASSIGNED.includes(object.name)) return values;
    return { ...values, OwnerId: this.#assignsTo };
  }
}

function refused(statusCode: string, message: string): SaveResult {
  return { success: false, errors: [problem(statusCode, message)] };
}

function lockMessage(id: string): string {
  return `unable to obtain exclusive access to this record or 1 records: ${id}`;
}

function requiredMissing(names: readonly string[]): readonly RecordProblem[] {
  if (names.length === 0) return [];
  return [problem('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names)];
}

function requireAccess(object: ObjectDefinition, isAllowed: boolean, verb: string): readonly RecordProblem[] {
  if (isAllowed) return [];
  return [problem('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be ${verb}d: ${object.label}`)];
}

function valuesOf(sent: SentValues): Values {
  return Object.fromEntries(sent.map(([field, value]) => [field.name, value]));
}
