import type { Access, PullPage, PullRequest } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import type { RawRecord } from '../contract/record.ts';
import { findInlineLinks, readLinks } from './associations.ts';
import { readWire } from './batch-read.ts';
import { callHubSpot } from './client.ts';
import { factsOf } from './objects.ts';
import { primaryCompanyOf, toProperties, toRawRecord } from './records.ts';
import { recordPage } from './wire.ts';
import type { WireRecord } from './wire.ts';

const PAGE = 100;

/** Longer addresses are refused with 414 somewhere between 8 and 16 kB; this keeps well below. */
const MAX_URL = 7_000;

/**
 * Pages that may wait for links which the list does not show whole. They are yielded in order, so one page that needs
 * more holds up those behind it: waiting turns a call for each such page into one for all of them.
 */
const MAX_WAITING = 20;

interface WaitingPage {
  readonly rows: readonly Row[];
  readonly cursor: string | null;
}

interface Row {
  readonly wire: WireRecord;
  /** Per linked object the links that the list shows; null where it does not show them whole. */
  readonly shown: Readonly<Record<string, readonly string[] | null>>;
}

/** Every live record, or every archived one, in the order of HubSpot's cursor, which is the id. */
export async function* pullListed(access: Access, request: PullRequest): AsyncGenerator<PullPage> {
  const links = isArchived(request) ? [] : request.links;
  let waiting: WaitingPage[] = [];
  let after = request.cursor;
  for (;;) {
    const page = await listPage(access, request, links, after);
    waiting.push(page);
    const isLast = page.cursor === null;
    if (isLast || waiting.length >= MAX_WAITING || !waiting.some((each) => needsMore(links, each))) {
      const complete = await readUnshown(access, request.object, links, waiting);
      for (const each of waiting) {
        const records = each.rows.map((row) => ({
          ...toRawRecord(request.object, row.wire, request.fields, linksOf(row, links, complete)),
          deleted: isArchived(request),
        }));
        yield { records, cursor: each.cursor, total: null };
      }
      waiting = [];
    }
    if (isLast) return;
    after = page.cursor;
  }
}

function isArchived(request: PullRequest): boolean {
  return request.scope.kind === 'archived';
}

async function listPage(
  access: Access,
  request: PullRequest,
  links: readonly string[],
  after: string | null,
): Promise<WaitingPage> {
  const { object } = request;
  const properties = toProperties(object, request.fields, links);
  const path = `/crm/objects/2026-09/${object}`;
  const toQuery = (names: readonly string[]): Record<string, string> => ({
    limit: String(PAGE),
    ...(after === null ? {} : { after }),
    properties: names.join(','),
    ...(links.length === 0 ? {} : { associations: links.join(',') }),
    archived: String(isArchived(request)),
  });
  const fits = `${access.baseUrl}${path}?${new URLSearchParams(toQuery(properties)).toString()}`.length <= MAX_URL;
  const query = toQuery(fits ? properties : ['hs_object_id']);
  const purpose = isArchived(request) ? `list archived ${object}` : `list ${object}`;
  const call = { method: 'GET', path, query, purpose, scope: factsOf(object).readScope } as const;
  const page = await callHubSpot(access, call, recordPage);

  const cursor = page.paging?.next?.after ?? null;
  if (cursor !== null && cursor === after) throw toEndless(object, cursor);
  if (fits) return { rows: page.results.map((wire) => toRow(object, wire, links)), cursor };

  // What the list shows without the read is a record that was archived or merged away in between: the next pull tells.
  const ids = page.results.map((wire) => wire.id);
  const read = await readWire(access, object, ids, properties, isArchived(request) ? 'archived' : 'live');
  const found = new Map(read.map((wire) => [wire.id, wire]));
  const rows = page.results.flatMap((listed) => {
    const full = found.get(listed.id);
    return full === undefined ? [] : [toRow(object, { ...full, associations: listed.associations }, links)];
  });
  return { rows, cursor };
}

function toRow(object: string, wire: WireRecord, links: readonly string[]): Row {
  const primary = primaryCompanyOf(object, wire);
  const shown = links.map((to) => [to, findInlineLinks(object, to, wire.associations?.[to], primary)] as const);
  return { wire, shown: Object.fromEntries(shown) };
}

function needsMore(links: readonly string[], page: WaitingPage): boolean {
  return page.rows.some((row) => links.some((to) => row.shown[to] === null));
}

/** For each linked object the links that the list did not show whole, by record id. */
async function readUnshown(
  access: Access,
  object: string,
  links: readonly string[],
  pages: readonly WaitingPage[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>> {
  const complete = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const to of links) {
    const rows = pages.flatMap((page) => page.rows).filter((row) => row.shown[to] === null);
    const ids = rows.map((row) => row.wire.id);
    if (ids.length > 0) complete.set(to, await readLinks(access, object, to, ids));
  }
  return complete;
}

function linksOf(
  row: Row,
  links: readonly string[],
  complete: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>,
): RawRecord['links'] {
  return Object.fromEntries(links.map((to) => [to, complete.get(to)?.get(row.wire.id) ?? row.shown[to] ?? []]));
}

function toEndless(object: string, cursor: string): ConnectorError {
  return new ConnectorError({
    code: 'response-unexpected',
    message: `HubSpot's list of ${object} does not advance past ${cursor}.`,
    remedy: 'If this lasts, report it: HubSpot changed an answer.',
    context: { object, cursor },
  });
}
