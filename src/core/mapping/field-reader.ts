import type { FieldDescription, Pipeline, PipelineStage } from '../../../connectors/contract/connector.ts';
import type { RawRecord, RawValue } from '../../../connectors/contract/record.ts';
import type { AccountId } from '../model/ids.ts';
import {
  coerceDate,
  coerceDatetime,
  coerceEmail,
  coerceInteger,
  coerceMoney,
  coerceNumber,
  coercePercent,
  isRefusal,
  toText,
} from './coerce.ts';
import type { Coerced } from './coerce.ts';
import type { CanonicalField, EntityName } from './entities.ts';
import type { FieldMapping, Place } from './mapping.ts';
import type { Portal, PortalObject } from './portal.ts';
import { describedFields, placesInForce } from './portal.ts';
import type { MappingProblem } from './problem.ts';
import { clip } from './problem.ts';
import { toVocabulary, YES_AND_NO } from './vocabulary.ts';

/** What is read of a stored record. */
export interface MappableRecord {
  readonly raw: Pick<RawRecord, 'id' | 'links' | 'createdAt' | 'modifiedAt' | 'deleted'>;
  /** Fields that are the customer's, and those of ours as the CRM shows them. A field is looked for in both. */
  readonly inputs: Readonly<Record<string, RawValue>>;
  readonly shown: Readonly<Record<string, RawValue>>;
  readonly accountId: AccountId | null;
}

/** One record being read, and what came to light on the way. */
export interface Reading {
  readonly record: MappableRecord;
  readonly problems: MappingProblem[];
  /** Canonical field → the CRM's field that its value was found in. */
  readonly found: Record<string, string>;
}

/** Values by themselves, without a record around them, ready to be read. */
export function toReading(inputs: Readonly<Record<string, RawValue>>): Reading {
  const raw: MappableRecord['raw'] = { id: '', links: {}, createdAt: null, modifiedAt: '', deleted: false };
  return { record: { raw, inputs, shown: {}, accountId: null }, problems: [], found: {} };
}

/** Reads one canonical field of a record; null when it is empty everywhere or cannot be read. */
export type FieldReader = (reading: Reading) => unknown;

/** What a place makes of a text; undefined sends the search to the next place. */
type PlaceReader = (text: string, record: MappableRecord) => Coerced<unknown> | undefined;

interface OpenPlace {
  readonly fields: readonly string[];
  readonly name: string;
  readonly ignore: ReadonlySet<string>;
  readonly read: PlaceReader;
}

/** Compiles one field: everything that does not depend on the record is decided here, once. `pipelineFields` hold pipelines. */
export function toFieldReader(
  entity: EntityName,
  object: string,
  name: string,
  field: CanonicalField,
  mapping: FieldMapping,
  portal: Portal,
  pipelineFields: ReadonlySet<string>,
): FieldReader {
  const definition = portal.definitions.get(object);
  const described = describedFields(definition);
  const places = placesInForce(field, mapping, described).map((place): OpenPlace => {
    const read = toPlaceReader(field, mapping, place, { portal, definition, described, pipelineFields });
    return {
      fields: place.fields,
      name: place.fields.join(' '),
      ignore: new Set(place.ignore.map((value) => value.toLowerCase())),
      read: withRange(read, mapping),
    };
  });
  const isList = field.type === 'multi-enumeration' || field.type === 'name-list';
  return (reading) => {
    for (const place of places) {
      const text = textAt(reading.record, place.fields);
      if (text === '' || (!isList && place.ignore.size > 0 && place.ignore.has(text.toLowerCase()))) continue;
      const result = place.read(text, reading.record);
      if (result === undefined) continue;
      reading.found[name] = place.name;
      if (!isRefusal(result)) return result.value;
      const value = clip(text);
      reading.problems.push({
        entity,
        object,
        id: reading.record.raw.id,
        field: name,
        property: place.name,
        value,
        message: `${field.title}: ${place.name} holds '${value}', ${result.refused}.`,
        remedy: result.remedy,
      });
      return result.partial ?? null;
    }
    return null;
  };
}

/** What stands in a field, trimmed; `''` when nothing does. Names come from the CRM, so only own keys count. */
function textAt(record: MappableRecord, fields: readonly string[]): string {
  const [only] = fields;
  if (fields.length === 1 && only !== undefined) return textOf(valueAt(record, only));
  return fields
    .map((field) => textOf(valueAt(record, field)))
    .filter((part) => part !== '')
    .join(' ');
}

function valueAt(record: MappableRecord, field: string): RawValue {
  if (Object.hasOwn(record.inputs, field)) return record.inputs[field] ?? null;
  return Object.hasOwn(record.shown, field) ? (record.shown[field] ?? null) : null;
}

function textOf(value: RawValue): string {
  return value === null ? '' : String(value).trim();
}

interface PlaceContext {
  readonly portal: Portal;
  readonly definition: PortalObject | undefined;
  readonly described: ReadonlyMap<string, FieldDescription> | null;
  /** The object's fields that hold a pipeline. */
  readonly pipelineFields: ReadonlySet<string>;
}

function toPlaceReader(field: CanonicalField, mapping: FieldMapping, place: Place, context: PlaceContext): PlaceReader {
  const { timeZone, currency } = context.portal.facts;
  const heldType = context.described?.get(place.fields[0] ?? '')?.type ?? null;
  switch (field.type) {
    case 'text':
    case 'id':
      return (text) => ({ value: toText(text) || null });
    case 'email':
      return coerceEmail;
    case 'number':
      return coerceNumber;
    case 'integer':
      return coerceInteger;
    case 'percent':
      return (text) => coercePercent(text, mapping.scale);
    case 'money':
      return (text, record) => {
        const own = mapping.currency.map((name) => textAt(record, [name])).find((code) => code !== '');
        return coerceMoney(text, own ?? currency);
      };
    case 'date':
      return (text) => coerceDate(text, heldType, timeZone);
    case 'datetime':
      return (text) => coerceDatetime(text, timeZone);
    case 'boolean': {
      const read = toWordReader(mapping, { ...place, values: place.values ?? YES_AND_NO }, context);
      return (text, record) => {
        const result = read(text, record);
        return result === undefined || isRefusal(result) ? result : { value: result.value === 'true' };
      };
    }
    case 'enumeration':
      return toWordReader(mapping, place, context);
    case 'multi-enumeration':
      return toWordListReader(mapping, place, context);
    case 'name-list':
      return toNameListReader(place, context);
    case 'stage':
      return toStageReader(place, context.definition);
    default:
      return field.type satisfies never;
  }
}

function toWordReader(mapping: FieldMapping, place: Place, context: PlaceContext): PlaceReader {
  const vocabulary = toVocabulary(place.values ?? {}, labelsOf(place, context));
  const refusal = unmatched(place);
  const stageOf = place.pipeline === null ? null : toStageFinder(place.pipeline, context.definition);
  return (text, record) => {
    const word = stageOf === null ? text : stageOf(text, record)?.outcome;
    const meaning = word === undefined ? undefined : vocabulary.meaningOf(word);
    if (meaning !== undefined) return { value: meaning };
    if (place.skipsUnmatched) return undefined;
    if (mapping.otherwise !== null) return { value: mapping.otherwise };
    return word === undefined ? UNKNOWN_STAGE : refusal;
  };
}

/** Several values between semicolons. The ones that have a meaning are kept beside the problem of the others. */
function toWordListReader(mapping: FieldMapping, place: Place, context: PlaceContext): PlaceReader {
  const vocabulary = toVocabulary(place.values ?? {}, labelsOf(place, context));
  const ignore = new Set(place.ignore.map((value) => value.toLowerCase()));
  const refusal = unmatched(place);
  return (text) => {
    const meanings = new Set<string>();
    const strange: string[] = [];
    for (const part of text.split(';')) {
      const word = part.trim();
      if (word === '' || ignore.has(word.toLowerCase())) continue;
      const meaning = vocabulary.meaningOf(word) ?? mapping.otherwise;
      if (meaning === null) strange.push(word);
      else meanings.add(meaning);
    }
    if (meanings.size === 0 && strange.length === 0) return undefined;
    if (strange.length === 0) return { value: [...meanings] };
    if (place.skipsUnmatched && meanings.size === 0) return undefined;
    return {
      refused: `in which ${strange.map((word) => `'${clip(word)}'`).join(', ')} ${strange.length === 1 ? 'has' : 'have'} no meaning here`,
      remedy: refusal.remedy,
      partial: [...meanings],
    };
  };
}

/**
 * Names as people see them, each once. Options stand between semicolons, and a comma is part of their name; what is typed
 * is also parted by commas and lines.
 */
function toNameListReader(place: Place, context: PlaceContext): PlaceReader {
  const labels = labelsOf(place, context);
  const ignore = new Set(place.ignore.map((value) => value.toLowerCase()));
  const separator = labels.size > 0 ? ';' : /[;,\n\r]/;
  return (text) => {
    const names = new Map<string, string>();
    for (const part of text.split(separator)) {
      const value = part.trim();
      const name = toText(labels.get(value) ?? value);
      if (name === '' || ignore.has(value.toLowerCase()) || ignore.has(name.toLowerCase())) continue;
      if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
    }
    return names.size === 0 ? undefined : { value: [...names.values()] };
  };
}

function unmatched(place: Place) {
  const known = Object.values(place.values ?? {}).flatMap((spellings) => spellings ?? []);
  return {
    refused: 'which has no meaning here',
    remedy: `Add it to 'values' in the mapping of this installation, or use one of: ${known.join(', ')}.`,
  };
}

/** What people call the values of a place: labels of options, and of pipelines where the place holds a pipeline. */
function labelsOf(place: Place, context: PlaceContext): ReadonlyMap<string, string> {
  const [name = ''] = place.fields;
  const options = context.described?.get(name)?.options ?? [];
  const pipelines = context.pipelineFields.has(name) ? (context.definition?.pipelines ?? []) : [];
  return new Map([
    ...pipelines.map((pipeline) => [pipeline.id, pipeline.label] as const),
    ...options.map((option) => [option.value, option.label] as const),
  ]);
}

const UNKNOWN_STAGE = {
  refused: 'which is no stage of any pipeline',
  remedy: 'Move the record to a stage that exists.',
};

function toStageReader(place: Place, definition: PortalObject | undefined): PlaceReader {
  const stageOf = toStageFinder(place.pipeline ?? '', definition);
  return (text, record) => {
    const stage = stageOf(text, record);
    if (stage === null) return UNKNOWN_STAGE;
    return { value: { outcome: stage.outcome, raw: text, label: stage.label, probability: stage.probability } };
  };
}

/**
 * Stage ids are unique within a pipeline only; the pipeline of the record decides. A record whose pipeline is not known
 * is helped by an id that means the same in every pipeline that has it.
 */
function toStageFinder(
  pipelineField: string,
  definition: PortalObject | undefined,
): (text: string, record: MappableRecord) => PipelineStage | null {
  const pipelines: readonly Pipeline[] = definition?.pipelines ?? [];
  const byPipeline = new Map(
    pipelines.map(({ id, stages }) => [id, new Map(stages.map((stage) => [stage.id, stage]))]),
  );
  const anywhere = new Map<string, PipelineStage | null>();
  for (const stage of pipelines.flatMap(({ stages }) => stages)) {
    const other = anywhere.get(stage.id);
    anywhere.set(stage.id, other === undefined || isSameStage(other, stage) ? stage : null);
  }
  return (text, record) =>
    byPipeline.get(textOf(valueAt(record, pipelineField)))?.get(text) ?? anywhere.get(text) ?? null;
}

function isSameStage(one: PipelineStage | null, other: PipelineStage): boolean {
  return one?.outcome === other.outcome && one.label === other.label && one.probability === other.probability;
}

function withRange(read: PlaceReader, { min, max }: FieldMapping): PlaceReader {
  if (min === null && max === null) return read;
  return (text, record) => {
    const result = read(text, record);
    if (result === undefined || isRefusal(result)) return result;
    const amount = typeof result.value === 'object' ? Number(text) : Number(result.value);
    if (min !== null && amount < min) return { refused: `which is less than ${min}`, remedy: OUT_OF_RANGE };
    if (max !== null && amount > max) return { refused: `which is more than ${max}`, remedy: OUT_OF_RANGE };
    return result;
  };
}

const OUT_OF_RANGE = 'Correct the value in the CRM, or widen min and max in the mapping of this installation.';
