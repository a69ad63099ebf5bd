import type { RawRecord } from '../contract/record.ts';
import { toBatches } from '../kit/batches.ts';
import { factsOf, isIdOf } from './objects.ts';
import type { Between, ObjectFacts } from './objects.ts';
import type { Org } from './org.ts';
import { errorCodeOf } from './failures.ts';
import { askRows, restOf } from './query.ts';
import { idOf, isTrue, linkedIds } from './records.ts';
import { allOf, isIn, select } from './soql.ts';
import { rowPage } from './wire.ts';
import type { WireRow } from './wire.ts';

/** Ids that are asked for in one call. */
const IDS = 1_000;

type LinksById = ReadonlyMap<string, readonly string[]>;

/** For each of `ids` all ids of `to` that it is linked to, the one that counts most first. */
export async function readLinks(org: Org, object: string, to: string, ids: readonly string[]): Promise<LinksById> {
  const facts = factsOf(object);
  const link = facts.links[to];
  if (link === undefined) return readBackwards(org, object, to, ids);
  const found = new Map<string, readonly string[]>(ids.map((id) => [id, []]));
  if (link.fields.length > 0) {
    for (const batch of toBatches(ids, IDS)) {
      const soql = select({ from: facts.sobject, fields: ['Id', ...link.fields], where: isIn('Id', batch) });
      const rows = await askRows(org, soql, { purpose: `read links of ${object}`, includesDeleted: facts.isArchived });
      for (const row of rows) found.set(idOf(row), linkedIds(facts, row, to));
    }
  }
  if (link.between !== null) addTo(found, await readBetween(org, link.between, to, ids));
  return found;
}

/** Links whose other side names this one, as tasks name their account. */
async function readBackwards(org: Org, object: string, to: string, ids: readonly string[]): Promise<LinksById> {
  const other = factsOf(to);
  const found = new Map<string, readonly string[]>(ids.map((id) => [id, []]));
  for (const field of other.links[object]?.fields ?? []) {
    for (const batch of toBatches(ids, IDS)) {
      const where = allOf([...(other.only === null ? [] : [other.only.where]), isIn(field, batch)]);
      const soql = select({ from: other.sobject, fields: ['Id', field], where, orderBy: ['Id'] });
      const rows = await askRows(org, soql, { purpose: `read links of ${object} to ${to}` });
      for (const row of rows) {
        const from = String(row[field]);
        found.set(from, [...(found.get(from) ?? []), idOf(row)]);
      }
    }
  }
  return found;
}

/** Records in between, by the record that they lead from. */
async function readBetween(org: Org, between: Between, object: string, ids: readonly string[]): Promise<LinksById> {
  const rows = new Map<string, WireRow[]>();
  if (org.lacking.has(between.children)) return new Map();
  const fields = [between.from, between.to, ...(between.primary === null ? [] : [between.primary])];
  for (const batch of toBatches(ids, IDS)) {
    const where = allOf([isIn(between.from, batch), ...(between.only === undefined ? [] : [between.only])]);
    const soql = select({ from: between.object, fields, where });
    try {
      for (const row of await askRows(org, soql, { purpose: `read ${between.object}` })) {
        const from = String(row[between.from]);
        rows.set(from, [...(rows.get(from) ?? []), row]);
      }
    } catch (error) {
      if (!between.isOptional || errorCodeOf(error) !== 'INVALID_TYPE') throw error;
      org.lacking.add(between.children);
      return new Map();
    }
  }
  return new Map([...rows].map(([from, own]) => [from, idsOf(between, object, own)]));
}

/** The links of a record of which a select brought the child records along. */
export async function linksOfRow(
  org: Org,
  facts: ObjectFacts,
  row: WireRow,
  wanted: readonly string[],
): Promise<RawRecord['links']> {
  const links: Record<string, readonly string[]> = {};
  for (const to of wanted) {
    const between = facts.links[to]?.between ?? null;
    const own = linkedIds(facts, row, to);
    links[to] = between === null ? own : together(own, await childrenOf(org, between, to, row));
  }
  return links;
}

async function childrenOf(org: Org, between: Between, object: string, row: WireRow): Promise<readonly string[]> {
  // A record without children has null in their place.
  const page = rowPage.safeParse(row[between.children]);
  if (!page.success) return [];
  const rest = await restOf(org, page.data, `read ${between.object}`);
  return idsOf(between, object, [...page.data.records, ...rest]);
}

/** The ids on the other side, the primary ones first, then in the order of ids. */
function idsOf({ to, primary }: Between, object: string, rows: readonly WireRow[]): readonly string[] {
  const rank = (row: WireRow): string => `${primary !== null && isTrue(row[primary]) ? 0 : 1}${String(row[to])}`;
  const sorted = [...rows].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return [...new Set(sorted.map((row) => String(row[to])))].filter((id) => isIdOf(object, id));
}

/** What each record's own fields say, then what `more` adds to it. */
function together(own: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...own, ...more])];
}

function addTo(found: Map<string, readonly string[]>, more: LinksById): void {
  for (const [id, ids] of more) found.set(id, together(found.get(id) ?? [], ids));
}

/** Whether a field of `object` names records of `to`: such links never change without the record. */
export function isByField(object: string, to: string): boolean {
  return (factsOf(object).links[to]?.fields.length ?? 0) > 0;
}
