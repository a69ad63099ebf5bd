import type { FieldSpec, LackingField, ProvisionReport } from '../contract/connector.ts';
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

/** The specs of which the org has no field that we may write, object by object, each with what the admin has to do. */
export async function findMissing(org: Org, specs: readonly FieldSpec[]): Promise<readonly LackingField[]> {
  return [...(await findLacking(org, specs)).values()];
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
 * Takes our values out of the fields; what people entered stays. The fields themselves belong to the package: they go when
 * the admin uninstalls it.
 */
export async function unprovisionFields(org: Org, specs: readonly FieldSpec[]): Promise<ProvisionReport> {
  const done: string[] = [];
  const refused: LackingField[] = [];
  for (const [object, own] of Map.groupBy(specs, (spec) => spec.object)) {
    const shape = await findShape(org, object);
    const present = own.filter(
      (spec) => !spec.filledByPeople && shape?.fields.get(spec.name)?.wire.updateable === true,
    );
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
    if (field === undefined || field.wire.filterable === false) return [];
    // A checkbox is never empty: asked for by that, every record of the org would answer.
    return [field.wire.type === 'boolean' ? compare(field.wireName, '=', true) : compare(field.wireName, '!=', null)];
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
async function findLacking(org: Org, specs: readonly FieldSpec[]): Promise<ReadonlyMap<FieldSpec, LackingField>> {
  const seen: { readonly object: string; readonly own: readonly FieldSpec[]; readonly shape: Shape | null }[] = [];
  for (const [object, own] of Map.groupBy(specs, (spec) => spec.object)) {
    seen.push({ object, own, shape: await findShape(org, object) });
  }
  const shows = ({ own, shape }: (typeof seen)[number]): boolean => own.some(({ name }) => shape?.fields.has(name));
  const isInstalled = seen.some(shows);
  const lacking = new Map<FieldSpec, LackingField>();
  for (const one of seen) {
    const { object, own, shape } = one;
    const remedy = !isInstalled ? INSTALL : shows(one) ? RENEW : ASSIGN;
    for (const spec of own) {
      const field = shape?.fields.get(spec.name);
      const said =
        shape === null
          ? { message: `${object} may not be seen by the user that Holdfast is connected as.`, remedy: ASSIGN }
          : field === undefined
            ? { message: `${object} shows no field ${titleOf(spec)} to Holdfast.`, remedy }
            : whyReadOnly(spec, field.wire);
      if (said !== null) lacking.set(spec, { object, name: spec.name, ...said });
    }
  }
  return lacking;
}

// A field that the user may not see looks just like one that does not exist; which of both it is, its neighbours tell.
const USER = 'the user that Holdfast is connected as';
const INSTALL = `No field of Holdfast is to be seen anywhere: install the Holdfast package if Setup, Installed Packages does not list it, and assign the permission set ${PERMISSION_SET} to ${USER}.`;
const ASSIGN = `The Holdfast package is installed, but closed here: assign the permission set ${PERMISSION_SET} to ${USER}.`;
const RENEW = `The Holdfast package is installed, but this field is closed or newer than it: bring the package to its newest version, and see that the permission set ${PERMISSION_SET} opens the field.`;

function whyReadOnly(
  spec: FieldSpec,
  wire: { readonly updateable?: boolean | null | undefined },
): Pick<LackingField, 'message' | 'remedy'> | null {
  // What people fill is only read.
  if (wire.updateable !== false || spec.filledByPeople) return null;
  return {
    message: `${spec.object}.${titleOf(spec)} may be read by Holdfast, but not edited.`,
    remedy: `Give edit access to it in the permission set ${PERMISSION_SET}.`,
  };
}

/** `Holdfast_Health_Band__c (Health band, Picklist)`, with the type as Setup calls it. */
function titleOf({ name, label, type }: FieldSpec): string {
  return `${name} (${label}, ${TYPES[type]})`;
}

const TYPES: Readonly<Record<FieldSpec['type'], string>> = {
  text: 'Text',
  'long-text': 'Text Area (Long)',
  number: 'Number',
  currency: 'Currency',
  percent: 'Percent',
  date: 'Date',
  datetime: 'Date/Time',
  boolean: 'Checkbox',
  enumeration: 'Picklist',
  'multi-enumeration': 'Picklist (Multi-Select)',
  url: 'URL',
};

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
