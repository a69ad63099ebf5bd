import { objectTypes } from './object-types.ts';
import type { ObjectType } from './object-types.ts';
import type { PortalSeed } from './portal-seed.ts';
import { toCustomDefinition, toOptions } from './property-definition.ts';
import type { PropertyDefinition, PropertyOption } from './property-definition.ts';
import { standardPropertiesOf } from './standard-properties.ts';

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
}

/** The definitions of a portal's properties and groups. Archived ones are kept: creating the name again restores them. */
export class Schema {
  readonly #properties = new Map<string, Map<string, PropertyDefinition>>();
  readonly #groups = new Map<string, Map<string, PropertyGroup>>();

  constructor(seed: PortalSeed) {
    for (const type of objectTypes) {
      const groupName = `${type.singular}information`;
      this.#properties.set(type.name, new Map());
      this.#groups.set(type.name, new Map());
      this.putGroup(type, { name: groupName, label: `${type.singular} information`, displayOrder: 0 });
      for (const definition of standardPropertiesOf(type.name, groupName)) {
        this.put(type, withPortalOptions(definition, type, seed));
      }
      for (const custom of seed.properties[type.name] ?? []) {
        if (this.findGroup(type, custom.groupName) === null) {
          this.putGroup(type, { name: custom.groupName, label: custom.groupName, displayOrder: 1 });
        }
        this.put(type, toCustomDefinition(custom, 0));
      }
    }
  }

  /** The definition that is in force; null for an unknown or archived name. */
  find(type: ObjectType, name: string): PropertyDefinition | null {
    const definition = this.findEver(type, name);
    return definition?.archivedAt === null ? definition : null;
  }

  /** Archived ones as well. */
  findEver(type: ObjectType, name: string): PropertyDefinition | null {
    return this.#properties.get(type.name)?.get(name) ?? null;
  }

  list(type: ObjectType, archived: boolean): PropertyDefinition[] {
    return [...(this.#properties.get(type.name)?.values() ?? [])].filter(
      (definition) => (definition.archivedAt !== null) === archived,
    );
  }

  /** How many properties of their own people and apps have made and not archived. */
  customCount(type: ObjectType): number {
    return this.list(type, false).filter((definition) => !definition.hubspotDefined).length;
  }

  put(type: ObjectType, definition: PropertyDefinition): void {
    this.#properties.get(type.name)?.set(definition.name, definition);
  }

  findGroup(type: ObjectType, name: string): PropertyGroup | null {
    return this.#groups.get(type.name)?.get(name) ?? null;
  }

  listGroups(type: ObjectType): PropertyGroup[] {
    return [...(this.#groups.get(type.name)?.values() ?? [])];
  }

  putGroup(type: ObjectType, group: PropertyGroup): void {
    this.#groups.get(type.name)?.set(group.name, group);
  }

  removeGroup(type: ObjectType, name: string): void {
    this.#groups.get(type.name)?.delete(name);
  }
}

/** Pipelines, stages and currencies are options of properties, and differ from portal to portal. */
function withPortalOptions(definition: PropertyDefinition, type: ObjectType, seed: PortalSeed): PropertyDefinition {
  const pipelines = seed.pipelines[type.name] ?? [];
  const options = ((): PropertyOption[] | null => {
    switch (definition.name) {
      case 'pipeline':
      case 'hs_pipeline':
        return toOptions(pipelines.map(({ id, label }) => ({ value: id, label })));
      case 'dealstage':
      case 'hs_pipeline_stage':
        return toOptions(pipelines.flatMap(({ stages }) => stages.map(({ id, label }) => ({ value: id, label }))));
      case 'deal_currency_code':
        return toOptions(
          [seed.facts.companyCurrency, ...seed.facts.additionalCurrencies].map((code) => ({
            value: code,
            label: code,
          })),
        );
      default:
        return null;
    }
  })();
  return options === null ? definition : { ...definition, options };
}
