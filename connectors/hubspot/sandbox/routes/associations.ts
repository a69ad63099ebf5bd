import { z } from 'zod';
import { compareIdsAsNumbers } from '../../../kit/sandbox/sorted-ids.ts';
import { getAssociationKind } from '../association-types.ts';
import type { AssociationKind } from '../association-types.ts';
import { getObjectType } from '../object-types.ts';
import type { ObjectType } from '../object-types.ts';
import type { PortalState } from '../portal-state.ts';
import { refuse, refuseMissing, refuseRequest } from '../refusal.ts';
import { parseAfter, parseBody, parseLimit } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { toWireInstant } from '../wire-time.ts';

const readSchema = z.object({
  inputs: z.array(z.object({ id: z.string(), after: z.string().regex(/^\d+$/).optional() })).min(1),
});
const labelsSchema = z
  .array(z.object({ associationCategory: z.literal('HUBSPOT_DEFINED'), associationTypeId: z.number().int() }))
  .min(1);
const ends = { from: z.object({ id: z.string() }), to: z.object({ id: z.string() }) };
const createSchema = z.object({ inputs: z.array(z.object({ ...ends, types: labelsSchema })).min(1) });
const archiveSchema = z.object({
  inputs: z.array(z.object({ from: ends.from, to: z.array(z.object({ id: z.string() })).min(1) })).min(1),
});

const mostRead = 1_000;
const mostWritten = 2_000;
const mostListed = 500;

interface LinkedAnswer {
  readonly toObjectId: string;
  readonly associationTypes: readonly {
    readonly category: 'HUBSPOT_DEFINED';
    readonly typeId: number;
    readonly label: string | null;
  }[];
}

/** Links between records. Each pair of objects is asked for by itself, in one direction. */
export function associationRoutes(portal: PortalState, pageSize: number): readonly Route[] {
  const fromOf = (request: ApiRequest): ObjectType => getObjectType(request.params['from'] ?? '');
  const toOf = (request: ApiRequest): ObjectType => getObjectType(request.params['to'] ?? '');
  const scopesFor =
    (kind: 'readScopes' | 'writeScopes') =>
    (params: Readonly<Record<string, string>>): readonly (readonly string[])[] => [
      getObjectType(params['from'] ?? '')[kind],
      getObjectType(params['to'] ?? '')[kind],
    ];
  const readOnly = scopesFor('readScopes');
  const writing = scopesFor('writeScopes');
  const batch = (operation: string, scopes: Route['scopes'], handle: Route['handle']): Route => ({
    method: 'POST',
    path: `/crm/associations/:version/:from/:to/batch/${operation}`,
    purpose: `batch ${operation} associations :from :to`,
    bucket: 'general',
    query: [],
    scopes,
    handle,
  });
  const single = (method: Route['method'], path: string, scopes: Route['scopes'], handle: Route['handle']): Route => ({
    method,
    path: `/crm/objects/:version/:from/:id/associations${path}`,
    purpose: `${method.toLowerCase()} associations :from :to`,
    bucket: 'general',
    query: method === 'GET' ? ['limit', 'after'] : [],
    scopes,
    handle,
  });

  const linkOne = (request: ApiRequest, typeIds: readonly number[]): Answer => {
    const [from, to] = [fromOf(request), toOf(request)];
    link(portal, from, request.params['id'] ?? '', to, request.params['toId'] ?? '', typeIds);
    return { status: 200, body: { status: 'COMPLETE', results: [] } };
  };

  return [
    batch('read', readOnly, (request) => readBatch(portal, fromOf(request), toOf(request), request, pageSize)),
    batch('create', writing, (request) => {
      const { inputs } = parseBody(createSchema, request.body);
      requireFew(inputs, mostWritten);
      for (const { from, to, types } of inputs) {
        link(
          portal,
          fromOf(request),
          from.id,
          toOf(request),
          to.id,
          types.map(({ associationTypeId }) => associationTypeId),
        );
      }
      return { status: 201, body: { status: 'COMPLETE', results: inputs } };
    }),
    batch('archive', writing, (request) => {
      const { inputs } = parseBody(archiveSchema, request.body);
      requireFew(inputs, mostWritten);
      for (const { from, to } of inputs) {
        for (const { id } of to) unlink(portal, fromOf(request), from.id, toOf(request), id);
      }
      return { status: 204 };
    }),
    single('GET', '/:to', readOnly, (request) => {
      const [from, to] = [fromOf(request), toOf(request)];
      const id = request.params['id'] ?? '';
      if (portal.findActive(from, id) === null) throw refuseMissing();
      const kind = getAssociationKind(from, to);
      const limit = parseLimit(request.query, mostListed, mostListed);
      const page = pageOf(portal, from, id, to, parseAfter(request.query), limit, kind);
      return { status: 200, body: { results: page.to, ...(page.paging === undefined ? {} : { paging: page.paging }) } };
    }),
    single('PUT', '/default/:to/:toId', writing, (request) =>
      linkOne(request, [getAssociationKind(fromOf(request), toOf(request)).typeId]),
    ),
    single('PUT', '/:to/:toId/:typeId', writing, (request) => linkOne(request, [Number(request.params['typeId'])])),
    single('PUT', '/:to/:toId', writing, (request) =>
      linkOne(
        request,
        parseBody(labelsSchema, request.body).map(({ associationTypeId }) => associationTypeId),
      ),
    ),
    single('DELETE', '/:to/:toId', writing, (request) => {
      unlink(portal, fromOf(request), request.params['id'] ?? '', toOf(request), request.params['toId'] ?? '');
      return { status: 204 };
    }),
  ];
}

function readBatch(
  portal: PortalState,
  from: ObjectType,
  to: ObjectType,
  request: ApiRequest,
  pageSize: number,
): Answer {
  const { inputs } = parseBody(readSchema, request.body);
  requireFew(inputs, mostRead);
  const kind = getAssociationKind(from, to);
  const pages = inputs.map(({ id, after }) => pageOf(portal, from, id, to, after ?? null, pageSize, kind));
  const errors = pages
    .filter((page) => page.to.length === 0)
    .map((page) => ({
      status: 'error',
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      message: `No ${to.singular} is associated with ${from.singular} ${page.from.id}.`,
      context: { fromObjectId: [page.from.id], fromObjectType: [from.singular], toObjectType: [to.singular] },
    }));
  const at = toWireInstant(portal.now());
  return {
    status: errors.length === 0 ? 200 : 207,
    body: {
      status: 'COMPLETE',
      results: pages.filter((page) => page.to.length > 0),
      ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
      startedAt: at,
      completedAt: at,
    },
  };
}

/** The links of one record from `after` on. A record that was merged away has none under its old id. */
function pageOf(
  portal: PortalState,
  from: ObjectType,
  id: string,
  to: ObjectType,
  after: string | null,
  limit: number,
  kind: AssociationKind,
): {
  readonly from: { readonly id: string };
  readonly to: readonly LinkedAnswer[];
  readonly paging?: { readonly next: { readonly after: string } };
} {
  const isThere = portal.table(from).isActive(id);
  const ids = isThere ? portal.linkedIds(from, id, to) : [];
  // The link that the cursor names may be gone by now: the page then starts with the one after it.
  const start = after === null ? 0 : ids.filter((linked) => compareIdsAsNumbers(linked, after) < 0).length;
  const next = ids[start + limit];
  return {
    from: { id },
    to: ids.slice(start, start + limit).map((toId) => {
      const plain = { category: 'HUBSPOT_DEFINED', typeId: kind.typeId, label: null } as const;
      if (kind.primaryTypeId === null || !portal.links.isPrimary(from, id, to, toId)) {
        return { toObjectId: toId, associationTypes: [plain] };
      }
      const primary = { category: 'HUBSPOT_DEFINED', typeId: kind.primaryTypeId, label: 'Primary' } as const;
      return { toObjectId: toId, associationTypes: [primary, plain] };
    }),
    ...(next === undefined ? {} : { paging: { next: { after: next } } }),
  };
}

function link(
  portal: PortalState,
  from: ObjectType,
  fromId: string,
  to: ObjectType,
  toId: string,
  typeIds: readonly number[],
): void {
  const kind = getAssociationKind(from, to);
  const wrong = typeIds.find((typeId) => typeId !== kind.typeId && typeId !== kind.primaryTypeId);
  if (wrong !== undefined) {
    throw refuseRequest(
      `Association type ${wrong} of category HUBSPOT_DEFINED does not lead from ${from.name} to ${to.name}`,
      'INVALID_ASSOCIATION_TYPE',
    );
  }
  const [left, right] = [portal.findActive(from, fromId), portal.findActive(to, toId)];
  if (left === null || right === null) {
    throw refuse(
      404,
      'OBJECT_NOT_FOUND',
      `No ${left === null ? `${from.name} ${fromId}` : `${to.name} ${toId}`} exist.`,
    );
  }
  const isPrimary = kind.primaryTypeId !== null && typeIds.includes(kind.primaryTypeId);
  portal.link(left, right, isPrimary, 'INTEGRATION');
}

/** HubSpot answers 204 whether the link was there or not. */
function unlink(portal: PortalState, from: ObjectType, fromId: string, to: ObjectType, toId: string): void {
  const [left, right] = [portal.findActive(from, fromId), portal.findActive(to, toId)];
  if (left !== null && right !== null) portal.unlink(left, right, 'INTEGRATION');
}

function requireFew(inputs: readonly unknown[], most: number): void {
  if (inputs.length > most) {
    throw refuseRequest(`The maximum number of inputs supported in a batch request is ${most}.`, 'TOO_MANY_INPUTS');
  }
}
