import type { FieldDefinition, Value } from '../field-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import type { StoredRecord } from '../records.ts';
import { refuse } from '../refusal.ts';
import { findPath, refuseRelationship } from './field-path.ts';
import type { FieldPath } from './field-path.ts';
import { findRecords } from './find-records.ts';
import { refuseQuery } from './parse-soql.ts';
import type { SoqlQuery } from './soql-query.ts';

export interface RowWriter {
  readonly paths: readonly FieldPath[];
  readonly hasChildren: boolean;
  readonly write: (record: StoredRecord) => Readonly<Record<string, unknown>>;
}

/** Checks the SELECT list and gives what writes a row of it. */
export function toRowWriter(
  org: OrgState,
  object: ObjectDefinition,
  query: SoqlQuery,
  seesBin: boolean,
  version: string,
): RowWriter {
  const paths: FieldPath[] = [];
  const children: ((record: StoredRecord, row: Record<string, unknown>) => void)[] = [];
  for (const column of query.columns) {
    if (column.kind === 'field') paths.push(findPath(org, object, column.path, query.text));
    if (column.kind === 'children') children.push(childWriter(org, object, column.query, seesBin, version));
  }
  const seen = new Set<string>();
  for (const { names } of paths) {
    const name = names.join('.');
    if (seen.has(name)) throw refuseQuery(`duplicate field selected: ${name}`);
    seen.add(name);
  }
  return {
    paths,
    hasChildren: children.length > 0,
    write(record) {
      const row: Record<string, unknown> = { attributes: attributesOf(record, version) };
      for (const path of paths) writePath(org, row, record, path, version);
      for (const write of children) write(record, row);
      return row;
    },
  };
}

export function attributesOf(record: StoredRecord, version: string): { readonly type: string; readonly url: string } {
  const { name } = record.object;
  return { type: name, url: `/services/data/v${version}/sobjects/${name}/${record.id}` };
}

/** A value as JSON shows it: the parts of an address together, everything else as it is. */
export function toJson(record: StoredRecord, field: FieldDefinition, value: Value): unknown {
  if (field.type !== 'address') return value;
  const prefix = field.name.replace(/Address$/, '');
  const part = (name: string): Value => record.values[`${prefix}${name}`] ?? null;
  const shown = {
    city: part('City'),
    country: part('Country'),
    geocodeAccuracy: null,
    latitude: null,
    longitude: null,
    postalCode: part('PostalCode'),
    state: part('State'),
    street: part('Street'),
  };
  return Object.values(shown).every((one) => one === null) ? null : shown;
}

function writePath(
  org: OrgState,
  row: Record<string, unknown>,
  record: StoredRecord,
  path: FieldPath,
  version: string,
): void {
  const [first = '', ...rest] = path.names;
  if (rest.length === 0) {
    row[first] = toJson(record, path.field, path.read(record));
    return;
  }
  // Each step of the path is an object in the object before it, or null where the reference is empty.
  let place = row;
  let current: StoredRecord | null = record;
  for (const name of path.names.slice(0, -1)) {
    current = stepInto(org, current, name);
    if (current === null) {
      place[name] ??= null;
      return;
    }
    const inner = (place[name] as Record<string, unknown> | null | undefined) ?? {
      attributes: attributesOf(current, version),
    };
    place[name] = inner;
    place = inner;
  }
  place[rest.at(-1) ?? ''] = path.read(record);
}

function stepInto(org: OrgState, record: StoredRecord | null, relationship: string): StoredRecord | null {
  if (record === null) return null;
  const field = org.schema.fields(record.object).find(({ relationshipName }) => relationshipName === relationship);
  const id = field === undefined ? null : org.read(record, field);
  return typeof id === 'string' ? org.find(id) : null;
}

function childWriter(
  org: OrgState,
  parent: ObjectDefinition,
  query: SoqlQuery,
  seesBin: boolean,
  version: string,
): (record: StoredRecord, row: Record<string, unknown>) => void {
  const found = findChildren(org, parent, query.from);
  if (found === null) throw refuseRelationship(query.from, query.from, query.text);
  if (query.columns.some(({ kind }) => kind !== 'field')) {
    throw refuse(400, 'MALFORMED_QUERY', 'a subquery of the SELECT list can only select fields');
  }
  const writer = toRowWriter(org, found.object, query, seesBin, version);
  let byParent: ReadonlyMap<Value, readonly StoredRecord[]> | null = null;
  return (record, row) => {
    // LIMIT and OFFSET count within one parent, so they wait until the children are apart.
    byParent ??= Map.groupBy(findRecords(org, found.object, { ...query, limit: null, offset: 0 }, seesBin), (child) =>
      org.read(child, found.field),
    );
    const all = byParent.get(record.id) ?? [];
    const children = all.slice(query.offset, query.limit === null ? undefined : query.offset + query.limit);
    const records = children.map((child) => writer.write(child));
    row[found.name] = records.length === 0 ? null : { totalSize: records.length, done: true, records };
  };
}

function findChildren(
  org: OrgState,
  parent: ObjectDefinition,
  relationship: string,
): { readonly object: ObjectDefinition; readonly field: FieldDefinition; readonly name: string } | null {
  const wanted = relationship.toLowerCase();
  for (const object of org.schema.visibleObjects()) {
    for (const field of org.schema.visibleFields(object)) {
      const name = field.childRelationshipName;
      if (name?.toLowerCase() === wanted && field.referenceTo.includes(parent.name)) return { object, field, name };
    }
  }
  return null;
}
