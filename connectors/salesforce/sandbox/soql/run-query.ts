import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { StoredRecord } from '../records.ts';
import { aggregateRows } from './aggregates.ts';
import { findRecords, isAggregateQuery, refuseType } from './find-records.ts';
import { toRowWriter } from './rows.ts';
import type { RowWriter } from './rows.ts';
import type { SoqlQuery } from './soql-query.ts';

/** What a query found. Rows are written when they are asked for, as they are then: a result is no snapshot. */
export interface QueryResult {
  readonly object: ObjectDefinition;
  readonly total: number;
  /** Null for a row that is gone since the query was run. */
  readonly row: (index: number) => Readonly<Record<string, unknown>> | null;
  readonly record: (index: number) => StoredRecord | null;
  /** Of the SELECT list; null for groups. */
  readonly writer: RowWriter | null;
}

/**
 * Runs a query as the integration user, for an API of this version (`66.0`). `seesBin` is what queryAll sees: the
 * Recycle Bin and archived activities too.
 */
export function runQuery(org: OrgState, query: SoqlQuery, seesBin: boolean, version: string): QueryResult {
  const object = org.schema.findVisibleObject(query.from);
  if (object === null) throw refuseType(query);
  if (isAggregateQuery(query)) {
    const rows = aggregateRows(org, object, query, findRecords(org, object, query, seesBin));
    return { object, total: rows.length, row: (index) => rows[index] ?? null, record: () => null, writer: null };
  }
  const writer = toRowWriter(org, object, query, seesBin, version);
  const ids = findRecords(org, object, query, seesBin).map(({ id }) => id);
  const record = (index: number): StoredRecord | null => {
    const found = org.find(ids[index] ?? '');
    return found === null || (found.deletedAt !== null && !seesBin) ? null : found;
  };
  return {
    object,
    total: ids.length,
    record,
    writer,
    row(index) {
      const found = record(index);
      return found === null ? null : writer.write(found);
    },
  };
}
