import { z } from 'zod';
import { compareIdsAsNumbers, compareIdsAsText } from '../../kit/sandbox/sorted-ids.ts';
import { readerOf } from './derived.ts';
import type { ReadValue } from './derived.ts';
import { getObjectType } from './object-types.ts';
import type { ObjectType } from './object-types.ts';
import type { PortalState } from './portal-state.ts';
import type { PropertyDefinition } from './property-definition.ts';
import type { IdOrder, RecordVersion, StoredRecord } from './records.ts';
import { refuseRequest } from './refusal.ts';

export const filterSchema = z.object({
  propertyName: z.string(),
  operator: z.enum([
    'EQ',
    'NEQ',
    'LT',
    'LTE',
    'GT',
    'GTE',
    'BETWEEN',
    'IN',
    'NOT_IN',
    'HAS_PROPERTY',
    'NOT_HAS_PROPERTY',
    'CONTAINS_TOKEN',
    'NOT_CONTAINS_TOKEN',
  ]),
  value: z.string().optional(),
  highValue: z.string().optional(),
  values: z.array(z.string()).optional(),
});

export type SearchFilter = z.infer<typeof filterSchema>;

export type Matches = (record: StoredRecord, version: RecordVersion) => boolean;

/** How the values of one property are read and compared. */
interface Comparison {
  /** The record's value in comparable form; null when it has none. */
  readonly read: (record: StoredRecord, version: RecordVersion) => string | number | null;
  /** A filter's value in comparable form; refuses what HubSpot refuses. */
  readonly parse: (sent: string) => string | number;
  /** Values of `IN` are compared as they are sent: HubSpot wants them in lower case and forgives nothing. */
  readonly parseListed: (sent: string) => string | number;
  readonly compare: (a: string | number, b: string | number) => number;
}

/** The test that one filter is; refuses a filter that HubSpot refuses. */
export function toMatches(portal: PortalState, type: ObjectType, filter: SearchFilter, idOrder: IdOrder): Matches {
  if (filter.propertyName.startsWith('associations.')) return associationMatches(portal, type, filter);
  const { read, parse, parseListed, compare } = comparisonOf(portal, type, filter.propertyName, idOrder);
  const { operator } = filter;
  const test = (isMatch: (value: string | number) => boolean): Matches => {
    return (record, version) => {
      const value = read(record, version);
      return value !== null && isMatch(value);
    };
  };
  const value = (): string | number => parse(required(filter, 'value'));
  switch (operator) {
    case 'HAS_PROPERTY':
      return (record, version) => read(record, version) !== null;
    case 'NOT_HAS_PROPERTY':
      return (record, version) => read(record, version) === null;
    case 'EQ': {
      const wanted = value();
      return test((own) => compare(own, wanted) === 0);
    }
    case 'NEQ': {
      const unwanted = value();
      return test((own) => compare(own, unwanted) !== 0);
    }
    case 'LT': {
      const limit = value();
      return test((own) => compare(own, limit) < 0);
    }
    case 'LTE': {
      const limit = value();
      return test((own) => compare(own, limit) <= 0);
    }
    case 'GT': {
      const limit = value();
      return test((own) => compare(own, limit) > 0);
    }
    case 'GTE': {
      const limit = value();
      return test((own) => compare(own, limit) >= 0);
    }
    case 'BETWEEN': {
      const [low, high] = [value(), parse(required(filter, 'highValue'))];
      return test((own) => compare(own, low) >= 0 && compare(own, high) <= 0);
    }
    case 'IN': {
      const wanted = listed(filter).map(parseListed);
      return test((own) => wanted.some((one) => compare(own, one) === 0));
    }
    case 'NOT_IN': {
      const unwanted = listed(filter).map(parseListed);
      return test((own) => unwanted.every((one) => compare(own, one) !== 0));
    }
    case 'CONTAINS_TOKEN': {
      const pattern = tokenPattern(required(filter, 'value'));
      return test((own) => pattern.test(String(own)));
    }
    case 'NOT_CONTAINS_TOKEN':
    default: {
      const pattern = tokenPattern(required(filter, 'value'));
      return test((own) => !pattern.test(String(own)));
    }
  }
}

/** Orders records by one property, those without a value last; refuses an unknown property. */
export function toOrder(
  portal: PortalState,
  type: ObjectType,
  propertyName: string,
  idOrder: IdOrder,
): (a: readonly [StoredRecord, RecordVersion], b: readonly [StoredRecord, RecordVersion]) => number {
  const { read, compare } = comparisonOf(portal, type, propertyName, idOrder);
  return (a, b) => {
    const [left, right] = [read(...a), read(...b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return compare(left, right);
  };
}

function comparisonOf(portal: PortalState, type: ObjectType, name: string, idOrder: IdOrder): Comparison {
  const definition = portal.schema.find(type, name);
  if (definition === null) {
    throw refuseRequest(`Property "${name}" does not exist for object type ${type.typeId}`, 'INVALID_PROPERTY');
  }
  const readText = readerOf(portal, type, name);
  if (name === 'hs_object_id') return idComparison(idOrder);
  if (name === type.modifiedProperty) return momentComparison(name, (_, version) => version.updatedAt);
  if (name === type.createdProperty) return momentComparison(name, (record) => record.createdAt);
  switch (definition.type) {
    case 'number':
      return {
        read: (record, version) => toNumber(readText(record, version)),
        parse: (sent) => parseNumber(name, sent),
        parseListed: (sent) => parseNumber(name, sent),
        compare: compareValues,
      };
    case 'date':
    case 'datetime':
      return momentComparison(name, (record, version) => toMoment(readText(record, version)));
    case 'bool':
    case 'enumeration':
    case 'string':
    case 'phone_number':
    default:
      return textComparison(readText, definition);
  }
}

function idComparison(order: IdOrder): Comparison {
  const compareIds = order === 'number' ? compareIdsAsNumbers : compareIdsAsText;
  const parse = (sent: string): string => {
    if (!/^\d+$/.test(sent)) throw refuseRequest(`${sent} is not a valid value for hs_object_id.`, 'INVALID_NUMBER');
    return sent;
  };
  return {
    read: (record) => record.id,
    parse,
    parseListed: parse,
    compare: (a, b) => compareIds(String(a), String(b)),
  };
}

function momentComparison(name: string, read: Comparison['read']): Comparison {
  const parse = (sent: string): number => {
    if (!/^-?\d+$/.test(sent)) {
      throw refuseRequest(`${sent} is not a valid value for ${name}: epoch milliseconds are expected.`, 'INVALID_LONG');
    }
    return Number(sent);
  };
  return { read, parse, parseListed: parse, compare: compareValues };
}

function textComparison(readText: ReadValue, definition: PropertyDefinition): Comparison {
  // Options are compared as they are written, free text without regard to case.
  const fold = (value: string): string => (definition.type === 'enumeration' ? value : value.toLowerCase());
  return {
    read: (record, version) => {
      const value = readText(record, version);
      return value === null ? null : fold(value);
    },
    parse: fold,
    parseListed: (sent) => sent,
    compare: compareValues,
  };
}

function associationMatches(portal: PortalState, type: ObjectType, filter: SearchFilter): Matches {
  const to = getObjectType(filter.propertyName.slice('associations.'.length));
  const wanted = filter.operator === 'IN' ? listed(filter) : [required(filter, 'value')];
  if (filter.operator !== 'EQ' && filter.operator !== 'IN') {
    throw refuseRequest(`${filter.operator} cannot be used with ${filter.propertyName}.`, 'INVALID_OPERATOR');
  }
  return (record) => wanted.some((id) => portal.links.get(type, record.id, to).has(id));
}

function required(filter: SearchFilter, key: 'value' | 'highValue'): string {
  const sent = filter[key];
  if (sent === undefined) throw refuseRequest(`${filter.operator} requires ${key}.`, 'INVALID_FILTER');
  return sent;
}

function listed(filter: SearchFilter): readonly string[] {
  if (filter.values === undefined || filter.values.length === 0) {
    throw refuseRequest(`${filter.operator} requires values.`, 'INVALID_FILTER');
  }
  return filter.values;
}

/** A whole word, in which `*` stands for any letters. */
function tokenPattern(sent: string): RegExp {
  const escaped = sent.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', String.raw`\S*`);
  return new RegExp(String.raw`(^|[^\p{L}\p{N}])${escaped}($|[^\p{L}\p{N}])`, 'iu');
}

function compareValues(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function toNumber(value: string | null): number | null {
  return value === null ? null : Number(value);
}

function toMoment(value: string | null): number | null {
  if (value === null) return null;
  return /^\d+$/.test(value) ? Number(value) : Date.parse(value);
}

function parseNumber(name: string, sent: string): number {
  const parsed = Number(sent);
  if (sent.trim() === '' || !Number.isFinite(parsed)) {
    throw refuseRequest(`${sent} is not a valid value for ${name}: a number is expected.`, 'INVALID_NUMBER');
  }
  return parsed;
}
