import { findAssociationKind } from './association-types.ts';
import { readerOf } from './derived.ts';
import type { ReadValue } from './derived.ts';
import type { ObjectType } from './object-types.ts';
import type { PortalState } from './portal-state.ts';
import type { RecordVersion, StoredRecord } from './records.ts';
import { toWireInstant } from './wire-time.ts';

/** A record as HubSpot's answers show it. */
export interface RecordAnswer {
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  archivedAt?: string;
  associations?: Record<string, InlineAssociations>;
}

interface InlineAssociations {
  results: { id: string; type: string }[];
  paging?: { next: { after: string } };
}

/**
 * Writes records of `type` with the asked properties; unknown and archived names are left out without a word.
 * Without names the answer shows what HubSpot shows by itself.
 */
export function recordWriter(
  portal: PortalState,
  type: ObjectType,
  asked: readonly string[],
): (record: StoredRecord, version?: RecordVersion) => RecordAnswer {
  const names = [
    ...(asked.length === 0 ? type.shownProperties : asked),
    type.createdProperty,
    type.modifiedProperty,
    'hs_object_id',
  ];
  const readers: (readonly [string, ReadValue])[] = [...new Set(names)]
    .filter((name) => portal.schema.find(type, name) !== null)
    .map((name) => [name, readerOf(portal, type, name)]);
  return (record, version = record.version) => {
    const properties: Record<string, string | null> = {};
    for (const [name, read] of readers) properties[name] = read(record, version);
    return {
      id: record.id,
      properties,
      createdAt: toWireInstant(record.createdAt),
      updatedAt: toWireInstant(version.updatedAt),
      archived: version.state === 'archived',
      ...(version.archivedAt === null ? {} : { archivedAt: toWireInstant(version.archivedAt) }),
    };
  };
}

/** The links that a list shows inline, of each object the first `most`; an object without any is absent, as is the whole member. */
export function inlineAssociations(
  portal: PortalState,
  record: StoredRecord,
  toTypes: readonly ObjectType[],
  most: number,
): Record<string, InlineAssociations> | undefined {
  const associations: Record<string, InlineAssociations> = {};
  for (const to of toTypes) {
    const ids = portal.linkedIds(record.type, record.id, to);
    if (ids.length === 0) continue;
    const next = ids[most];
    associations[to.name] = {
      results: ids.slice(0, most).flatMap((id) => inlineRows(portal, record, to, id)),
      ...(next === undefined ? {} : { paging: { next: { after: next } } }),
    };
  }
  return Object.keys(associations).length === 0 ? undefined : associations;
}

/** A link to the primary company shows twice: once as primary, once as the plain link that it is as well. */
function inlineRows(
  portal: PortalState,
  record: StoredRecord,
  to: ObjectType,
  id: string,
): { id: string; type: string }[] {
  const label = `${record.type.singular}_to_${to.singular}`;
  if (findAssociationKind(record.type, to)?.primaryTypeId === null) return [{ id, type: label }];
  const plain = { id, type: `${label}_unlabeled` };
  return portal.links.isPrimary(record.type, record.id, to, id) ? [{ id, type: label }, plain] : [plain];
}
