import type { Instant } from '../contract/record.ts';

/**
 * The one place in which SOQL is made. Names are checked, values are quoted; nothing else gets in, whatever a record, a
 * mapping or a person says.
 */

/** A piece of a WHERE clause. Made here only, so that no text of elsewhere can stand for one. */
export interface Condition {
  readonly text: string;
  readonly isCondition: true;
}

/** A datetime has no quotes in SOQL, so it has to be told from text. */
export interface InstantValue {
  readonly instant: Instant;
}

export type SoqlValue = string | number | boolean | null | InstantValue;

export interface ChildSelect {
  /** What the parent calls its children: `OpportunityContactRoles`. */
  readonly from: string;
  readonly fields: readonly string[];
  readonly where?: Condition;
}

export interface Select {
  readonly from: string;
  readonly fields: readonly string[];
  readonly children?: readonly ChildSelect[];
  readonly where?: Condition | undefined;
  readonly orderBy?: readonly string[];
  readonly limit?: number;
}

/** Salesforce takes statements of up to 100,000 characters; an id in a list takes 21. */
export const MAX_IDS = 2_000;

export function select(query: Select): string {
  const children = (query.children ?? []).map((child) => `(${select(child)})`);
  const fields = [...new Set(query.fields)].map(toName);
  const { where, orderBy = [], limit } = query;
  return [
    `SELECT ${[...fields, ...children].join(', ')} FROM ${toName(query.from)}`,
    ...(where === undefined ? [] : [`WHERE ${where.text}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.map(toName).join(', ')}`]),
    ...(limit === undefined ? [] : [`LIMIT ${toInteger(limit)}`]),
  ].join(' ');
}

export function compare(field: string, operator: '=' | '!=' | '<' | '<=' | '>' | '>=', value: SoqlValue): Condition {
  return toCondition(`${toName(field)} ${operator} ${toLiteral(value)}`);
}

/** Throws `RangeError` for an empty list, which SOQL does not know, and for one that a statement cannot hold. */
export function isIn(field: string, values: readonly string[]): Condition {
  if (values.length === 0 || values.length > MAX_IDS) {
    throw new RangeError(`an IN list takes 1 to ${MAX_IDS} values, not ${values.length}`);
  }
  return toCondition(`${toName(field)} IN (${values.map(toLiteral).join(',')})`);
}

export function both(one: Condition, other: Condition): Condition {
  return toCondition(`(${one.text} AND ${other.text})`);
}

export function allOf(conditions: readonly Condition[]): Condition | undefined {
  return join(conditions, ' AND ');
}

export function anyOf(conditions: readonly Condition[]): Condition | undefined {
  return join(conditions, ' OR ');
}

function join(conditions: readonly Condition[], word: string): Condition | undefined {
  const [first] = conditions;
  if (first === undefined || conditions.length === 1) return first;
  return toCondition(`(${conditions.map(({ text }) => text).join(word)})`);
}

function toCondition(text: string): Condition {
  return { text, isCondition: true };
}

/** A field or object, or a field of a parent: `Account.Name`. */
function toName(name: string): string {
  if (/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/.test(name)) return name;
  throw new RangeError(`'${name}' is no name of a field or an object`);
}

function toInteger(value: number): string {
  if (Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new RangeError(`${value} is not a whole number`);
}

function toLiteral(value: SoqlValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'object') return toInstantLiteral(value.instant);
  if (Number.isFinite(value)) return String(value);
  throw new RangeError(`${value} cannot be compared in SOQL`);
}

function toInstantLiteral(instant: Instant): string {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(instant)) return instant;
  throw new RangeError(`'${instant}' is no instant`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

function quote(text: string): string {
  // NUL ends a statement in some of the systems on the way, and stands in no value that Salesforce holds.
  return `'${text.replaceAll('\0', '').replaceAll(/[\\'\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? '')}'`;
}
