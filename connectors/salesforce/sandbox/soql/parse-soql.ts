import { parseQuery } from '@jetstreamapp/soql-parser-js';
import type {
  FieldType,
  LiteralType,
  Operator as ParsedOperator,
  Query,
  Subquery,
  ValueCondition,
  ValueQueryCondition,
  WhereClause,
} from '@jetstreamapp/soql-parser-js';
import { refuse } from '../refusal.ts';
import type { Refusal } from '../refusal.ts';
import type { AggregateFunction, Condition, Literal, SoqlColumn, SoqlQuery } from './soql-query.ts';

const LONGEST = 100_000;
const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG']);

/** Reads a query; refuses what is not SOQL, or is SOQL that the sandbox does not know, as malformed. */
export function parseSoql(text: string): SoqlQuery {
  if (text.length > LONGEST) throw refuseQuery(`SOQL statements cannot be longer than ${LONGEST} characters.`);
  let parsed: Query;
  try {
    parsed = parseQuery(text);
  } catch (error) {
    throw refuseQuery(error instanceof Error ? error.message : 'unexpected token');
  }
  return toQuery(parsed, parsed.sObject ?? '', text);
}

export function refuseQuery(message: string): Refusal {
  return refuse(400, 'MALFORMED_QUERY', message);
}

function toQuery(parsed: Query | Subquery, from: string, text: string): SoqlQuery {
  if (parsed.having !== undefined || parsed.usingScope !== undefined || parsed.withDataCategory !== undefined) {
    throw refuseQuery('the sandbox knows neither HAVING nor USING SCOPE nor WITH DATA CATEGORY');
  }
  const prefix = parsed.sObjectAlias === undefined ? null : `${parsed.sObjectAlias}.`;
  const own = (path: string): string => (prefix !== null && path.startsWith(prefix) ? path.slice(prefix.length) : path);
  const fields = parsed.fields ?? [];
  const isCount =
    fields.length === 1 && fields[0]?.type === 'FieldFunctionExpression' && fields[0].rawValue === 'COUNT()';
  return {
    text,
    from,
    isCount,
    columns: isCount ? [] : fields.map((field) => toColumn(field, own, text)),
    where: parsed.where === undefined ? null : new ConditionReader(parsed.where, own, text).read(),
    groupBy: list(parsed.groupBy).map((clause) => own('field' in clause ? clause.field : (clause.fn.rawValue ?? ''))),
    orderBy: list(parsed.orderBy).map((clause) => ({
      path: own('field' in clause ? clause.field : (clause.fn.rawValue ?? '')),
      isDescending: clause.order === 'DESC',
      nullsLast: clause.nulls === 'LAST',
    })),
    limit: parsed.limit ?? null,
    offset: parsed.offset ?? 0,
  };
}

function list<T>(value: T | T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function toColumn(field: FieldType, own: (path: string) => string, text: string): SoqlColumn {
  switch (field.type) {
    case 'Field':
      return { kind: 'field', path: field.field };
    case 'FieldRelationship':
      return { kind: 'field', path: own([...field.relationships, field.field].join('.')) };
    case 'FieldSubquery':
      return { kind: 'children', query: toQuery(field.subquery, field.subquery.relationshipName, text) };
    case 'FieldFunctionExpression': {
      const [path] = field.parameters;
      const fn = field.functionName.toUpperCase();
      if (!AGGREGATES.has(fn) || typeof path !== 'string') {
        throw refuseQuery(`the sandbox does not know ${field.rawValue ?? field.functionName}`);
      }
      return { kind: 'aggregate', fn: fn as AggregateFunction, path: own(path), alias: field.alias ?? null };
    }
    case 'FieldTypeof':
      throw refuseQuery('the sandbox does not know TYPEOF');
    default:
      return field satisfies never;
  }
}

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | Condition;

/** The parser gives a chain with counts of brackets; SOQL's own grammar says what the chain means. */
class ConditionReader {
  readonly #tokens: Token[] = [];
  #position = 0;

  constructor(where: WhereClause, own: (path: string) => string, text: string) {
    let clause: WhereClause | undefined = where;
    while (clause !== undefined) {
      const { left } = clause;
      for (let bracket = 0; bracket < (left?.openParen ?? 0); bracket += 1) this.#tokens.push('(');
      if ('operator' in clause && clause.operator === 'NOT') this.#tokens.push('NOT');
      else if (left !== null) {
        this.#tokens.push(toCondition(left, own, text));
        for (let bracket = 0; bracket < closingOf(left); bracket += 1) this.#tokens.push(')');
        if ('operator' in clause) this.#tokens.push(clause.operator);
      }
      clause = 'right' in clause ? clause.right : undefined;
    }
  }

  read(): Condition {
    const condition = this.#readChain();
    if (this.#position < this.#tokens.length) throw refuseQuery('unexpected token after the end of WHERE');
    return condition;
  }

  /** AND and OR beside each other need brackets: Salesforce does not rank them. */
  #readChain(): Condition {
    const parts = [this.#readOne()];
    const joint = this.#peek();
    if (joint !== 'AND' && joint !== 'OR') return parts[0] ?? { kind: 'and', parts: [] };
    while (this.#peek() === joint) {
      this.#position += 1;
      parts.push(this.#readOne());
    }
    const next = this.#peek();
    if (next === 'AND' || next === 'OR') throw refuseQuery(`unexpected token: '${next}'`);
    return { kind: joint === 'AND' ? 'and' : 'or', parts };
  }

  #readOne(): Condition {
    const token = this.#peek();
    this.#position += 1;
    if (token === 'NOT') return { kind: 'not', part: this.#readOne() };
    if (token === '(') {
      const inner = this.#readChain();
      if (this.#peek() !== ')') throw refuseQuery("expecting a right parentheses, found '<EOF>'");
      this.#position += 1;
      return inner;
    }
    if (token === undefined || typeof token === 'string') {
      throw refuseQuery(`unexpected token: '${token ?? '<EOF>'}'`);
    }
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#position];
  }
}

type ParsedCondition = NonNullable<WhereClause['left']>;

function closingOf(condition: ParsedCondition): number {
  return 'closeParen' in condition ? (condition.closeParen ?? 0) : 0;
}

function toCondition(condition: ParsedCondition, own: (path: string) => string, text: string): Condition {
  if ('valueQuery' in condition) return toInQuery(condition, own, text);
  if (!('field' in condition) || !('value' in condition)) {
    throw refuseQuery('the sandbox knows no functions in WHERE');
  }
  return {
    kind: 'compare',
    path: own(condition.field),
    operator: condition.operator,
    literals: toLiterals(condition),
  };
}

function toInQuery(condition: ValueQueryCondition, own: (path: string) => string, text: string): Condition {
  const operator: ParsedOperator = condition.operator;
  if (operator !== 'IN' && operator !== 'NOT IN') throw refuseQuery(`unexpected token: '${operator}'`);
  return {
    kind: 'in-query',
    path: own(condition.field),
    isNegated: operator === 'NOT IN',
    query: toQuery(condition.valueQuery, condition.valueQuery.sObject ?? '', text),
  };
}

function toLiterals(condition: Pick<ValueCondition, 'value' | 'literalType'>): readonly Literal[] {
  const values = list<string>(condition.value);
  const types = list<LiteralType>(condition.literalType);
  return values.map((value, index) => toLiteral(value, types[index] ?? types[0] ?? 'STRING'));
}

function toLiteral(value: string, type: LiteralType): Literal {
  switch (type) {
    case 'STRING':
      return { kind: 'text', text: unquote(value) };
    case 'INTEGER':
    case 'DECIMAL':
      return { kind: 'number', text: value };
    case 'BOOLEAN':
      return { kind: 'boolean', text: value.toLowerCase() };
    case 'NULL':
      return { kind: 'null', text: '' };
    case 'DATE':
      return { kind: 'date', text: value };
    case 'DATETIME':
      return { kind: 'datetime', text: value };
    case 'DATE_LITERAL':
    case 'DATE_N_LITERAL':
    case 'INTEGER_WITH_CURRENCY_PREFIX':
    case 'DECIMAL_WITH_CURRENCY_PREFIX':
    case 'APEX_BIND_VARIABLE':
    case 'SUBQUERY':
      throw refuseQuery(`the sandbox does not know ${value}`);
    default:
      return type satisfies never;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unquote(quoted: string): string {
  // `\_` and `\%` stay as they are: LIKE reads them itself.
  return quoted
    .slice(1, -1)
    .replaceAll(/\\(u[0-9A-Fa-f]{4}|[^_%])/g, (_, escape: string) =>
      escape.length === 5 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
    );
}
