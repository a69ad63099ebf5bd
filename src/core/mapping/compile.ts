import { IANAZone } from 'luxon';
import type { FieldSpec } from '../../../connectors/contract/connector.ts';
import type { RawValue } from '../../../connectors/contract/record.ts';
import { HoldfastError } from '../../errors.ts';
import type { HoldfastKey } from '../model/ids.ts';
import type { SourceName } from '../model/snapshot.ts';
import type { EntityName } from './entities.ts';
import { ENTITY_NAMES, fieldsOf } from './entities.ts';
import { toFieldReader } from './field-reader.ts';
import type { FieldChoice } from './field-choice.ts';
import type { EntityReaders } from './inbound.ts';
import type { ConnectorMapping, EntityMapping, WriteField } from './mapping.ts';
import { placesOf, WRITTEN_ENTITIES } from './mapping.ts';
import { fieldSpecs } from './outbound.ts';
import type { Portal } from './portal.ts';
import { describedFields, placesInForce } from './portal.ts';
import { dealKeyFields, dealKeyIn, touchedDealFields } from './deal-write.ts';
import { fitTaskWrite, keyFields, taskKeyIn, touchedFields } from './task-write.ts';

/** One object as it is to be pulled. */
export interface PulledObject {
  readonly entity: EntityName;
  /** The CRM's name of it. */
  readonly object: string;
  /** Everything that is read of it and nothing else: mapped fields, and fields of ours to compare with. */
  readonly fields: readonly string[];
  /** Objects whose linked ids are wanted. */
  readonly links: readonly string[];
  /** Those of `fields` that are written from here; a change of these alone is no change. What people fill is not among them. */
  readonly written: ReadonlySet<string>;
}

/** A mapping made ready for one customer's CRM. Compile again when the mapping or the CRM's definitions change. */
export interface CompiledMapping {
  readonly mapping: ConnectorMapping;
  /** In the order to read them in; objects that may not be read are left out. */
  readonly objectsToPull: readonly PulledObject[];
  /** Objects whose fields and pipelines have to be known. Owners have neither. */
  readonly objectsToDescribe: readonly string[];
  readonly accountObject: string;
  readonly contactObject: string;
  readonly dealObject: string;
  readonly taskObject: string;
  /** Which source of a snapshot each object feeds. */
  readonly sources: readonly { readonly entity: EntityName; readonly object: string; readonly source: SourceName }[];
  /** What has to be read of a task to know whether it is ours and untouched. */
  readonly taskFields: readonly string[];
  /** The same of a deal. */
  readonly dealFields: readonly string[];
  readonly readers: ReadonlyMap<EntityName, EntityReaders>;
  /** The object in which an entity's linked contacts stand. */
  readonly contactLinks: ReadonlyMap<EntityName, string>;
  fieldSpecs(choice: FieldChoice): readonly FieldSpec[];
  /** Our key on a task, from the fields of `taskFields`; null when it is not one of ours. */
  taskKeyIn(fields: Readonly<Record<string, RawValue>>): HoldfastKey | null;
  /** The same of a deal, from the fields of `dealFields`. */
  dealKeyIn(fields: Readonly<Record<string, RawValue>>): HoldfastKey | null;
}

const SOURCES: Readonly<Partial<Record<EntityName, SourceName>>> = {
  account: 'accounts',
  contact: 'contacts',
  deal: 'deals',
  contract: 'contracts',
  subscription: 'contracts',
  asset: 'contracts',
  ticket: 'tickets',
  email: 'activities',
  call: 'activities',
  meeting: 'activities',
  note: 'activities',
};

/**
 * Decides once what need not be decided per record: places that this CRM lacks, spellings, stages, time zone, currency.
 * Throws `input-invalid` for a time zone that does not exist.
 */
export function compileMapping(given: ConnectorMapping, portal: Portal): CompiledMapping {
  if (!IANAZone.isValidZone(portal.facts.timeZone)) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `The CRM says that its time zone is '${portal.facts.timeZone}', which does not exist.`,
      remedy: 'Set the time zone of the account in the CRM, then connect it again.',
    });
  }
  const taskDefinition = portal.definitions.get(given.entities.task.object);
  const mapping = { ...given, taskWrite: fitTaskWrite(given.taskWrite, taskDefinition) };
  const entities = entitiesOf(mapping);
  const { taskWrite, writeBack } = mapping;
  return {
    mapping,
    objectsToPull: entities.flatMap((entity) =>
      portal.definitions.get(entity.object)?.fields === null ? [] : [toPulledObject(mapping, entity, portal)],
    ),
    objectsToDescribe: entities.flatMap(({ entity, object }) => (entity === 'owner' ? [] : [object])),
    accountObject: mapping.entities.account.object,
    contactObject: mapping.entities.contact.object,
    dealObject: mapping.entities.deal.object,
    taskObject: mapping.entities.task.object,
    sources: entities.flatMap(({ entity, object }) => {
      const source = SOURCES[entity];
      return source === undefined ? [] : [{ entity, object, source }];
    }),
    taskFields: [...new Set([...keyFields(mapping), ...touchedFields(taskWrite)])],
    dealFields: [...new Set([...dealKeyFields(mapping), ...touchedDealFields(mapping)])],
    readers: new Map(entities.map((entity) => [entity.entity, toReaders(entity, portal)] as const)),
    contactLinks: new Map(
      entities.flatMap(({ entity, links }) => (links.contacts === null ? [] : [[entity, links.contacts] as const])),
    ),
    fieldSpecs: (choice) => fieldSpecs(mapping, writeBack, choice),
    taskKeyIn: (fields) => taskKeyIn(mapping, fields),
    dealKeyIn: (fields) => dealKeyIn(mapping, fields),
  };
}

/** The mapped entities, in the order in which a CRM is read. */
export function entitiesOf(mapping: Pick<ConnectorMapping, 'entities'>): readonly EntityMapping[] {
  return ENTITY_NAMES.flatMap((entity) => mapping.entities[entity] ?? []);
}

function toPulledObject(mapping: ConnectorMapping, entity: EntityMapping, portal: Portal): PulledObject {
  const own = ownFields(mapping, entity.entity);
  return {
    entity: entity.entity,
    object: entity.object,
    fields: fieldsToRead(mapping, entity, portal),
    links: linksToRead(entity),
    written: new Set(own.filter((field) => field.value !== null).map((field) => field.name)),
  };
}

/**
 * The CRM's fields that are read of an entity, by name: mapped ones and ours. Those that this CRM lacks are left out once
 * its definition is known.
 */
export function fieldsToRead(
  mapping: ConnectorMapping,
  entity: EntityMapping,
  portal: Pick<Portal, 'definitions'>,
): readonly string[] {
  const described = describedFields(portal.definitions.get(entity.object));
  const catalogue = fieldsOf(entity.entity);
  const mapped = Object.entries(entity.fields).flatMap(([name, field]) => {
    const canonical = catalogue[name];
    return canonical === undefined ? [] : placesOf({ ...field, from: placesInForce(canonical, field, described) });
  });
  const own = ownFields(mapping, entity.entity).map((field) => field.name);
  const watched = entity.entity === 'task' ? touchedFields(mapping.taskWrite) : [];
  const all = [...new Set([...mapped, ...own, ...watched])].sort();
  return described === null ? all : all.filter((name) => described.has(name));
}

/** The objects whose linked ids are read with an entity's records. */
export function linksToRead(entity: EntityMapping): readonly string[] {
  return [entity.links.account, entity.links.contacts].filter((object) => object !== null);
}

function ownFields(mapping: ConnectorMapping, entity: EntityName): readonly WriteField[] {
  const written = WRITTEN_ENTITIES.find((one) => one === entity);
  return written === undefined ? [] : mapping.writeBack[written];
}

function toReaders(entity: EntityMapping, portal: Portal): EntityReaders {
  const catalogue = fieldsOf(entity.entity);
  const pipelineFields = new Set(
    Object.values(entity.fields).flatMap((field) => field.from.flatMap(({ pipeline }) => pipeline ?? [])),
  );
  return Object.fromEntries(
    Object.entries(entity.fields).flatMap(([name, mapping]) => {
      const field = catalogue[name];
      if (field === undefined) return [];
      return [
        [name, toFieldReader(entity.entity, entity.object, name, field, mapping, portal, pipelineFields)] as const,
      ];
    }),
  );
}
