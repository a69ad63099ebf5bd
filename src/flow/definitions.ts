import type { AccountFacts, FieldDescription, FieldSpec, LackingField } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { checkMapping, placesInUse, type MappingFinding } from '../core/mapping/check.ts';
import { compileMapping, entitiesOf, type CompiledMapping } from '../core/mapping/compile.ts';
import { isWanted, type FieldChoice } from '../core/mapping/field-choice.ts';
import type { ConnectorMapping } from '../core/mapping/mapping.ts';
import { fieldSpecs } from '../core/mapping/outbound.ts';
import { ownFieldsOf } from '../core/mapping/own-fields.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { ObjectDefinition, RunKind, TenantStore } from '../ports/store.ts';
import { shift, type DefinedLine, type Line } from './line.ts';

/** Definitions change rarely; an incremental run reads them again only when they are older than this. */
const FRESH_MS = 24 * 3_600_000;

/** Where the admin has to install fields of ours, what is lacking is looked for more often: they wait for it. */
const LACKING_FRESH_MS = 3_600_000;

/** The setting that holds every field that was ever read, so that one which disappears is told. */
const IN_USE = 'places-in-use';

/**
 * Reads what fields and pipelines the customer's objects have, and tells the admin where the mapping no longer fits. An
 * object that may not be read is remembered as such and left out of the run. Answers whether a field of ours that the admin
 * had to open was opened since: then every record may lack a value.
 */
export async function readDefinitions(line: Line, kind: RunKind): Promise<boolean> {
  const isFresh = kind === 'incremental' ? shift(line.clock.now(), -FRESH_MS) : line.runStartedAt;
  const isChanged = await refresh(line, isFresh);
  if (isChanged) await tellFindings(line, line.clock.now());
  return !line.connector.makesFields && (await lookForFields(line, isChanged));
}

/**
 * Tells the admin which fields of ours are not there or not open. They come with a package, so no write can make them.
 * Answers whether one is there now that was lacking before.
 */
async function lookForFields(line: Line, isChanged: boolean): Promise<boolean> {
  const specs = fieldSpecs(line.connectorMapping, line.connectorMapping.writeBack, line.writeBack.fields);
  const told = (await line.store.problems.list(1_000)).filter(({ kind }) => kind === 'provision');
  const objects = new Set(told.map(({ object }) => object));
  const isAgain = await refresh(line, shift(line.clock.now(), -LACKING_FRESH_MS), objects);
  if (!isChanged && !isAgain) return false;
  const lacking = await line.session.missing(specs);
  await reportLacking(line, lacking, line.clock.now());
  const still = new Set(lacking.map(({ object, name }) => `${object}.${name}`));
  return told.some(({ object, field }) => !still.has(`${object}.${field}`));
}

/** Puts fields of ours that are lacking into the error inbox, in the place of those that were lacking before. */
export async function reportLacking(line: Line, lacking: readonly LackingField[], at: Instant): Promise<void> {
  await line.store.problems.report(
    lacking.map(({ object, name, message, remedy }) => ({
      kind: 'provision',
      code: 'field-refused',
      object,
      field: name,
      crmId: '',
      message,
      remedy,
    })),
    at,
  );
  await line.store.problems.closeOlder('provision', at);
}

/** Holds the line's mapping against the fields that the CRM has now. Reads them anew, and tells nobody but the caller. */
export async function examineMapping(line: Line): Promise<readonly MappingFinding[]> {
  await refresh(line, line.clock.now());
  return (await findingsOf(line)).findings;
}

/** The line with its mapping made ready for what the definitions say. Calls nothing. */
export async function defineLine<T extends Line>(line: T): Promise<T & DefinedLine> {
  const { store, connectorMapping, installation, writeBack } = line;
  const mapping = await readCompiledMapping(store, installation.facts, connectorMapping);
  const idle = idleTexts(connectorMapping, writeBack.fields);
  const objectsToPull = mapping.objectsToPull.map((pulled) => ({
    ...pulled,
    fields: pulled.fields.filter((name) => !idle.has(`${pulled.object}.${name}`)),
  }));
  return { ...line, mapping: { ...mapping, objectsToPull } };
}

/**
 * Long texts of ours that are not written: there is nothing to compare, and a page that holds long texts holds fewer
 * records, in Salesforce half as many.
 */
function idleTexts(connectorMapping: ConnectorMapping, choice: FieldChoice): ReadonlySet<string> {
  const texts = ownFieldsOf(connectorMapping).filter(({ field }) => field.type === 'long-text');
  return new Set(
    texts
      .filter(({ object, field }) => !isWanted(choice, object, field))
      .map(({ object, field }) => `${object}.${field.name}`),
  );
}

/** A mapping made ready for what the stored definitions say. Calls nothing. */
export async function readCompiledMapping(
  store: TenantStore,
  facts: AccountFacts,
  connectorMapping: ConnectorMapping,
): Promise<CompiledMapping> {
  return compileMapping(connectorMapping, { facts, definitions: await store.definitions.list() });
}

/** Remembers fields of ours that were just made, so that they need not be read again. */
export async function addDefined(line: Line, made: readonly FieldSpec[]): Promise<void> {
  for (const [object, specs] of Map.groupBy(made, (spec) => spec.object)) {
    const definition = await line.store.definitions.get(object);
    if (definition === null || definition.fields === null) continue;
    await line.store.definitions.put(object, {
      ...definition,
      fields: [...definition.fields, ...specs.map(toDescription)],
    });
  }
}

async function read(line: Line, object: string): Promise<Omit<ObjectDefinition, 'readAt'>> {
  try {
    return { fields: await line.session.describe(object), pipelines: await line.session.pipelines(object) };
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'permission-missing') throw error;
    return { fields: null, pipelines: [] };
  }
}

/** Reads again what was read before `isFresh`, of all objects or of `only` these. Answers whether anything was. */
async function refresh(line: Line, isFresh: Instant, only?: ReadonlySet<string>): Promise<boolean> {
  if (only?.size === 0) return false;
  const known = await line.store.definitions.list();
  const isKnown = new Set([...known].filter(([, { readAt }]) => readAt >= isFresh).map(([object]) => object));
  let isChanged = false;
  for (const { entity, object } of entitiesOf(line.connectorMapping)) {
    if (entity === 'owner' || only?.has(object) === false || isKnown.has(object)) continue;
    isKnown.add(object);
    await line.store.definitions.put(object, { ...(await read(line, object)), readAt: line.clock.now() });
    isChanged = true;
  }
  return isChanged;
}

async function findingsOf(line: Line) {
  const definitions = await line.store.definitions.list();
  const before = await line.store.settings.get(IN_USE);
  const inUse = new Set(Array.isArray(before) ? before.map(String) : []);
  const fieldWord = line.connector.words.field;
  return { definitions, inUse, findings: checkMapping(line.connectorMapping, definitions, { fieldWord, inUse }) };
}

async function tellFindings(line: Line, at: Instant): Promise<void> {
  const { definitions, inUse, findings } = await findingsOf(line);
  // A place stays on the list after it is gone, so that its finding stays until the mapping or the CRM changes.
  await line.store.settings.put(IN_USE, [...inUse.union(new Set(placesInUse(line.connectorMapping, definitions)))]);
  await line.store.problems.report(
    findings.map((finding) => ({
      kind: 'definition',
      code: finding.code,
      object: finding.object,
      field: finding.property,
      crmId: '',
      message: finding.message,
      remedy: finding.remedy,
    })),
    at,
  );
  await line.store.problems.closeOlder('definition', at);
}

function toDescription(spec: FieldSpec): FieldDescription {
  return { name: spec.name, label: spec.label, type: describedType(spec.type), readOnly: false, options: spec.options };
}

function describedType(type: FieldSpec['type']): FieldDescription['type'] {
  switch (type) {
    case 'long-text':
    case 'url':
      return 'text';
    case 'currency':
    case 'percent':
      return 'number';
    case 'text':
    case 'number':
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'enumeration':
    case 'multi-enumeration':
      return type;
    default:
      return type satisfies never;
  }
}
