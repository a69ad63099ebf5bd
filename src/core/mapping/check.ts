import type { FieldDescription } from '../../../connectors/contract/connector.ts';
import { entitiesOf } from './compile.ts';
import { didYouMean } from './did-you-mean.ts';
import type { CanonicalField, EntityName } from './entities.ts';
import { fieldsOf } from './entities.ts';
import type { ConnectorMapping, EntityMapping, FieldMapping, Place } from './mapping.ts';
import { placesOf, WRITTEN_ENTITIES } from './mapping.ts';
import type { PortalObject } from './portal.ts';
import { describedFields, fits, isChosen, placesInForce } from './portal.ts';
import { toVocabulary } from './vocabulary.ts';

/** Something about a mapping that an admin should know. An `error` keeps a field from being read; a `warning` may. */
export interface MappingFinding {
  readonly level: 'error' | 'warning';
  readonly code:
    'object-unreadable' | 'place-missing' | 'place-gone' | 'type-unfit' | 'option-unmapped' | 'option-missing';
  readonly entity: EntityName;
  readonly object: string;
  /** Canonical name; empty when the whole object is concerned. */
  readonly field: string;
  /** The CRM's name; empty when the whole object is concerned. */
  readonly property: string;
  readonly message: string;
  readonly remedy: string;
}

export interface CheckContext {
  /** What the admin calls a field of the CRM: `property`. */
  readonly fieldWord: string;
  /** What `placesInUse` said when the mapping was last known to be good: `companies.renewal_date`. */
  readonly inUse: ReadonlySet<string>;
}

/**
 * Holds a mapping against the customer's real fields. Of a connector's own lists a place may be missing, that is what
 * lists are for; one that the admin named may not, nor may the last place of a field that an entity needs. A place that
 * was in use and is there no more is told, because what it fed is now read elsewhere or not at all.
 */
export function checkMapping(
  mapping: ConnectorMapping,
  definitions: ReadonlyMap<string, PortalObject>,
  context: CheckContext,
): readonly MappingFinding[] {
  return entitiesOf(mapping).flatMap((entity) => {
    const definition = definitions.get(entity.object);
    if (definition === undefined) return [];
    const described = describedFields(definition);
    if (described === null) return entity.isOptional ? [] : [unreadable(entity)];
    const read = Object.entries(entity.fields).flatMap(([name, field]) => {
      const canonical = fieldsOf(entity.entity)[name];
      return canonical === undefined ? [] : fieldFindings({ entity, name, canonical, field, described, context });
    });
    return [...read, ...lackingOptions(mapping, entity, described, context)];
  });
}

/** Every place that is read today, as `object.field`. Keep it; `checkMapping` tells when one of them is gone. */
export function placesInUse(
  mapping: ConnectorMapping,
  definitions: ReadonlyMap<string, PortalObject>,
): readonly string[] {
  const places = entitiesOf(mapping).flatMap((entity) => {
    const described = describedFields(definitions.get(entity.object));
    if (described === null) return [];
    return Object.values(entity.fields)
      .flatMap(placesOf)
      .filter((place) => described.has(place))
      .map((place) => `${entity.object}.${place}`);
  });
  return [...new Set(places)].sort();
}

interface Checked {
  readonly entity: EntityMapping;
  readonly name: string;
  readonly canonical: CanonicalField;
  readonly field: FieldMapping;
  readonly described: ReadonlyMap<string, FieldDescription>;
  readonly context: CheckContext;
}

function unreadable({ entity, object }: EntityMapping): MappingFinding {
  return {
    level: entity === 'account' ? 'error' : 'warning',
    code: 'object-unreadable',
    entity,
    object,
    field: '',
    property: '',
    message: `${object} may not be read.`,
    remedy: `Give Holdfast the right to read ${object}, then connect again.`,
  };
}

function fieldFindings(checked: Checked): readonly MappingFinding[] {
  const { canonical, field, described, context, entity } = checked;
  const names = [...new Set(placesOf(field))];
  const missing = names.filter((name) => !described.has(name));
  const inForce = placesInForce(canonical, field, described);
  const findings: MappingFinding[] = [];
  for (const name of missing) {
    if (field.chosen.includes(name)) findings.push(missingPlace(checked, name));
    else if (context.inUse.has(`${entity.object}.${name}`)) findings.push(gonePlace(checked, name, inForce));
  }
  const [absent] = missing;
  if (canonical.required && inForce.length === 0 && findings.length === 0 && absent !== undefined) {
    findings.push(missingPlace(checked, absent));
  }
  findings.push(...typeFindings(checked));
  const [first] = inForce;
  if (first !== undefined) findings.push(...optionFindings(checked, first));
  return findings;
}

function missingPlace(checked: Checked, name: string): MappingFinding {
  const { entity, canonical, described, context } = checked;
  return finding(checked, name, {
    level: 'error',
    code: 'place-missing',
    message: `There is no ${context.fieldWord} '${name}' on ${entity.object}; '${canonical.title}' cannot be read from it.${didYouMean(name, described.keys())}`,
    remedy: `Make the ${context.fieldWord}, or name another one in the mapping of this installation.`,
  });
}

function gonePlace(checked: Checked, name: string, inForce: readonly Place[]): MappingFinding {
  const { entity, canonical, context } = checked;
  const next = inForce.map((place) => `'${place.fields.join(' ')}'`).join(', then ');
  const now = next === '' ? 'is empty from now on' : `is read from ${next} from now on`;
  return finding(checked, name, {
    level: canonical.required && inForce.length === 0 ? 'error' : 'warning',
    code: 'place-gone',
    message: `The ${context.fieldWord} '${name}' on ${entity.object} is gone; '${canonical.title}' ${now}.`,
    remedy: `Restore the ${context.fieldWord}, or name another one in the mapping of this installation.`,
  });
}

function typeFindings(checked: Checked): readonly MappingFinding[] {
  const { canonical, field, described, context } = checked;
  return field.from.flatMap((place) =>
    place.fields.flatMap((name) => {
      const description = described.get(name);
      if (description === undefined || fits(canonical.type, place, description)) return [];
      const rest = isChosen(field, place) ? '' : ' It is passed over.';
      return [
        finding(checked, name, {
          level: isChosen(field, place) ? 'error' : 'warning',
          code: 'type-unfit',
          message: `The ${context.fieldWord} '${name}' is of type ${description.type}; '${canonical.title}' is a ${canonical.type} and cannot be read from it.${rest}`,
          remedy: `Name a ${context.fieldWord} of another type in the mapping of this installation.`,
        }),
      ];
    }),
  );
}

/** Options of the place that is read first to which the mapping gives no meaning: every record with one is a problem. */
function optionFindings(checked: Checked, place: Place): readonly MappingFinding[] {
  const { canonical, field, described } = checked;
  const isWords = canonical.type === 'enumeration' || canonical.type === 'multi-enumeration';
  const [name = ''] = place.fields;
  const options = described.get(name)?.options ?? [];
  if (!isWords || place.values === null || place.pipeline !== null) return [];
  if (place.skipsUnmatched || field.otherwise !== null) return [];
  const vocabulary = toVocabulary(place.values, new Map(options.map((option) => [option.value, option.label])));
  const ignored = new Set(place.ignore.map((value) => value.toLowerCase()));
  const strange = options
    .map((option) => option.value)
    .filter((value) => !ignored.has(value.toLowerCase()) && vocabulary.meaningOf(value) === undefined);
  if (strange.length === 0) return [];
  return [
    finding(checked, name, {
      level: 'warning',
      code: 'option-unmapped',
      message: `'${canonical.title}' gives no meaning to ${strange.map((value) => `'${value}'`).join(', ')} of '${name}'.`,
      remedy: `Say under 'values' of '${checked.name}' which of ${(canonical.values ?? []).join(', ')} they mean, or under 'ignore' that they mean nothing.`,
    }),
  ];
}

function finding(
  { entity, name }: Checked,
  property: string,
  told: Pick<MappingFinding, 'level' | 'code' | 'message' | 'remedy'>,
): MappingFinding {
  return { entity: entity.entity, object: entity.object, field: name, property, ...told };
}

/** Options of our own fields that the CRM's field lacks: what they would say is left out, or the CRM would refuse the record. */
function lackingOptions(
  mapping: ConnectorMapping,
  { entity, object }: EntityMapping,
  described: ReadonlyMap<string, FieldDescription>,
  { fieldWord }: CheckContext,
): readonly MappingFinding[] {
  const section = WRITTEN_ENTITIES.find((one) => one === entity);
  if (section === undefined) return [];
  return mapping.writeBack[section].flatMap((field): readonly MappingFinding[] => {
    const there = described.get(field.name)?.options ?? [];
    const lacking = field.options.filter(({ value }) => !there.some((option) => option.value === value));
    if (there.length === 0 || lacking.length === 0) return [];
    const names = lacking.map(({ value }) => `'${value}'`).join(', ');
    return [
      {
        level: 'warning',
        code: 'option-missing',
        entity,
        object,
        field: '',
        property: field.name,
        message: `The ${fieldWord} '${field.name}' (${field.label}) of ${object} lacks ${names}: it is left empty where it would say that.`,
        remedy: `Add ${names} to its options in the CRM.`,
      },
    ];
  });
}
