import type { z } from 'zod';
import type { Access, PullPage, PullRequest, PullScope } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import type { RawRecord } from '../contract/record.ts';
import { readLinks } from './associations.ts';
import { readWire } from './batch-read.ts';
import { callHubSpot } from './client.ts';
import { factsOf } from './objects.ts';
import { toProperties, toRawRecord } from './records.ts';
import { searchPage } from './wire.ts';
import type { WireRecord } from './wire.ts';

const PAGE = 200;

/** "A query can contain a maximum of 3,000 characters" (search guide): the whole body is kept within it. */
const MAX_BODY = 3_000;

/** Pages that wait for each other, so that their links are read in one call of 1,000 for each linked object. */
const MAX_WAITING = 5;

/** Answers in a row that may say "there is more" and bring nothing new. */
const MAX_BARREN = 10;

type Window = Extract<PullScope, { kind: 'changed' }>;

interface FoundPage {
  readonly wires: readonly WireRecord[];
  /** The id to go on after; null when this was the last page. */
  readonly cursor: string | null;
  readonly total: number | null;
}

/**
 * Every record whose modified date lies in the window, by search.
 *
 * Search stops at 10,000 results, and bulk edits give far more records one and the same modified date, so it is paged by
 * id: sorted by `hs_object_id`, each page asks for what comes after the last id of the page before. The id is handed
 * back as HubSpot gave it, since HubSpot may order ids as text or as numbers; and only the absence of a next page ends
 * the pull, since short and empty pages occur before the last.
 */
export async function* pullChanged(access: Access, request: PullRequest, window: Window): AsyncGenerator<PullPage> {
  let waiting: FoundPage[] = [];
  let cursor = request.cursor;
  for (;;) {
    const page = await findPage(access, request, window, cursor);
    waiting.push(page);
    if (page.cursor === null || waiting.length >= MAX_WAITING) {
      yield* await toPages(access, request, waiting);
      waiting = [];
    }
    if (page.cursor === null) return;
    cursor = page.cursor;
  }
}

/** The next records after an id. Goes over answers without records as long as HubSpot says that there are more. */
async function findPage(
  access: Access,
  request: PullRequest,
  window: Window,
  cursor: string | null,
): Promise<FoundPage> {
  const properties = toProperties(request.object, request.fields, []);
  let offset = '0';
  for (let barren = 0; barren < MAX_BARREN; barren += 1) {
    const answer = await search(access, request.object, window, cursor, offset, properties);
    const last = answer.results.at(-1)?.id;
    const next = answer.paging?.next?.after ?? null;
    if (next === null || (last !== undefined && last !== cursor)) {
      const found = answer.results.map((wire) => wire.id);
      const wires = answer.isComplete ? answer.results : await readWire(access, request.object, found, properties);
      return { wires, cursor: next === null ? null : (last ?? null), total: answer.total ?? null };
    }
    offset = next;
  }
  throw new ConnectorError({
    code: 'response-unexpected',
    message: `HubSpot says that there are more changed ${request.object} after ${cursor ?? 'the first'}, but does not give them.`,
    remedy: 'Nothing to do: the next sync tries again, and the weekly full read does not need search.',
    context: { object: request.object },
  });
}

/** One call of search. Property names that do not fit into the body are left out: then the answer is not complete. */
async function search(
  access: Access,
  object: string,
  window: Window,
  cursor: string | null,
  offset: string,
  properties: readonly string[],
): Promise<z.infer<typeof searchPage> & { readonly isComplete: boolean }> {
  const { modifiedProperty, readScope } = factsOf(object);
  const filters = [
    // Dates in filters are epoch milliseconds: HubSpot answers 400 to ISO 8601.
    { propertyName: modifiedProperty, operator: 'GTE', value: String(Date.parse(window.since)) },
    { propertyName: modifiedProperty, operator: 'LTE', value: String(Date.parse(window.until)) },
    ...(cursor === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: cursor }]),
  ];
  const toBody = (names: readonly string[]): object => ({
    filterGroups: [{ filters }],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    properties: names,
    limit: PAGE,
    after: offset,
  });
  const fits = JSON.stringify(toBody(properties)).length <= MAX_BODY;
  const answer = await callHubSpot(
    access,
    {
      method: 'POST',
      path: `/crm/objects/2026-09/${object}/search`,
      body: toBody(fits ? properties : ['hs_object_id']),
      purpose: `search changed ${object}`,
      scope: readScope,
      bucket: 'search',
    },
    searchPage,
  );
  return { ...answer, isComplete: fits };
}

/** Turns found pages into pages with links, with one read for each linked object. */
async function toPages(
  access: Access,
  request: PullRequest,
  found: readonly FoundPage[],
): Promise<readonly PullPage[]> {
  const ids = [...new Set(found.flatMap((page) => page.wires.map((wire) => wire.id)))];
  const links = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const to of request.links) {
    if (ids.length > 0) links.set(to, await readLinks(access, request.object, to, ids));
  }
  const linksOf = (id: string): RawRecord['links'] =>
    Object.fromEntries(request.links.map((to) => [to, links.get(to)?.get(id) ?? []]));
  return found.map((page) => ({
    records: page.wires.map((wire) => toRawRecord(request.object, wire, request.fields, linksOf(wire.id))),
    cursor: page.cursor,
    total: page.total,
  }));
}
