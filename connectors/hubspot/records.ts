import type { Instant, RawRecord, RawValue } from '../contract/record.ts';
import { ConnectorError } from '../contract/errors.ts';
import { parseInstant } from '../kit/instants.ts';
import { factsOf } from './objects.ts';
import type { WireRecord } from './wire.ts';

/** The property in which the surviving record of a merge lists the ids that it took over, `;` between them. */
const MERGED_IDS = 'hs_merged_object_ids';

/** What is asked of HubSpot to answer for `fields`: those, and the properties that records are understood by. */
export function toProperties(object: string, fields: readonly string[], links: readonly string[]): readonly string[] {
  const facts = factsOf(object);
  const properties = new Set(fields);
  if (facts.canMerge) properties.add(MERGED_IDS);
  if (facts.primaryCompanyProperty !== null && links.includes('companies'))
    properties.add(facts.primaryCompanyProperty);
  // An empty list would make HubSpot choose for us.
  if (properties.size === 0) properties.add('hs_object_id');
  return [...properties];
}

/** HubSpot's record as the contract has it. Throws `response-unexpected` for a record without any modified date. */
export function toRawRecord(
  object: string,
  wire: WireRecord,
  fields: readonly string[],
  links: RawRecord['links'],
): RawRecord {
  const modifiedAt = findInstant(wire.updatedAt) ?? findInstant(wire.properties[factsOf(object).modifiedProperty]);
  if (modifiedAt === null) {
    throw new ConnectorError({
      code: 'response-unexpected',
      message: `HubSpot gave no modified date for a record of ${object}: updatedAt is '${String(wire.updatedAt)}'.`,
      remedy: 'If this lasts, report it: HubSpot changed an answer.',
      context: { object, id: wire.id },
    });
  }
  return {
    object,
    id: wire.id,
    fields: toFields(wire, fields),
    links,
    createdAt: findInstant(wire.createdAt),
    modifiedAt,
    deleted: wire.archived ?? false,
    mergedIds: texts(wire.properties[MERGED_IDS]).filter((id) => id !== wire.id),
  };
}

/** The named properties that HubSpot answered with; what it no longer knows is left out. */
export function toFields(wire: WireRecord, names: readonly string[]): Record<string, RawValue> {
  const known = names.filter((name) => Object.hasOwn(wire.properties, name));
  return Object.fromEntries(known.map((name) => [name, toValue(wire.properties[name])]));
}

/** HubSpot says both `''` and `null` for a property without a value. */
export function toValue(value: unknown): RawValue {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

/** The primary company by the record's own property: its id, null for none, undefined when HubSpot did not say. */
export function primaryCompanyOf(object: string, wire: WireRecord): string | null | undefined {
  const property = factsOf(object).primaryCompanyProperty;
  if (property === null || !Object.hasOwn(wire.properties, property)) return undefined;
  const value = toValue(wire.properties[property]);
  return value === null ? null : String(value);
}

/** The record's modified date as an instant, or null when it has none. */
export function modifiedAtOf(wire: WireRecord): Instant | null {
  return findInstant(wire.updatedAt);
}

function findInstant(value: unknown): Instant | null {
  return typeof value === 'string' || typeof value === 'number' ? parseInstant(value) : null;
}

function texts(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(';').filter((id) => id !== '') : [];
}
