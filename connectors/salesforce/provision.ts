import type { FieldSpec, ProvisionReport } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import type { RawChange } from '../contract/record.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { askMore, askRecords } from './query.ts';
import { forgetShape, shapeOf } from './shapes.ts';
import type { Shape } from './shapes.ts';
import { anyOf, compare } from './soql.ts';
import { writeChanges } from './write.ts';

const PERMISSION_SET = 'Holdfast_Integration';

type Refused = ProvisionReport['refused'][number];

/** The specs of which the org has no field that we may write, in their order. */
export async function findMissing(org: Org, specs: readonly FieldSpec[]): Promise<readonly FieldSpec[]> {
  const refused = await findLacking(org, specs);
  return specs.filter((spec) => refused.has(spec));
}

/**
 * Fields cannot be made through Salesforce's data API: the package brings them and a permission set opens them. So this
 * looks again, and tells of every field what the admin has to do.
 */
export async function provisionFields(org: Org, specs: readonly FieldSpec[]): Promise<ProvisionReport> {
  for (const object of new Set(specs.map((spec) => spec.object))) forgetShape(org, factsOf(object).sobject);
  const lacking = await findLacking(org, specs);
  return {
    done: [],
    existing: specs.filter((spec) => !lacking.has(spec)).map(nameOf),
    refused: [...lacking.values()],
  };
}

/** HTTP calls of `provisionFields`: each object is described. */
export function costOfProvision(specs: readonly FieldSpec[]): number {
  return new Set(specs.map((spec) => factsOf(spec.object).sobject)).size;
}

/**
 * Takes the values out of the fields. The fields themselves belong to the package: they go when the admin uninstalls it.
 */
export async function unprovisionFields(org: Org, specs: readonly FieldSpec[]): Promise<ProvisionReport> {
  const done: string[] = [];
  const refused: Refused[] = [];
  for (const [object, own] of Map.groupBy(specs, (spec) => spec.object)) {
    const shape = await findShape(org, object);
    const present = own.filter((spec) => shape?.fields.get(spec.name)?.wire.updateable === true);
    if (shape === null || present.length === 0) continue;
    const failure = await emptyAll(
      org,
      object,
      shape,
      present.map((spec) => spec.name),
    );
    if (failure === null) done.push(...present.map(nameOf));
    else refused.push(...present.map((spec) => ({ object, name: spec.name, message: failure, remedy: BY_UNINSTALL })));
  }
  return { done, existing: [], refused };
}

const BY_UNINSTALL =
  'Uninstall the Holdfast package in Setup, Installed Packages: that takes the fields and their values.';

/** Null when every record was emptied; else the words of the first refusal. */
async function emptyAll(org: Org, object: string, shape: Shape, names: readonly string[]): Promise<string | null> {
  const facts = factsOf(object);
  const fields = Object.fromEntries(names.map((name) => [name, null]));
  // Long text cannot be filtered by; where it is filled, other fields of ours are too.
  const filled = names.flatMap((name) => {
    const field = shape.fields.get(name);
    return field === undefined || field.wire.filterable === false ? [] : [compare(field.wireName, '!=', null)];
  });
  if (filled.length === 0) return null;
  const ids: string[] = [];
  const purpose = `find values of ours on ${object}`;
  const ask = { facts, fields: [], links: [], where: anyOf(filled), includesDeleted: false, purpose };
  let page = await askRecords(org, ask);
  for (;;) {
    ids.push(...page.records.map((row) => row.Id));
    if (page.done || !page.nextRecordsUrl) break;
    page = await askMore(org, page.nextRecordsUrl, purpose);
  }
  const outcomes = await writeChanges(
    org,
    ids.map((id): RawChange => ({ kind: 'update', object, id, fields })),
  );
  const refusal = outcomes.find((outcome) => !outcome.ok && outcome.code !== 'record-gone');
  return refusal === undefined || refusal.ok ? null : refusal.message;
}

/** What the org lacks of the specs, and what to do about each. */
async function findLacking(org: Org, specs: readonly FieldSpec[]): Promise<ReadonlyMap<FieldSpec, Refused>> {
  const lacking = new Map<FieldSpec, Refused>();
  for (const [object, own] of Map.groupBy(specs, (spec) => spec.object)) {
    const shape = await findShape(org, object);
    const hasNone = own.every((spec) => shape?.fields.has(spec.name) !== true);
    for (const spec of own) {
      const field = shape?.fields.get(spec.name);
      const said =
        shape === null ? unseen(object) : field === undefined ? absent(spec, hasNone) : whyReadOnly(spec, field.wire);
      if (said !== null) lacking.set(spec, { object, name: spec.name, ...said });
    }
  }
  return lacking;
}

type Said = Pick<Refused, 'message' | 'remedy'>;

function unseen(object: string): Said {
  return {
    message: `${object} may not be seen by the user that Holdfast is connected as.`,
    remedy: `Assign the permission set ${PERMISSION_SET} to that user.`,
  };
}

/** A field that the user may not see looks just like one that does not exist. */
function absent(spec: FieldSpec, hasNone: boolean): Said {
  const message = `${spec.object} shows no field ${spec.name} (${spec.label}) to Holdfast.`;
  return {
    message,
    remedy: hasNone
      ? `Install the Holdfast package, then assign the permission set ${PERMISSION_SET} to the user that Holdfast is connected as.`
      : `Bring the Holdfast package to its newest version, and see that the permission set ${PERMISSION_SET} opens this field.`,
  };
}

function whyReadOnly(spec: FieldSpec, wire: { readonly updateable?: boolean | null | undefined }): Said | null {
  if (wire.updateable !== false) return null;
  return {
    message: `${spec.object}.${spec.name} (${spec.label}) may be read by Holdfast, but not edited.`,
    remedy: `Give edit access to it in the permission set ${PERMISSION_SET}.`,
  };
}

/** Null when the object may not be seen. */
async function findShape(org: Org, object: string): Promise<Shape | null> {
  try {
    return await shapeOf(org, factsOf(object).sobject);
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'permission-missing') return null;
    throw error;
  }
}

function nameOf(spec: FieldSpec): string {
  return `${spec.object}.${spec.name}`;
}
