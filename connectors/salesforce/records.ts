import type { RawRecord, RawValue } from '../contract/record.ts';
import { ConnectorError } from '../contract/errors.ts';
import { parseInstant } from '../kit/instants.ts';
import { factsOf, isIdOf } from './objects.ts';
import type { ObjectFacts } from './objects.ts';
import type { WireRow } from './wire.ts';

/** What records are understood by, beside the fields that are asked for. */
export function systemFields(facts: ObjectFacts): readonly string[] {
  return [
    'Id',
    'CreatedDate',
    'SystemModstamp',
    ...(facts.isDeletable ? ['IsDeleted'] : []),
    ...(facts.isMergeable ? ['MasterRecordId'] : []),
  ];
}

/** Fields through which a record names the records of `links`. */
export function linkFields(facts: ObjectFacts, links: readonly string[]): readonly string[] {
  return links.flatMap((to) => facts.links[to]?.fields ?? []);
}

/** Salesforce's record as the contract has it. `links` are those that stand in no field of it. */
export function toRawRecord(
  object: string,
  wire: WireRow,
  fields: readonly string[],
  links: RawRecord['links'],
): RawRecord {
  const facts = factsOf(object);
  return {
    object,
    id: idOf(wire),
    fields: toFields(wire, fields),
    links,
    createdAt: findInstant(wire['CreatedDate']),
    modifiedAt: modifiedAtOf(object, wire),
    deleted: facts.isDeletable && isTrue(wire['IsDeleted']),
    mergedIds: [],
  };
}

export function idOf(wire: WireRow): string {
  return String(wire['Id']);
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** The named fields that Salesforce answered with; what it was not asked for, or no longer has, is left out. */
export function toFields(wire: WireRow, names: readonly string[]): Record<string, RawValue> {
  const known = names.filter((name) => Object.hasOwn(wire, name));
  return Object.fromEntries(known.map((name) => [name, toValue(wire[name])]));
}

/** An instant in the one spelling that instants have here: REST says `+0000`, bulk jobs say `Z`. */
const WIRE_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/;

export function toValue(value: unknown): RawValue {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return JSON.stringify(value);
  return WIRE_INSTANT.test(value) ? (parseInstant(value) ?? value) : value;
}

/** The ids of `to` that stand in the record's own fields, in the order of the fields. */
export function linkedIds(facts: ObjectFacts, wire: WireRow, to: string): readonly string[] {
  const ids = (facts.links[to]?.fields ?? []).map((field) => wire[field]).filter((id) => typeof id === 'string');
  return [...new Set(ids.filter((id) => id !== '' && isIdOf(to, id)))];
}

export function modifiedAtOf(object: string, wire: WireRow): string {
  const modifiedAt = findInstant(wire['SystemModstamp']);
  if (modifiedAt !== null) return modifiedAt;
  throw new ConnectorError({
    code: 'response-unexpected',
    message: `Salesforce gave no SystemModstamp for a record of ${object}.`,
    remedy: 'If this lasts, report it: Salesforce changed an answer.',
    context: { object, id: idOf(wire) },
  });
}

function findInstant(value: unknown): string | null {
  return typeof value === 'string' ? parseInstant(value) : null;
}
