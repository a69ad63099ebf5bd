import type { PullPage, PullRequest, PullScope } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import type { RawRecord } from '../contract/record.ts';
import { toBatches } from '../kit/batches.ts';
import { readResults, runQueryJob } from './bulk.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Cursor, JobCursor } from './cursor.ts';
import { errorCodeOf } from './failures.ts';
import { linksOfRow } from './links.ts';
import { findSurvivors } from './merges.ts';
import { factsOf } from './objects.ts';
import type { ObjectFacts } from './objects.ts';
import type { Org } from './org.ts';
import { askMore, askRecords, needsChildren, toSoql } from './query.ts';
import type { Ask } from './query.ts';
import { idOf, isTrue, modifiedAtOf, toRawRecord } from './records.ts';
import { shapeOf } from './shapes.ts';
import { allOf, anyOf, compare } from './soql.ts';
import type { Condition } from './soql.ts';
import { toTypedRow } from './typed-rows.ts';
import type { QueryPage, WireRow } from './wire.ts';

/** So many records still to come are cheaper as a bulk job: its calls are 4 and one for each 20,000, pages are 2,000. */
const BULK_FROM = 20_000;

/** Records of a page that is handed over, also where a bulk job brings more at once. */
const PAGE = 2_000;

/** The order in which records are read, and what it takes to go on behind one. */
interface Order {
  readonly fields: readonly string[];
  readonly where: Condition | undefined;
  readonly includesDeleted: boolean;
  readonly purpose: string;
  after(values: readonly string[]): Condition | undefined;
  /** What to go on after when these records have been handed over. */
  behind(rows: readonly WireRow[], before: readonly string[] | null): readonly string[] | null;
}

/**
 * Every record of a scope, page by page. Pages are read by Salesforce's locator, but each one's cursor says where it ends
 * by its last record's own values, so that a pull goes on also when the locator has died (they live for two days).
 * Whatever is many is read by a bulk job where the org has them.
 */
export async function* pull(org: Org, request: PullRequest): AsyncGenerator<PullPage> {
  const facts = factsOf(request.object);
  if (request.scope.kind === 'archived' && !facts.isDeletable) {
    yield { records: [], cursor: null, total: 0 };
    return;
  }
  const order = orderOf(request.object, facts, request.scope);
  const begun = readCursor(request.cursor);
  if (begun.job !== null && (yield* pullResults(org, request, order, begun, begun.job, null))) return;
  yield* pullPages(org, request, order, begun.after);
}

async function* pullPages(
  org: Org,
  request: PullRequest,
  order: Order,
  begunAfter: readonly string[] | null,
): AsyncGenerator<PullPage> {
  let after = begunAfter;
  let locator: string | null = null;
  let total: number | null = null;
  for (;;) {
    const page: QueryPage | null =
      locator === null ? await askRecords(org, askFor(request, order, after)) : await askOn(org, locator, order);
    if (page === null) {
      locator = null;
      continue;
    }
    const isFirst = locator === null;
    total ??= page.totalSize ?? null;
    after = order.behind(page.records, after);
    const records = await toRecords(org, request, page.records);
    yield { records, cursor: page.done ? null : writeCursor({ after, job: null }), total };
    if (page.done) return;

    const rest = (page.totalSize ?? 0) - page.records.length;
    const ask = askFor(request, order, after);
    // A bulk job brings no child records along, and asking for them apart would cost more than it saves.
    if (isFirst && rest >= BULK_FROM && !needsChildren(org, ask)) {
      const soql = await toSoql(org, ask, 'flat');
      const id = await runQueryJob(org, soql, order);
      const job = id === null ? null : { id, locator: null, skip: 0 };
      if (job !== null && (yield* pullResults(org, request, order, { after, job }, job, total))) return;
    }
    if (!page.nextRecordsUrl || page.nextRecordsUrl === locator) throw toEndless(request.object);
    locator = page.nextRecordsUrl;
  }
}

/** The rows of a bulk job. False when Salesforce no longer has it, so that the rest has to be read by pages. */
async function* pullResults(
  org: Org,
  request: PullRequest,
  order: Order,
  begun: Cursor,
  from: JobCursor,
  total: number | null,
): AsyncGenerator<PullPage, boolean> {
  const shape = await shapeOf(org, factsOf(request.object).sobject);
  let { locator, skip } = from;
  for (;;) {
    const results = await readResults(org, from.id, locator, order.purpose);
    if (results === null) return false;
    const cursorAt = (job: Omit<JobCursor, 'id'>): string => writeCursor({ ...begun, job: { id: from.id, ...job } });
    const isLastPage = results.locator === null;
    const behindPage = isLastPage ? null : cursorAt({ locator: results.locator, skip: 0 });
    const rest = results.rows.slice(skip);
    if (rest.length === 0) yield { records: [], cursor: behindPage, total };
    for (const batch of toBatches(rest, PAGE)) {
      skip += batch.length;
      const rows = batch.map((row) => toTypedRow(shape, row));
      const records = await toRecords(org, request, rows);
      yield { records, cursor: skip < results.rows.length ? cursorAt({ locator, skip }) : behindPage, total };
    }
    if (results.locator === null) return true;
    if (results.locator === locator) throw toEndless(request.object);
    locator = results.locator;
    skip = 0;
  }
}

function askFor(request: PullRequest, order: Order, after: readonly string[] | null): Ask {
  const conditions = [order.where, after === null ? undefined : order.after(after)];
  return {
    facts: factsOf(request.object),
    fields: request.fields,
    links: request.scope.kind === 'archived' ? [] : request.links,
    where: allOf(conditions.filter((condition) => condition !== undefined)),
    orderBy: order.fields,
    includesDeleted: order.includesDeleted,
    purpose: order.purpose,
  };
}

/** The page behind a locator; null when Salesforce has thrown the locator away. */
async function askOn(org: Org, locator: string, order: Order): Promise<QueryPage | null> {
  try {
    return await askMore(org, locator, order.purpose);
  } catch (error) {
    if (errorCodeOf(error) === 'INVALID_QUERY_LOCATOR') return null;
    throw error;
  }
}

function orderOf(object: string, facts: ObjectFacts, scope: PullScope): Order {
  switch (scope.kind) {
    case 'all':
      return { ...byId, where: undefined, includesDeleted: false, purpose: `list ${object}` };
    case 'archived':
      return {
        ...byId,
        where: compare('IsDeleted', '=', true),
        includesDeleted: true,
        purpose: `list deleted ${object}`,
      };
    case 'changed':
      return {
        fields: ['SystemModstamp', 'Id'],
        where: allOf([
          compare('SystemModstamp', '>=', { instant: scope.since }),
          compare('SystemModstamp', '<=', { instant: scope.until }),
        ]),
        // Deletions and merges are changes too, and only this way are they told.
        includesDeleted: facts.isDeletable,
        purpose: `list changed ${object}`,
        after: ([modifiedAt = '', id = '']) =>
          allOf([
            compare('SystemModstamp', '>=', { instant: modifiedAt }),
            // A mass update gives far more records than a page holds one and the same instant.
            ...oneOf([compare('SystemModstamp', '>', { instant: modifiedAt }), compare('Id', '>', id)]),
          ]),
        behind: (rows, before) => {
          // A record that was changed again while pages are read stands at its old place with its new, later instant.
          const last = rows.findLast((row) => modifiedAtOf(object, row) <= scope.until);
          return last === undefined ? before : [modifiedAtOf(object, last), idOf(last)];
        },
      };
    default:
      return scope satisfies never;
  }
}

const byId: Pick<Order, 'fields' | 'after' | 'behind'> = {
  fields: ['Id'],
  after: ([id = '']) => compare('Id', '>', id),
  behind: (rows, before) => {
    const last = rows.at(-1);
    return last === undefined ? before : [idOf(last)];
  },
};

function oneOf(conditions: readonly Condition[]): readonly Condition[] {
  const any = anyOf(conditions);
  return any === undefined ? [] : [any];
}

async function toRecords(org: Org, request: PullRequest, rows: readonly WireRow[]): Promise<readonly RawRecord[]> {
  const wanted = request.scope.kind === 'archived' ? [] : request.links;
  const facts = factsOf(request.object);
  const records: RawRecord[] = [];
  for (const row of rows) {
    records.push(toRawRecord(request.object, row, request.fields, await linksOfRow(org, facts, row, wanted)));
  }
  return [...records, ...(await readSurvivors(org, request, rows))];
}

/** The records that took over those of a page that were merged away, each with the ids that it took over. */
async function readSurvivors(org: Org, request: PullRequest, rows: readonly WireRow[]): Promise<readonly RawRecord[]> {
  const facts = factsOf(request.object);
  const losers = new Map<string, string>();
  for (const row of rows) {
    const master = row['MasterRecordId'];
    if (isTrue(row['IsDeleted']) && typeof master === 'string' && master !== '') losers.set(idOf(row), master);
  }
  if (losers.size === 0) return [];
  const survivors = await findSurvivors(org, request.object, request.fields, request.links, losers);
  const records: RawRecord[] = [];
  for (const { row, mergedIds } of survivors) {
    const links = await linksOfRow(org, facts, row, request.links);
    records.push({ ...toRawRecord(request.object, row, request.fields, links), mergedIds });
  }
  return records;
}

function toEndless(object: string): ConnectorError {
  return new ConnectorError({
    code: 'response-unexpected',
    message: `Salesforce says that there are more ${object}, but does not say where.`,
    remedy: 'If this lasts, report it: Salesforce changed an answer.',
    context: { object },
  });
}
