import type { z } from 'zod';
import { ConnectorError } from '../contract/errors.ts';
import { callInBody, callSalesforce } from './client.ts';
import { errorCodeOf } from './failures.ts';
import type { Between, ObjectFacts } from './objects.ts';
import type { Org } from './org.ts';
import { linkFields, systemFields } from './records.ts';
import { forgetShape, shapeOf, toOwnName, toWireName } from './shapes.ts';
import { allOf, select } from './soql.ts';
import type { Condition } from './soql.ts';
import { queryPage, rowPage } from './wire.ts';
import type { QueryPage, RowPage, WireRecord } from './wire.ts';

/** Longer addresses are refused with 414 or 431 from 16,384 bytes on, headers included. */
const MAX_URL = 7_000;

/** What is asked of an object's records. */
export interface Ask {
  readonly facts: ObjectFacts;
  readonly fields: readonly string[];
  /** Objects whose linked ids are wanted. */
  readonly links: readonly string[];
  readonly where: Condition | undefined;
  readonly orderBy?: readonly string[];
  readonly limit?: number;
  /** Deleted and archived records too. */
  readonly includesDeleted: boolean;
  readonly purpose: string;
}

/**
 * The first page of a select. Fields that the org lacks, or does not show to the user that we are connected as, are left
 * out of it: one of them would make Salesforce refuse the whole statement.
 */
export async function askRecords(org: Org, ask: Ask): Promise<QueryPage> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const soql = await toSoql(org, ask, 'with-children');
      return withOwnNames(org, await query(org, soql, ask, queryPage));
    } catch (error) {
      if (attempt >= MAX_LESSONS || !(await learnFrom(org, ask, error))) throw error;
    }
  }
}

/** A statement is refused for one thing at a time: a feature that is off, then a field that is gone. */
const MAX_LESSONS = 3;

/** Whether the refusal told something about the org by which the next try differs. */
async function learnFrom(org: Org, ask: Ask, error: unknown): Promise<boolean> {
  const code = errorCodeOf(error);
  if (code !== 'INVALID_FIELD' && code !== 'INVALID_TYPE') return false;
  const said = error instanceof Error ? error.message : '';
  const unknown = betweens(ask).filter(({ isOptional, children }) => isOptional && said.includes(`'${children}'`));
  if (unknown.some(({ children }) => !org.lacking.has(children))) {
    for (const { children } of unknown) org.lacking.add(children);
    return true;
  }
  if (code === 'INVALID_TYPE') return false;
  const wasKnown = org.shapes.has(ask.facts.sobject);
  const before = await toSoql(org, ask, 'flat');
  forgetShape(org, ask.facts.sobject);
  const shape = await shapeOf(org, ask.facts.sobject);
  const hidden = (ask.facts.only?.fields ?? []).find((field) => !shape.fields.has(field));
  if (hidden !== undefined) throw toHidden(ask.facts.sobject, hidden, error);
  return !wasKnown || before !== (await toSoql(org, ask, 'flat'));
}

/** Without the field that tells an object's records apart, all of them would be taken for what one of them is. */
function toHidden(sobject: string, field: string, cause: unknown): ConnectorError {
  return new ConnectorError({
    code: 'permission-missing',
    message: `Salesforce does not show ${sobject}.${field} to the user that Holdfast is connected as.`,
    remedy: `Give that user read access to the field ${field} of ${sobject}.`,
    field,
    cause,
  });
}

/** The select as SOQL. Bulk jobs know no child selects. */
export async function toSoql(org: Org, ask: Ask, how: 'with-children' | 'flat'): Promise<string> {
  const { facts, fields, links, where, orderBy, limit } = ask;
  const wanted = [...systemFields(facts), ...linkFields(facts, links), ...fields];
  const children = how === 'flat' ? [] : betweens(ask).filter((between) => !org.lacking.has(between.children));
  return select({
    from: facts.sobject,
    fields: await toWireNames(org, facts.sobject, wanted),
    children: children.map((between) => ({
      from: between.children,
      fields: [between.to, ...(between.primary === null ? [] : [between.primary])],
      ...(between.only === undefined ? {} : { where: between.only }),
    })),
    where: allOf([facts.only?.where, where].filter((condition) => condition !== undefined)),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(limit === undefined ? {} : { limit }),
  });
}

function betweens({ facts, links }: Pick<Ask, 'facts' | 'links'>): readonly Between[] {
  return links.flatMap((to) => facts.links[to]?.between ?? []);
}

/** Whether child selects bring something that a flat select would not. */
export function needsChildren(org: Org, ask: Pick<Ask, 'facts' | 'links'>): boolean {
  return betweens(ask).some(({ children }) => !org.lacking.has(children));
}

/** What the org calls the fields, without those that it is known to lack. */
async function toWireNames(org: Org, sobject: string, names: readonly string[]): Promise<readonly string[]> {
  const known = org.shapes.get(sobject);
  if (known !== undefined) {
    const shape = await known;
    return names.flatMap((name) => shape.fields.get(name)?.wireName ?? []);
  }
  return names.map((name) => toWireName(org, name));
}

/** The page behind a locator. */
export async function askMore(org: Org, nextRecordsUrl: string, purpose: string): Promise<QueryPage> {
  return withOwnNames(org, await more(org, nextRecordsUrl, purpose, queryPage));
}

/** All rows of a select of few: setup objects, records in between. */
export async function askRows(
  org: Org,
  soql: string,
  options: { readonly purpose: string; readonly includesDeleted?: boolean },
): Promise<RowPage['records']> {
  const ask = { includesDeleted: options.includesDeleted ?? false, purpose: options.purpose };
  const first = await query(org, soql, ask, rowPage);
  return [...first.records, ...(await restOf(org, first, options.purpose))];
}

/** The rows of the pages behind one that is not the last. */
export async function restOf(org: Org, page: RowPage, purpose: string): Promise<RowPage['records']> {
  const rows: RowPage['records'] = [];
  let last = page;
  while (!last.done && last.nextRecordsUrl) {
    last = await more(org, last.nextRecordsUrl, purpose, rowPage);
    rows.push(...last.records);
  }
  return rows;
}

async function query<T>(
  org: Org,
  soql: string,
  ask: Pick<Ask, 'includesDeleted' | 'purpose'>,
  schema: z.ZodType<T>,
): Promise<T> {
  const path = ask.includesDeleted ? '/queryAll' : '/query';
  const call = { method: 'GET', path, query: { q: soql }, purpose: ask.purpose } as const;
  const fits = new URLSearchParams(call.query).toString().length <= MAX_URL;
  return fits ? callSalesforce(org, call, schema) : callInBody(org, call, schema);
}

function more<T>(org: Org, nextRecordsUrl: string, purpose: string, schema: z.ZodType<T>): Promise<T> {
  // Only the locator is taken: the address may name another version, and whatever else stands in it is not ours to call.
  const locator = nextRecordsUrl.slice(nextRecordsUrl.lastIndexOf('/') + 1);
  const call = { method: 'GET', path: `/query/${encodeURIComponent(locator)}`, purpose } as const;
  return callSalesforce(org, call, schema);
}

function withOwnNames(org: Org, page: QueryPage): QueryPage {
  return org.namespaces.size === 0 ? page : { ...page, records: page.records.map(withOwnName) };
}

function withOwnName(wire: WireRecord): WireRecord {
  const entries = Object.entries(wire).map(([name, value]) => [toOwnName(name), value] as const);
  return { ...Object.fromEntries(entries), Id: wire.Id };
}
