import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { orgToken } from './sandbox-org.ts';

export interface OrgAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where there was none, or no JSON. */
  readonly body: unknown;
}

export interface QueryAnswer {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** Plain HTTP calls to a sandbox org, with the version in front of every path that begins with a slash. */
export function callsTo(sandbox: Pick<SalesforceSandbox, 'url'>, token: string = orgToken) {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OrgAnswer> => {
    const place = path.startsWith('/services/') || path.startsWith('/id/') ? path : `/services/data/v66.0${path}`;
    const answer = await fetch(`${sandbox.url}${place}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  const query = async (soql: string, kind: 'query' | 'queryAll' = 'query'): Promise<QueryAnswer> => {
    const answer = await call('GET', `/${kind}?q=${encodeURIComponent(soql)}`);
    if (answer.status !== 200) throw new Error(`the query was refused: ${answer.text}`);
    return answer.body as QueryAnswer;
  };
  /** The values of one column, over all pages. */
  const column = async (
    soql: string,
    name: string,
    kind: 'query' | 'queryAll' = 'query',
  ): Promise<readonly unknown[]> => {
    const values: unknown[] = [];
    let page = await query(soql, kind);
    for (;;) {
      values.push(...page.records.map((record) => record[name]));
      if (page.nextRecordsUrl === undefined) return values;
      page = (await call('GET', page.nextRecordsUrl)).body as QueryAnswer;
    }
  };
  return { call, query, column };
}
