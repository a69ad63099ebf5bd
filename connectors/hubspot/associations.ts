import type { Access } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import { toBatches } from '../kit/batches.ts';
import { compareIds } from '../kit/compare-ids.ts';
import { callHubSpot } from './client.ts';
import { factsOf } from './objects.ts';
import { toRefusal } from './refusals.ts';
import { linkBatch } from './wire.ts';
import type { ErrorBody, InlineLinks } from './wire.ts';

/** Inputs that one batch read of associations takes. Other batches take 100. */
const INPUTS = 1_000;

interface LinkInput {
  readonly id: string;
  readonly after?: string;
}

interface FoundLinks {
  readonly ids: Set<string>;
  readonly primary: Set<string>;
}

/** All links of `ids` from one object to another, by id, primary first; `[]` where there are none. */
export async function readLinks(
  access: Access,
  from: string,
  to: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, FoundLinks>();
  for (const id of ids) found.set(id, { ids: new Set(), primary: new Set() });

  let inputs: readonly LinkInput[] = [...found.keys()].map((id) => ({ id }));
  while (inputs.length > 0) {
    const onward: LinkInput[] = [];
    for (const batch of toBatches(inputs, INPUTS)) onward.push(...(await readBatch(access, from, to, batch, found)));
    inputs = onward;
  }
  return new Map([...found].map(([id, links]) => [id, inOrder(links.ids, links.primary)]));
}

/** Adds what one call brought to `found`, and answers which inputs go on: paging is per input. */
async function readBatch(
  access: Access,
  from: string,
  to: string,
  inputs: readonly LinkInput[],
  found: ReadonlyMap<string, FoundLinks>,
): Promise<readonly LinkInput[]> {
  const answer = await callHubSpot(
    access,
    {
      method: 'POST',
      path: `/crm/associations/2026-09/${from}/${to}/batch/read`,
      body: { inputs },
      purpose: `read links of ${from} to ${to}`,
      scope: factsOf(to).readScope,
    },
    linkBatch,
  );
  const failed = (answer.errors ?? []).find((error) => !saysNoLinks(error));
  if (failed !== undefined) throw toUnread(from, to, failed);

  const asked = new Map(inputs.map((input) => [input.id, input.after]));
  const primaryTypeId = to === 'companies' ? factsOf(from).primaryCompanyTypeId : null;
  const onward: LinkInput[] = [];
  for (const result of answer.results) {
    const links = found.get(result.from.id);
    if (links === undefined) continue;
    for (const target of result.to) {
      links.ids.add(target.toObjectId);
      const isPrimary = (target.associationTypes ?? []).some((type) => type.typeId === primaryTypeId);
      if (primaryTypeId !== null && isPrimary) links.primary.add(target.toObjectId);
    }
    const after = result.paging?.next?.after;
    if (after === undefined) continue;
    if (after === asked.get(result.from.id)) throw toEndless(from, to, result.from.id);
    onward.push({ id: result.from.id, after });
  }
  return onward;
}

/**
 * The links that came along with a listed record, primary first. Null when that needs `readLinks`: there are more than
 * the list shows, or several companies and nothing that says which is the primary one.
 *
 * @param primary the record's own word on its primary company: an id, null for none, undefined for not known
 */
export function findInlineLinks(
  from: string,
  to: string,
  inline: InlineLinks | undefined,
  primary: string | null | undefined,
): readonly string[] | null {
  if (inline === undefined) return [];
  if (inline.paging?.next) return null;
  const ids = new Set(inline.results.map((link) => link.id));
  const hasPrimary = to === 'companies' && factsOf(from).primaryCompanyTypeId !== null;
  if (!hasPrimary || ids.size < 2) return inOrder(ids, new Set());
  if (typeof primary === 'string' && ids.has(primary)) return inOrder(ids, new Set([primary]));

  // `deal_to_company` names the primary company and `deal_to_company_unlabeled` any; whether every account sends both
  // is not documented, so that only a list in which exactly one is named is believed.
  const named = inline.results.filter((link) => link.type === `${factsOf(from).singular}_to_company`);
  const namedIds = new Set(named.map((link) => link.id));
  if (namedIds.size === 1) return inOrder(ids, namedIds);
  return primary === null ? inOrder(ids, new Set()) : null;
}

function inOrder(ids: ReadonlySet<string>, primary: ReadonlySet<string>): readonly string[] {
  return [...ids].sort((a, b) => Number(primary.has(b)) - Number(primary.has(a)) || compareIds(a, b));
}

/** A record without links, or one that is gone, is told as an error beside the results. */
function saysNoLinks(error: ErrorBody): boolean {
  return (
    toRefusal(error).kind === 'gone' ||
    /NO_ASSOCIATIONS_FOUND/.test(JSON.stringify([error.category, error.subCategory]))
  );
}

function toUnread(from: string, to: string, error: ErrorBody): ConnectorError {
  const refusal = toRefusal(error);
  return new ConnectorError({
    code: refusal.kind === 'forbidden' ? 'permission-missing' : 'unavailable',
    message: `HubSpot could not read the links of some ${from} to ${to}: ${refusal.message}`,
    remedy: 'Nothing to do: the links are read again. If this lasts, report it with the message.',
    context: { from, to },
  });
}

function toEndless(from: string, to: string, id: string): ConnectorError {
  return new ConnectorError({
    code: 'response-unexpected',
    message: `HubSpot's pages of links of ${from} ${id} to ${to} do not advance.`,
    remedy: 'If this lasts, report it: HubSpot changed an answer.',
    context: { from, to, id },
  });
}
