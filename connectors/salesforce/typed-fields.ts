import type { RawChange, RawFields } from '../contract/record.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import type { Shape } from './shapes.ts';
import { toWireName } from './shapes.ts';

/** A record as collections take it. */
export type WireFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What Salesforce takes of values. Where the object has been described, fields that it lacks are left out, and numbers go
 * as numbers; text in their place is taken as well (the examples of Salesforce's own guide send it), so nobody has to
 * describe an object in order to write.
 */
export function toWireFields(org: Org, shape: Shape | null, fields: RawFields): WireFields {
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    if (shape === null) return [[toWireName(org, name), value === '' ? null : value] as const];
    const field = shape.fields.get(name);
    return field === undefined ? [] : [[field.wireName, toWireValue(field.wire.type, value)] as const];
  });
  return Object.fromEntries(entries);
}

function toWireValue(type: string, value: string | null): string | number | boolean | null {
  if (value === null || value === '') return type === 'boolean' ? false : null;
  switch (type) {
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      // What is no number is left for Salesforce to refuse, in its own words.
      return Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true';
    default:
      return value;
  }
}

/** The fields of a new record: its values, and the records it hangs on as the lookups that name them. */
export function toNewRecord(org: Org, shape: Shape | null, change: Extract<RawChange, { kind: 'create' }>): WireFields {
  // What is empty is left out, so that the org's own defaults hold: the status, the owner.
  const given = Object.fromEntries(Object.entries(change.fields).filter(([, value]) => value !== null && value !== ''));
  return { ...toLookups(change.object, change.links), ...toWireFields(org, shape, given) };
}

/** Lookups for the linked records, each the first of its kind. */
function toLookups(object: string, links: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const facts = factsOf(object);
  const lookups: Record<string, string> = {};
  for (const [to, [id]] of Object.entries(links)) {
    const field = facts.about[to] ?? facts.links[to]?.fields[0];
    if (id === undefined || field === undefined) continue;
    // A deal says more than its account, whose account the task then has as well.
    if (to === 'Account' && lookups[field] !== undefined) continue;
    lookups[field] = id;
  }
  return lookups;
}
