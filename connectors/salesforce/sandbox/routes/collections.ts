import { z } from 'zod';
import { parseId } from '../ids.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import { readFields, readId } from '../record-body.ts';
import type { RecordWriter, SaveResult, SentValues } from '../record-writer.ts';
import { problem, refuse, refuseBody } from '../refusal.ts';
import { ok, parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { getExternalIdField, getObject, toBody, toWriteCall } from './sobjects.ts';

const MOST_RECORDS = 200;
const MOST_READ = 2_000;
const MOST_CHUNKS = 10;

const recordsSchema = z.object({
  allOrNone: z.boolean().optional(),
  records: z.array(z.record(z.string(), z.unknown())),
});
const idsSchema = z.object({ ids: z.array(z.string()), fields: z.array(z.string()) });

interface SentRecord {
  readonly object: ObjectDefinition;
  readonly id: string | null;
  readonly values: SentValues;
}

/** Up to 200 records in one call, each with a result of its own, in the order in which they were sent. */
export function collectionRoutes(org: OrgState, writer: RecordWriter): readonly Route[] {
  const base = '/services/data/:version/composite/sobjects';
  const route = (method: Route['method'], path: string, purpose: Route['purpose'], handle: Route['handle']): Route => ({
    method,
    path,
    purpose,
    isOpen: false,
    handle,
  });

  const write = (
    request: ApiRequest,
    one: (record: SentRecord, position: number) => SaveResult,
    withCreated: boolean,
  ): Answer => {
    const { records, allOrNone } = readRecords(org, request.body);
    return ok(runAll(org, records.length, allOrNone, withCreated, (index) => one(recordAt(records, index), index)));
  };

  return [
    route(
      'POST',
      base,
      ({ body }) => `create ${typesIn(body)}`,
      (request) =>
        write(
          request,
          ({ object, id, values }, position) =>
            id === null
              ? writer.create(object, values, toWriteCall(request), position)
              : failed('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']),
          false,
        ),
    ),
    route(
      'PATCH',
      base,
      ({ body }) => `update ${typesIn(body)}`,
      (request) =>
        write(
          request,
          ({ object, id, values }, position) =>
            id === null
              ? failed('MISSING_ARGUMENT', 'Id not specified in an update call')
              : writer.update(object, id, values, toWriteCall(request), position),
          false,
        ),
    ),
    route(
      'PATCH',
      `${base}/:object/:field`,
      ({ params }) => `upsert ${params['object'] ?? ''}`,
      (request) => {
        const object = getObject(org, request.params['object'] ?? '');
        const field = getExternalIdField(org, object, request.params['field'] ?? '');
        const seen = new Set<string>();
        return write(
          request,
          ({ id, values }, position) => {
            if (field.type === 'id') {
              return id === null
                ? writer.create(object, values, toWriteCall(request), position)
                : writer.update(object, id, values, toWriteCall(request), position);
            }
            const key = values.find(([sent]) => sent === field)?.[1] ?? null;
            const isRepeated = key !== null && seen.has(String(key).toLowerCase());
            if (isRepeated)
              return failed('DUPLICATE_VALUE', `Duplicate external id specified: ${String(key)}`, [field.name]);
            seen.add(String(key).toLowerCase());
            return writer.upsert(object, field, key, values, toWriteCall(request), position);
          },
          true,
        );
      },
    ),
    route(
      'DELETE',
      base,
      ({ query }) => `delete ${typeOfIds(org, query)}`,
      (request) => {
        const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
        requireCount(ids.length, MOST_RECORDS);
        const allOrNone = request.query.get('allOrNone') === 'true';
        return ok(
          runAll(org, ids.length, allOrNone, false, (index) =>
            writer.delete(ids[index] ?? '', toWriteCall(request), index),
          ),
        );
      },
    ),
    route(
      'POST',
      `${base}/:object`,
      ({ params }) => `read ${params['object'] ?? ''}`,
      (request) => {
        const object = getObject(org, request.params['object'] ?? '');
        const { ids, fields } = parseBody(idsSchema, request.body);
        requireCount(ids.length, MOST_READ);
        return ok(ids.map((id) => readOne(org, object, id, fields, request.version)));
      },
    ),
    route(
      'GET',
      `${base}/:object`,
      ({ params }) => `read ${params['object'] ?? ''}`,
      (request) => {
        const object = getObject(org, request.params['object'] ?? '');
        const part = (name: string): string[] => (request.query.get(name) ?? '').split(',').filter((one) => one !== '');
        return ok(part('ids').map((id) => readOne(org, object, id, part('fields'), request.version)));
      },
    ),
  ];
}

/** Writes one record after another. With `allOrNone` a single failure undoes them all. */
function runAll(
  org: OrgState,
  count: number,
  allOrNone: boolean,
  withCreated: boolean,
  one: (index: number) => SaveResult,
): readonly unknown[] {
  const results: SaveResult[] = [];
  const isKept = org.transact(() => {
    for (let index = 0; index < count; index += 1) results.push(one(index));
    return !allOrNone || results.every(({ success }) => success);
  });
  return results.map((result) => {
    if (!result.success) return { success: false, errors: result.errors };
    if (!isKept) {
      const why = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
      return { success: false, errors: [problem('ALL_OR_NONE_OPERATION_ROLLED_BACK', why)] };
    }
    const created = withCreated ? { created: result.created } : {};
    return { id: result.id, success: true, errors: [], ...created };
  });
}

function readRecords(
  org: OrgState,
  body: unknown,
): { readonly records: readonly SentRecord[]; readonly allOrNone: boolean } {
  const { records, allOrNone } = parseBody(recordsSchema, body);
  requireCount(records.length, MOST_RECORDS);
  const read = records.map((record) => {
    const attributes = z.object({ type: z.string() }).safeParse(record['attributes']);
    if (!attributes.success) {
      throw refuseBody(
        'Nested object for polymorphic foreign key must have an attributes field before any other fields. at [line:1, column:1]',
      );
    }
    const object = org.schema.findVisibleObject(attributes.data.type);
    if (object === null) {
      throw refuse(400, 'INVALID_TYPE', `sObject type '${attributes.data.type}' is not supported.`);
    }
    return { object, id: readId(record), values: readFields(org, object, record) };
  });
  const chunks = read.filter(({ object }, index) => object !== read[index - 1]?.object).length;
  if (chunks > MOST_CHUNKS) {
    throw refuse(
      400,
      'LIMIT_EXCEEDED',
      `Cannot have more than ${MOST_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  }
  return { records: read, allOrNone: allOrNone ?? false };
}

function requireCount(count: number, most: number): void {
  if (count <= most) return;
  const why = `record limit reached. cannot submit more than ${most} records into this call`;
  throw refuse(400, 'EXCEEDED_ID_LIMIT', why);
}

function recordAt(records: readonly SentRecord[], index: number): SentRecord {
  const record = records[index];
  if (record === undefined) throw new Error(`there is no record ${index}`);
  return record;
}

function readOne(
  org: OrgState,
  object: ObjectDefinition,
  id: string,
  fields: readonly string[],
  version: string,
): unknown {
  const parsed = parseId(id);
  const record = parsed === null ? null : org.findAlive(parsed);
  return record === null || record.object !== object ? null : toBody(org, record, fields.join(','), version);
}

function failed(statusCode: string, message: string, fields: readonly string[] = []): SaveResult {
  return { success: false, errors: [problem(statusCode, message, fields)] };
}

/** The objects of a body's records, for the purpose of the call. */
function typesIn(body: unknown): string {
  const parsed = z
    .object({ records: z.array(z.object({ attributes: z.object({ type: z.string() }) })) })
    .safeParse(body);
  return parsed.success
    ? [...new Set(parsed.data.records.map(({ attributes }) => attributes.type))].join(' ')
    : 'unknown';
}

function typeOfIds(org: OrgState, query: URLSearchParams): string {
  return org.schema.objectOf(query.get('ids') ?? '')?.name ?? 'unknown';
}
