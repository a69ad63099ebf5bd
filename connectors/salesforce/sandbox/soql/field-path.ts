import type { FieldDefinition, Value } from '../field-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { StoredRecord } from '../records.ts';
import { refuse } from '../refusal.ts';
import type { Refusal } from '../refusal.ts';

/** A field reached from an object, directly or through what it refers to. */
export interface FieldPath {
  /** The names as the org spells them: `['Account', 'Owner', 'Name']`. */
  readonly names: readonly string[];
  readonly field: FieldDefinition;
  readonly read: (record: StoredRecord) => Value;
  /** The record that holds the field; null when something on the way is empty. */
  readonly follow: (record: StoredRecord) => StoredRecord | null;
}

/** What a reference to several kinds of records can be asked for. */
const OF_ANY_KIND = ['Id', 'Name', 'Email', 'FirstName', 'LastName', 'Title', 'IsActive', 'Phone'];

/** Looks a path up as the integration user sees the org; refuses one that it does not see. */
export function findPath(org: OrgState, object: ObjectDefinition, path: string, query: string): FieldPath {
  const parts = path.split('.');
  // `Account.Name` in a query on accounts is the account's own name.
  if (parts.length > 1 && parts[0]?.toLowerCase() === object.name.toLowerCase()) {
    const isRelationship = relationshipOf(org, object, parts[0]) !== null;
    if (!isRelationship) parts.shift();
  }
  const last = parts.pop() ?? '';
  const steps: FieldDefinition[] = [];
  let kinds: readonly ObjectDefinition[] = [object];
  for (const part of parts) {
    const step = kinds.length === 1 && kinds[0] !== undefined ? relationshipOf(org, kinds[0], part) : null;
    if (step === null) throw refuseRelationship(part, path, query);
    steps.push(step);
    kinds = step.referenceTo.flatMap((name) => org.schema.findVisibleObject(name) ?? []);
  }
  const field = fieldOfKinds(org, kinds, last);
  if (field === null) throw refuseColumn(last, kinds[0]?.name ?? object.name, path, query);
  const follow = (record: StoredRecord): StoredRecord | null => {
    let current: StoredRecord | null = record;
    for (const step of steps) {
      const id: Value = current === null ? null : org.read(current, step);
      current = typeof id === 'string' ? org.find(id) : null;
    }
    return current;
  };
  const readOf = (holder: StoredRecord): Value =>
    field.name === 'Type' && kinds.length > 1
      ? holder.object.name
      : org.read(holder, nameFieldOf(holder, field, kinds));
  return {
    names: [...steps.map(({ relationshipName }) => relationshipName ?? ''), field.name],
    field,
    follow,
    read(record) {
      const holder = follow(record);
      return holder === null ? null : readOf(holder);
    },
  };
}

export function refuseColumn(name: string, object: string, path: string, query: string): Refusal {
  return refuse(
    400,
    'INVALID_FIELD',
    `${pointAt(query, path)}No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

export function refuseRelationship(name: string, path: string, query: string): Refusal {
  return refuse(
    400,
    'INVALID_FIELD',
    `${pointAt(query, path)}Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

/** The lines that Salesforce puts before what is wrong: the query's part, an arrow and the place. */
export function pointAt(query: string, part: string): string {
  const column = Math.max(0, query.indexOf(part));
  const start = Math.max(0, column - 40);
  const shown = query.slice(start, column + part.length + 40);
  return `\n${shown}\n${' '.repeat(column - start)}^\nERROR at Row:1:Column:${column + 1}\n`;
}

function relationshipOf(org: OrgState, object: ObjectDefinition, name: string): FieldDefinition | null {
  const wanted = name.toLowerCase();
  return (
    org.schema.visibleFields(object).find(({ relationshipName }) => relationshipName?.toLowerCase() === wanted) ?? null
  );
}

function fieldOfKinds(org: OrgState, kinds: readonly ObjectDefinition[], name: string): FieldDefinition | null {
  const [only, ...others] = kinds;
  if (only === undefined) return null;
  if (others.length === 0) return org.schema.findVisibleField(only, name);
  const wanted = name.toLowerCase();
  const known = OF_ANY_KIND.find((field) => field.toLowerCase() === wanted);
  for (const kind of kinds) {
    const field = org.schema.findVisibleField(kind, wanted);
    if (field !== null && (known !== undefined || wanted === 'type')) return field;
  }
  return null;
}

/** A case shows its number where an account shows its name. */
function nameFieldOf(
  holder: StoredRecord,
  field: FieldDefinition,
  kinds: readonly ObjectDefinition[],
): FieldDefinition {
  if (kinds.length === 1 || field.name !== 'Name') return field;
  return holder.object.fields.find(({ isName }) => isName) ?? field;
}
