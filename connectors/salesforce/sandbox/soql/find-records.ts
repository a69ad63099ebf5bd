import type { FieldDefinition, Value } from '../field-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { StoredRecord } from '../records.ts';
import { refuse } from '../refusal.ts';
import type { Refusal } from '../refusal.ts';
import { idBound, namedIds, toPredicate } from './conditions.ts';
import { findPath, pointAt } from './field-path.ts';
import type { Condition, Ordering, SoqlQuery } from './soql-query.ts';

const MOST_OFFSET = 2_000;

/** The matching records in their order, without paging. */
export function findRecords(
  org: OrgState,
  object: ObjectDefinition,
  query: SoqlQuery,
  seesBin: boolean,
): readonly StoredRecord[] {
  if (query.offset > MOST_OFFSET) {
    throw refuse(400, 'NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${MOST_OFFSET}`);
  }
  const isWanted =
    query.where === null
      ? () => true
      : toPredicate(org, object, query.where, query.text, (inner) => columnOf(org, inner));
  const isSorted = query.orderBy.length > 0 && !isById(query.orderBy);
  const isAggregate = isAggregateQuery(query);
  const most = query.limit === null || isSorted || isAggregate ? Infinity : query.limit + query.offset;
  const found: StoredRecord[] = [];
  for (const record of candidates(org, object, query.where)) {
    const isSeen = seesBin ? !org.isGone(record) : record.deletedAt === null && !org.isArchived(record);
    if (!isSeen || !isWanted(record)) continue;
    found.push(record);
    if (found.length >= most) break;
  }
  const sorted = isSorted ? sort(org, object, found, query) : found;
  if (isAggregate) return sorted;
  return sorted.slice(query.offset, query.limit === null ? undefined : query.offset + query.limit);
}

function columnOf(org: OrgState, query: SoqlQuery): ReadonlySet<Value> {
  const object = org.schema.findVisibleObject(query.from);
  const [column] = query.columns;
  if (object === null) throw refuseType(query);
  if (column?.kind !== 'field') throw refuse(400, 'MALFORMED_QUERY', 'a semi join has to select one field');
  const path = findPath(org, object, column.path, query.text);
  return new Set(findRecords(org, object, query, false).map((record) => path.read(record)));
}

function* candidates(org: OrgState, object: ObjectDefinition, where: Condition | null): Generator<StoredRecord> {
  const table = org.table(object);
  const ids = namedIds(where);
  if (ids !== null) {
    for (const id of [...new Set(ids)].sort()) {
      const record = table.find(id);
      if (record !== null) yield record;
    }
    return;
  }
  const bound = idBound(where);
  const every = table.ids();
  for (let position = bound === null ? 0 : table.positionOf(bound); position < every.length; position += 1) {
    const record = table.find(every[position] ?? '');
    if (record !== null) yield record;
  }
}

/** Tables are kept in the order of ids, so that this order costs nothing. */
function isById([first]: readonly Ordering[]): boolean {
  return first?.path.toLowerCase() === 'id' && !first.isDescending;
}

function sort(
  org: OrgState,
  object: ObjectDefinition,
  records: readonly StoredRecord[],
  query: SoqlQuery,
): readonly StoredRecord[] {
  const orderings = query.orderBy.map((ordering) => {
    const { field, read } = findPath(org, object, ordering.path, query.text);
    requireSortable(field, query.text);
    return { ...ordering, read };
  });
  const keyed = records.map((record) => ({
    record,
    keys: orderings.map(({ read }) => {
      const value = read(record);
      return typeof value === 'string' && value.length !== 18 ? value.toLowerCase() : value;
    }),
  }));
  keyed.sort((a, b) => {
    for (const [place, { isDescending, nullsLast }] of orderings.entries()) {
      const [one = null, other = null] = [a.keys[place], b.keys[place]];
      if (one === other) continue;
      if (one === null || other === null) return (one === null) === nullsLast ? 1 : -1;
      return one < other === isDescending ? 1 : -1;
    }
    return 0;
  });
  return keyed.map(({ record }) => record);
}

function requireSortable(field: FieldDefinition, query: string): void {
  const isLong = (field.type === 'textarea' && field.length > 255) || field.type === 'multipicklist';
  if (!isLong && field.type !== 'address') return;
  const why = `field '${field.name}' can not be sorted in a query call`;
  throw refuse(400, 'INVALID_FIELD', `${pointAt(query, field.name)}${why}`);
}

/** The object of FROM is not there, or not for this user. */
export function refuseType({ from, text }: SoqlQuery): Refusal {
  return refuse(
    400,
    'INVALID_TYPE',
    `${pointAt(text, from)}sObject type '${from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

/** Whether rows are groups rather than records; LIMIT then counts groups. */
export function isAggregateQuery({ columns, groupBy }: SoqlQuery): boolean {
  return groupBy.length > 0 || columns.some(({ kind }) => kind === 'aggregate');
}
