import type { Access, FieldDescription, PullPage, PullRequest } from '../contract/connector.ts';
import type { RawRecord, RawValue } from '../contract/record.ts';
import { ConnectorError } from '../contract/errors.ts';
import { parseInstant } from '../kit/instants.ts';
import { callHubSpot } from './client.ts';
import { OWNERS, OWNERS_SCOPE } from './objects.ts';
import { toValue } from './records.ts';
import { ownerPage } from './wire.ts';
import type { WireOwner } from './wire.ts';

/** HubSpot has no properties of owners to list: these are the members of its answer that we know. */
const readers = {
  email: (owner) => toValue(owner.email),
  firstName: (owner) => toValue(owner.firstName),
  lastName: (owner) => toValue(owner.lastName),
  /** `PERSON` or `QUEUE`. */
  type: (owner) => toValue(owner.type),
  userId: (owner) => toValue(owner.userId),
  /** Archived owners have no `userId` any more, but keep this one. */
  userIdIncludingInactive: (owner) => toValue(owner.userIdIncludingInactive),
  /** Names, `;` between them. */
  teams: (owner) => toValue((owner.teams ?? []).map((team) => team.name ?? '').join(';')),
  archived: (owner) => owner.archived ?? false,
} as const satisfies Record<string, (owner: WireOwner) => RawValue>;

/**
 * All owners, the active ones first. Archived ones are not deleted: records still name them, so they come along with
 * `archived` set. The scope makes no difference, except that there are no deleted ones to list.
 */
export async function* pullOwners(access: Access, request: PullRequest): AsyncGenerator<PullPage> {
  if (request.scope.kind === 'archived') {
    yield { records: [], cursor: null, total: 0 };
    return;
  }
  let cursor: string | null = request.cursor ?? ACTIVE;
  while (cursor !== null) {
    const page: OwnerPage = await listOwners(access, cursor);
    const records = page.owners.map((owner) => toRecord(owner, request.fields));
    yield { records, cursor: page.cursor, total: null };
    cursor = page.cursor;
  }
}

export async function readOwners(
  access: Access,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly RawRecord[]> {
  const wanted = new Set(ids);
  const found: RawRecord[] = [];
  const request: PullRequest = { object: OWNERS, fields, links: [], scope: { kind: 'all' }, cursor: null };
  for await (const page of pullOwners(access, request)) {
    found.push(...page.records.filter((record) => wanted.has(record.id)));
  }
  return found;
}

export function describeOwners(): readonly FieldDescription[] {
  return Object.keys(readers).map((name) => ({
    name,
    label: name,
    type: name === 'archived' ? 'boolean' : 'text',
    readOnly: true,
    options: [],
  }));
}

interface OwnerPage {
  readonly owners: readonly WireOwner[];
  readonly cursor: string | null;
}

/** A cursor is the list that it belongs to and HubSpot's own cursor in it, empty at the list's beginning. */
const ACTIVE = 'active:';
const ARCHIVED = 'archived:';

async function listOwners(access: Access, cursor: string): Promise<OwnerPage> {
  const isArchived = cursor.startsWith(ARCHIVED);
  const after = cursor.slice(cursor.indexOf(':') + 1);
  const page = await callHubSpot(
    access,
    {
      method: 'GET',
      path: '/crm/owners/2026-09',
      query: { limit: '100', archived: String(isArchived), ...(after === '' ? {} : { after }) },
      purpose: isArchived ? 'list archived owners' : 'list owners',
      scope: OWNERS_SCOPE,
    },
    ownerPage,
  );
  const owners = page.results.map((owner) => ({ ...owner, archived: owner.archived ?? isArchived }));
  const next = page.paging?.next?.after;
  if (next !== undefined && next !== after) return { owners, cursor: `${isArchived ? ARCHIVED : ACTIVE}${next}` };
  return { owners, cursor: isArchived ? null : ARCHIVED };
}

function toRecord(owner: WireOwner, fields: readonly string[]): RawRecord {
  const known = Object.entries(readers).filter(([name]) => fields.includes(name));
  const modifiedAt = owner.updatedAt ?? owner.createdAt ?? null;
  const instant = modifiedAt === null ? null : parseInstant(modifiedAt);
  if (instant === null) {
    throw new ConnectorError({
      code: 'response-unexpected',
      message: `HubSpot gave no modified date for owner ${owner.id}.`,
      remedy: 'If this lasts, report it: HubSpot changed an answer.',
    });
  }
  return {
    object: OWNERS,
    id: owner.id,
    fields: Object.fromEntries(known.map(([name, read]) => [name, read(owner)])),
    links: {},
    createdAt: owner.createdAt ? parseInstant(owner.createdAt) : null,
    modifiedAt: instant,
    deleted: false,
    mergedIds: [],
  };
}
