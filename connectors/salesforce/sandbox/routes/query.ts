import type { OrgState } from '../org-state.ts';
import { refuse } from '../refusal.ts';
import { ok } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';
import { parseSoql, refuseQuery } from '../soql/parse-soql.ts';
import { runQuery } from '../soql/run-query.ts';
import type { QueryResult } from '../soql/run-query.ts';

export interface PageOptions {
  /** Most rows of a page; Salesforce's own are never under 200 nor over 2,000. */
  readonly rows: number;
  /** Every page of a query is half as long as the one before it. */
  readonly shrink: boolean;
}

const MOST_ROWS = 2_000;
const LEAST_ROWS = 200;
const CURSOR_MS = 2 * 86_400_000;
/** Rows with long text come in shorter pages. */
const WIDE_ROWS = 1_000;

interface Cursor {
  readonly result: QueryResult;
  readonly pageRows: number;
  readonly expiresAt: number;
}

/** SOQL, a page at a time. */
export function queryRoutes(org: OrgState, pages: PageOptions): readonly Route[] {
  const cursors = new Map<string, Cursor>();
  let opened = 0;

  const start = (request: ApiRequest, seesBin: boolean): Answer => {
    const text = request.query.get('q') ?? '';
    if (text === '') throw refuseQuery('A query string has to be specified');
    const query = parseSoql(text);
    const result = runQuery(org, query, seesBin, request.version);
    if (query.isCount) return ok({ totalSize: result.total, done: true, records: [] });
    opened += 1;
    const key = `0r85e${String(opened).padStart(13, '0')}`;
    const pageRows = pageRowsOf(request, result, pages.rows);
    cursors.set(key, { result, pageRows, expiresAt: org.now() + CURSOR_MS });
    return page(request, key, 0);
  };

  const page = (request: ApiRequest, key: string, from: number): Answer => {
    const cursor = cursors.get(key);
    if (cursor === undefined || cursor.expiresAt <= org.now() || from > cursor.result.total) {
      throw refuse(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    const { result, pageRows } = cursor;
    const rows = pages.shrink ? shrunk(pageRows, from) : pageRows;
    const to = Math.min(from + rows, result.total);
    const records: unknown[] = [];
    for (let index = from; index < to; index += 1) {
      const row = result.row(index);
      if (row !== null) records.push(row);
    }
    const isDone = to >= result.total;
    if (isDone && from === 0) cursors.delete(key);
    // Continuation goes through `query`, also for what queryAll began.
    const next = isDone ? {} : { nextRecordsUrl: `/services/data/v${request.version}/query/${key}-${to}` };
    return ok({ totalSize: result.total, done: isDone, ...next, records });
  };

  const more = (request: ApiRequest): Answer => {
    const [, key = '', from = ''] = /^(.+)-(\d+)$/.exec(request.params['locator'] ?? '') ?? [];
    return page(request, key, Number(from));
  };

  return (['query', 'queryAll'] as const).flatMap((name) => {
    const seesBin = name === 'queryAll';
    return [
      {
        method: 'GET',
        path: `/services/data/:version/${name}`,
        purpose: ({ query }) => `${seesBin ? 'query all' : 'query'} ${objectIn(query.get('q') ?? '')}`,
        isOpen: false,
        handle: (request) => start(request, seesBin),
      },
      {
        method: 'GET',
        path: `/services/data/:version/${name}/:locator`,
        purpose: () => 'query more',
        isOpen: false,
        handle: more,
      },
    ] satisfies Route[];
  });
}

/** The object of the outermost FROM, for the purpose of a call. */
export function objectIn(soql: string): string {
  const withoutStrings = soql.replaceAll(/'(?:\\.|[^'\\])*'/g, "''");
  const outermost = withoutStrings.replaceAll(/\([^()]*\)/g, '');
  return /\bFROM\s+(\w+)/i.exec(outermost)?.[1] ?? 'unknown';
}

function pageRowsOf(request: ApiRequest, result: QueryResult, most: number): number {
  const asked = /batchSize=(\d+)/i.exec(String(request.headers['sforce-query-options'] ?? ''))?.[1];
  const wanted = asked === undefined ? MOST_ROWS : Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Number(asked)));
  const paths = result.writer?.paths ?? [];
  const isWide = paths.some(({ field }) => field.type === 'textarea' && field.length > 255);
  return Math.min(most, isWide ? Math.min(wanted, WIDE_ROWS) : wanted);
}

/** The length of the page that begins at `from` when every page is half as long as the one before it. */
function shrunk(pageRows: number, from: number): number {
  let rows = pageRows;
  for (let at = 0; at < from; at += rows, rows = Math.max(1, Math.floor(rows / 2)));
  return rows;
}
