import { z } from 'zod';
import { getObjectType } from '../object-types.ts';
import type { ObjectType } from '../object-types.ts';
import type { PortalState } from '../portal-state.ts';
import { recordWriter } from '../record-answers.ts';
import { indexedVersion } from '../records.ts';
import type { IdOrder, RecordVersion, StoredRecord } from '../records.ts';
import { refuseRequest } from '../refusal.ts';
import { parseBody } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { filterSchema, toMatches, toOrder } from '../search-filters.ts';
import type { Matches } from '../search-filters.ts';
import { readScopes } from './objects.ts';

export interface SearchOptions {
  readonly idOrder: IdOrder;
  /** Pages hold at most half of what was asked for, and every third is empty, although more is to come. */
  readonly shortPages: boolean;
  /** However many are asked for. */
  readonly mostPerPage: number;
}

const longestBody = 3_000;
const mostResults = 10_000;

const searchSchema = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filterSchema).min(1) })),
  sorts: z
    .array(
      z.union([
        z.string(),
        z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
      ]),
    )
    .max(1, 'only one sort is allowed'),
  properties: z.array(z.string()),
  limit: z.number().int().min(1).max(200),
  after: z.string().regex(/^\d+$/, 'must be a whole number as text'),
  query: z.string().optional(),
});

type Search = z.infer<typeof searchSchema>;

/** Search: never archived records, never links, and only what the index has seen. */
export function searchRoutes(portal: PortalState, options: SearchOptions): readonly Route[] {
  let answered = 0;
  return [
    {
      method: 'POST',
      path: '/crm/objects/:version/:type/search',
      purpose: 'search :type',
      bucket: 'search',
      query: [],
      scopes: readScopes,
      handle: (request) => {
        answered += 1;
        return answerSearch(portal, request, options, answered);
      },
    },
  ];
}

function answerSearch(portal: PortalState, request: ApiRequest, options: SearchOptions, nth: number): Answer {
  const type = getObjectType(request.params['type'] ?? '');
  if (request.text.length > longestBody) {
    throw refuseRequest(`The request body has ${request.text.length} characters; ${longestBody} are allowed.`);
  }
  const search = parseBody(searchSchema, request.body);
  requireFewFilters(search);
  const offset = Number(search.after);
  if (offset + search.limit > mostResults) {
    throw refuseRequest(`Paging beyond ${mostResults} results is not supported: after ${offset}.`, 'PAGING_LIMIT');
  }
  const found = findMatching(portal, type, search, options.idOrder);
  const most = Math.min(search.limit, options.mostPerPage);
  const wanted = options.shortPages ? shortened(most, nth) : most;
  const page = found.slice(offset, offset + wanted);
  const write = recordWriter(portal, type, search.properties);
  const next = offset + page.length;
  return {
    status: 200,
    body: {
      total: found.length,
      results: page.map(([record, version]) => write(record, version)),
      ...(next < found.length ? { paging: { next: { after: String(next) } } } : {}),
    },
  };
}

function shortened(limit: number, nth: number): number {
  return nth % 3 === 2 ? 0 : Math.max(1, Math.floor(limit / 2));
}

function requireFewFilters({ filterGroups }: Search): void {
  const counts = filterGroups.map(({ filters }) => filters.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length > 5) throw refuseRequest(`${counts.length} filter groups were sent; 5 are allowed.`);
  if (counts.some((count) => count > 6)) throw refuseRequest('A filter group may hold at most 6 filters.');
  if (total > 18) throw refuseRequest(`${total} filters were sent; 18 are allowed.`);
}

function findMatching(
  portal: PortalState,
  type: ObjectType,
  search: Search,
  idOrder: IdOrder,
): readonly (readonly [StoredRecord, RecordVersion])[] {
  const groups = search.filterGroups.map(({ filters }) =>
    filters.map((filter) => toMatches(portal, type, filter, idOrder)),
  );
  if (search.query !== undefined) groups.push([toWordMatch(search.query)]);
  const [sort] = search.sorts;
  const sortName = (typeof sort === 'string' ? sort : sort?.propertyName) ?? type.createdProperty;
  const order = toOrder(portal, type, sortName, idOrder);
  const table = portal.table(type);
  const nowMs = portal.now();
  const found: (readonly [StoredRecord, RecordVersion])[] = [];
  for (const id of table.every(sortName === 'hs_object_id' ? idOrder : 'number').all()) {
    const record = table.find(id);
    const version = record === null ? null : indexedVersion(record, nowMs);
    if (record === null || version?.state !== 'active') continue;
    const isFound = groups.length === 0 || groups.some((tests) => tests.every((test) => test(record, version)));
    if (isFound) found.push([record, version]);
  }
  // Ids come out of the table in order already: sorting 100,000 of them at every page would be all that it does.
  if (sortName !== 'hs_object_id') found.sort(order);
  if (typeof sort === 'object' && sort.direction === 'DESCENDING') found.reverse();
  return found;
}

/** The search box: any text property that has the words in it. */
function toWordMatch(query: string): Matches {
  const words = query.toLowerCase();
  return (_, version) => Object.values(version.properties).some((value) => value.toLowerCase().includes(words));
}
