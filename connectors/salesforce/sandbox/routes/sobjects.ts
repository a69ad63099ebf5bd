import { z } from 'zod';
import { describeHead, describeObject } from '../describe-object.ts';
import type { FieldDefinition } from '../field-definition.ts';
import { parseId } from '../ids.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { OrgState } from '../org-state.ts';
import { readFields } from '../record-body.ts';
import type { RecordWriter, SaveResult, WriteCall } from '../record-writer.ts';
import type { StoredRecord } from '../records.ts';
import { refuse, refuseMissing } from '../refusal.ts';
import type { Refusal } from '../refusal.ts';
import { ok, parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { attributesOf, toJson } from '../soql/rows.ts';
import { toValue } from '../values.ts';

const bodySchema = z.record(z.string(), z.unknown());

/** What objects there are and what they hold, and single records. */
export function sobjectRoutes(org: OrgState, writer: RecordWriter): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    purpose: string,
    handle: (request: ApiRequest, object: ObjectDefinition) => Answer,
  ): Route => ({
    method,
    path: `/services/data/:version/sobjects/:object${path}`,
    purpose: ({ params }) => `${purpose} ${params['object'] ?? ''}`,
    isOpen: false,
    handle: (request) => handle(request, getObject(org, request.params['object'] ?? '')),
  });
  return [
    {
      method: 'GET',
      path: '/services/data/:version/sobjects',
      purpose: () => 'describe global',
      isOpen: false,
      handle: ({ version }) =>
        ok({
          encoding: 'UTF-8',
          maxBatchSize: 200,
          sobjects: org.schema.visibleObjects().map((object) => describeHead(object, version)),
        }),
    },
    route('GET', '/describe', 'describe', ({ version }, object) => ok(describeObject(org, object, version))),
    route('POST', '', 'create', (request, object) => {
      const sent = readFields(org, object, parseBody(bodySchema, request.body));
      const result = writer.create(object, sent, toWriteCall(request), 0);
      if (!result.success) throw refuseRecord(result);
      const location = `/services/data/v${request.version}/sobjects/${object.name}/${result.id}`;
      return { status: 201, headers: { location }, body: { id: result.id, success: true, errors: [] } };
    }),
    route('GET', '/:id', 'read', (request, object) =>
      ok(toBody(org, getRecord(org, object, request, refuseMissing()), request.query.get('fields'), request.version)),
    ),
    route('PATCH', '/:id', 'update', (request, object) => {
      const record = getRecord(org, object, request);
      const sent = readFields(org, object, parseBody(bodySchema, request.body));
      const result = writer.update(object, record.id, sent, toWriteCall(request), 0);
      if (!result.success) throw refuseRecord(result);
      return { status: 204 };
    }),
    route('DELETE', '/:id', 'delete', (request, object) => {
      const result = writer.delete(getRecord(org, object, request).id, toWriteCall(request), 0);
      if (!result.success) throw refuseRecord(result);
      return { status: 204 };
    }),
    route('GET', '/:field/:value', 'read', (request, object) => {
      const record = getHolder(org, object, request);
      if ('status' in record) return record;
      return ok(toBody(org, record, request.query.get('fields'), request.version));
    }),
    route('PATCH', '/:field/:value', 'upsert', (request, object) => {
      const field = getExternalIdField(org, object, request.params['field'] ?? '');
      const holders = findHolders(org, object, field, request);
      if (holders.length > 1) return severalChoices(holders, request.version);
      const sent = readFields(org, object, parseBody(bodySchema, request.body));
      const key = toValue(field, request.params['value'] ?? '');
      const result = writer.upsert(object, field, typeof key === 'object' ? null : key, sent, toWriteCall(request), 0);
      if (!result.success) throw refuseRecord(result);
      const body = { id: result.id, success: true, errors: [], created: result.created };
      if (!result.created) return ok(body);
      const location = `/services/data/v${request.version}/sobjects/${object.name}/${result.id}`;
      return { status: 201, headers: { location }, body };
    }),
  ];
}

/** Who writes in this call, by its headers. */
export function toWriteCall(request: ApiRequest): WriteCall {
  const assigns = String(request.headers['sforce-auto-assign'] ?? 'TRUE').toUpperCase() !== 'FALSE';
  return { userId: request.userId, callId: request.callId, assigns, rowFault: request.rowFault };
}

/** The object by name; refuses one that the user does not see. */
export function getObject(org: OrgState, name: string): ObjectDefinition {
  const object = org.schema.findVisibleObject(name);
  if (object === null) throw refuseMissing();
  return object;
}

/** A field that records can be found by; refuses any other. */
export function getExternalIdField(org: OrgState, object: ObjectDefinition, name: string): FieldDefinition {
  const field = org.schema.findVisibleField(object, name);
  if (field === null || !(field.externalId || field.type === 'id')) {
    throw refuse(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);
  }
  return field;
}

/** A whole record, or those of its fields that `fields` lists. */
export function toBody(
  org: OrgState,
  record: StoredRecord,
  fields: string | null,
  version: string,
): Readonly<Record<string, unknown>> {
  const { object } = record;
  const body: Record<string, unknown> = { attributes: attributesOf(record, version) };
  const wanted =
    fields === null
      ? org.schema.visibleFields(object)
      : fields.split(',').map((name) => {
          const field = org.schema.findVisibleField(object, name.trim());
          if (field === null) {
            throw refuse(400, 'INVALID_FIELD', `No such column '${name.trim()}' on sobject of type ${object.name}`);
          }
          return field;
        });
  for (const field of wanted) body[field.name] = toJson(record, field, org.read(record, field));
  if (fields !== null) body['Id'] = record.id;
  return body;
}

/** The live record of the path; one in the bin is answered as `whenBinned` says. */
function getRecord(
  org: OrgState,
  object: ObjectDefinition,
  { params }: ApiRequest,
  whenBinned: Refusal = refuse(404, 'ENTITY_IS_DELETED', 'entity is deleted', []),
): StoredRecord {
  const asked = params['id'] ?? '';
  const id = parseId(asked);
  if (id === null) {
    throw refuse(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${asked}`);
  }
  const record = org.find(id);
  if (record === null || record.object !== object) throw refuseMissing();
  if (record.deletedAt !== null) throw whenBinned;
  return record;
}

function findHolders(
  org: OrgState,
  object: ObjectDefinition,
  field: FieldDefinition,
  { params }: ApiRequest,
): readonly StoredRecord[] {
  return org.findHolders(object, field, params['value'] ?? '');
}

function getHolder(org: OrgState, object: ObjectDefinition, request: ApiRequest): StoredRecord | Answer {
  const field = getExternalIdField(org, object, request.params['field'] ?? '');
  const holders = findHolders(org, object, field, request);
  if (holders.length > 1) return severalChoices(holders, request.version);
  const [holder] = holders;
  if (holder === undefined) throw refuseMissing();
  return holder;
}

/** The key names more than one record: their addresses, for the caller to choose. */
function severalChoices(holders: readonly StoredRecord[], version: string): Answer {
  return { status: 300, body: holders.map((holder) => attributesOf(holder, version).url) };
}

function refuseRecord({ errors }: SaveResult & { readonly success: false }): Refusal {
  const [first] = errors;
  return refuse(400, first?.statusCode ?? 'UNKNOWN_EXCEPTION', first?.message ?? '', first?.fields ?? []);
}
