import { ConnectorError } from '../contract/errors.ts';
import { callSalesforce } from './client.ts';
import { errorCodeOf } from './failures.ts';
import type { Org } from './org.ts';
import { objectDescription } from './wire.ts';
import type { WireDescription, WireField } from './wire.ts';

/** What an org says of one of its objects: only what the user that we are connected as may see. */
export interface Shape {
  readonly object: string;
  /** By the name that mappings use. */
  readonly fields: ReadonlyMap<string, ShapeField>;
  readonly recordTypes: readonly { readonly id: string; readonly label: string }[];
  readonly isMultiTyped: boolean;
}

export interface ShapeField {
  /** Without the namespace of a package, where the field is one of ours. */
  readonly name: string;
  /** What the org calls it: `holdfast__Holdfast_Health_Score__c`. */
  readonly wireName: string;
  readonly wire: WireField;
}

/** Fields of ours carry the package's namespace where the package is installed, and none where its source was deployed. */
const NAMESPACED = /^(\w+?)__(Holdfast_\w+__c)$/i;

/** What mappings call a field of the org's. */
export function toOwnName(wireName: string): string {
  return NAMESPACED.exec(wireName)?.[2] ?? wireName;
}

/** What the org calls one of our fields, as far as a package of ours has been met; other fields go by their own names. */
export function toWireName(org: Org, name: string): string {
  const [namespace = ''] = org.namespaces;
  return name.startsWith('Holdfast_') ? `${namespace}${name}` : name;
}

/** Describes an object once a session. Throws `permission-missing` when the user may not see it. */
export function shapeOf(org: Org, object: string): Promise<Shape> {
  const known = org.shapes.get(object);
  if (known !== undefined) return known;
  const read = describe(org, object);
  org.shapes.set(object, read);
  // What failed is asked again next time.
  read.catch(() => org.shapes.delete(object));
  return read;
}

/** Takes what was learned of an object as out of date. */
export function forgetShape(org: Org, object: string): void {
  org.shapes.delete(object);
}

async function describe(org: Org, object: string): Promise<Shape> {
  const call = { method: 'GET', path: `/sobjects/${object}/describe`, purpose: `describe ${object}` } as const;
  const description = await callSalesforce(org, call, objectDescription).catch((error: unknown) => {
    throw errorCodeOf(error) === 'NOT_FOUND' ? toUnseen(object, error) : error;
  });
  const shape = toShape(description);
  for (const { name, wireName } of shape.fields.values()) {
    if (name !== wireName) org.namespaces.add(wireName.slice(0, -name.length));
  }
  return shape;
}

/** An object that the user may not see is answered as one that does not exist. */
function toUnseen(object: string, cause: unknown): ConnectorError {
  return new ConnectorError({
    code: 'permission-missing',
    message: `Salesforce shows no object ${object} to the user that Holdfast is connected as.`,
    remedy: `Give that user read access to ${object}, if the org has it.`,
    context: { object },
    cause,
  });
}

function toShape(description: WireDescription): Shape {
  const fields = new Map<string, ShapeField>();
  for (const wire of description.fields) {
    const name = toOwnName(wire.name);
    // A field without a namespace was made by hand, so it is not the package's: that one goes first.
    if (name === wire.name && fields.has(name)) continue;
    fields.set(name, { name, wireName: wire.name, wire });
  }
  const usable = (description.recordTypeInfos ?? []).filter((info) => info.active !== false);
  return {
    object: description.name,
    fields,
    recordTypes: usable.map((info) => ({ id: info.recordTypeId, label: info.name ?? info.recordTypeId })),
    isMultiTyped: usable.some((info) => info.master !== true),
  };
}
