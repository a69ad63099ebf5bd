import { z } from 'zod';
import { getObjectType } from '../object-types.ts';
import type { ObjectType } from '../object-types.ts';
import type { PortalState } from '../portal-state.ts';
import { fieldTypesOf } from '../property-definition.ts';
import type { PropertyDefinition } from '../property-definition.ts';
import { Refusal, refuse, refuseMissing, refuseRequest } from '../refusal.ts';
import { parseBody, parseFlag } from '../router.ts';
import type { ApiRequest, Route } from '../router.ts';
import type { PropertyGroup } from '../schema.ts';
import { toWireInstant } from '../wire-time.ts';

export interface PropertyOptions {
  /** How many more properties of its own each object has room for. */
  readonly room: number;
  readonly acceptsTaskProperties: boolean;
}

const optionSchema = z.object({
  label: z.string().min(1),
  value: z.string().min(1),
  displayOrder: z.number().int(),
  hidden: z.boolean(),
  description: z.string().optional(),
});

const createSchema = z.object({
  name: z.string(),
  label: z.string().min(1),
  groupName: z.string(),
  type: z.enum(['bool', 'date', 'datetime', 'enumeration', 'number', 'phone_number', 'string']),
  fieldType: z.string(),
  description: z.string().optional(),
  options: z.array(optionSchema).optional(),
  displayOrder: z.number().int().optional(),
  hasUniqueValue: z.boolean().optional(),
  hidden: z.boolean().optional(),
  formField: z.boolean().optional(),
  numberDisplayHint: z
    .enum(['currency', 'duration', 'formatted', 'percentage', 'probability', 'unformatted'])
    .optional(),
});
const changeSchema = createSchema.omit({ name: true, hasUniqueValue: true }).partial();
const groupSchema = z.object({
  name: z.string().min(1),
  label: z.string().min(1),
  displayOrder: z.number().int().optional(),
});
const batchOf = <T extends z.ZodType>(input: T) => z.object({ inputs: z.array(input).min(1).max(100) });
const namesSchema = batchOf(z.object({ name: z.string() }));

type CreateInput = z.infer<typeof createSchema>;

const mostUnique = 10;

/** Definitions of properties and their groups. */
export function propertyRoutes(portal: PortalState, options: PropertyOptions): readonly Route[] {
  const { schema } = portal;
  const typeOf = (request: ApiRequest): ObjectType => getObjectType(request.params['type'] ?? '');
  const nameOf = (request: ApiRequest): string => request.params['name'] ?? '';
  const reading: Route['scopes'] = (params) => [getObjectType(params['type'] ?? '').schemaReadScopes];
  const writing: Route['scopes'] = (params) => [getObjectType(params['type'] ?? '').schemaWriteScopes];
  const route = (method: Route['method'], path: string, purpose: string, handle: Route['handle']): Route => ({
    method,
    path: `/crm/properties/:version/:type${path}`,
    purpose: `${purpose} :type`,
    bucket: 'general',
    query: method === 'GET' ? ['archived'] : [],
    scopes: method === 'GET' || purpose.includes('batch read') ? reading : writing,
    handle,
  });

  return [
    route('GET', '', 'list properties', (request) => ({
      status: 200,
      body: { results: schema.list(typeOf(request), parseFlag(request.query, 'archived')).map(toAnswer) },
    })),
    route('POST', '', 'create properties', (request) => {
      const type = typeOf(request);
      return { status: 201, body: toAnswer(create(portal, type, parseBody(createSchema, request.body), options)) };
    }),
    route('GET', '/groups', 'list property groups', (request) => ({
      status: 200,
      body: { results: schema.listGroups(typeOf(request)).map((group) => ({ ...group, archived: false })) },
    })),
    route('POST', '/groups', 'create property groups', (request) => {
      const type = typeOf(request);
      const input = parseBody(groupSchema, request.body);
      if (schema.findGroup(type, input.name) !== null) {
        throw refuse(409, 'OBJECT_ALREADY_EXISTS', `A property group named '${input.name}' already exists.`, {
          subCategory: 'Properties.GROUP_WITH_NAME_EXISTS',
        });
      }
      const group: PropertyGroup = { name: input.name, label: input.label, displayOrder: input.displayOrder ?? -1 };
      schema.putGroup(type, group);
      return { status: 201, body: { ...group, archived: false } };
    }),
    route('GET', '/groups/:name', 'read property groups', (request) => ({
      status: 200,
      body: { ...getGroup(portal, typeOf(request), nameOf(request)), archived: false },
    })),
    route('PATCH', '/groups/:name', 'update property groups', (request) => {
      const type = typeOf(request);
      const changed = parseBody(groupSchema.omit({ name: true }).partial(), request.body);
      const group = getGroup(portal, type, nameOf(request));
      const after = {
        ...group,
        label: changed.label ?? group.label,
        displayOrder: changed.displayOrder ?? group.displayOrder,
      };
      schema.putGroup(type, after);
      return { status: 200, body: { ...after, archived: false } };
    }),
    route('DELETE', '/groups/:name', 'archive property groups', (request) => {
      const type = typeOf(request);
      const group = getGroup(portal, type, nameOf(request));
      if (schema.list(type, false).some(({ groupName }) => groupName === group.name)) {
        throw refuseRequest(`The group '${group.name}' still has active properties.`, 'GROUP_HAS_ACTIVE_PROPERTIES');
      }
      schema.removeGroup(type, group.name);
      return { status: 204 };
    }),
    route('POST', '/batch/create', 'batch create properties', (request) => {
      const type = typeOf(request);
      const { inputs } = parseBody(batchOf(createSchema), request.body);
      return inEach(portal, 201, inputs, (input) => toAnswer(create(portal, type, input, options)));
    }),
    route('POST', '/batch/read', 'batch read properties', (request) => {
      const type = typeOf(request);
      const { inputs } = parseBody(namesSchema, request.body);
      return inEach(portal, 200, inputs, ({ name }) => toAnswer(getProperty(portal, type, name)));
    }),
    route('POST', '/batch/archive', 'batch archive properties', (request) => {
      const type = typeOf(request);
      const { inputs } = parseBody(namesSchema, request.body);
      // Names that are gone already are passed over: the answer is 204 either way.
      const found = inputs.flatMap(({ name }) => schema.find(type, name) ?? []);
      for (const definition of found) requireArchivable(definition);
      for (const definition of found) schema.put(type, { ...definition, archivedAt: portal.now() });
      return { status: 204 };
    }),
    route('GET', '/:name', 'read properties', (request) => ({
      status: 200,
      body: toAnswer(getProperty(portal, typeOf(request), nameOf(request))),
    })),
    route('PATCH', '/:name', 'update properties', (request) => {
      const type = typeOf(request);
      const definition = getProperty(portal, type, nameOf(request));
      const changed = parseBody(changeSchema, request.body);
      requireArchivable(definition);
      const after: PropertyDefinition = {
        ...definition,
        label: changed.label ?? definition.label,
        description: changed.description ?? definition.description,
        groupName: changed.groupName ?? definition.groupName,
        type: changed.type ?? definition.type,
        fieldType: changed.fieldType ?? definition.fieldType,
        // The whole list is replaced: an option that is left out is gone.
        options: changed.options ?? definition.options,
        formField: changed.formField ?? definition.formField,
        hidden: changed.hidden ?? definition.hidden,
        numberDisplayHint: changed.numberDisplayHint ?? definition.numberDisplayHint,
        updatedAt: portal.now(),
      };
      requireSound(portal, type, after);
      schema.put(type, after);
      return { status: 200, body: toAnswer(after) };
    }),
    route('DELETE', '/:name', 'archive properties', (request) => {
      const type = typeOf(request);
      const definition = getProperty(portal, type, nameOf(request));
      requireArchivable(definition);
      schema.put(type, { ...definition, archivedAt: portal.now() });
      return { status: 204 };
    }),
  ];
}

function create(
  portal: PortalState,
  type: ObjectType,
  input: CreateInput,
  options: PropertyOptions,
): PropertyDefinition {
  const { schema } = portal;
  const nowMs = portal.now();
  if (schema.find(type, input.name) !== null) {
    throw refuse(409, 'OBJECT_ALREADY_EXISTS', `A property named '${input.name}' already exists.`, {
      subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
    });
  }
  if (type.name === 'tasks' && !options.acceptsTaskProperties) {
    throw refuseRequest('Object type 0-27 does not take properties of its own.', 'UNSUPPORTED_OBJECT_TYPE');
  }
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(input.name)) {
    throw refuseRequest(`'${input.name}' is not a valid property name.`, 'INVALID_PROPERTY_NAME');
  }
  const definition: PropertyDefinition = {
    name: input.name,
    label: input.label,
    description: input.description ?? '',
    groupName: input.groupName,
    type: input.type,
    fieldType: input.fieldType,
    options: input.options ?? [],
    displayOrder: input.displayOrder ?? -1,
    hasUniqueValue: input.hasUniqueValue ?? false,
    hidden: input.hidden ?? false,
    formField: input.formField ?? false,
    numberDisplayHint: input.numberDisplayHint ?? null,
    hubspotDefined: false,
    readOnlyValue: false,
    referencedObjectType: null,
    createdAt: schema.findEver(type, input.name)?.createdAt ?? nowMs,
    updatedAt: nowMs,
    archivedAt: null,
  };
  requireSound(portal, type, definition);
  const unique = schema.list(type, false).filter((other) => other.hasUniqueValue && !other.hubspotDefined);
  if (definition.hasUniqueValue && unique.length >= mostUnique) {
    throw refuseRequest(`An object may have at most ${mostUnique} properties with unique values.`, 'UNIQUE_LIMIT');
  }
  if (schema.customCount(type) >= options.room) {
    // The wording of this refusal is not documented; that there is one is.
    throw refuseRequest(
      `Unable to create property '${input.name}': the limit of ${options.room} custom properties for ${type.name} is reached.`,
      'PROPERTY_LIMIT_REACHED',
    );
  }
  schema.put(type, definition);
  return definition;
}

function requireSound(portal: PortalState, type: ObjectType, definition: PropertyDefinition): void {
  if (portal.schema.findGroup(type, definition.groupName) === null) {
    throw refuseRequest(`The property group '${definition.groupName}' does not exist.`, 'PROPERTY_GROUP_NOT_FOUND');
  }
  if (!fieldTypesOf[definition.type].includes(definition.fieldType)) {
    throw refuseRequest(
      `Field type '${definition.fieldType}' is not valid for type '${definition.type}'.`,
      'INVALID_FIELD_TYPE',
    );
  }
  const values = definition.options.map(({ value }) => value);
  if (new Set(values).size !== values.length) {
    throw refuseRequest('Property option values must be unique.', 'INVALID_OPTIONS');
  }
  if (definition.type === 'bool' && values.toSorted().join() !== 'false,true') {
    throw refuseRequest("A bool property takes exactly the options 'true' and 'false'.", 'INVALID_OPTIONS');
  }
}

/** HubSpot's own properties can neither be archived nor redefined. */
function requireArchivable(definition: PropertyDefinition): void {
  if (!definition.hubspotDefined) return;
  throw refuseRequest(`The property '${definition.name}' is defined by HubSpot.`, 'READ_ONLY_DEFINITION');
}

function getProperty(portal: PortalState, type: ObjectType, name: string): PropertyDefinition {
  const definition = portal.schema.find(type, name);
  if (definition === null) throw refuseMissing(`Property "${name}" does not exist for object type ${type.typeId}.`);
  return definition;
}

function getGroup(portal: PortalState, type: ObjectType, name: string): PropertyGroup {
  const group = portal.schema.findGroup(type, name);
  if (group === null) throw refuseMissing(`The property group '${name}' does not exist.`);
  return group;
}

/** Does each input by itself; what was refused stands in `errors`, with 207. */
function inEach<Input extends { readonly name: string }>(
  portal: PortalState,
  status: number,
  inputs: readonly Input[],
  act: (input: Input) => unknown,
): { readonly status: number; readonly body: unknown } {
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputs) {
    try {
      results.push(act(input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push({ ...error.toBody(), context: { name: [input.name] } });
    }
  }
  const at = toWireInstant(portal.now());
  return {
    status: errors.length === 0 ? status : 207,
    body: {
      status: 'COMPLETE',
      results,
      ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
      startedAt: at,
      completedAt: at,
    },
  };
}

function toAnswer(definition: PropertyDefinition): Record<string, unknown> {
  const { createdAt, updatedAt, archivedAt, readOnlyValue, numberDisplayHint, referencedObjectType, ...shown } =
    definition;
  return {
    ...shown,
    calculated: definition.fieldType === 'calculation_equation',
    externalOptions: referencedObjectType !== null,
    ...(referencedObjectType === null ? {} : { referencedObjectType }),
    ...(numberDisplayHint === null ? {} : { numberDisplayHint }),
    archived: archivedAt !== null,
    ...(archivedAt === null ? {} : { archivedAt: toWireInstant(archivedAt) }),
    createdAt: toWireInstant(createdAt),
    updatedAt: toWireInstant(updatedAt),
    modificationMetadata: {
      archivable: !definition.hubspotDefined,
      readOnlyDefinition: definition.hubspotDefined,
      readOnlyValue,
    },
  };
}
