import type { AccountFacts, FieldDescription, Pipeline } from '../../../connectors/contract/connector.ts';
import type { CanonicalField, FieldType } from './entities.ts';
import type { FieldMapping, Place } from './mapping.ts';
import { PLAIN_NUMBER } from './coerce.ts';
import { toVocabulary, YES_AND_NO } from './vocabulary.ts';

/** What is known of the customer's CRM while values are read. */
export interface Portal {
  readonly facts: Pick<AccountFacts, 'timeZone' | 'currency'>;
  /** By object. An object that is absent has not been described yet; every place then counts as existing. */
  readonly definitions: ReadonlyMap<string, PortalObject>;
}

export interface PortalObject {
  /** Null when the object may not be read. */
  readonly fields: readonly FieldDescription[] | null;
  readonly pipelines: readonly Pipeline[];
}

/** The fields of an object by name; null while they are not known. */
export function describedFields(definition: PortalObject | undefined): ReadonlyMap<string, FieldDescription> | null {
  if (definition === undefined || definition.fields === null) return null;
  return new Map(definition.fields.map((field) => [field.name, field]));
}

/**
 * The places of a field that exist in this CRM and whose type can hold such values. A place that the admin named stays
 * even when its type is unfitting: `checkMapping` tells it as an error, and nothing else is read in its stead.
 */
export function placesInForce(
  field: CanonicalField,
  mapping: FieldMapping,
  described: ReadonlyMap<string, FieldDescription> | null,
): readonly Place[] {
  if (described === null) return mapping.from;
  return mapping.from.flatMap((place) => {
    const there = place.fields.flatMap((name) => described.get(name) ?? []);
    if (there.length === 0) return [];
    const isFit = isChosen(mapping, place) || there.every((description) => fits(field.type, place, description));
    return isFit ? [{ ...place, fields: there.map((description) => description.name) }] : [];
  });
}

/** Did the installation's admin name this place? */
export function isChosen(mapping: FieldMapping, place: Place): boolean {
  return place.fields.some((name) => mapping.chosen.includes(name));
}

/** Can values of this description be read as such a field? Text always may be; what it holds is judged value by value. */
export function fits(type: FieldType, place: Place, description: FieldDescription): boolean {
  const held = description.type;
  switch (type) {
    case 'text':
      return true;
    case 'id':
    case 'email':
      return held !== 'boolean' && held !== 'date' && held !== 'datetime';
    case 'number':
    case 'integer':
    case 'percent':
    case 'money':
      if (held === 'enumeration') return description.options.every((option) => PLAIN_NUMBER.test(option.value.trim()));
      return held === 'number' || held === 'text';
    case 'date':
    case 'datetime':
      return held === 'date' || held === 'datetime' || held === 'text';
    case 'boolean':
      // Of a stage its outcome is read, whatever the customer calls it.
      if (held === 'enumeration') return place.pipeline !== null || speaksOf(place, description);
      return held === 'boolean' || held === 'text' || held === 'number';
    case 'enumeration':
    case 'multi-enumeration':
      return held !== 'date' && held !== 'datetime';
    case 'name-list':
      return held === 'text' || held === 'enumeration' || held === 'multi-enumeration';
    case 'stage':
      return held === 'enumeration' || held === 'text';
    default:
      return type satisfies never;
  }
}

/** Has at least one option of an enumeration a meaning for a place that wants yes or no? */
function speaksOf(place: Place, { options }: FieldDescription): boolean {
  const labels = new Map(options.map((option) => [option.value, option.label]));
  const vocabulary = toVocabulary(place.values ?? YES_AND_NO, labels);
  return options.some((option) => vocabulary.meaningOf(option.value) !== undefined);
}
