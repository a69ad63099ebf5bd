import { z } from 'zod';
import { getObjectType } from '../object-types.ts';
import type { ObjectType } from '../object-types.ts';
import type { PortalState } from '../portal-state.ts';
import { recordWriter } from '../record-answers.ts';
import type { RecordAnswer } from '../record-answers.ts';
import type { StoredRecord } from '../records.ts';
import { Refusal, refuse, refuseMissing, refuseRequest } from '../refusal.ts';
import { parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { toWireInstant } from '../wire-time.ts';
import { checkWrite, createSchema, planCreate, readScopes, requireRule, writeScopes } from './objects.ts';
import type { AdminRule, CreateInput } from './objects.ts';

/** How a batch update answers for ids that are gone. HubSpot's documents and its own files differ. */
export type MissingInBatch = 'multi-status' | 'errors-in-200' | 'whole-400';

export interface BatchOptions {
  readonly rule: AdminRule | null;
  readonly missingInBatch: MissingInBatch;
}

const mostInputs = 100;
const inputsOf = <T extends z.ZodType>(input: T) => z.object({ inputs: z.array(input).min(1) });

const readSchema = inputsOf(z.object({ id: z.string() })).extend({
  properties: z.array(z.string()),
  propertiesWithHistory: z.array(z.string()).max(0, 'the sandbox keeps no history of properties').optional(),
  idProperty: z.string().optional(),
});
const updateInput = z.object({
  id: z.string(),
  idProperty: z.string().optional(),
  properties: z.record(z.string(), z.string()),
  objectWriteTraceId: z.string().optional(),
});
const updateSchema = inputsOf(updateInput);
const idsSchema = inputsOf(z.object({ id: z.string() }));

type UpdateInput = z.infer<typeof updateInput>;

interface PartialFailure {
  readonly status: 'error';
  readonly message: string;
  readonly category: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Many records in one call: at most 100. */
export function batchRoutes(portal: PortalState, options: BatchOptions): readonly Route[] {
  const route = (
    operation: string,
    scopes: Route['scopes'],
    handle: (type: ObjectType, request: ApiRequest) => Answer,
  ): Route => ({
    method: 'POST',
    path: `/crm/objects/:version/:type/batch/${operation}`,
    purpose: `batch ${operation} :type`,
    bucket: 'general',
    query: operation === 'read' ? ['archived'] : [],
    scopes,
    handle: (request) => handle(getObjectType(request.params['type'] ?? ''), request),
  });

  return [
    route('read', readScopes, (type, request) => readBatch(portal, type, request)),
    route('create', writeScopes, (type, request) => {
      const { inputs } = parseBody(inputsOf(createSchema), request.body);
      requireFewInputs(inputs);
      return createBatch(portal, type, inputs, options.rule);
    }),
    route('update', writeScopes, (type, request) => {
      const { inputs } = parseBody(updateSchema, request.body);
      requireFewInputs(inputs);
      return updateBatch(portal, type, inputs, options);
    }),
    route('upsert', writeScopes, (type, request) => {
      const { inputs } = parseBody(updateSchema, request.body);
      requireFewInputs(inputs);
      return upsertBatch(portal, type, inputs, options.rule);
    }),
    route('archive', writeScopes, (type, request) => {
      const { inputs } = parseBody(idsSchema, request.body);
      requireFewInputs(inputs);
      for (const { id } of inputs) {
        const record = portal.table(type).find(id);
        if (record?.version.state === 'active') portal.archive(record, 'INTEGRATION');
      }
      return { status: 204 };
    }),
  ];
}

function readBatch(portal: PortalState, type: ObjectType, request: ApiRequest): Answer {
  const { inputs, properties, idProperty } = parseBody(readSchema, request.body);
  requireFewInputs(inputs);
  const wanted = request.query.get('archived') === 'true' ? 'archived' : 'active';
  const table = portal.table(type);
  const write = recordWriter(portal, type, properties);
  const found = new Map<string, RecordAnswer>();
  const missing: string[] = [];
  for (const { id } of inputs) {
    const record =
      idProperty === undefined || idProperty === 'hs_object_id'
        ? table.find(table.follow(id))
        : portal.findHolder(type, uniqueName(portal, type, idProperty), id);
    if (record?.version.state === wanted) found.set(record.id, write(record));
    else missing.push(id);
  }
  return toAnswer(portal, 200, [...found.values()], missing.length === 0 ? [] : [toMissing(type, 'get', missing)]);
}

function createBatch(
  portal: PortalState,
  type: ObjectType,
  inputs: readonly CreateInput[],
  rule: AdminRule | null,
): Answer {
  const answerFor = (input: CreateInput, record: StoredRecord): RecordAnswer & { objectWriteTraceId?: string } => {
    const answer = recordWriter(portal, type, Object.keys(input.properties))(record);
    return input.objectWriteTraceId === undefined
      ? answer
      : { ...answer, objectWriteTraceId: input.objectWriteTraceId };
  };
  // An input with a trace id of its own may fail alone; without them one wrong input refuses the whole batch.
  if (!inputs.every(({ objectWriteTraceId }) => objectWriteTraceId !== undefined)) {
    const plans = inputs.map((input) => ({ input, make: planCreate(portal, type, input, rule) }));
    return toAnswer(
      portal,
      201,
      plans.map(({ input, make }) => answerFor(input, make())),
      [],
    );
  }
  // An admin's rule refuses the whole batch even so.
  for (const input of inputs) requireRule(type, {}, input.properties, rule);
  const results: RecordAnswer[] = [];
  const failures: PartialFailure[] = [];
  for (const input of inputs) {
    try {
      results.push(answerFor(input, planCreate(portal, type, input, null)()));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failures.push({
        status: 'error',
        message: error.message,
        category: error.category,
        context: { ...error.extras.context, objectWriteTraceId: [input.objectWriteTraceId ?? ''] },
      });
    }
  }
  return toAnswer(portal, 201, results, failures);
}

function updateBatch(
  portal: PortalState,
  type: ObjectType,
  inputs: readonly UpdateInput[],
  options: BatchOptions,
): Answer {
  requireDistinctIds(inputs);
  const missing: string[] = [];
  const writes = inputs.flatMap((input) => {
    const record =
      input.idProperty === undefined
        ? portal.table(type).find(input.id)
        : portal.findHolder(type, uniqueName(portal, type, input.idProperty), input.id);
    const isThere = record?.version.state === 'active';
    const properties = checkWrite(portal, type, isThere ? record : null, input.properties, options.rule);
    if (record !== null && isThere) return [{ record, properties, asked: Object.keys(input.properties) }];
    missing.push(input.id);
    return [];
  });
  if (missing.length > 0 && options.missingInBatch === 'whole-400') {
    throw refuse(400, 'VALIDATION_ERROR', `Could not update some ${type.typeId} objects: ${missing.join(', ')}`, {
      context: { ids: missing },
    });
  }
  const results = writes.map(({ record, properties, asked }) => {
    portal.change(record, properties, 'INTEGRATION');
    return recordWriter(portal, type, asked)(record);
  });
  const failures = missing.length === 0 ? [] : [toMissing(type, 'update', missing)];
  const answer = toAnswer(portal, 200, results, failures);
  return options.missingInBatch === 'errors-in-200' ? { ...answer, status: 200 } : answer;
}

function upsertBatch(
  portal: PortalState,
  type: ObjectType,
  inputs: readonly UpdateInput[],
  rule: AdminRule | null,
): Answer {
  requireDistinctIds(inputs);
  const writes = inputs.map((input) => {
    const name = uniqueName(portal, type, input.idProperty ?? '');
    const sent = { ...input.properties, [name]: input.id };
    const record = portal.findHolder(type, name, input.id);
    const write = recordWriter(portal, type, Object.keys(sent));
    if (record === null) {
      const make = planCreate(portal, type, { properties: sent }, rule);
      return () => ({ ...write(make()), new: true });
    }
    const properties = checkWrite(portal, type, record, sent, rule);
    return () => {
      portal.change(record, properties, 'INTEGRATION');
      return { ...write(record), new: false };
    };
  });
  const results = writes.map((commit) => commit());
  return toAnswer(portal, 200, results, []);
}

/** `COMPLETE` with what was done, and 207 when something was not. */
function toAnswer(
  portal: PortalState,
  status: number,
  results: readonly RecordAnswer[],
  failures: readonly PartialFailure[],
): Answer {
  const at = toWireInstant(portal.now());
  const errors = failures.length === 0 ? {} : { numErrors: failures.length, errors: failures };
  return {
    status: failures.length === 0 ? status : 207,
    body: { status: 'COMPLETE', results, ...errors, startedAt: at, completedAt: at },
  };
}

function toMissing(type: ObjectType, verb: 'get' | 'update', ids: readonly string[]): PartialFailure {
  const noun = type.singular.toUpperCase();
  return {
    status: 'error',
    message: `Could not ${verb} some ${noun} objects, they may be deleted or not exist. Check that ids are valid.`,
    category: 'OBJECT_NOT_FOUND',
    context: { ids },
  };
}

function requireFewInputs(inputs: readonly unknown[]): void {
  if (inputs.length > mostInputs) {
    throw refuseRequest(
      `The maximum number of inputs supported in a batch request is ${mostInputs}.`,
      'TOO_MANY_INPUTS',
    );
  }
}

function requireDistinctIds(inputs: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of inputs) {
    if (seen.has(id)) throw refuseRequest(`Duplicate IDs found in batch input: [${id}]. IDs must be unique`);
    seen.add(id);
  }
}

function uniqueName(portal: PortalState, type: ObjectType, name: string): string {
  const definition = portal.schema.find(type, name);
  if (definition === null) throw refuseMissing(`Property "${name}" does not exist`);
  if (!definition.hasUniqueValue) throw refuseRequest(`Property "${name}" does not hold unique values.`);
  return name;
}
