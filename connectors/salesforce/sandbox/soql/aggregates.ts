import type { Value } from '../field-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { StoredRecord } from '../records.ts';
import { findPath } from './field-path.ts';
import { refuseQuery } from './parse-soql.ts';
import type { AggregateFunction, SoqlQuery } from './soql-query.ts';

type Row = Readonly<Record<string, unknown>>;

/** One row for each group, or one for all records where nothing is grouped. */
export function aggregateRows(
  org: OrgState,
  object: ObjectDefinition,
  query: SoqlQuery,
  records: readonly StoredRecord[],
): readonly Row[] {
  const groupings = query.groupBy.map((path) => findPath(org, object, path, query.text));
  const groups = new Map<string, StoredRecord[]>();
  if (groupings.length === 0) groups.set('', []);
  for (const record of records) {
    const key = JSON.stringify(groupings.map(({ read }) => read(record)));
    const group = groups.get(groupings.length === 0 ? '' : key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  const writers = query.columns.map((column, index) => {
    if (column.kind === 'children') throw refuseQuery('a subquery cannot stand beside aggregates');
    const { names, field, read } = findPath(org, object, column.path, query.text);
    const name = names.join('.');
    if (column.kind === 'aggregate') {
      // Unnamed results are numbered among themselves: expr0, expr1 …
      const unnamed = query.columns.slice(0, index).filter((one) => one.kind === 'aggregate' && one.alias === null);
      const label = column.alias ?? `expr${unnamed.length}`;
      return (row: Record<string, unknown>, group: readonly StoredRecord[]) => {
        row[label] = aggregate(column.fn, group.map(read));
      };
    }
    if (!groupings.some((grouping) => grouping.names.join('.') === name)) {
      throw refuseQuery(`Field must be grouped or aggregated: ${name}`);
    }
    return (row: Record<string, unknown>, group: readonly StoredRecord[]) => {
      const [first] = group;
      row[field.name] = first === undefined ? null : read(first);
    };
  });
  const rows = [...groups.values()].map((group) => {
    const row: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
    for (const write of writers) write(row, group);
    return row;
  });
  return query.limit === null ? rows : rows.slice(0, query.limit);
}

function aggregate(fn: AggregateFunction, values: readonly Value[]): Value {
  const filled = values.filter((value) => value !== null);
  switch (fn) {
    case 'COUNT':
      return filled.length;
    case 'COUNT_DISTINCT':
      return new Set(filled).size;
    case 'MIN':
      return filled.reduce<Value>((least, value) => (least === null || value < least ? value : least), null);
    case 'MAX':
      return filled.reduce<Value>((most, value) => (most === null || value > most ? value : most), null);
    case 'SUM':
      return filled.reduce<number>((sum, value) => sum + Number(value), 0);
    case 'AVG':
      return filled.length === 0 ? null : filled.reduce<number>((sum, value) => sum + Number(value), 0) / filled.length;
    default:
      return fn satisfies never;
  }
}
