import { z } from 'zod';
import { getAssociationKindById } from '../association-types.ts';
import { getObjectType } from '../object-types.ts';
import type { ObjectType } from '../object-types.ts';
import type { PortalState } from '../portal-state.ts';
import { inlineAssociations, recordWriter } from '../record-answers.ts';
import type { StoredRecord } from '../records.ts';
import { refuse, refuseMissing, refuseRequest, refuseValues } from '../refusal.ts';
import { parseAfter, parseBody, parseFlag, parseLimit, parseList } from '../router.ts';
import type { ApiRequest, Route } from '../router.ts';

/** What an admin demands of a record beyond its types: what is missing, or null. HubSpot enforces it on API writes. */
export type AdminRule = (
  object: string,
  /** The properties as they would be after the write. */
  properties: Readonly<Record<string, string>>,
  /** The properties that the write names. */
  written: Readonly<Record<string, string>>,
) => { readonly property: string; readonly message: string } | null;

const propertiesSchema = z.record(z.string(), z.string());

export const associationsSchema = z.array(
  z.object({
    to: z.object({ id: z.string() }),
    types: z
      .array(z.object({ associationCategory: z.literal('HUBSPOT_DEFINED'), associationTypeId: z.number().int() }))
      .min(1),
  }),
);

export const createSchema = z.object({
  properties: propertiesSchema,
  associations: associationsSchema.optional(),
  objectWriteTraceId: z.string().optional(),
});

export type CreateInput = z.infer<typeof createSchema>;

export interface ListOptions {
  /** Records on a page, however many are asked for. */
  readonly mostPerPage: number;
  /** Links that are shown with each record. */
  readonly mostInlineLinks: number;
}

const writeQuery: readonly string[] = [];
const readQuery = ['properties', 'associations', 'archived'];

export const readScopes = (params: Readonly<Record<string, string>>): readonly (readonly string[])[] => [
  getObjectType(params['type'] ?? '').readScopes,
];

export const writeScopes = (params: Readonly<Record<string, string>>): readonly (readonly string[])[] => [
  getObjectType(params['type'] ?? '').writeScopes,
];

/** One record at a time, and the list of all. */
export function objectRoutes(portal: PortalState, rule: AdminRule | null, options: ListOptions): readonly Route[] {
  const typeOf = (request: ApiRequest): ObjectType => getObjectType(request.params['type'] ?? '');
  const idOf = (request: ApiRequest): string => request.params['id'] ?? '';

  return [
    {
      method: 'GET',
      path: '/crm/objects/:version/:type',
      purpose: 'list :type',
      bucket: 'general',
      query: ['limit', 'after', ...readQuery],
      scopes: readScopes,
      handle: (request) => ({ status: 200, body: listRecords(portal, typeOf(request), request.query, options) }),
    },
    {
      method: 'POST',
      path: '/crm/objects/:version/:type',
      purpose: 'create :type',
      bucket: 'general',
      query: writeQuery,
      scopes: writeScopes,
      handle: (request) => {
        const type = typeOf(request);
        const input = parseBody(createSchema, request.body);
        const record = planCreate(portal, type, input, rule)();
        return { status: 201, body: recordWriter(portal, type, Object.keys(input.properties))(record) };
      },
    },
    {
      method: 'POST',
      path: '/crm/objects/:version/:type/merge',
      purpose: 'merge :type',
      bucket: 'general',
      query: writeQuery,
      scopes: writeScopes,
      handle: (request) => {
        const type = typeOf(request);
        const input = parseBody(z.object({ primaryObjectId: z.string(), objectIdToMerge: z.string() }), request.body);
        if (!type.canMerge) throw refuseRequest(`Records of ${type.name} cannot be merged.`);
        const primary = portal.findActive(type, input.primaryObjectId);
        const other = portal.findActive(type, input.objectIdToMerge);
        if (primary === null || other === null) throw refuseMissing();
        if (primary === other) throw refuseRequest('A record cannot be merged with itself.');
        return { status: 200, body: recordWriter(portal, type, [])(portal.merge(primary, other, 'INTEGRATION')) };
      },
    },
    {
      method: 'GET',
      path: '/crm/objects/:version/:type/:id',
      purpose: 'read :type',
      bucket: 'general',
      query: readQuery,
      scopes: readScopes,
      handle: (request) => {
        const type = typeOf(request);
        const wanted = parseFlag(request.query, 'archived') ? 'archived' : 'active';
        const table = portal.table(type);
        const record = table.find(table.follow(idOf(request)));
        if (record === null || record.version.state !== wanted) throw refuseMissing();
        const associations = inlineAssociations(
          portal,
          record,
          associatedTypes(request.query),
          options.mostInlineLinks,
        );
        return {
          status: 200,
          body: { ...recordWriter(portal, type, parseList(request.query, 'properties'))(record), associations },
        };
      },
    },
    {
      method: 'PATCH',
      path: '/crm/objects/:version/:type/:id',
      purpose: 'update :type',
      bucket: 'general',
      query: writeQuery,
      scopes: writeScopes,
      handle: (request) => {
        const type = typeOf(request);
        const { properties } = parseBody(z.object({ properties: propertiesSchema }), request.body);
        // Unlike the batch endpoint, this one accepts the id of a record that was merged away.
        const record = portal.findActive(type, idOf(request));
        if (record === null) throw refuseMissing();
        portal.change(record, checkWrite(portal, type, record, properties, rule), 'INTEGRATION');
        return { status: 200, body: recordWriter(portal, type, Object.keys(properties))(record) };
      },
    },
    {
      method: 'DELETE',
      path: '/crm/objects/:version/:type/:id',
      purpose: 'archive :type',
      bucket: 'general',
      query: writeQuery,
      scopes: writeScopes,
      handle: (request) => {
        const record = portal.findActive(typeOf(request), idOf(request));
        if (record !== null) portal.archive(record, 'INTEGRATION');
        return { status: 204 };
      },
    },
  ];
}

function associatedTypes(query: URLSearchParams): readonly ObjectType[] {
  return parseList(query, 'associations').map(getObjectType);
}

function listRecords(portal: PortalState, type: ObjectType, query: URLSearchParams, options: ListOptions): unknown {
  const limit = Math.min(parseLimit(query, 100, 10), options.mostPerPage);
  const after = parseAfter(query);
  const archived = parseFlag(query, 'archived');
  if (archived && !type.listsArchived) {
    throw refuseRequest(`Paging through deleted objects is not yet supported for object type ${type.typeId}`);
  }
  const table = portal.table(type);
  const ids = archived ? table.archived() : table.active();
  const start = after === null ? 0 : ids.positionOf(after);
  const toTypes = associatedTypes(query);
  const write = recordWriter(portal, type, parseList(query, 'properties'));
  const results = ids
    .all()
    .slice(start, start + limit)
    .flatMap((id) => {
      const record = table.find(id);
      if (record === null) return [];
      // An archived record shows no links.
      const associations = archived ? undefined : inlineAssociations(portal, record, toTypes, options.mostInlineLinks);
      return [associations === undefined ? write(record) : { ...write(record), associations }];
    });
  const next = ids.all()[start + limit];
  return { results, ...(next === undefined ? {} : { paging: { next: { after: next } } }) };
}

/** Checks one record with its links, or refuses it; what is returned makes it. */
export function planCreate(
  portal: PortalState,
  type: ObjectType,
  input: CreateInput,
  rule: AdminRule | null,
): () => StoredRecord {
  const properties = checkWrite(portal, type, null, input.properties, rule);
  const missing = type.requiredProperties.filter((choice) => choice.every((name) => (properties[name] ?? '') === ''));
  if (missing.length > 0) {
    throw refuse(
      400,
      'VALIDATION_ERROR',
      `Error creating ${type.singular.toUpperCase()}. Some required properties were not set.`,
      {
        errors: missing.map((choice) => ({
          message: `Required: ${choice.join(' or ')}`,
          code: 'MISSING_REQUIRED_PROPERTY',
          context: { propertyName: choice },
        })),
        context: { properties: missing.flat() },
      },
    );
  }
  const links = (input.associations ?? []).flatMap(({ to, types }) =>
    types.map(({ associationTypeId }) => {
      const kind = getAssociationKindById(type, associationTypeId);
      const target = portal.findActive(getObjectType(kind.to), to.id);
      if (target === null) {
        throw refuseRequest(`No ${kind.to} with id ${to.id} exist to associate with.`, 'INVALID_ASSOCIATION');
      }
      return { target, isPrimary: kind.primaryTypeId === associationTypeId };
    }),
  );
  return () => {
    const record = portal.create(type, properties, 'INTEGRATION');
    for (const { target, isPrimary } of links) portal.link(record, target, isPrimary, 'INTEGRATION');
    return record;
  };
}

/** The values as they are stored; refuses them all when one is wrong. `record` is null when one is being made. */
export function checkWrite(
  portal: PortalState,
  type: ObjectType,
  record: StoredRecord | null,
  sent: Readonly<Record<string, string>>,
  rule: AdminRule | null,
): Readonly<Record<string, string>> {
  const { properties, problems } = portal.check(type, sent);
  if (problems.length > 0) throw refuseValues(problems, portal.facts.portalId);
  for (const [name, value] of Object.entries(properties)) {
    if (value === '' || portal.schema.find(type, name)?.hasUniqueValue !== true) continue;
    const holder = portal.findHolder(type, name, value);
    if (holder === null || holder === record) continue;
    throw refuse(409, 'CONFLICT', `${type.singular} with ${name} ${value} already exists. Existing ID: ${holder.id}`);
  }
  requireRule(type, record?.version.properties ?? {}, properties, rule);
  return properties;
}

export function requireRule(
  type: ObjectType,
  before: Readonly<Record<string, string>>,
  written: Readonly<Record<string, string>>,
  rule: AdminRule | null,
): void {
  const broken = rule?.(type.name, { ...before, ...written }, written) ?? null;
  if (broken === null) return;
  throw refuse(400, 'VALIDATION_ERROR', broken.message, {
    errors: [
      {
        message: broken.message,
        code: 'MISSING_CONDITIONAL_REQUIRED_PROPERTY',
        context: { propertyName: [broken.property] },
      },
    ],
  });
}
