import { findAssociationKind } from './association-types.ts';
import type { ObjectType } from './object-types.ts';
import { getObjectType } from './object-types.ts';
import type { PortalState } from './portal-state.ts';
import type { SeedProperty } from './portal-seed.ts';
import { toCustomDefinition } from './property-definition.ts';
import { recordWriter } from './record-answers.ts';
import type { StoredRecord } from './records.ts';

/** A record as it is, with every property that has a value. */
export interface PortalRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
}

/**
 * The portal from the inside: what is true in it, and what people do to it in HubSpot's pages.
 * Objects are named as in paths. Every act throws an Error that names what was wrong.
 */
export interface Portal {
  /** By its own id, archived or not; null when unknown or merged away. */
  get(object: string, id: string): PortalRecord | null;
  /** Those that are not archived, by the value of their ids. */
  all(object: string): readonly PortalRecord[];
  archived(object: string): readonly PortalRecord[];
  count(object: string): number;
  /** Ids of the linked records that are not archived, by the value of the ids. */
  links(fromObject: string, fromId: string, toObject: string): readonly string[];
  /** Id of the primary company of a contact, deal or ticket, or null. */
  primaryCompany(object: string, id: string): string | null;
  /** Names of the properties that people and apps have made and not archived. */
  customProperties(object: string): readonly string[];
  /** Names of the property groups. */
  propertyGroups(object: string): readonly string[];

  edit(object: string, id: string, properties: Readonly<Record<string, string>>): void;
  /** `links`: ids per object. Gives the new record's id. */
  create(
    object: string,
    properties: Readonly<Record<string, string>>,
    links?: Readonly<Record<string, readonly string[]>>,
  ): string;
  archive(object: string, id: string): void;
  restore(object: string, id: string): void;
  /** Permanently deletes a contact, as the privacy law demands: no list and no recycle bin shows it again. */
  erase(id: string): void;
  /** Gives the survivor's id, which for deals is a new one. */
  merge(object: string, primaryId: string, otherId: string): string;
  /** Moves no modified date. `isPrimary` makes the company the primary one. */
  link(fromObject: string, fromId: string, toObject: string, toId: string, isPrimary?: boolean): void;
  /** Moves no modified date. */
  unlink(fromObject: string, fromId: string, toObject: string, toId: string): void;
  defineProperty(object: string, property: SeedProperty): void;
  /** Its values vanish from answers at once, and come back when the name is created again. */
  removeProperty(object: string, name: string): void;
  setOwnerArchived(ownerId: string, archived: boolean): void;
}

export function humanActs(portal: PortalState): Portal {
  const activeRecord = (object: string, id: string): StoredRecord => {
    const record = portal.table(getObjectType(object)).find(id);
    if (record?.version.state !== 'active') throw new Error(`${object} ${id} is not in the portal`);
    return record;
  };
  const archivedRecord = (object: string, id: string): StoredRecord => {
    const record = portal.table(getObjectType(object)).find(id);
    if (record?.version.state !== 'archived') throw new Error(`${object} ${id} is not archived`);
    return record;
  };
  const checked = (
    type: ObjectType,
    properties: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> => {
    const { properties: stored, problems } = portal.check(type, properties, () => true);
    const [first] = problems;
    if (first !== undefined) throw new Error(`${type.name}.${first.name}: ${first.message}`);
    return stored;
  };
  const shown = (object: string, ids: readonly string[]): PortalRecord[] => {
    const type = getObjectType(object);
    const names = portal.schema.list(type, false).map(({ name }) => name);
    const write = recordWriter(portal, type, names);
    return ids.flatMap((id) => {
      const record = portal.table(type).find(id);
      if (record === null || record.version.state === 'merged') return [];
      const { properties, createdAt, updatedAt, archived } = write(record);
      const filled = Object.entries(properties).filter((entry): entry is [string, string] => entry[1] !== null);
      return [{ id, properties: Object.fromEntries(filled), createdAt, updatedAt, archived }];
    });
  };
  const linkRecords = (from: StoredRecord, toObject: string, toId: string, isPrimary: boolean): void => {
    portal.link(from, activeRecord(toObject, toId), isPrimary, 'CRM_UI');
  };

  return {
    get: (object, id) => shown(object, [id])[0] ?? null,
    all: (object) => shown(object, portal.table(getObjectType(object)).active().all()),
    archived: (object) => shown(object, portal.table(getObjectType(object)).archived().all()),
    count: (object) => portal.table(getObjectType(object)).active().size,
    links: (fromObject, fromId, toObject) =>
      portal.linkedIds(getObjectType(fromObject), fromId, getObjectType(toObject)).slice(),
    primaryCompany: (object, id) => portal.links.primaryCompany(getObjectType(object), id),
    customProperties: (object) =>
      portal.schema
        .list(getObjectType(object), false)
        .filter(({ hubspotDefined }) => !hubspotDefined)
        .map(({ name }) => name),
    propertyGroups: (object) => portal.schema.listGroups(getObjectType(object)).map(({ name }) => name),

    edit(object, id, properties) {
      const record = activeRecord(object, id);
      portal.change(record, checked(record.type, properties), 'CRM_UI');
    },
    create(object, properties, links = {}) {
      const type = getObjectType(object);
      const record = portal.create(type, checked(type, properties), 'CRM_UI');
      for (const [toObject, ids] of Object.entries(links)) {
        for (const [position, toId] of ids.entries()) {
          // The first company that a person picks becomes the primary one, where there is such a thing.
          const kind = findAssociationKind(type, getObjectType(toObject));
          linkRecords(record, toObject, toId, position === 0 && kind !== null && kind.primaryTypeId !== null);
        }
      }
      return record.id;
    },
    archive: (object, id) => portal.archive(activeRecord(object, id), 'CRM_UI'),
    restore: (object, id) => portal.restore(archivedRecord(object, id), 'CRM_UI'),
    erase: (id) => portal.erase(activeRecord('contacts', id), 'CRM_UI'),
    merge(object, primaryId, otherId) {
      if (primaryId === otherId) throw new Error(`${object} ${primaryId} cannot be merged with itself`);
      return portal.merge(activeRecord(object, primaryId), activeRecord(object, otherId), 'CRM_UI').id;
    },
    link: (fromObject, fromId, toObject, toId, isPrimary = false) =>
      linkRecords(activeRecord(fromObject, fromId), toObject, toId, isPrimary),
    unlink: (fromObject, fromId, toObject, toId) =>
      portal.unlink(activeRecord(fromObject, fromId), activeRecord(toObject, toId), 'CRM_UI'),
    defineProperty(object, property) {
      const type = getObjectType(object);
      if (portal.schema.findGroup(type, property.groupName) === null) {
        portal.schema.putGroup(type, { name: property.groupName, label: property.groupName, displayOrder: 1 });
      }
      portal.schema.put(type, toCustomDefinition(property, portal.now()));
    },
    removeProperty(object, name) {
      const type = getObjectType(object);
      const definition = portal.schema.find(type, name);
      if (definition === null) throw new Error(`${object} have no property ${name}`);
      portal.schema.put(type, { ...definition, archivedAt: portal.now() });
    },
    setOwnerArchived(ownerId, archived) {
      const owner = portal.owners().find(({ id }) => id === ownerId);
      if (owner === undefined) throw new Error(`there is no owner ${ownerId}`);
      portal.putOwner({ ...owner, archived });
    },
  };
}
