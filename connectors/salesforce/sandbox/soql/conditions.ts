import type { FieldDefinition, Value } from '../field-definition.ts';
import { parseId } from '../ids.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { StoredRecord } from '../records.ts';
import { refuse } from '../refusal.ts';
import { isDay, parseWireTime } from '../wire-time.ts';
import { findPath, pointAt } from './field-path.ts';
import { refuseQuery } from './parse-soql.ts';
import type { Condition, Literal, Operator, SoqlQuery } from './soql-query.ts';

export type Predicate = (record: StoredRecord) => boolean;

/** Runs a query that gives one column, for `IN (SELECT …)`. */
export type RunColumn = (query: SoqlQuery) => ReadonlySet<Value>;

/** Turns a condition into a test of records; refuses values that do not fit their fields. */
export function toPredicate(
  org: OrgState,
  object: ObjectDefinition,
  condition: Condition,
  query: string,
  runColumn: RunColumn,
): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => toPredicate(org, object, part, query, runColumn));
      return (record) => parts.every((part) => part(record));
    }
    case 'or': {
      const parts = condition.parts.map((part) => toPredicate(org, object, part, query, runColumn));
      return (record) => parts.some((part) => part(record));
    }
    case 'not': {
      const part = toPredicate(org, object, condition.part, query, runColumn);
      return (record) => !part(record);
    }
    case 'in-query': {
      const path = findPath(org, object, condition.path, query);
      const wanted = runColumn(condition.query);
      return (record) => wanted.has(path.read(record)) !== condition.isNegated;
    }
    case 'compare': {
      const path = findPath(org, object, condition.path, query);
      requireFilterable(path.field, query);
      const values = condition.literals.map((literal) => toComparable(path.field, literal, query));
      const test = toTest(path.field, condition.operator, values);
      return (record) => test(fold(path.field, path.read(record)));
    }
    default:
      return condition satisfies never;
  }
}

/** The ids that a condition leaves, where it names them: so that a look-up of 200 ids does not walk the whole object. */
export function namedIds(condition: Condition | null): readonly string[] | null {
  if (condition?.kind === 'and') {
    for (const part of condition.parts) {
      const ids = namedIds(part);
      if (ids !== null) return ids;
    }
  }
  if (condition?.kind !== 'compare' || condition.path.toLowerCase() !== 'id') return null;
  if (condition.operator !== '=' && condition.operator !== 'IN') return null;
  return condition.literals.flatMap(({ text }) => parseId(text) ?? []);
}

/** The id after which all records lie that a condition leaves, where it names one: walks by id begin there. */
export function idBound(condition: Condition | null): string | null {
  if (condition?.kind === 'and') {
    for (const part of condition.parts) {
      const bound = idBound(part);
      if (bound !== null) return bound;
    }
  }
  if (condition?.kind !== 'compare' || condition.path.toLowerCase() !== 'id') return null;
  const [literal] = condition.literals;
  const isBound = condition.operator === '>' || condition.operator === '>=';
  return isBound && literal !== undefined ? parseId(literal.text) : null;
}

function requireFilterable(field: FieldDefinition, query: string): void {
  const isLong = field.type === 'textarea' && field.length > 255;
  if (!isLong && field.type !== 'address') return;
  const why = `field '${field.name}' can not be filtered in a query call`;
  throw refuse(400, 'INVALID_FIELD', `${pointAt(query, field.name)}${why}`);
}

/** Text is compared in any case, an id by its 18 characters, an empty value as none. */
function fold(field: FieldDefinition, value: Value): Value {
  if (typeof value !== 'string' || field.type === 'id' || field.type === 'reference') return value;
  return value === '' ? null : value.toLowerCase();
}

function toComparable(field: FieldDefinition, literal: Literal, query: string): Value {
  if (literal.kind === 'null') return null;
  const misfit = (wanted: string, isQuoted: boolean): Error =>
    refuse(
      400,
      'INVALID_FIELD',
      `${pointAt(query, field.name)}value of filter criterion for field '${field.name}' must be of type ${wanted} and should ${isQuoted ? '' : 'not '}be enclosed in quotes`,
    );
  switch (field.type) {
    case 'id':
    case 'reference': {
      if (literal.kind !== 'text') throw misfit('string', true);
      if (literal.text === '') return null;
      const id = parseId(literal.text);
      if (id === null) {
        const why = `invalid ID field: ${literal.text}`;
        throw refuse(400, 'INVALID_QUERY_FILTER_OPERATOR', `${pointAt(query, field.name)}${why}`);
      }
      return id;
    }
    case 'boolean':
      if (literal.kind !== 'boolean') throw misfit('boolean', false);
      return literal.text === 'true';
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      if (literal.kind !== 'number') throw misfit(field.type, false);
      return Number(literal.text);
    case 'date':
      if (literal.kind !== 'date' || !isDay(literal.text)) throw misfit('date', false);
      return literal.text;
    case 'datetime': {
      const at = literal.kind === 'datetime' ? parseWireTime(literal.text) : null;
      if (at === null) throw misfit('dateTime', false);
      return at.toLowerCase();
    }
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'combobox':
    case 'email':
    case 'phone':
    case 'url':
    case 'address':
      if (literal.kind !== 'text') throw misfit('string', true);
      return fold(field, literal.text);
    default:
      return field.type satisfies never;
  }
}

function toTest(field: FieldDefinition, operator: Operator, values: readonly Value[]): (value: Value) => boolean {
  const [wanted = null] = values;
  const order = (value: Value): number => {
    if (value === null || wanted === null || value === wanted) return value === wanted ? 0 : Number.NaN;
    return value < wanted ? -1 : 1;
  };
  switch (operator) {
    case '=':
      return (value) => value === wanted;
    case '!=':
      return (value) => value !== wanted;
    case '<':
      return (value) => order(value) < 0;
    case '<=':
      return (value) => order(value) <= 0;
    case '>':
      return (value) => order(value) > 0;
    case '>=':
      return (value) => order(value) >= 0;
    case 'IN': {
      const set = new Set(values);
      return (value) => set.has(value);
    }
    case 'NOT IN': {
      const set = new Set(values);
      return (value) => !set.has(value);
    }
    case 'LIKE': {
      const pattern = toPattern(String(wanted ?? ''));
      return (value) => typeof value === 'string' && pattern.test(value);
    }
    case 'INCLUDES':
    case 'EXCLUDES': {
      if (field.type !== 'multipicklist') {
        throw refuseQuery(`${operator} can only be used with multi-select picklists, not with '${field.name}'`);
      }
      const choices = values.map((value) => String(value).split(';'));
      const holdsOne = (value: Value): boolean => {
        const held = new Set(String(value ?? '').split(';'));
        return choices.some((choice) => choice.every((part) => held.has(part)));
      };
      return operator === 'INCLUDES' ? holdsOne : (value) => !holdsOne(value);
    }
    default:
      return operator satisfies never;
  }
}

/** `%` stands for any text, `_` for one character, and a backslash takes that from them. */
function toPattern(like: string): RegExp {
  const source = like.replaceAll(/\\([_%])|[_%]|[^\w\s]/g, (found, plain: string | undefined) => {
    if (plain !== undefined) return plain;
    if (found === '%') return '[^]*';
    return found === '_' ? '[^]' : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'u');
}
